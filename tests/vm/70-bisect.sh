#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 70-bisect.sh - a history of 32 commits on a Debian kernel's tun, tap and vhost: the one that slows vhost_net down is found
#
# One commit sums up each packet some times over. Two do not build, five change comments alone.
. tests/vm/vm.inc
. tests/vm/tree.inc

culprit=19
broken='16 24'
comments='8 12 18 20 28'

is_in()
{
	case " $2 " in *" $1 "*) return 0 ;; esac
	return 1
}

# step N: what commit N changes
step()
{
	file=$(file_of "$1")
	if is_in "$1" "$comments"; then
		# A line more: WARN_ON() further down has another number.
		sed -i '1a /* Comment number '"$1"'. */' "$file"
		commit "say more, $1" "$1"
	elif is_in "$1" "$broken"; then
		echo "static int broken_$1(void) { return undeclared_$1; }" >>"$repo/drivers/net/tun.c"
		commit "does not build, $1" "$1"
	elif [ "$1" = "$culprit" ]; then
		slow_down
		commit 'vhost_net: sum up each packet' "$1"
	else
		sed -i '/undeclared_/d' "$repo/drivers/net/tun.c"
		count_to "$1"
	fi
}

make_history()
{
	git_in_repo init -q
	commit 'as Debian has it' 0
	for n in $(seq 32); do
		step "$n" || return 1
	done
}

# Not one boot of a commit that changes comments alone.
never_booted()
{
	for n in $comments; do
		if grep '"event":"sample"' "$state"/bisect/*/journal | grep -q "$(id_of "$n")"; then
			echo "step-$n was booted"
			return 1
		fi
	done
}

# The log is one that git takes; the commit is the one that it names.
git_takes_the_log()
{
	git_in_repo bisect replay "$(ls "$state"/bisect/*/git-bisect-log)" >"$state/replay" 2>&1 || { cat "$state/replay"; return 1; }
	git_in_repo bisect reset -q
	grep -q "^# first bad commit: .$(id_of $culprit)" "$state"/bisect/*/git-bisect-log
}

plan 100 off >"$state/plan.yaml"
plan 50 on >"$state/careful.yaml"
check 'there is the source of a Debian kernel' sources
make_history >"$state/out" 2>&1 || { echo "not ok - a history of 32 commits"; cat "$state/out"; exit 1; }

began=$(date +%s)
bisect "$state/plan.yaml" --good step-0 --bad step-32
took=$(($(date +%s) - began))
echo "# $took s; $(grep -c '"event":"sample"' "$state"/bisect/*/journal) boots, $(grep -c '"event":"build"' "$state"/bisect/*/journal) kernels"
check 'the commit that slows vhost_net down is found' has_status 0
check 'it is the right one' says "^culprit: $(id_of $culprit | cut -c1-12) vhost_net: sum up each packet"
check 'measured again, and reverted' says 'verify: PASS, revert: PASS'
check 'with a Fixes line' says "^Fixes: $(id_of $culprit | cut -c1-12) (\"vhost_net: sum up each packet\")"
check 'commits that change comments alone are never booted' never_booted
check 'git takes the log' git_takes_the_log
check 'nothing is left' nothing_left

# With a load that is not the bed's, an end has no valid sample: that is no property of its kernel.
# A cell of its own: of the other one there are results.
busy
bisect "$state/careful.yaml" --good step-0 --bad step-31
idle
check 'beside other work a bisect stops' has_status 128
check 'and says that it is not the kernel' says 'nothing is said of the kernel: 3 samples, and all are invalid'

bisect "$state/plan.yaml" --good step-32 --bad step-0
check 'a good end after the bad one is refused' has_status 129
check 'which is said' says 'is not an ancestor of bad'

# What git bisect run needs of a commit that does not build.
git_in_repo checkout -q step-16
run "$state/plan.yaml" --tree "$repo" --against good
check 'for git bisect run, a commit that does not build is one to skip' has_status 125
check 'and the compiler says why' says 'error: .undeclared_16. undeclared'
