#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket policy`: the rules shown and examined.
. "${0%/*}/harness.sh"

json 'the presets, outside any desk' '[.[keys_unsorted[1]][].name] | sort' '["after-sales","complaint-monitoring","multichannel","response-tracking","satisfaction"]' \
	ticket policy presets --json
for preset in after-sales complaint-monitoring multichannel response-tracking satisfaction; do
	ok "the doctor finds nothing in $preset" ticket policy check -q "$TICKET_PRESETS/$preset/policy.json"
done

desk d --policy multichannel
same 'show is the file as it stands' "$(ticket policy show | jq -S .)" "$(jq -S . policy/policy.json)"
same 'a list as rows' "$(ticket policy show channels --format jsonl | jq -r .name | sort)" "$(jq -r '.channels[].name' policy/policy.json | sort)"
matches 'a list as a table' '^wechat ' ticket policy show channels
answers 4 'an unknown list' ticket policy show chanels
ok 'the doctor finds nothing in a new desk' ticket policy check

# --- what the doctor finds
printf '{' >"$work/bad.json"
refused 2 "ticket: $work/bad.json:1: not JSON" ticket policy check "$work/bad.json"
refused 4 "ticket: cannot read '$work/none.json': No such file or directory" ticket policy check "$work/none.json"
jq '.targets[0].calendar = "nowhere"' policy/policy.json >"$work/calendar.json"
cp -r policy/calendars "$work/"
answers 1 'a calendar that nothing defines is a finding' ticket policy check "$work/calendar.json"
same 'which names it' "$(grep -c "nowhere" <<<"$out")" 1
json 'findings as JSON' '[.findings[] | select(.finding | test("nowhere"))] | length' 1 bash -c "ticket policy check --json '$work/calendar.json' || [ \$? = 1 ]"
