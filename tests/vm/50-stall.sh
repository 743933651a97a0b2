#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 50-stall.sh - scenarios: faults that are known show, one of them takes the host with it, stock has none
. tests/vm/vm.inc

formats()
{
	./tapbed report --format ktap >"$state/ktap"
	[ "$(grep -c '^ok .* # XFAIL ' "$state/ktap")" = 3 ] || { echo 'not 3 expected failures in KTAP'; return 1; }
	[ "$(grep -c '^not ok' "$state/ktap")" = 0 ] || { echo 'failures in KTAP'; return 1; }
	./tapbed report --format junit | grep -q '<testsuites name="tapbed" tests="8" failures="0" errors="0">' || return 1
	./tapbed report --format json | grep -c '"expected": true' | grep -qx 3
}

# The cell of the noqueue scenario comes after the death, on a new boot.
sample_of_a_failure()
{
	./tapbed report --format json >"$state/json"
	grep -A 20 '"scenario": "resize-zero"' "$state/json" | grep -q '"stalls": 1'
}

run tests/plans/stall.yaml --set scenario=resize-zero,down-up,delete-macvtap,noqueue --set probe.seconds=3
check 'failures that the plan knows are no failure of the run' has_status 0
check 'they are told as expected' says '^FAIL (expected): stalled'
check 'a host that dies is booted anew' says '^FAIL (expected): host kernel: BUG: kernel NULL pointer dereference'
check 'the verdict counts them' says '^PASS: 8 cells, 3 failed as expected, no other fault found'
check 'KTAP, JUnit and JSON have them' formats
check 'a failure has its sample' sample_of_a_failure
check 'nothing is left' nothing_left
