#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 71-bisect-kinds.sh - a culprit inside a merge, one that kills the host, one of a series; and git's own bisect
. tests/vm/vm.inc
. tests/vm/tree.inc

#	0 - 1 - 3 ------- 4 (merge) - 5 - 6 (panics) - 7
#	     \           /
#	      11 - 12 - 13		12 slows vhost_net down
#
# Both sides change files of their own.
make_history()
{
	git_in_repo init -q -b main
	commit 'as Debian has it' 0 && count_to 1 && git_in_repo checkout -q -b side && count_to 11 || return 1
	slow_down && commit 'vhost_net: sum up each packet' 12 && count_to 13 || return 1
	git_in_repo checkout -q main && count_to 3 && git_in_repo merge -q -m "Merge branch 'side'" side &&
		git_in_repo tag step-4 && count_to 5 || return 1
	sed -i '/^static int tun_chr_open(/,/^}/ s/^\tstruct tun_file \*tfile;/&\n\n\tpanic("tapbed: opened");/' \
		"$repo/drivers/net/tun.c"
	commit 'tun: do not let anybody in' 6 && count_to 7
}

# culprit STEP SUBJECT
culprit()
{
	says "^culprit: $(id_of "$1" | cut -c1-12) $2"
}

# The samples of a search that are there already are not taken again.
nothing_booted()
{
	! grep 'boot 1: host' "$state/out"
}

# git bisect run. The baseline is of another moment, and of a busy machine one commit has half of what it had then: what is
# asked for is a fifth, and the culprit has a hundredth.
git_bisect()
{
	./tapbed baseline set good latest >"$state/out" 2>&1 || return 1
	git_in_repo checkout -q side && git_in_repo bisect start step-13 step-0 >"$state/out" || return 1
	git_in_repo bisect run "$(pwd)/tapbed" run "$state/plan.yaml" --tree "$repo" --against good --at-least 0.2 \
		>"$state/out" 2>&1 </dev/null
	says "^$(id_of 12) is the first bad commit"
}

a_panic()
{
	bisect "$state/plan.yaml" --good step-5 --bad step-7 --metric panic --no-verify
	check 'a commit that kills the host is found' has_status 0
	check 'it is the right one too' culprit 6 'tun: do not let anybody in'
}

a_patch()
{
	git_in_repo format-patch -q -o "$state/series" step-0..step-13
	sed "s|tree: .*}|series: $state/series}|" "$state/plan.yaml" >"$state/series.yaml"
	bisect "$state/series.yaml" --by patches --build-beside 1
	check 'a patch of a series is found' has_status 0
	check 'it is the right patch' says '^culprit: 0003-vhost_net-sum-up-each-packet.patch'
	check 'and stands its test' says 'verify: PASS'
	check 'kernels were built while others were measured' grep -q '^built: patches-' "$state"/bisect/*/ahead.log
}

plan 100 off >"$state/plan.yaml"
check 'there is the source of a Debian kernel' sources
make_history >"$state/out" 2>&1 || { echo "not ok - a history with a merge"; cat "$state/out"; exit 1; }

bisect "$state/plan.yaml" --good step-0 --bad step-5 --no-verify
check 'a culprit inside of a merge is found' has_status 0
check 'it is the right one' culprit 12 'vhost_net: sum up each packet'
check 'the merge is told' says "Merge branch 'side'"
bisect "$state/plan.yaml" --good step-0 --bad step-5 --no-verify
check 'the same search again is' has_status 0
check 'answered by what was measured before' nothing_booted

if [ "${SLOW:-0}" != 0 ]; then
	a_panic
	a_patch
else
	echo 'ok - what kills the host, and a patch of a series # SKIP six minutes; make check SLOW=1'
fi

git_in_repo checkout -q step-0
run "$state/plan.yaml" --tree "$repo"
check 'the good commit is measured' has_status 0
check 'git bisect run finds it by exit status' git_bisect
check 'nothing is left' nothing_left
