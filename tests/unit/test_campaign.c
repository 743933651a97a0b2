// SPDX-License-Identifier: GPL-2.0-only
/* test_campaign.c - hosts that do not boot, that die, and beds that fail */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab/campaign.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/*
 * What happens is a script of letters, one an event in their order. Of a boot: "g" good, "d" the
 * host died, "3" it died of what only the emulator does, "e" the bed failed, "i" interrupted. Of a cell:
 * "p" measured, "b" the bed could not, "d" the host died, "3" of the emulator, "t" such a report but it lives, "o" it was powered off by its own init, "f" the probe found a fault, "w" the
 * kernel warned, "h" the guest hangs, "l" it ends by itself, "k" it hangs and the kernel warned, "x" the sample is invalid, "i" interrupted. Past the end everything is good.
 */
struct lab {
	const char *boots;
	const char *cells;
	struct strbuf trace; /* "boot cell0 0=PASS stop ..." */
	struct strbuf told;
	int running;
	bool all_differ; /* no cell is like another one */
	int invalid_max; /* so many may be taken again */
};

#define INT3 "host kernel: Oops: int3: 0000 [#1]"

static char next(const char **script, char good)
{
	return **script ? *(*script)++ : good;
}

static int boot(void *arg, const struct visit *v, bool *died)
{
	struct lab *l = arg;
	char what = next(&l->boots, 'g');

	strbuf_fmt(&l->trace, "boot%zu ", v->kernel);
	*died = what == 'd' || what == '3';
	if (what == '3')
		return err_say(EPIPE, INT3);
	if (what == 'd')
		return err_say(EPIPE, "host kernel: Kernel panic");
	if (what == 'e')
		return err_say(EIO, "no space for the overlay");
	if (what == 'i')
		return err_say(EINTR, "stopped by signal 2");
	l->running++;
	return 0;
}

static enum verdict verdict_of(char what)
{
	static const struct {
		const char *letters;
		enum verdict verdict;
	} rows[] = { { "px", VERDICT_PASS }, { "fwk", VERDICT_FAIL }, { "h", VERDICT_TIMEOUT } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strchr(rows[i].letters, what))
			return rows[i].verdict;
	return VERDICT_BROKEN;
}

static int cell(void *arg, size_t at, struct host_outcome *o)
{
	struct lab *l = arg;
	char what = next(&l->cells, 'p');

	strbuf_fmt(&l->trace, "cell%zu ", at);
	assert_int_equal(l->running, 1);
	if (what == 'i')
		return err_say(EINTR, "stopped by signal 2");
	*o = (struct host_outcome){ .verdict = verdict_of(what), .has_sample = what == 'p' || what == 'f' || what == 'x' };
	sample_init(&o->sample);
	o->sample.invalid = what == 'x' ? str_dup("steal") : NULL;
	o->host_tainted = what == 'w' || what == 't' || what == 'k';
	o->guest_lost = what == 'h' || what == 'l' || what == 'k';
	o->host_left = what == 'o';
	o->host_died = what == 'd' || what == '3' || o->host_left;
	o->reason = what == 'p' || what == 'x' ? NULL : str_dup(what == 'd' ? "host kernel: BUG: x" :
						 what == 'w' || what == 'k' ? "host kernel: WARNING" :
						 what == 'h' ? "not done after 18 s" :
						 what == '3' || what == 't' ? INT3 :
						 what == 'f' ? "stalled" : "no guest");
	return 0;
}

static void stop(void *arg)
{
	struct lab *l = arg;

	strbuf_fmt(&l->trace, "stop ");
	l->running--;
}

static bool alike(void *arg, size_t a, size_t b)
{
	struct lab *l = arg;

	return !l->all_differ || a == b;
}

static bool again(void *arg, size_t at, const struct host_outcome *o)
{
	struct lab *l = arg;

	(void)at;
	return o->sample.invalid && l->invalid_max-- > 0;
}

static void record(void *arg, const struct visit *v, size_t at, const struct host_outcome *o)
{
	struct lab *l = arg;

	(void)v;
	strbuf_fmt(&l->trace, "%zu=%s%s%s%s%s ", at, o->sample.invalid ? "invalid " : "", verdict_name(o->verdict), o->reason ? "(" : "",
		   o->reason ? o->reason : "", o->reason ? ")" : "");
}

static void tell(void *arg, const char *sentence)
{
	struct lab *l = arg;

	strbuf_fmt(&l->told, "%s\n", sentence);
}

static const struct campaign_ops ops = { boot, cell, stop, alike, again, record, tell };

static size_t three[] = { 0, 1, 2 };
static size_t others[] = { 7, 8 };

/* Kernel 0 with cells 0, 1, 2, then kernel 1 with cells 7, 8. */
static const struct visit visits[] = {
	{ .kernel = 0, .boot = 1, .cells = three, .n_cells = 3 },
	{ .kernel = 1, .boot = 2, .cells = others, .n_cells = 2 },
};

#define PANIC	  "(host kernel: Kernel panic)"
#define BUG	  "(host kernel: BUG: x)"
#define UNTRIED	  "(not tried: the host died at two cells like it before)"
#define SECOND_OK "boot1 cell7 7=PASS cell8 8=PASS stop "

struct row {
	const char *name;
	bool is_emulated;
	const char *boots;
	const char *cells;
	int ret;
	const char *trace;
};

#define EMULATORS "(the emulator, in 4 boots: " INT3 ")"

static const struct row rows[] = {
	{ "all is good", false, "", "", 0,
	  "boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "a cell that the bed could not measure does not end the visit", true, "", "pb", 0,
	  "boot0 cell0 0=PASS cell1 1=BROKEN(no guest) cell2 2=PASS stop " SECOND_OK },

	{ "a kernel that does not boot fails at all its cells", false, "d", "", 0,
	  "boot0 0=FAIL" PANIC " 1=FAIL" PANIC " 2=FAIL" PANIC " " SECOND_OK },
	{ "under TCG it gets a second boot", true, "d", "", 0,
	  "boot0 boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "and no third", true, "dd", "", 0,
	  "boot0 boot0 0=FAIL" PANIC " 1=FAIL" PANIC " 2=FAIL" PANIC " " SECOND_OK },

	{ "what only the emulator does gets four boots", true, "333", "", 0,
	  "boot0 boot0 boot0 boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "and is the bed's fault after that", true, "3333", "", 0,
	  "boot0 boot0 boot0 boot0 0=BROKEN" EMULATORS " 1=BROKEN" EMULATORS " 2=BROKEN" EMULATORS " " SECOND_OK },
	{ "where nothing is emulated it is the kernel's", false, "3", "", 0,
	  "boot0 0=FAIL(" INT3 ") 1=FAIL(" INT3 ") 2=FAIL(" INT3 ") " SECOND_OK },
	{ "at a cell too", true, "", "333", 0,
	  "boot0 cell0 stop boot0 cell0 stop boot0 cell0 stop boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "in all four boots of a cell it is the bed's fault", true, "", "3333", 0,
	  "boot0 cell0 stop boot0 cell0 stop boot0 cell0 stop boot0 cell0 stop 0=BROKEN" EMULATORS
	  " boot0 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "after two of the emulator's deaths the rest is the bed's fault too", true, "", "33333333", 0,
	  "boot0 cell0 stop boot0 cell0 stop boot0 cell0 stop boot0 cell0 stop 0=BROKEN" EMULATORS
	  " boot0 cell1 stop boot0 cell1 stop boot0 cell1 stop boot0 cell1 stop 1=BROKEN" EMULATORS
	  " 2=BROKEN" UNTRIED " " SECOND_OK },
	{ "a host that lives on after it is booted anew", true, "", "t", 0,
	  "boot0 cell0 stop boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop " SECOND_OK },

	{ "a host that its own init powered off twice is the bed's fault", true, "", "oo", 0,
	  "boot0 cell0 stop boot0 cell0 stop 0=BROKEN(no guest) boot0 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },

	{ "a bed that cannot boot ends the campaign", true, "e", "", -EIO, "boot0 " },
	{ "also at the second boot", true, "de", "", -EIO, "boot0 boot0 " },
	{ "also when a host has been measured before", false, "ge", "", -EIO,
	  "boot0 cell0 0=PASS cell1 1=PASS cell2 2=PASS stop boot1 " },

	{ "a host that dies at a cell fails there, the rest is measured on a new boot", false, "", "pd", 0,
	  "boot0 cell0 0=PASS cell1 stop 1=FAIL" BUG " boot0 cell2 2=PASS stop " SECOND_OK },
	{ "under TCG the cell is measured once more", true, "", "pd", 0,
	  "boot0 cell0 0=PASS cell1 stop boot0 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "and fails when the host dies again", true, "", "pdd", 0,
	  "boot0 cell0 0=PASS cell1 stop boot0 cell1 stop 1=FAIL" BUG " boot0 cell2 2=PASS stop " SECOND_OK },
	{ "a host that died at a cell and then does not boot fails at it and the rest", true, "gdd", "pd", 0,
	  "boot0 cell0 0=PASS cell1 stop boot0 boot0 1=FAIL" PANIC " 2=FAIL" PANIC " " SECOND_OK },
	{ "a bed that fails at the boot after a death ends the campaign", true, "ge", "d", -EIO,
	  "boot0 cell0 stop boot0 " },
	{ "after two deaths the rest of the visit is skipped", false, "", "dd", 0,
	  "boot0 cell0 stop 0=FAIL" BUG " boot0 cell1 stop 1=FAIL" BUG " 2=SKIP" UNTRIED " " SECOND_OK },
	{ "under TCG after two confirmed ones", true, "", "dddd", 0,
	  "boot0 cell0 stop boot0 cell0 stop 0=FAIL" BUG " boot0 cell1 stop boot0 cell1 stop 1=FAIL" BUG
	  " 2=SKIP" UNTRIED " " SECOND_OK },
	{ "deaths that were the emulator's do not count", true, "", "dpdpdp", 0,
	  "boot0 cell0 stop boot0 cell0 0=PASS cell1 stop boot0 cell1 1=PASS cell2 stop boot0 cell2 2=PASS stop "
	  SECOND_OK },

	{ "a fault that the probe found leaves the host as good as before", true, "", "pf", 0,
	  "boot0 cell0 0=PASS cell1 1=FAIL(stalled) cell2 2=PASS stop " SECOND_OK },
	{ "a kernel that warned has had its cell, the next one gets a new boot", true, "", "pw", 0,
	  "boot0 cell0 0=PASS cell1 stop 1=FAIL(host kernel: WARNING) boot0 cell2 2=PASS stop " SECOND_OK },
	{ "warnings are no deaths, every cell gets its boot", true, "", "www", 0,
	  "boot0 cell0 stop 0=FAIL(host kernel: WARNING) boot0 cell1 stop 1=FAIL(host kernel: WARNING) "
	  "boot0 cell2 stop 2=FAIL(host kernel: WARNING) " SECOND_OK },

	{ "a guest that hangs is a TIMEOUT", false, "", "ph", 0,
	  "boot0 cell0 0=PASS cell1 1=TIMEOUT(not done after 18 s) cell2 2=PASS stop " SECOND_OK },
	{ "under TCG a new one has a second try", true, "", "ph", 0,
	  "boot0 cell0 0=PASS cell1 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "and no third", true, "", "phh", 0,
	  "boot0 cell0 0=PASS cell1 cell1 1=TIMEOUT(not done after 18 s) cell2 2=PASS stop " SECOND_OK },
	{ "none where the host's kernel warned meanwhile", true, "", "pk", 0,
	  "boot0 cell0 0=PASS cell1 stop 1=FAIL(host kernel: WARNING) boot0 cell2 2=PASS stop " SECOND_OK },
	{ "a host that dies at the second try has its second boot", true, "", "phd", 0,
	  "boot0 cell0 0=PASS cell1 cell1 stop boot0 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "a guest that ends by itself is the bed's", false, "", "pl", 0,
	  "boot0 cell0 0=PASS cell1 1=BROKEN(no guest) cell2 2=PASS stop " SECOND_OK },
	{ "under TCG a new one has a second try too", true, "", "pl", 0,
	  "boot0 cell0 0=PASS cell1 cell1 1=PASS cell2 2=PASS stop " SECOND_OK },
	{ "a stop at the second try ends it", true, "", "hi", -EINTR, "boot0 cell0 cell0 stop " },

	{ "a stop at a boot ends it", true, "i", "", -EINTR, "boot0 " },
	{ "a stop at the second boot too", true, "di", "", -EINTR, "boot0 boot0 " },
	{ "a stop at a cell ends it and the host", false, "", "pi", -EINTR,
	  "boot0 cell0 0=PASS cell1 stop " },
	{ "a stop at a cell's second try too", true, "", "di", -EINTR,
	  "boot0 cell0 stop boot0 cell0 stop " },
};

static void free_lab(struct lab *l)
{
	strbuf_free(&l->trace);
	strbuf_free(&l->told);
}

static void what_follows(void **state)
{
	const struct row *r = *state;
	_cleanup_(free_lab) struct lab l = { .boots = r->boots, .cells = r->cells };

	assert_int_equal(campaign_run(visits, ARRAY_SIZE(visits), r->is_emulated, &ops, &l), r->ret);
	assert_string_equal(strbuf_text(&l.trace), r->trace);
	assert_int_equal(l.running, 0);
}

static void cells_that_differ_each_get_their_chance_to_kill_the_host(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "", .cells = "ddd", .all_differ = true };

	(void)state;
	assert_int_equal(campaign_run(visits, 1, false, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.trace),
			    "boot0 cell0 stop 0=FAIL" BUG " boot0 cell1 stop 1=FAIL" BUG " boot0 cell2 stop 2=FAIL" BUG " ");
}

static void a_cell_that_killed_it_twice_is_not_tried_a_third_time(void **state)
{
	static size_t cells[] = { 0, 1, 0, 1, 0, 1 };
	static const struct visit v = { .kernel = 0, .boot = 1, .cells = cells, .n_cells = ARRAY_SIZE(cells) };
	_cleanup_(free_lab) struct lab l = { .boots = "", .cells = "dpdpp", .all_differ = true };

	(void)state;
	assert_int_equal(campaign_run(&v, 1, false, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.trace),
			    "boot0 cell0 stop 0=FAIL" BUG " boot0 cell1 1=PASS cell0 stop 0=FAIL" BUG
			    " boot0 cell1 1=PASS 0=SKIP" UNTRIED " cell1 1=PASS stop ");
}

static void an_invalid_sample_is_kept_and_taken_again_on_the_same_boot(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "", .cells = "pxxp", .invalid_max = 3 };

	(void)state;
	assert_int_equal(campaign_run(visits, 1, false, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.trace), "boot0 cell0 0=PASS cell1 1=invalid PASS cell1 1=invalid PASS "
			    "cell1 1=PASS cell2 2=PASS stop ");
}

static void after_too_many_the_next_cell_is_measured(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "", .cells = "xxx", .invalid_max = 1 };

	(void)state;
	assert_int_equal(campaign_run(visits, 1, false, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.trace), "boot0 cell0 0=invalid PASS cell0 0=invalid PASS "
			    "cell1 1=invalid PASS cell2 2=PASS stop ");
}

static void a_second_boot_is_told_with_the_first_death(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "d", .cells = "" };

	(void)state;
	assert_int_equal(campaign_run(visits, 1, true, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.told),
			    "the host did not boot (host kernel: Kernel panic); under TCG this may be the emulator: once more\n"
			    "the second boot is good; the first failure is held to be the emulator's\n");
}

static void a_second_try_is_told_with_the_first_death(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "", .cells = "d" };

	(void)state;
	assert_int_equal(campaign_run(visits, 1, true, &ops, &l), 0);
	assert_string_equal(strbuf_text(&l.told),
			    "the host died (host kernel: BUG: x); under TCG this may be the emulator: once more\n"
			    "the second boot got through; the first death is held to be the emulator's\n");
}

static void the_sentence_of_a_failing_bed_is_kept(void **state)
{
	_cleanup_(free_lab) struct lab l = { .boots = "ge", .cells = "" };

	(void)state;
	assert_int_equal(campaign_run(visits, 2, false, &ops, &l), -EIO);
	assert_string_equal(err_text(), "no space for the overlay");
}

int main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(cells_that_differ_each_get_their_chance_to_kill_the_host),
		cmocka_unit_test(a_cell_that_killed_it_twice_is_not_tried_a_third_time),
		cmocka_unit_test(an_invalid_sample_is_kept_and_taken_again_on_the_same_boot),
		cmocka_unit_test(after_too_many_the_next_cell_is_measured),
		cmocka_unit_test(a_second_boot_is_told_with_the_first_death),
		cmocka_unit_test(a_second_try_is_told_with_the_first_death),
		cmocka_unit_test(the_sentence_of_a_failing_bed_is_kept),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows)] = { 0 };
	int failed;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, what_follows, NULL, NULL, (void *)&rows[i] };
	failed = cmocka_run_group_tests_name("what follows", tests, NULL, NULL);
	return failed + cmocka_run_group_tests_name("what is said", fixed, NULL, NULL);
}
