#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 30-bad-days.sh - kernels that die, packages that are not there, signals: the right word, nothing left
. tests/vm/vm.inc

plan()
{
	printf 'plan: bad-day\nkernels:\n  - {name: stock, %s}\n' "$1"
	printf 'matrix: {backend: [vhost], txqueuelen: [1, 2]}\nprobe: {seconds: 1, warmup: 0}\n'
}

plan 'package: linux-image-0.0.1-nowhere' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'a package that does not exist breaks the bed' has_status 128
check 'and the line names it' says 'no package linux-image-0.0.1-nowhere'

mkdir "$state/series"
sed '/^@@/{n;s/.*/ no such line/;}' kernel-config/patches/nodrop-v3/0002-*.patch >"$state/series/0001-off.patch"
plan "package: linux-image-6.12-cloud-amd64, series: $state/series" >"$state/plan.yaml"
run "$state/plan.yaml"
check 'a patch that does not apply breaks the bed' has_status 128
check 'and the line names it' says '0001-off.patch does not apply'

plan 'package: linux-image-6.12-cloud-amd64, cmdline: rdinit=/nowhere init=/nowhere' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'a kernel that panics in two boots is FAIL' has_status 1
check 'with the first lines of its panic' says 'host kernel: .*Kernel panic - not syncing'
check 'nothing is left of the panics' nothing_left

# start ARGS...: a run in the background, until its words have $1
start_until()
{
	word=$1
	shift
	./tapbed run --set hygiene=off "$@" >"$state/out" 2>&1 </dev/null &
	pid=$!
	for _ in $(seq 900); do
		grep -q -e "$word" "$state/out" && return 0
		kill -0 $pid 2>/dev/null || return 0
		sleep 0.1
	done
}

plan 'package: linux-image-6.12-cloud-amd64' >"$state/plan.yaml"
start_until '1/2 .* stock vhost/virtio/q2' "$state/plan.yaml" --set probe.seconds=4
kill -TERM $pid
status=0
wait $pid || status=$?
check 'SIGTERM ends a run as a broken bed' has_status 128
check 'with a line that says so' says 'stopped by signal 15'
check 'SIGTERM leaves nothing' nothing_left
check 'the finished sample is in the store' sh -c './tapbed report --format ktap | grep -q "^ok 1 "'
check 'and with the command to go on' says "to go on: tapbed run $state/plan.yaml --set hygiene=off --set probe.seconds=4 --resume 20"
again=$(sed -n 's/^to go on: tapbed run //p' "$state/out")
# shellcheck disable=SC2086 # words of a command
run $again
check 'the run is resumed to its end' has_status 0
check 'and measures only what it lacks' says 'goes on after 1 samples'
run "$state/plan.yaml" --set txqueuelen=3 --resume latest
check 'to resume another plan is a wrong command' has_status 129
run "$state/plan.yaml" --resume 20010101
check 'and so is to resume a run that is not there' has_status 129

start_until ' stock vhost/virtio/q1/' "$state/plan.yaml"
kill -KILL $pid
wait $pid 2>/dev/null
for _ in $(seq 150); do
	nothing_left >/dev/null && break
	sleep 0.1
done
check 'SIGKILL of the keeper leaves nothing' nothing_left
