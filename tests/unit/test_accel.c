// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_accel.c - the decision between kvm and tcg
 *
 * A shell script stands in PATH as QEMU: what it answers to each trial is the case. Real boots
 * are for the VM tests.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scratch.h"
#include "vm/accel.h"

/* Notes each start, and says what KVM or TCG in its environment tells it to. */
static const char qemu[] =
	"#!/bin/sh\n"
	"echo \"$*\" >>\"$TAPBED_TEST_CALLS\"\n"
	"case \"$*\" in\n"
	"--version) echo 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)'; exit ;;\n"
	"*'-accel kvm'*) says=$KVM ;;\n"
	"*'-accel tcg'*) says=$TCG ;;\n"
	"esac\n"
	"case $says in\n"
	"alive) printf 'SeaBIOS\\r\\ntapbed-init: alive\\r\\n' ;;\n"
	"*) echo \"$says\" >&2; exit 1 ;;\n"
	"esac\n";

struct place {
	char *dir, *calls, *path_before;
};

static int enter(void **state)
{
	struct place *p = mem_zalloc(sizeof(*p));
	_cleanup_(freep) char *program = NULL, *path = NULL;

	*state = p;
	p->dir = scratch_new();
	p->path_before = str_dup(getenv("PATH"));
	p->calls = scratch_put(p->dir, "calls", "");
	program = scratch_put(p->dir, "bin/qemu-system-x86_64", qemu);
	path = str_fmt("%s/bin:%s", p->dir, p->path_before);
	setenv("TAPBED_TEST_CALLS", p->calls, 1);
	setenv("KVM", "failed to initialize kvm: No such device", 1);
	setenv("TCG", "alive", 1);
	return setenv("PATH", path, 1) || chmod(program, 0755);
}

static int leave(void **state)
{
	struct place *p = *state;

	setenv("PATH", p->path_before, 1);
	scratch_free(&p->dir);
	free(p->calls);
	free(p->path_before);
	free(p);
	return 0;
}

static size_t count_trials(const struct place *p)
{
	_cleanup_(freep) char *text = NULL;
	size_t n = 0;

	assert_int_equal(fs_read(p->calls, &text, NULL), 0);
	for (const char *at = text; (at = strstr(at, "tapbed.role=trial")); at++)
		n++;
	return n;
}

static bool has_kvm(void)
{
	return !access("/dev/kvm", R_OK | W_OK);
}

static void names_are_found_again(void **state)
{
	(void)state;
	for (enum accel a = 0; a < ACCEL_COUNT; a++)
		assert_int_equal(accel_find(accel_name(a)), a);
	assert_int_equal(accel_find("hax"), ACCEL_COUNT);
	assert_int_equal(accel_find(""), ACCEL_COUNT);
	assert_int_equal(accel_find(NULL), ACCEL_COUNT);
}

static void kvm_that_does_not_boot_gives_tcg_and_a_reason(void **state)
{
	_cleanup_(accel_free) struct accel_answer a = { 0 };

	if (accel_decide(NULL, "kernel", "initrd", &a))
		fail_msg("%s", err_text());
	assert_int_equal(a.accel, ACCEL_TCG);
	assert_string_equal(a.qemu, "7.2.22");
	assert_false(a.cached);
	if (has_kvm())
		assert_string_equal(a.reason, "kvm: failed to initialize kvm: No such device");
	else
		assert_non_null(strstr(a.reason, "/dev/kvm"));
	assert_int_equal(count_trials(*state), has_kvm() ? 2 : 1);
}

static void kvm_that_boots_is_taken_where_it_may_be_opened(void **state)
{
	_cleanup_(accel_free) struct accel_answer a = { 0 };

	setenv("KVM", "alive", 1);
	if (accel_decide(NULL, "kernel", "initrd", &a))
		fail_msg("%s", err_text());
	assert_int_equal(a.accel, has_kvm() ? ACCEL_KVM : ACCEL_TCG);
	assert_int_equal(!*a.reason, has_kvm());
	assert_int_equal(count_trials(*state), 1);
}

static void the_answer_is_kept(void **state)
{
	struct place *p = *state;
	_cleanup_(accel_free) struct accel_answer first = { 0 }, second = { 0 };
	size_t trials;

	assert_int_equal(accel_decide(p->dir, "kernel", "initrd", &first), 0);
	trials = count_trials(p);
	assert_int_equal(accel_decide(p->dir, "kernel", "initrd", &second), 0);
	assert_int_equal(count_trials(p), trials);
	assert_true(second.cached);
	assert_int_equal(second.accel, first.accel);
	assert_string_equal(second.reason, first.reason);
	assert_string_equal(second.qemu, "7.2.22");
}

static void a_damaged_answer_is_found_again(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{\"x\": 1}" };
	struct place *p = *state;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(accel_free) struct accel_answer a = { 0 };

		free(scratch_put(p->dir, "accel.json", texts[i]));
		assert_int_equal(accel_decide(p->dir, "kernel", "initrd", &a), 0);
		assert_false(a.cached);
	}
}

static void when_nothing_boots_what_qemu_said_is_told(void **state)
{
	struct place *p = *state;
	_cleanup_(freep) char *kept = str_fmt("%s/accel.json", p->dir);
	struct accel_answer a = { 0 };

	setenv("TCG", "qemu: could not load kernel", 1);
	assert_int_equal(accel_decide(p->dir, "kernel", "initrd", &a), -ENODEV);
	assert_string_equal(err_text(), "no accelerator boots a trial guest: tcg: qemu: could not load kernel");
	assert_null(a.reason);
	assert_false(fs_exists(kept));
}

static void without_qemu_the_package_is_named(void **state)
{
	struct accel_answer a = { 0 };

	(void)state;
	setenv("PATH", "/nowhere", 1);
	assert_int_equal(accel_decide(NULL, "kernel", "initrd", &a), -ENOENT);
	assert_non_null(strstr(err_text(), "apt-get install qemu-system-x86"));
}

#define WITH_QEMU(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_again),
		WITH_QEMU(kvm_that_does_not_boot_gives_tcg_and_a_reason),
		WITH_QEMU(kvm_that_boots_is_taken_where_it_may_be_opened),
		WITH_QEMU(the_answer_is_kept),
		WITH_QEMU(a_damaged_answer_is_found_again),
		WITH_QEMU(when_nothing_boots_what_qemu_said_is_told),
		WITH_QEMU(without_qemu_the_package_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
