#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 72-reproduce.sh - tapbed reproduce: what it runs, that it runs nothing twice, and its page; with small plans in place of ours
. tests/vm/vm.inc

export TAPBED_DATA="$state/data"
mkdir -p "$TAPBED_DATA/tests/plans"

# small DELAY...: a plan of one VPN, a cell a delay. A busy machine is no fault here.
small()
{
	printf 'plan: reproduce-vpn-rtt\nkernels:\n  - {name: stock, package: linux-image-6.12-cloud-amd64}\n'
	printf 'probe: {name: vpn, warmup: 0}\nhygiene: off\nmatrix: {vpn: wireguard-go, txqueuelen: 500, delay_ms: [%s]}\n' "$1"
}

# reproduce ARGS...: its words in $state/out, its page in $state/page
reproduce()
{
	status=0
	./tapbed reproduce --quick --output "$state/page.md" "$@" >"$state/page" 2>"$state/out" </dev/null || status=$?
}

page_has()
{
	grep -q -e "$1" "$state/page" || { echo "not in the page: $1"; cat "$state/page"; return 1; }
}

# runs N: so many times tapbed run was started
runs()
{
	n=$(grep -c 'tapbed run ' "$state/out")
	[ "$n" = "$1" ] || { echo "$n runs, not $1"; return 1; }
}

reproduce --page
check 'without any run there is a page that says so' page_has 'Not run yet'
check 'and something is missing' has_status 128
reproduce --only tap
check 'an experiment that is none is refused' has_status 129
check 'with those that there are' says 'no experiment "tap"; there are tap-queue, tap-delay'

small 120 >"$TAPBED_DATA/tests/plans/reproduce-vpn-rtt.yaml"
reproduce --only vpn-rtt
check 'one experiment is run' runs 1
check 'the rest is missing' has_status 128
check 'its round trip is in the page' page_has '^  wireguard-go, 120 ms  *1[12][0-9]$'
check 'in Markdown too' grep -q '^| wireguard-go, 120 ms *| *1[12][0-9] |$' "$state/page.md"
check 'a claim without a patched kernel cannot be judged' page_has '^  cannot be judged here: VPN, wireguard-go, 120 ms: .*'
reproduce --only vpn-rtt
check 'it is not run again' runs 0
check 'and the page is the same' page_has '^  wireguard-go, 120 ms  *1[12][0-9]$'

small '120, 121' >"$TAPBED_DATA/tests/plans/reproduce-vpn-rtt.yaml"
reproduce --list
check 'a run of another plan does not count' says 'it is run anew$'
small 120 >"$TAPBED_DATA/tests/plans/reproduce-vpn-rtt.yaml"
reproduce --again --only vpn-rtt --list
check 'nor one that is forgotten' page_has '^vpn-rtt  *[0-9]* s'

# kept FOLDER: the runs of FOLDER, with the plans that they are of, in a store of their own; their page in $state/page.md
kept()
{
	./tapbed import --state "$state/kept-${1##*/}" "$1"/*.jsonl || return 1
	TAPBED_DATA=. ./tapbed reproduce --page --state "$state/kept-${1##*/}" --output "$state/page.md" >"$state/page" 2>&1
	for f in "$1"/*.jsonl; do
		page_has "^  $(basename "$f" .jsonl)  *$(sed -n 's/^{"run":{"id":"\([^"]*\)".*/\1/p' "$f") " || return 1
	done
}

# agree PAGE PAGE: no claim is reproduced in the one and not reproduced in the other
agree()
{
	awk -F '[*][*]' '/^- [*][*](not )?reproduced[*][*]: / && match($3, /: [0-9]/) {
		claim = substr($3, 3, RSTART - 3)
		if (FNR == NR) { said[claim] = $2; next }
		if (claim in said) { both++; if (said[claim] != $2) { print claim ": " said[claim] ", then " $2; bad = 1 } }
	} END { if (both < 20) print both + 0 " claims decided in both"; exit bad || both < 20 }' "$1" "$2"
}

check 'the runs that are kept with the sources are of its plans' kept docs/reproduction
check 'and the page is theirs' cmp docs/reproduction.md "$state/page.md"
check 'so are those of the second time' kept docs/reproduction/again
check 'which contradict the first nowhere' agree docs/reproduction.md "$state/page.md"
check 'nothing is left' nothing_left
