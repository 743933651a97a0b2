#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 75-gate.sh - real regressions are found, the same kernel again is none; a busy machine's samples are invalid
. tests/vm/vm.inc

# found KERNEL WORDS: the kernel's cell fails, for this reason
found()
{
	grep -A 1 "^# reason: .*$2" "$state/ktap" | grep -q "^not ok [0-9]* $1/"
}

passes()
{
	grep -q "^ok [0-9]* $1/[^#]*$" "$state/ktap"
}

run tests/data/gate/plan.yaml
./tapbed report --format ktap >"$state/ktap"
check 'the run fails' has_status 1
check 'a kernel that drops every 500th packet: tx_dropped' found drop 'tx_dropped [0-9]*, promised at most 5'
check 'a kernel that takes 20 ms for each packet: pps' found slow 'pps 0\.0[0-9]* of stock .*promised at least 0\.7'
check 'a kernel that skips wakeups: a stall' found wake 'stalled: nothing received'
check 'a kernel that warns: its first lines' found warn 'host kernel: a packet on .*WARNING'
check 'the same kernel once more passes' passes again

# invalid_samples N: so many are kept, with their reason
invalid_samples()
{
	./tapbed report --format json >"$state/json" # its status is the verdict's
	[ "$(grep -c '"invalid": "other processes of this machine had' "$state/json")" = "$1" ]
}

busy
run tests/data/gate/busy.yaml --set hygiene=on
idle
check 'beside other work nothing can be judged' has_status 125
check 'the reason says who had the time' says 'NOISY.*3 samples, and all are invalid: other processes of this machine had'
check 'what was invalid is kept, as that' invalid_samples 3
check 'nothing is left' nothing_left
