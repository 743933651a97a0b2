#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 20-steps.sh - each step of the session fails in turn, and leaves nothing on the host
. tests/vm/vm.inc

cat >"$state/plan.yaml" <<'PLAN'
plan: steps
kernels:
  - {name: stock, package: linux-image-6.12-cloud-amd64}
matrix:
  backend: [vhost]
  txqueuelen: [1, 2, 3, 4, 5, 6, 7, 8, 9]
probe: {seconds: 1, warmup: 0}
PLAN

left_nothing()
{
	n=$(grep -c 'warning: BROKEN: .*made to fail for a test\( (the guest.s console: [^ ]*)\)\?; left: links 0, processes 0, files 0$' "$state/out")
	[ "$n" = 8 ] || { echo "$n of 8 steps failed and left nothing"; return 1; }
}

run "$state/plan.yaml" --fail-step each
check 'a broken bed is BROKEN, not FAIL' has_status 128
for step in libvirt 'guest disk' device guest 'guest agent' path 'tcp buffers' link; do
	check "step $step fails with its name" says "warning: BROKEN: $step: made to fail"
done
check 'every failed step left no link, process or disk on the host' left_nothing
check 'after all of them a cell is measured' sh -c './tapbed report --format ktap | grep -q "^ok 9 "'

cat >"$state/one.yaml" <<'PLAN'
plan: panic
kernels:
  - {name: stock, package: linux-image-6.12-cloud-amd64}
matrix:
  backend: [tap]
probe: {seconds: 60, warmup: 0}
PLAN

guest_console_kept()
{
	grep -q 'Kernel panic - not syncing: sysrq triggered crash' "$state"/runs/*/guest-*-stock.log
}

run "$state/one.yaml" --fail-step traffic
check 'a guest that panics under traffic is BROKEN, not FAIL' has_status 128
check 'the panic is told' says 'BROKEN: .*the guest has ended: .*on its console: Kernel panic - not syncing: sysrq triggered crash'
check 'what its console had is kept' guest_console_kept
check 'traffic ends with its guest, not at its deadline' says 'iperf3: broken off, what it talks to has ended'
check 'nothing is left outside' nothing_left
