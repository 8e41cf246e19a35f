# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For the lints: one check is one list of findings, which must be empty.
set -u
cd "${TICKET_SOURCE_ROOT:?run by meson, or by tests/run}" || exit 1
program=${TICKET_PROGRAM:?run by meson, or by tests/run}
count=0 failures=0

# none WHAT FINDINGS: fails and prints them when there are any.
none() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		printf 'ok %d - %s\n' "$count" "$1"
	else
		failures=$((failures + 1))
		printf 'not ok %d - %s\n' "$count" "$1"
		sed 's/^/# /' <<<"$2"
	fi
}

finish() {
	local status=$?
	trap - EXIT
	[ "$status" = 0 ] || none 'the lint ran to its end' "exit $status"
	printf '1..%d\n' "$count"
	[ "$failures" = 0 ]
	exit
}
trap finish EXIT
