# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the five procedures share: a desk with its people, a clock that the story sets, and messengers who note down whom they
# told. Checks are those of the command-line tests; the text of a check begins with the rules of the domain that it shows.
#
#   staff 'NAME ROLES GROUPS DEPARTMENT'...  the people of the desk; '-' for none, several with commas
#   on 2026-05-04 09:30                      sets the clock, in the desk's zone
#   does PERSON COMMAND...                   what happens in the story: silent, but a failure is a failed check
#   opens NAME PERSON OPTION...              a new ticket; its number is kept in $NAME
#   sweep                                    what cron does: check, then notify
#   told WAY                                 messages that went by email, sms, phone, webhook or channel since the last
#                                            `hush`: one JSON object per line
#   of NUMBER FILTER                         jq of that ticket, compact
# A month is hundreds of durable commits: in memory, where there is room, it does not wait for the disk.
if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -1)" -gt 1000000 ]; then
	export TMPDIR=/dev/shm
fi
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"

on() {
	at "$1T$2:00+08:00"
	today=$1
}

does() {
	local person=$1
	shift
	call ticket --as "$person" "$@"
	[ "$code" = 0 ] || fail "$person: ticket $*" "$(explain)"
}

opens() {
	local name=$1 person=$2
	shift 2
	does "$person" new -q "$@"
	printf -v "$name" '%s' "${out%$'\n'}"
}

of() {
	ticket show --json "$1" | jq -c ".tickets[0] | $2"
}

# procedure PRESET: a desk of that preset whose messengers write to $work/told.
procedure() {
	desk "$1" --policy "$1"
	mkdir -p "$work/told"
	cat >"$work/bin/messenger" <<-'END'
		#!/bin/sh
		cat >>"$1"
		echo >>"$1"
	END
	chmod +x "$work/bin/messenger"
	for way in email sms phone webhook channel; do
		git config "ticket.$way.program" "$work/bin/messenger $work/told/$way"
	done
}

staff() {
	local people
	people=$(printf '%s\n' "$@" | jq -Rc 'split(" ") | {name: .[0], email: (.[0] + "@example.org"), phone: "13800000000",
		roles: (if .[1] == "-" then [] else .[1] | split(",") end), groups: (if .[2] == "-" then [] else .[2] | split(",") end)}
		+ (if .[3] == "-" then {} else {department: .[3]} end)' | jq -sc .)
	jq --argjson people "$people" '.people = $people' policy/policy.json >"$work/policy.json"
	ok 'the people of the desk are named in its policy' ticket --as 'admin' policy apply "$work/policy.json"
}

sweep() {
	call ticket --as cron check
	[ "$code" = 0 ] || fail "the sweep at $TICKET_NOW" "$(explain)"
}

told() {
	cat "$work/told/$1" 2>/dev/null
}

hush() {
	rm -f "$work"/told/*
}
