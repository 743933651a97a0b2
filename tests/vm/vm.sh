# SPDX-License-Identifier: GPL-2.0-only
# vm.sh - what the VM tests share: a state of their own, lines to print, what may not be left
#
# Sourced by the tests beside it, which run from the top of the tree.

state=$(mktemp -d) || exit 1
trap 'rm -rf "$state"' EXIT
trap 'exit 130' INT TERM
export TAPBED_STATE="$state" TMPDIR="$state"

# check NAME COMMAND...: one line of result; the run's words when it is bad
check()
{
	what=$1
	shift
	if "$@" >"$state/why" 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		sed 's/^/# /' "$state/why" "$state/out"
	fi
}

# run ARGS...: tapbed run; its words in $state/out, its status in $status
run()
{
	status=0
	./tapbed run "$@" >"$state/out" 2>&1 </dev/null || status=$?
}

has_status()
{
	[ "$status" = "$1" ] || { echo "exit status $status, not $1"; return 1; }
}

says()
{
	grep -q -e "$1" "$state/out" || { echo "not said: $1"; return 1; }
}

# Nothing that tapbed started may outlive it. Its temporary files are all below $state, and every
# process that it leaves running would have a path from there in its arguments.
nothing_left()
{
	rest=$(pgrep -a -f "$state/tapbed-" || true)
	rest="$rest$(find "$state" -maxdepth 1 -name 'tapbed-??????')"
	[ -z "$rest" ] || { echo "left: $rest"; return 1; }
}
