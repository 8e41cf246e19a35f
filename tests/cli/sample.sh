#!/bin/bash
# SPDX-License-Identifier: MIT
# The sample that ships, played as the README does: import, list, search, export.
. "${0%/*}/harness.sh"

sample=$top/docs/sample
desk d --policy multichannel
answers 6 'three rows of the sample cannot be taken' ticket import "$sample/requests.csv" --map "$sample/map.json" --rejects "$work/rejects.csv" --keep-going
same 'and are put aside' "$(grep -c . <<<"$(ticket list --format jsonl)") $(test -s "$work/rejects.csv" && echo rejects)" '22 rejects'
head=$(git rev-parse HEAD)
call ticket import "$sample/requests.csv" --map "$sample/map.json" --keep-going
same 'a second time changes nothing' "$(git rev-parse HEAD)" "$head"
call ticket import "$sample/requests-gb18030.csv" --map "$sample/map.json" --keep-going
same 'nor does the same in GB18030' "$(ticket list --format jsonl | wc -l)" 22

# --- list: what README and ticket-list(1) show
json 'open ones of high priority' '[.tickets[] | .priority] | unique' '["high"]' ticket list priority:high --json
same 'a word turned round' "$(($(ticket list -q state:open | wc -l) + $(ticket list -q -state:open | wc -l)))" 22
ok 'csv to a file' ticket list overdue --format csv -o "$work/overdue.csv"
same 'newest first' "$(ticket list --format csv --columns received | sed 1d)" "$(ticket list --format csv --columns received | sed 1d | sort -r)"
same '--limit' "$(ticket list -q --limit 3 | wc -l)" 3
answers 2 'an unknown field is refused' ticket list prioritty:high
same 'with what was meant' "$(grep -c priority <<<"$err")" 1
same 'numbers go from one command to the next' \
	"$(ticket list -q priority:high | ticket show --json - | jq -r '.tickets[].id' | sort)" "$(ticket list -q priority:high | sort)"

# --- search
same 'two Chinese characters are found' "$(ticket search 退款 --format jsonl | wc -l)" "$(git grep -l 退款 -- tickets | wc -l)"
same 'what is nowhere is not' "$(ticket search 不存在的词 --format jsonl)" ''

# --- export, and back again
ok 'export' ticket export -o "$work/all.jsonl"
same 'every ticket' "$(wc -l <"$work/all.jsonl")" 22
head=$(git rev-parse HEAD)
ok 'what was exported is taken back' ticket import "$work/all.jsonl"
same 'and nothing of it is new' "$(git rev-parse HEAD)" "$head"
