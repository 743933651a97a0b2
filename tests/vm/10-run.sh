#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 10-run.sh - from a plan to a verdict: both kernels, both backends, two queue lengths
. tests/vm/vm.inc

json()
{
	./tapbed report --format json
}

contract()
{
	json >"$state/json" || return 1
	for word in '"accel"' '"kernel_release"' '"series": "nodrop-v3"' '"txqueuelen": 1' \
		'"throughput_bps"' '"host_boot"' '"guest_boot"' '"cells"' '"build"' '"raw": "samples/'; do
		grep -q -e "$word" "$state/json" || { echo "no $word in the JSON"; return 1; }
	done
}

raw_is_kept()
{
	set -- "$state"/runs/*/samples/*.json
	[ $# = 8 ] || { echo "$# files of raw output, not 8"; return 1; }
	grep -q '"sum_received"' "$1" || return 1
	grep -q '^iperf3 ' "${1%.json}.cmd"
}

ktap()
{
	./tapbed report --format ktap | grep -c '^ok ' | grep -qx 8
}

run tests/plans/vm-test.yaml --set txqueuelen=1000,1 --set probe.seconds=2
check 'nodrop-v3 keeps its promises at queue 1000 and 1, for TAP and vhost' has_status 0
check 'the first line tells the accelerators' says '^host under test on '
check 'the last line is the verdict' says '^PASS: 8 cells'
check 'the JSON report has what its contract promises' contract
check 'the raw output and the command line of each sample are kept' raw_is_kept
check 'KTAP has a line a cell' ktap
check 'nothing is left' nothing_left
