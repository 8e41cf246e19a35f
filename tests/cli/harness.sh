# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What every command-line test sources first: an isolated home, a fixed clock, checks that print TAP.
#
#   ok 'what' COMMAND...                     exit 0
#   prints 'what' 'TEXT' COMMAND...          exit 0, stdout is exactly TEXT
#   matches 'what' 'REGEX' COMMAND...        exit 0, stdout matches (extended, any line)
#   json 'what' 'FILTER' 'VALUE' COMMAND...  exit 0, jq -c FILTER of stdout is exactly VALUE
#   refused EXIT 'STDERR' COMMAND...         that exit code, that whole stderr, and the desk as it was
#   answers EXIT 'what' COMMAND...           that exit code (1: no, or findings; 6: partly)
#   same 'what' GOT WANTED                   two texts
#   skip 'what' 'why'                        counted as skipped
#   desk NAME [INIT OPTION...]               makes a desk, goes there; it must pass `ticket fsck` and `ticket audit` at the end
#   history=bent                             no audit: the test bends history by hand, to see what becomes of it
#   at TIME                                  sets the clock
#
# A signal or a sanitizer's report is a failure whatever a check expects. Standard input of a check is its caller's.
set -u

top=${TICKET_SOURCE_ROOT:?run by meson, or by tests/run}
program=${TICKET_PROGRAM:?run by meson, or by tests/run}
shared_data=${TICKET_SHARED_DATA:-$top/../shared/data}

work=$(mktemp -d "${TMPDIR:-/tmp}/ticket-test.XXXXXX") || exit 1
mkdir -p "$work/home" "$work/bin" "$work/tmp"
ln -s "$program" "$work/bin/ticket"
for name in $(env | sed -n 's/^\(TICKET_[A-Z_]*\|GIT_[A-Z_]*\|XDG_[A-Z_]*\|LC_[A-Z_]*\|LANG[A-Z]*\)=.*/\1/p'); do
	unset "$name"
done
unset EDITOR VISUAL PAGER NO_COLOR CLICOLOR_FORCE COLUMNS
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_DATA_HOME=$work/home/.local XDG_CACHE_HOME=$work/home/.cache
export TMPDIR=$work/tmp GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC PATH=$work/bin:$PATH
export TICKET_PRESETS=$top/presets TICKET_NOW=2026-05-06T09:30:00+08:00 TICKET_AS=Li
export ASAN_OPTIONS=exitcode=99:abort_on_error=0 UBSAN_OPTIONS=halt_on_error=1:exitcode=99:print_stacktrace=1
cd "$work" || exit 1

count=0 failures=0 desks=() history=straight

at() {
	export TICKET_NOW=$1
}

pass() {
	count=$((count + 1))
	printf 'ok %d - %s\n' "$count" "${1//#/}"
}

# fail WHAT WHY...: each further argument is a line of explanation.
fail() {
	count=$((count + 1)) failures=$((failures + 1))
	printf 'not ok %d - %s\n' "$count" "${1//#/}"
	shift
	printf '%s\n' "$@" | sed 's/^/# /'
}

skip() {
	count=$((count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$count" "${1//#/}" "$2"
}

# Runs a command; its results are in $code, $out (exact), $err. False when it crashed.
call() {
	"$@" >"$work/out" 2>"$work/err"
	code=$?
	# The x keeps line breaks at the end, which $(...) would drop.
	out=$(cat "$work/out" 2>/dev/null; printf x) err=$(cat "$work/err" 2>/dev/null; printf x)
	out=${out%x} err=${err%x}
	if [ "$code" -ge 124 ] || [ "$code" = 99 ] || grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$work/err" "$work/out"; then
		return 1
	fi 2>/dev/null
	return 0
}

explain() {
	printf 'exit %s\n' "$code"
	[ -z "$out" ] || printf 'stdout: %s\n' "$(head -c 2000 <<<"$out")"
	[ -z "$err" ] || printf 'stderr: %s\n' "$(head -c 2000 <<<"$err")"
}

ok() {
	local what=$1
	shift
	if call "$@" && [ "$code" = 0 ]; then
		pass "$what"
	else
		fail "$what" "$*" "$(explain)"
	fi
}

answers() {
	local wanted=$1 what=$2
	shift 2
	if call "$@" && [ "$code" = "$wanted" ]; then
		pass "$what"
	else
		fail "$what" "$*" "wanted exit $wanted" "$(explain)"
	fi
}

prints() {
	local what=$1 wanted=$2
	shift 2
	if call "$@" && [ "$code" = 0 ] && [ "${out%$'\n'}" = "${wanted%$'\n'}" ]; then
		pass "$what"
	else
		fail "$what" "$*" "wanted: $wanted" "$(explain)"
	fi
}

matches() {
	local what=$1 wanted=$2
	shift 2
	if call "$@" && [ "$code" = 0 ] && grep -qE -- "$wanted" <<<"$out"; then
		pass "$what"
	else
		fail "$what" "$*" "wanted a line like: $wanted" "$(explain)"
	fi
}

json() {
	local what=$1 filter=$2 wanted=$3 got
	shift 3
	if call "$@" && [ "$code" = 0 ] && got=$(jq -c "$filter" <<<"$out" 2>&1) && [ "$got" = "$wanted" ]; then
		pass "$what"
	else
		fail "$what" "$*" "jq $filter" "wanted: $wanted" "got: ${got:-nothing}" "$(explain)"
	fi
}

# Everything of the repository around that a command can change: refs, working files, what waits beside history.
desk_state() {
	git rev-parse --git-dir >/dev/null 2>&1 || return 0
	git for-each-ref
	git rev-parse HEAD 2>&1
	[ "$(git rev-parse --is-bare-repository)" = true ] || git status --porcelain=v1 --untracked-files=all 2>&1
}

refused() {
	local wanted=$1 text=$2 before after
	shift 2
	before=$(desk_state)
	if ! call "$@"; then
		fail "refused: $*" 'crashed' "$(explain)"
		return
	fi
	after=$(desk_state)
	if [ "$code" != "$wanted" ]; then
		fail "refused: $*" "wanted exit $wanted" "$(explain)"
	elif [ "${err%$'\n'}" != "${text%$'\n'}" ]; then
		fail "refused: $*" "wanted stderr: $text" "$(explain)"
	elif [ "$before" != "$after" ]; then
		fail "refused: $*" 'but the desk has changed:' "$(diff <(echo "$before") <(echo "$after"))"
	else
		pass "refused: $*"
	fi
}

same() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got: $2" "wanted: $3"
	fi
}

desk() {
	local folder=$work/$1
	shift
	call ticket init "$@" "$folder"
	if [ "$code" != 0 ]; then
		fail "a desk for the test: ticket init $*" "$(explain)"
		exit 1
	fi
	desks+=("$folder")
	cd "$folder" || exit 1
}

# What the program has committed is no finding, but where the test has put back the clock.
straight() {
	ticket --now 2100-01-01T00:00:00Z audit -q --format tsv --columns finding >"$work/found"
	case $? in
	0) ;;
	1) ! grep -vE '^(finding$|was made at )' "$work/found" ;;
	*) return 1 ;;
	esac
}

finish() {
	local status=$? folder
	trap - EXIT
	# A test that stopped half-way must not look like one that passed.
	[ "$status" = 0 ] || fail "the test ran to its end (exit $status)"
	[ "$failures" = 0 ] && for folder in ${desks[@]+"${desks[@]}"}; do
		cd "$folder" && ok "fsck of ${folder##*/}" ticket fsck
		[ "$history" = bent ] || ok "audit of ${folder##*/}" straight
	done
	printf '1..%d\n' "$count"
	cd / && chmod -R u+w "$work" && rm -rf "$work"
	[ "$failures" = 0 ]
	exit
}
trap finish EXIT
