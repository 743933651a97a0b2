// SPDX-License-Identifier: GPL-2.0-only
/* test_identity.c - which objects behave the same: compiled here, and read */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/identity.h"
#include "lib/proc.h"
#include "scratch.h"

/* As WARN_ON() on x86: an address, the file's name, the line and flags. */
#define WARN                                                                                     \
	"#define WARN() __asm__ volatile(\"1: nop\\n.pushsection __bug_table,\\\"aw\\\"\\n\"" \
	"\".long 1b - .\\n.long %c0 - .\\n.word %c1, %c2\\n.popsection\" : : \"i\"(\"file\"), \"i\"(__LINE__), \"i\"(2305))\n"

/* As pr_debug(): four pointers, the line, a static key. */
#define DEBUG                                                                                                  \
	"struct ddebug { const char *a, *b, *c, *d; unsigned int line : 18, class : 6, flags : 8; void *key[2]; };\n"  \
	"#define DEBUG(f) static struct ddebug d __attribute__((section(\"__dyndbg\"), used, aligned(8))) =\\\n"       \
	"{ \"m\", \"f\", \"x.c\", f, __LINE__, 0, 0, { 0 } }\n"

static char *compile(const char *dir, const char *text)
{
	_cleanup_(freep) char *source = scratch_put(dir, "x.c", text);
	char *object = str_fmt("%s/x.o", dir);
	const char *const argv[] = { "cc", "-O2", "-g0", "-fno-pic", "-mcmodel=kernel", "-c", "-o", object, source, NULL };
	struct proc p = { .argv = argv };

	if (proc_run(&p, NULL))
		fail_msg("%s", err_text());
	return object;
}

static char *identity(const char *text)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *object = compile(dir, text), *data = NULL;
	struct hash *h = hash_new("test");
	size_t len;

	assert_int_equal(fs_read(object, &data, &len), 0);
	identity_of_elf(h, data, len);
	return hash_end(h);
}

static void what_behaves_the_same_has_one_identity(void **state)
{
	static const struct {
		const char *name, *a, *b;
		bool is_same;
	} cases[] = {
		{ "a comment", "int f(int x) { return x + 1; }\n", "/* says more */\nint f(int x) { return x + 1; }\n", true },
		{ "an operator", "int f(int x) { return x + 1; }\n", "int f(int x) { return x - 1; }\n", false },
		{ "a number", "int f(int x) { return x + 1; }\n", "int f(int x) { return x + 2; }\n", false },
		{ "data", "int v = 1;\n", "int v = 2;\n", false },
		{ "who is called", "void g(void);\nvoid h(void);\nvoid f(void) { g(); }\n",
		  "void g(void);\nvoid h(void);\nvoid f(void) { h(); }\n", false },
		{ "which string", "const char *s = \"one\";\n", "const char *s = \"two\";\n", false },
		{ "the line of a warning", WARN "void f(void) { WARN(); }\n", WARN "\n\n/* here */\nvoid f(void) { WARN(); }\n", true },
		{ "a second warning", WARN "void f(void) { WARN(); }\n", WARN "void f(void) { WARN(); WARN(); }\n", false },
		{ "the line of a debug message", DEBUG "DEBUG(\"a\");\n", DEBUG "\n\nDEBUG(\"a\");\n", true },
		{ "a debug message", DEBUG "DEBUG(\"a\");\n", DEBUG "DEBUG(\"b\");\n", false },
		{ "how much memory", "int v[4];\n", "int v[8];\n", false },
	};

	(void)state;
	if (!proc_find("cc"))
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(freep) char *a = identity(cases[i].a), *b = identity(cases[i].b);

		if (!strcmp(a, b) != cases[i].is_same)
			fail_msg("%s: %s", cases[i].name, cases[i].is_same ? "differs" : "is the same");
	}
}

static char *identity_of_bytes(const char *bytes, size_t len)
{
	struct hash *h = hash_new("test");
	_cleanup_(freep) char *copy = mem_zalloc(len + 1);

	memcpy(copy, bytes, len);
	identity_of_elf(h, copy, len);
	return hash_end(h);
}

/* Whatever a file that calls itself ELF says of its tables, nothing outside of it is read: for the sanitizers. */
static void a_broken_file_is_read_to_its_end(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *object = NULL, *data = NULL;
	size_t len;

	(void)state;
	if (!proc_find("cc"))
		skip();
	object = compile(dir, WARN "int v = 3;\nvoid g(int);\nvoid f(void) { WARN(); g(v); }\n");
	assert_int_equal(fs_read(object, &data, &len), 0);
	for (size_t cut = 0; cut < len; cut += 7)
		free(identity_of_bytes(data, cut));
	for (size_t at = 0; at < len; at++) {
		char was = data[at];

		data[at] = (char)(was ^ 0xff);
		free(identity_of_bytes(data, len));
		data[at] = was;
	}
}

static void a_kernel_is_its_image_and_its_modules(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *a = NULL, *same = NULL, *image = NULL, *module = NULL;

	(void)state;
	free(scratch_put(dir, "kernel", "an image"));
	free(scratch_put(dir, "kernel.json", "{}"));
	free(scratch_put(dir, "lib/modules/6.12-a/kernel/drivers/net/tun.ko", "a module"));
	assert_int_equal(identity_of_kernel(dir, &a), 0);
	free(scratch_put(dir, "kernel.json", "{ }"));
	assert_int_equal(identity_of_kernel(dir, &same), 0);
	free(scratch_put(dir, "lib/modules/6.12-a/kernel/drivers/net/tun.ko", "another"));
	assert_int_equal(identity_of_kernel(dir, &module), 0);
	free(scratch_put(dir, "kernel", "another image"));
	assert_int_equal(identity_of_kernel(dir, &image), 0);
	assert_string_equal(a, same);
	assert_string_not_equal(a, module);
	assert_string_not_equal(module, image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_behaves_the_same_has_one_identity),
		cmocka_unit_test(a_broken_file_is_read_to_its_end),
		cmocka_unit_test(a_kernel_is_its_image_and_its_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
