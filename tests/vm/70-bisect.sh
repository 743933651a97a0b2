#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 70-bisect.sh - a history of 32 commits on a Debian kernel's tun, tap and vhost: the one that slows vhost_net down is found
#
# One commit sums up each packet some times over. Two do not build, five change comments alone.
. tests/vm/vm.inc

cache=${TAPBED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tapbed}
repo=$state/linux
culprit=19
broken='16 24'
comments='8 12 18 20 28'

git_in_repo()
{
	git -C "$repo" -c user.name=test -c user.email=test@localhost -c commit.gpgsign=false "$@"
}

commit()
{
	git_in_repo add -A && git_in_repo commit -q -m "$1" && git_in_repo tag "step-$2"
}

# From here on a packet costs many times as much, whatever else this machine does meanwhile: the test is about the
# search, not about small effects (tests/unit/test_bisect_search.c is). The sum is kept, so that the compiler keeps it too.
slow_down()
{
	awk '
	/^static void handle_rx\(struct vhost_net \*net\)/ {
		print "static __wsum vhost_net_last_sum;\n"
		print "static void vhost_net_sum_up(struct sk_buff *skb)\n{"
		print "\tfor (int i = 0; i < 2000; i++)"
		print "\t\tWRITE_ONCE(vhost_net_last_sum, skb_checksum(skb, 0, skb->len, 0));"
		print "\tcond_resched();\n}\n"
	}
	/^\t\t\/\* On overrun, truncate and discard \*\// {
		print "\t\tif (msg.msg_control && !tun_is_xdp_frame(msg.msg_control))"
		print "\t\t\tvhost_net_sum_up(msg.msg_control);"
	}
	{ print }' "$repo/drivers/vhost/net.c" >"$state/net.c" && cp "$state/net.c" "$repo/drivers/vhost/net.c"
}

# One of three files by turns.
file_of()
{
	set -- "$1" drivers/net/tun.c drivers/vhost/net.c drivers/net/tap.c
	shift $(($1 % 3))
	echo "$repo/$2"
}

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
		echo "MODULE_INFO(step, \"$1\");" >>"$file"
		commit "count to $1" "$1"
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

# plan TXQUEUELEN HYGIENE
plan()
{
	cat <<-PLAN
	plan: bisect-test
	kernels:
	  - {name: linux, package: linux-image-6.12-cloud-amd64, tree: $repo, commit: step-0}
	matrix: {backend: tap, reader: vhost, senders: 1, txqueuelen: $1}
	probe: {name: raw, seconds: 2, warmup: 1}
	hygiene: $2
	PLAN
}

# The source of the package, as a run with a series leaves it in the cache: that which builds, where there are several.
sources()
{
	./tapbed build tests/plans/vm-test.yaml >"$state/out" 2>&1 || return 1
	for dir in $(ls -td "$cache"/source/*/); do
		rm -rf "$repo"
		mkdir "$repo"
		cp -r "$dir"drivers "$dir"include "$repo"
		git_in_repo init -q
		commit try 0
		./tapbed build "$state/plan.yaml" >"$state/out" 2>&1 && rm -rf "$repo/.git" && return 0
	done
	return 1
}

bisect()
{
	status=0
	./tapbed bisect "$@" >"$state/out" 2>&1 </dev/null || status=$?
}

id_of()
{
	git_in_repo rev-parse "step-$1^{commit}"
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
check 'and says that it is not the kernel' says 'nothing is said of the kernel: each of [0-9]* samples is invalid'

bisect "$state/plan.yaml" --good step-32 --bad step-0
check 'a good end after the bad one is refused' has_status 129
check 'which is said' says 'is not an ancestor of bad'

# What git bisect run needs of a commit that does not build.
git_in_repo checkout -q step-16
run "$state/plan.yaml" --tree "$repo" --against good
check 'for git bisect run, a commit that does not build is one to skip' has_status 125
check 'and the compiler says why' says 'error: .undeclared_16. undeclared'
