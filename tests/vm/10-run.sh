#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 10-run.sh - from a plan to a verdict: both kernels, both backends, two queue lengths
. tests/vm/vm.inc

# How fast a kernel is on a machine that others share is nothing to pass or fail by: NOISY will do.
judged()
{
	[ "$status" = 0 ] || has_status 125
}

# What is lost depends little on the machine (nodrop-v3 itself loses a packet now and then): of each cell at queue 1 the kernel, and what its ring dropped.
drops()
{
	./tapbed report --format json | awk -F '[:," ]+' '
		/"kernel":/ { kernel = $3 }
		/"txqueuelen":/ { queue = $3 + 0 }
		/"tx_dropped":/ { if (queue == 1) print kernel, $3 + 0 }'
}

nodrop_drops_hardly()
{
	drops >"$state/drops"
	cat "$state/drops"
	awk '/^nodrop-v3/ && $2 > 5 || /^stock/ && $2 < 20 { bad = 1 } END { exit bad || NR != 4 }' "$state/drops"
}

contract()
{
	./tapbed report --format json >"$state/json" # its status is the verdict's
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
check 'both kernels are judged at queue 1000 and 1, for TAP and vhost' judged
check 'at queue 1 stock drops, and nodrop-v3 hardly' nodrop_drops_hardly
check 'the first line tells the accelerators' says '^host under test on '
check 'the last line is the verdict' says '^\(PASS: 8 cells\|NOISY: [0-9] of 8 cells\)'
check 'the JSON report has what its contract promises' contract
check 'the raw output and the command line of each sample are kept' raw_is_kept
check 'KTAP has a line a cell' ktap
check 'nothing is left' nothing_left
