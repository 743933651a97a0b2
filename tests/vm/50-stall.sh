#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 50-stall.sh - every scenario on stock, nodrop-v3 and backpressure: the published faults show in the one that has them
. tests/vm/vm.inc

# shows SCENARIO: nodrop-v3 fails there as the plan expects
shows()
{
	grep -q "^ok [0-9]* nodrop-v3/.*scenario=$1 # XFAIL " "$state/ktap"
}

# All cells of a kernel without faults pass, without a word behind them.
has_none()
{
	[ "$(grep -c "^ok [0-9]* $1/.*scenario=[a-z-]*$" "$state/ktap")" = 20 ] ||
		{ grep "ok [0-9]* $1/.*scenario=[a-z-]* " "$state/ktap"; return 1; }
}

formats()
{
	./tapbed report --format junit | grep -q '<testsuites name="tapbed" tests="60" failures="0" errors="0">' || return 1
	./tapbed report --format json >"$state/json" || return 1
	[ "$(grep -c '"expected": true' "$state/json")" -ge 8 ]
}

sample_of_a_failure()
{
	awk '/"scenario":/ { is_it = /"resize-zero"/ } is_it && /"stalls": [1-9]/ { found = 1 } END { exit !found }' "$state/json" ||
		{ grep -A 60 '"scenario": "resize-zero"' "$state/json"; return 1; }
}

run tests/plans/stall.yaml --set probe.seconds=3
./tapbed report --format ktap >"$state/ktap"
check 'failures that the plan knows are no failure of the run' has_status 0
check 'they are told as expected' says '^ .*FAIL (expected) *stalled'
check 'A1: a macvtap deleted under its reader' shows delete-macvtap
check 'A3: wakeups of a queue that nobody stops' shows macvtap
check 'A4: txqueuelen 0 and back' shows resize-zero
check 'A5: a full queue is closed' shows reopen
check 'A6: a full queue is detached' shows detach
check 'A7: noqueue' shows noqueue
check 'B6: a macvtap that is deleted is given to vhost_net' shows dead-backend
check 'C1: queues move under vhost_net' shows vhost-detach
check 'C2: XDP keeps the ring full' shows xdp-redirect
check 'stock has none of them' has_none stock
check 'backpressure has none of them' has_none backpressure
check 'JUnit and JSON tell expected failures apart' formats
check 'a failure has its sample' sample_of_a_failure
check 'nothing is left' nothing_left
