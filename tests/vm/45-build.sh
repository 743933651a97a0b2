#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 45-build.sh - a kernel built whole, then a series, an option and a mistake on top of it
#
# base.config and what probe raw needs: a host that runs guests takes twice as long to build.
. tests/vm/vm.inc

# plan KEYS: a plan of one kernel that is built whole
plan()
{
	printf 'plan: whole\nkernels:\n  - {name: own, source: linux-source-6.12, %s}\n' "$1"
	printf 'matrix: {backend: tap, reader: read, senders: 1, txqueuelen: 10}\n'
	printf 'probe: {name: raw, seconds: 1}\n'
}

build()
{
	status=0
	./tapbed build "$state/plan.yaml" >"$state/out" 2>&1 </dev/null || status=$?
}

# What the build of the last run's kernel compiled, whoever else builds in this cache.
compiled()
{
	hash=$(./tapbed report --format kcidb | sed -n 's/.*"kernel_hash": "\(.\{16\}\).*/\1/p')
	grep -c '^  CC ' "$cache/log/kernel-$hash.log"
}

has_release()
{
	./tapbed report --format json | grep -q '"kernel_release": "6\.12\.[0-9]*-base\.ring"'
}

small="config: [base, tests/data/config/ring.config]"

plan "$small" >"$state/plan.yaml"
run "$state/plan.yaml"
check 'a kernel of a source package is built and boots' has_status 0
check 'under a name of its own' has_release
check 'nothing is left' nothing_left

plan "$small, series: nodrop-v3" >"$state/plan.yaml"
run "$state/plan.yaml"
check 'the same with a series' has_status 0
check 'compiles what the series changes' sh -c "[ $(compiled) -lt 40 ]"

mkdir "$state/series"
cat >"$state/series/0001-mistake.patch" <<'PATCH'
--- a/init/do_mounts.h
+++ b/init/do_mounts.h
@@ -1,2 +1,3 @@
 /* SPDX-License-Identifier: GPL-2.0 */
+int mistake(void) { return undeclared; }
 #include <linux/kernel.h>
PATCH
plan "$small, series: $state/series" >"$state/plan.yaml"
build
check 'a source that does not compile is skipped by a bisect' has_status 125
check 'and the compiler says why' says "^init/do_mounts.h:2:.*: error: .undeclared. undeclared"

plan 'config: [base, tests/data/config/ring.config, tests/data/config/impossible.config]' >"$state/plan.yaml"
build
check 'an option that does not survive breaks the bed' has_status 128
check 'and is named with its place' says 'CONFIG_NO_SUCH_OPTION=y is not set (impossible.config:1)'
check 'as are all' says 'CONFIG_KASAN_VMALLOC=y is not set (impossible.config:2)'
