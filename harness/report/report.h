/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - a judged run, written down: the table of formats
 *
 *	const struct report_format *f = report_find("ktap");
 *
 *	f->print(&run, &(struct report_opts){ 0 }, stdout);
 *
 * No format computes anything: whatever it prints stands in the judged result. Write errors
 * are found by the caller, with fflush() and ferror().
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "judge/result.h"

/**
 * struct report_opts - what a format may want to know beside the run
 * @has_colour: the verdict may be coloured
 * @run_dir:    the run's folder, NULL to leave it out
 * @store:      the SQLite file, NULL to leave it out
 * @width:      columns that a text has, 0 for those of a mail
 */
struct report_opts {
	bool has_colour;
	const char *run_dir;
	const char *store;
	size_t width;
};

/** struct report_format - one row */
struct report_format {
	const char *name;
	void (*print)(const struct run_result *r, const struct report_opts *o, FILE *f);
	const char *help;
};

/* Ends with a row without a name; the first is the default. */
extern const struct report_format report_formats[];

/** report_find() - Return: the format called @name, NULL if there is none. */
const struct report_format *report_find(const char *name);

/** report_wants_colour() - Return: whether @f is a terminal whose user did not set NO_COLOR. */
bool report_wants_colour(FILE *f);

/** report_width() - Return: columns of the terminal that @f is, for report_opts; 0 if it is none. */
size_t report_width(FILE *f);

/** report_verdict() - Return: the word of a cell's verdict: "PASS", "FAIL (expected)". */
const char *report_verdict(const struct run_cell *c);

/**
 * report_line() - make any text safe to stand in one line
 * Return: @s as valid UTF-8, control bytes as blanks, what is no UTF-8 as '?'; to be freed.
 */
char *report_line(const char *s);

/** report_change() - Return: a ratio as a change: "-16 %", "x430", "-" for none; to be freed. */
char *report_change(double ratio);

void report_text(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_json(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_ktap(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_junit(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_reviewers(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_lkp(const struct run_result *r, const struct report_opts *o, FILE *f);
void report_kcidb(const struct run_result *r, const struct report_opts *o, FILE *f);

#endif
