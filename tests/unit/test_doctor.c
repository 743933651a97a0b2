// SPDX-License-Identifier: GPL-2.0-only
/* test_doctor.c - subordinate ids, read as newuidmap reads them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doctor.h"
#include "lib/cleanup.h"

static const struct {
	const char *text;
	long count;
} cases[] = {
	{ "",						0     },
	{ "me:100000:65536\n",				65536 },
	{ "me:100000:65536",				65536 },
	{ "1000:100000:65536\n",			65536 },
	{ "you:100000:65536\nme:165536:65536\n",	65536 },
	{ "me:100000:1000\nme:200000:65536\n",		65536 },
	{ "me:100000:1000\n",				1000  },
	{ "mean:100000:65536\n10001:100000:65536\n",	0     },
	{ "me\nme:\nme:100000\nme:100000:many\n",	0     },
};

static void the_largest_range_of_the_user_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(doctor_subid_count(cases[i].text, "me", 1000), cases[i].count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_range_of_the_user_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
