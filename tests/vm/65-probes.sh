#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 65-probes.sh - latency, udp, shaping, vpn and pktgen: each measures what it says, on one kernel
. tests/vm/vm.inc

# plan PROBE MATRIX: one kernel, a few cells
plan()
{
	printf 'plan: probes\nkernels:\n  - {name: stock, package: linux-image-6.12-cloud-amd64}\n'
	printf 'probe: {%s}\nmatrix: {%s}\n' "$1" "$2"
}

# measured CELLS METRIC...: so many samples have each of these metrics as a number above 0
measured()
{
	cells=$1
	shift
	./tapbed report --format json >"$state/json" || return 1
	for metric; do
		n=$(grep -c "\"$metric\": [0-9.e+-]*[1-9]" "$state/json")
		[ "$n" -ge "$cells" ] || { echo "$metric in $n of $cells samples"; cat "$state/json"; return 1; }
	done
}

# known METRIC...: every sample has it, 0 too
known()
{
	for metric; do
		grep -q "\"$metric\": [0-9]" "$state/json" || { echo "no $metric"; cat "$state/json"; return 1; }
	done
}

# idle_is FROM TO: so many microseconds before there is traffic, in every sample
idle_is()
{
	sed -n 's/.*"idle_rtt_us": \([0-9.e+]*\).*/\1/p' "$state/json" >"$state/rtt"
	awk -v from="$1" -v to="$2" '{ print } $1 < from || $1 > to { bad = 1 } END { exit bad || !NR }' "$state/rtt"
}

plan 'name: latency, seconds: 2, warmup: 1' 'backend: vhost, txqueuelen: [1000, 1]' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'probe latency measures' has_status 0
check 'round trips idle, of ICMP and of requests' measured 2 idle_rtt_us ping_p50_us ping_p95_us ping_p99_us \
	rr_p50_us rr_p95_us rr_p99_us throughput_bps
check 'and what was lost' known ping_lost rr_lost
check 'beside it CPU time, switches and interrupts' measured 2 cpu_qemu_s ctxt_switches kvm_exits guest_irqs \
	packets_per_irq tx_packets
check 'of vhost where packets go through' measured 1 cpu_vhost_s
check 'and of softirq, of both CPUs' known cpu_softirq_s cpu_softirq_max_s cpu0_softirq_s cpu1_softirq_s
check 'nothing is left' nothing_left

plan 'name: udp, seconds: 2, warmup: 0, size: 1000, rate: 2000' 'backend: tap, txqueuelen: 100' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'probe udp measures' has_status 0
check 'what arrives of datagrams, and how evenly' measured 1 throughput_bps pps sent_pps jitter_us ping_p50_us
check 'and what is lost' known lost_percent lost_pps

plan 'name: shaping, seconds: 3, warmup: 0, size: 1000, rate: 100' \
	'backend: tap, txqueuelen: 100, shaper: [tbf, htb], shaper_mbit: 10' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'probe shaping measures' has_status 0
check 'bulk, and what has priority' measured 2 throughput_bps prio_percent rr_p99_us
check 'the backlog of the shaper is read' known qdisc_backlog qdisc_drops
check 'a rate of 10 Mbit/s is kept, where without it there are hundreds' sh -c "! grep -q '\"throughput_bps\": [0-9]\{9\}' '$state/json'"

# In virtual time, or on KVM: daemons that get no CPU beside other work are no path of 120 ms.
plan 'name: vpn, seconds: 2, warmup: 1' 'vpn: [wireguard-go, openvpn], delay_ms: 120, txqueuelen: 50' >"$state/plan.yaml"
run "$state/plan.yaml" --set host.accel=kvm-or-icount
check 'probe vpn measures' has_status 0
check 'without guests' says '; no guests$'
check 'TCP through both daemons, over a path of 120 ms' measured 2 throughput_bps rtt_us
check 'the round trip through the tunnel is within 5 % of 120 ms' idle_is 114000 126000
check 'and under load not shorter than half of it' sh -c "! grep -q '\"rtt_us\": \([0-9]\{1,4\}\|[1-5][0-9]\{4\}\)[,.]' '$state/json'"
check 'drops of the TUN and retransmits are counted' known tx_dropped retransmits
check 'the commands of the tunnel are kept' grep -q '^near: openvpn --dev vpn0 .*--disable-dco' "$state"/runs/*/samples/0002.cmd
check 'nothing is left' nothing_left

plan 'name: pktgen, seconds: 1, size: 200' \
	'backend: tap, txqueuelen: 100, reader: [read, vhost], senders: 2' >"$state/plan.yaml"
run "$state/plan.yaml"
check 'probe pktgen measures' has_status 0
check 'packets of two senders, by read and by vhost' measured 2 pps sent_pps
check 'what the ring drops, and softirq' known lost_pps tx_dropped cpu_softirq_s
check 'the commands to pktgen are kept' grep -q "^echo 'add_device ring0@1' > /proc/net/pktgen/kpktgend_1" "$state"/runs/*/samples/0001.cmd
check 'nothing is left' nothing_left
