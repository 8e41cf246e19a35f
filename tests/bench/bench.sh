#!/bin/sh
# SPDX-License-Identifier: MIT
# Speed as ratios within one run: a change against git add && git commit, an import against git fast-import.
#
# usage: tests/bench/bench.sh [BUILD_DIR] [--million] [--rounds N] [--sizes 'N N']
# Every round works in fresh folders, and nothing is deleted before the end: creating files soon after a mass delete is
# ten times slower and would be measured instead.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
sizes='1000 10000 100000'
rounds=21
while [ $# -gt 0 ]; do
	case $1 in
	--million) sizes="$sizes 1000000" ;;
	--rounds) rounds=$2; shift ;;
	--sizes) sizes=$2; shift ;;
	-*) echo "usage: $0 [BUILD_DIR] [--million] [--rounds N] [--sizes 'N N']" >&2; exit 2 ;;
	*) build=$1 ;;
	esac
	shift
done
build=$(cd "$build" && pwd)
ninja -C "$build" tests/bench/store-driver tests/bench/stopwatch cmd/ticket >/dev/null
ticket=$build/cmd/ticket
driver=$build/tests/bench/store-driver
stopwatch=$build/tests/bench/stopwatch

work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/home"
export HOME="$work/home" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC
git config --global user.name Bench
git config --global user.email bench@example.org
git config --global init.defaultBranch main
git config --global gc.auto 0

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
figure() { awk -v want="$1" '$1 == want { print $2 }' "$work/figures"; }

# A desk of the given checkout with the tickets of a stream.
make_desk() { # DIR CHECKOUT STREAM
	case $2 in
	none) "$ticket" init -q --policy multichannel --bare "$1" ;;
	*) "$ticket" init -q --policy multichannel "$1" && git -C "$1" config ticket.checkout "$2" ;;
	esac
	"$driver" load "$1" "$3"
	"$ticket" -C "$1" respond -q "$prefix-20000101-101" -m warm >/dev/null # what is built on first use is there before anything is timed
}

# The pattern of all tickets: one that the program itself wrote.
"$ticket" init -q --policy multichannel "$work/pattern"
id=$("$ticket" -C "$work/pattern" --now 2026-01-05T09:00:00Z new -q --channel website --type inquiry/function --subject 'It fails' -m '@TEXT@')
pattern=$(find "$work/pattern/tickets" -name "$id.json")
prefix=${id%%-*}

# What git needs: the script around its two commands, measured alone as well and taken off.
cat >"$work/git-change" <<'END'
#!/bin/sh
cd "$1" && echo "$3" >>"$2" && git add "$2" && git commit -q -m change
END
cat >"$work/git-floor" <<'END'
#!/bin/sh
cd "$1" && echo "$3" >>"$2"
END
chmod +x "$work/git-change" "$work/git-floor"

echo "one change, whole processes, median of $rounds interleaved rounds, ms (and times /bin/true)"
printf '%9s %7s %7s | %15s %15s %15s | %9s | %s\n' tickets true 'git -v' none files full 'add+commit' 'git/none git/files git/full'
for size in $sizes; do
	"$driver" stream "$pattern" "$size" >"$work/stream"
	for checkout in none files full; do
		make_desk "$work/$checkout-$size" $checkout "$work/stream"
	done
	make_desk "$work/git-$size" full "$work/stream"
	mkdir "$work/floor-$size"
	mkdir -p "$work/floor-$size/tickets/2000/01/01/01"
	n=$rounds
	[ "$size" -lt 1000000 ] || n=7
	file=tickets/2000/01/01/01/$prefix-20000101-1%r.json
	number=$prefix-20000101-1%r
	"$stopwatch" "$n" "true:true" "git:git --version" \
		"none:$ticket -C $work/none-$size respond $number -m answered" \
		"files:$ticket -C $work/files-$size respond $number -m answered" \
		"full:$ticket -C $work/full-$size respond $number -m answered" \
		"commit:$work/git-change $work/git-$size $file answered" \
		"floor:$work/git-floor $work/floor-$size $file answered" >"$work/figures"
	true=$(figure true)
	commit=$(awk -v a="$(figure commit)" -v b="$(figure floor)" 'BEGIN { printf "%.2f", a - b }')
	printf '%9s %7s %7s |' "$size" "$true" "$(figure git)"
	for checkout in none files full; do
		printf ' %7s (%5s)' "$(figure $checkout)" "$(ratio "$(figure $checkout)" "$true")"
		eval "${checkout}_$size=$(figure $checkout)"
	done
	printf ' | %9s | %s %s %s\n' "$commit" "$(ratio "$commit" "$(figure none)")" "$(ratio "$commit" "$(figure files)")" "$(ratio "$commit" "$(figure full)")"
	for checkout in none full; do
		git -C "$work/$checkout-$size" fsck --connectivity-only >/dev/null 2>&1 || { echo "git fsck finds damage in $checkout-$size" >&2; exit 1; }
	done
	first=${first:-$size}
	last=$size
done
eval "printf 'growth from %s to %s: none %s, files %s, full %s\n' $first $last \$(ratio \$none_$last \$none_$first) \$(ratio \$files_$last \$files_$first) \$(ratio \$full_$last \$full_$first)"

echo
echo "import of 100,000 tickets into one commit, objects only, median of 3 interleaved rounds"
"$driver" stream "$pattern" 100000 >"$work/stream"
cat >"$work/fast-import" <<'END'
#!/bin/sh
git init -q --bare "$1" && git -C "$1" fast-import --quiet <"$2"
END
cat >"$work/load" <<END
#!/bin/sh
git init -q --bare "\$1" && git -C "\$1" config ticket.checkout none && "$driver" load "\$1" "\$2"
END
chmod +x "$work/fast-import" "$work/load"
"$stopwatch" 3 "fast:$work/fast-import $work/fast-%r $work/stream" "own:$work/load $work/own-%r $work/stream" >"$work/figures"
for dir in "$work/own-10" "$work/fast-10"; do
	git -C "$dir" rev-parse 'main^{tree}'
done | uniq | wc -l | grep -qx 1 || { echo "the two imports made different trees" >&2; exit 1; }
printf 'git fast-import %s ms, ours %s ms: %s times as fast\n' "$(figure fast)" "$(figure own)" "$(ratio "$(figure fast)" "$(figure own)")"
