#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 40-raw.sh - the ring without a guest: packets a second, and what no kernel can have
. tests/vm/vm.inc

pps()
{
	./tapbed report --format json >"$state/json" || return 1
	[ "$(grep -c '"pps": [1-9]' "$state/json")" = 4 ] || { echo 'not 4 samples with packets'; return 1; }
	grep -q '"probe": "raw"' "$state/json"
}

run_compare()
{
	status=0
	./tapbed compare "$1" "$2" --at-least 0.9 >"$state/out" 2>&1 || status=$?
}

raw_is_kept()
{
	grep -q '"received": [1-9]' "$state"/runs/*/samples/0001.json || return 1
	grep -q '^tapbed run plan.yaml .*--set txqueuelen=1000 ' "$state"/runs/*/samples/0001.cmd
}

run tests/plans/raw.yaml --set backend=tap,vhost --set reader=read --set senders=1 --set probe.seconds=1
check 'probe raw measures two kernels' has_status 0
check 'without guests' says '; no guests$'
check 'what no kernel can have is skipped with the reason' says '^SKIP .* and 3 more: probe raw has no guest'
check 'each sample has its packets a second' pps
check 'the raw output and a command line that repeats it are kept' raw_is_kept
check 'nothing is left' nothing_left

# in_virtual_time NAME
in_virtual_time()
{
	run tests/plans/raw.yaml --set host.accel=icount --set backend=tap --set reader=read --set senders=1 \
		--set probe.seconds=1 --set samples=2 --set txqueuelen=1 --name "$1"
}

in_virtual_time alone
check 'in virtual time a ring is measured' has_status 0
check 'which the report says' says '^in virtual time: '
busy
in_virtual_time beside
idle
check 'also beside other work' has_status 0
check 'no sample is invalid for that' sh -c "! grep invalid '$state/out'"
# Of the kernel that loses nothing: which packets a ring of one drops is chance, also by the instruction.
run_compare alone:nodrop-v3 beside:nodrop-v3
check 'and it is the same' has_status 0

run tests/plans/vm-test.yaml --set host.accel=icount
check 'a guest is not run in it' has_status 125
check 'since it hangs' says 'a guest hangs in virtual time'

run tests/plans/raw.yaml --set streams=2
check 'a plan that has nothing to measure boots nothing and is SKIP' has_status 125
check 'and says why' says '^SKIP: 16 of 16 cells: .*: axis streams means nothing to probe raw'
