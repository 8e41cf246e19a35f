#!/bin/bash
# SPDX-License-Identifier: MIT
# A day of a complaints desk on real messages: import with quarantine, masking, routing, overdue tickets, the sweep of the
# next day. What must come of it is computed from the files alone, by corpus-day.py.
. "${0%/*}/corpus.sh"
needs cn_gov_messages_2020c.csv cn_consumer_complaints.jsonl
python=$(command -v python3) || { skip 'a day of a complaints desk' 'no python3'; exit 0; }

day="$top/tests/cli/corpus-day.py"
"$python" "$day" prepare "$shared_data/cn_gov_messages_2020c.csv" "$work" || exit 1
expected() {
	jq -c "$1" "$work/expected.json"
}

# The maps of the manual, for this desk: its channels, its key fields, categories by words of the subject.
triage() {
	jq -nc --arg column "$1" '[["process", ["*"]], ["product_service", ["*物业*", "*噪*", "*公交*", "*小区*"]], ["price", ["*费*", "*价*"]], ["suggestion", ["*建议*", "*咨询*", "*请问*"]]]
		| map({do: "triaged", when: {($column): .[1]}, set: {category: {value: .[0]}}}) + [{do: "triaged", when: {($column): ["*拆迁*", "*安全*", "*医*"]}, set: {grade: {value: "major"}}}]'
}
fit='.early = "reject" | del(.fields) | .ticket += {channel: {value: "third_party"}, types: {value: "complaint"}, priority: {value: "c"}} | .events = $triage + (.events // [])'
jq --argjson triage "$(triage 留言主题)" "$fit"' | .ticket += {contact: {column: "留言用户"}, address: {value: "问政西地省"}}' "$maps/cn-gov-messages.json" >"$work/messages.json"
jq --argjson triage "$(triage 投诉标题)" "$fit"' | .ticket += {address: {column: "投诉对象"}}' "$maps/cn-consumer-complaints.json" >"$work/complaints.json"

at 2018-08-29T21:00:00+08:00
desk day --policy complaint-monitoring
git config user.name Li && git config user.email li@example.com

# --- taking it in
answers 3 'as they are, wrong rows hold everything back' ticket import "$work/day.csv" --map "$work/messages.json"
json 'the messages: all taken, the wrong ones set apart by cause' '[.import | .rows, .taken, .rejected, .tickets.new] + [.import.quarantined]' "$(expected '[.rows, .rows, 0, .rows, .causes]')" \
	ticket import "$work/day.csv" --map "$work/messages.json" --quarantine --json
json 'the complaints: nobody wrote down whose they are' '[.import | .rows, .taken, .tickets.new, .quarantined.entry]' '[99,99,99,99]' \
	ticket import "$shared_data/cn_consumer_complaints.jsonl" --map "$work/complaints.json" --default received=2018-08-29 --quarantine --json
head=$(git rev-parse HEAD)
ok 'both again' ticket import "$work/day.csv" --map "$work/messages.json" --quarantine
ok 'both again' ticket import "$shared_data/cn_consumer_complaints.jsonl" --map "$work/complaints.json" --default received=2018-08-29 --quarantine
same 'add nothing' "$(git rev-parse HEAD)" "$head"

# --- looking at it
count() {
	ticket list "$@" --format tsv --columns number | tail -n +2 | wc -l
}
same 'reports leave them out, and say how many' "$(ticket report summary --json | jq -c '.report | [.tickets, .quarantined]')" "$(expected '[.rows - (.wrong | length), (.wrong | length) + 99]')"
same 'by cause, as the list of anomalies has them' "$(ticket report anomalies --json | jq -c '[.report.sections[0].rows[].cause] | group_by(.) | map({(.[0]): length}) | add')" "$(expected '{entry: (.causes.entry + 99), system: .causes.system}')"
same 'what waits for an answer' "$(count state:open -quarantined)" "$(expected .waiting)"
same 'what is overdue' "$(count state:open -quarantined overdue)" "$(expected .overdue)"

# --- routing and the sweep
ticket list state:open -quarantined --format tsv --columns number | tail -n +2 | ticket assign - --auto >"$work/assigned" 2>&1
same 'each goes to the group of its category, major ones to the managers' "$(ticket list state:open -quarantined --json | jq -c '[.tickets[].group] | group_by(.) | map({(.[0]): length}) | add')" "$(expected .groups)"
same 'in one commit' "$(git rev-list --count "$head..HEAD")" 1
ticket check >"$work/check" 2>&1
same 'what was imported wakes nobody: no alarm, no notice about a ticket' "$(grep -c -e YS20 -e alarm "$work/check") $(cat .git/ticket/outbox/*.json 2>/dev/null | grep -c '"ticket"')" '0 0'
at 2018-08-30T21:00:01+08:00
ok 'the sweep a day later' ticket check
ticket export >"$work/exported.jsonl" 2>/dev/null
same 'who is named is masked, what is wrong is apart, what came due is found: ticket by ticket' "$("$python" "$day" check "$work/exported.jsonl" "$work")" ''
git rev-parse HEAD >"$work/head"
ok 'and once more' ticket check
same 'does nothing twice' "$(git rev-parse HEAD)" "$(cat "$work/head")"
