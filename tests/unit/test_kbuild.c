// SPDX-License-Identifier: GPL-2.0-only
/* test_kbuild.c - which compiler is meant, and whose fault a failed build is */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/kbuild.h"
#include "scratch.h"

static const struct {
	const char *cc, *llvm, *cross, *compiler;
} compilers[] = {
	{ NULL,		NULL,		NULL,		    "gcc"		   },
	{ "",		"",		"",		    "gcc"		   },
	{ NULL,		NULL,		"x86_64-linux-gnu-", "x86_64-linux-gnu-gcc" },
	{ NULL,		"1",		NULL,		    "clang"		   },
	{ NULL,		"-17",		NULL,		    "clang-17"		   },
	{ NULL,		"/opt/llvm/",	NULL,		    "/opt/llvm/clang"	   },
	{ NULL,		"1",		"x86_64-linux-gnu-", "clang"		   },
	{ "gcc-11",	"1",		"x86_64-linux-gnu-", "gcc-11"		   },
	{ "ccache gcc",	NULL,		NULL,		    "ccache gcc"	   },
};

static void the_kernels_own_variables_choose_the_compiler(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(compilers); i++) {
		_cleanup_(freep) char *got = toolchain_compiler(compilers[i].cc, compilers[i].llvm, compilers[i].cross);

		assert_string_equal(got, compilers[i].compiler);
	}
}

#define MAKE "make[4]: *** [../scripts/Makefile.build:229: x.o] Error 1\n"

static const struct {
	const char *output;
	int blame;
	const char *lines;
} failures[] = {
	{ "  CC  a.o\nnet/a.c: In function 'f':\nnet/a.c:3:2: error: 'x' undeclared\n    3 | x;\n      | ^\n" MAKE, ENOEXEC,
	  "net/a.c:3:2: error: 'x' undeclared\n    3 | x;\n      | ^" },
	{ "net/a.c:1:10: fatal error: no.h: No such file or directory\n" MAKE, ENOEXEC,
	  "net/a.c:1:10: fatal error: no.h: No such file or directory" },
	{ "ld: vmlinux.o: in function `f':\na.c:(.text+0x1): undefined reference to `g'\n" MAKE, ENOEXEC,
	  "a.c:(.text+0x1): undefined reference to `g'" },
	{ "ERROR: modpost: \"g\" [drivers/net/tun.ko] undefined!\n" MAKE, ENOEXEC,
	  "ERROR: modpost: \"g\" [drivers/net/tun.ko] undefined!" },
	{ "net/a.c:3:2: error: write\nfatal error: error writing to a.s: No space left on device\n" MAKE, ENOSPC,
	  "fatal error: error writing to a.s: No space left on device" },
	{ "gcc: fatal error: Killed signal terminated program cc1\n" MAKE, EIO,
	  "gcc: fatal error: Killed signal terminated program cc1" },
	{ "/bin/sh: 1: flex: not found\n" MAKE, EIO, "/bin/sh: 1: flex: not found" },
	{ "../scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory\n" MAKE, EIO,
	  "../scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory" },
	{ MAKE, EPROTO, NULL },
	{ "", EPROTO, NULL },
};

static void a_source_that_does_not_compile_is_told_from_a_machine_that_cannot(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		const char *lines = NULL;
		size_t len = 0;
		_cleanup_(freep) char *got = NULL;

		assert_int_equal(kbuild_blame(failures[i].output, &lines, &len), failures[i].blame);
		if (!failures[i].lines) {
			assert_null(lines);
			continue;
		}
		got = str_fmt("%.*s", (int)len, lines);
		assert_string_equal(got, failures[i].lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_own_variables_choose_the_compiler),
		cmocka_unit_test(a_source_that_does_not_compile_is_told_from_a_machine_that_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
