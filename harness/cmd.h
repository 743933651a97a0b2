/* SPDX-License-Identifier: GPL-2.0-only */
/* cmd.h - the verbs; main.c has their table */
#ifndef CMD_H
#define CMD_H

/* Each returns an exit status of enum exit_status; argv[0] is the verb. */
int cmd_doctor(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_history(int argc, char **argv);
int cmd_floor(int argc, char **argv);
int cmd_reproduce(int argc, char **argv);
int cmd_bisect(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_shell(int argc, char **argv);
int cmd_gc(int argc, char **argv);
int cmd_agent(int argc, char **argv);

#endif
