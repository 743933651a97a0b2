#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 60-axes.sh - delay, queues, direction, macvtap, backpressure: each does what it says to a guest
. tests/vm/vm.inc

cat >"$state/axes.yaml" <<'PLAN'
plan: axes
kernels:
  - {name: stock, package: linux-image-6.12-cloud-amd64}
guest: {vcpus: 2}
matrix:
  backend: [vhost, macvtap-vhost]
  queues: 2
  delay_ms: 60ms
  direction: [to-guest, from-guest]
  streams: 8
probe: {seconds: 2, warmup: 0}
PLAN

cat >"$state/backpressure.yaml" <<'PLAN'
plan: backpressure
kernels:
  - {name: linux-7.3, package: linux-image-cloud-amd64, suite: trixie-backports}
matrix:
  backend: vhost
  txqueuelen: 1
  backpressure: [off, on]
probe: {seconds: 2, warmup: 1}
PLAN

# metric NAME: its value in each sample of the last run, a line each
metric()
{
	./tapbed report --format json | sed -n "s/.*\"$1\": \([0-9.e+]*\).*/\1/p"
}

two_delays()
{
	metric idle_rtt_us >"$state/rtt"
	awk '$1 < 57000 || $1 > 63000 { bad = 1 } { print } END { exit bad || NR != 2 }' "$state/rtt"
}

# throughput PROGRAM: awk over the throughput of each sample
throughput()
{
	metric throughput_bps >"$state/bps"
	cat "$state/bps"
	awk "$1" "$state/bps"
}

# Eight flows over two queues: that all of them are on one has a chance of 1 in 128.
both_queues()
{
	metric guest_queues >"$state/queues"
	cat "$state/queues"
	grep -qx 2 "$state/queues"
}

run "$state/axes.yaml"
check 'a delay, two queues and both directions are measured' has_status 0
check 'what a macvtap cannot have is skipped with the reason' says '^SKIP .*what feeds a macvtap is a veth of one queue$'
check 'each measured round trip is within 5 % of its label' two_delays
check 'bytes arrive in each' throughput '$1 < 1e5 { bad = 1 } END { exit bad || NR != 2 }'
check 'and packets come through both queues' both_queues
check 'nothing is left' nothing_left

run "$state/axes.yaml" --set backend=macvtap-vhost --set guest.vcpus=1 --set queues=1 --set direction=to-guest --set delay_ms=0 \
	--set "qdisc=tbf rate 20mbit" \
	--set txqueuelen=10 --set offloads=gso-off --set congestion=reno --set tcp_rmem=256k --set mtu=1400 --set iommu_platform=on
check 'a macvtap, a rate, offloads, congestion control, buffers, mtu and iommu_platform are measured' has_status 0
check 'and the rate is not exceeded' throughput '$1 > 25e6 || $1 < 1e5 { bad = 1 } END { exit bad || NR != 1 }'

# Another release, from another suite of the mirror: where it cannot be had, there is nothing to test.
if ./tapbed build "$state/backpressure.yaml" >"$state/out" 2>&1; then
	run "$state/backpressure.yaml"
	check 'IFF_BACKPRESSURE reaches the TAP of a guest' has_status 0
	check 'with it a ring of one packet is several times as fast' \
		throughput '{ v[NR] = $1 } END { exit !(NR == 2 && v[2] > 3 * v[1]) }'
	run "$state/axes.yaml" --set backend=tap --set queues=1 --set direction=to-guest --set delay_ms=0 --set backpressure=on
	check 'a kernel without it is SKIP' has_status 125
	check 'and says why' says '^SKIP.*this kernel has no IFF_BACKPRESSURE (Linux 7.3 has)$'
else
	echo "ok - IFF_BACKPRESSURE reaches the TAP of a guest # SKIP $(tail -1 "$state/out")"
fi
check 'nothing is left' nothing_left
