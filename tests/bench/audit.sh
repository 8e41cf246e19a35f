#!/bin/bash
# SPDX-License-Identifier: MIT
# What an audit costs for each commit of a desk's history, beside `git log --raw`, which looks at the same trees and judges nothing:
#   audit.sh [COMMITS]    how many (default: 10000; making them takes a minute or two)
# The desk is made by the program itself, a command a commit: tickets are opened and worked on in turn, twenty-five at a time,
# with the clock going on. Each figure is the best of several whole processes, measured in turn, so that a busy machine moves
# them alike.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
ticket=${TICKET_PROGRAM:-$here/../../build/cmd/ticket}
wanted=${1:-10000}
work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_GLOBAL=/dev/null TICKET_AS=Li TICKET_PRESETS=${TICKET_PRESETS:-$here/../../presets} LC_ALL=C.UTF-8 TZ=UTC
declare -A best

# measure NAME COMMAND...: keeps the least microseconds seen under that name.
measure() {
	local name=$1 start end
	shift
	start=$(date +%s%N)
	"$@" >"$work/out" 2>"$work/err" || { echo "$name: $(head -3 "$work/out" "$work/err")" >&2; exit 1; }
	end=$(( ($(date +%s%N) - start) / 1000 ))
	if [ "${best[$name]:-999999999}" -gt "$end" ]; then
		best[$name]=$end
	fi
}

# print NAME [whole]: of what looks at the whole history also what each commit takes.
print() {
	awk -v name="$1" -v whole="${2-}" -v us="${best[$1]}" -v n="$commits" -v git="${best[git log --raw]}" \
		'BEGIN {printf "%-26s %9.1f ms %6.2f x git log --raw", name, us / 1000, us / git; if (whole) printf " %8.1f us a commit %8.0f commits/s", us / n, n * 1e6 / us; print ""}'
}

clock=$(date -d 2026-01-05T09:00:00+08:00 +%s)
does() {
	clock=$((clock + 61))
	"$ticket" --now "$(date -u -d "@$clock" +%FT%TZ)" "$@"
}

"$ticket" --now 2026-01-05T08:59:00+08:00 init --bare --policy multichannel "$work/desk" 2>/dev/null
cd "$work/desk"
made=1
while [ "$made" -lt "$wanted" ]; do
	numbers=()
	for _ in {1..25}; do
		numbers+=("$(does new -q --channel wechat --type malfunction/login --priority medium -m '登录不了，验证码一直收不到，已经试过三次')")
	done
	for act in 'assign --claim' 'respond -m 正在核实' 'note -m 已联系工程师' 'inbound -m 还是不行' 'respond -m 已经修复，请再试' 'resolve -m 重置验证码通道' \
		'respond -m 结果已经告知' 'followup -m 客户满意 --satisfied yes' 'archive'; do
		for number in "${numbers[@]}"; do
			# shellcheck disable=SC2086
			does ${act%% *} "$number" $(grep -q ' ' <<<"$act" && echo "${act#* }") -q >/dev/null 2>"$work/err" || { echo "$act: $(cat "$work/err")" >&2; exit 1; }
		done
	done
	made=$((made + 250))
done
git repack -adq
commits=$(git rev-list --count HEAD)
export TICKET_NOW=2030-01-01T00:00:00Z
for _ in 1 2 3 4 5; do
	measure 'git log --raw' git log --raw --no-renames
	measure 'git fsck' git fsck --no-dangling
	measure 'ticket fsck' "$ticket" fsck
	measure 'ticket audit' "$ticket" audit
	measure 'ticket audit HEAD~100..' "$ticket" audit HEAD~100..
	measure 'ticket audit --anchor' "$ticket" audit --anchor
done
"$ticket" audit --anchor >"$work/anchor"
measure 'ticket audit --against' "$ticket" audit --against "$work/anchor"
echo "$(cat "$work/anchor"); $(du -sk objects | cut -f1) kB of objects, $(/usr/bin/time -f '%M kB of memory' "$ticket" audit 2>&1 >/dev/null | tail -1)"
for name in 'git log --raw' 'git fsck' 'ticket audit'; do
	print "$name" whole
done
for name in 'ticket fsck' 'ticket audit HEAD~100..' 'ticket audit --anchor' 'ticket audit --against'; do
	print "$name"
done
