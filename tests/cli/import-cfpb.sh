#!/bin/bash
# SPDX-License-Identifier: MIT
# Complaints with long narratives, some with line breaks and doubled quotes, and no newline at the end of the file.
. "${0%/*}/corpus.sh"
needs cfpb_complaints_2019.csv

desk_for consumer-finance
import_twice 'complaints' cfpb_complaints_2019.csv cfpb '[268,268,0,268,0,0,true]'
exported
fact 'channels' "$jq_hours by(.channel)" '{"email":1,"fax":4,"phone":17,"post":10,"referral":25,"web":211}'
fact 'timely, as the source says' "$jq_hours by(.fields.timely)" '{"No":5,"Yes":263}'
fact 'received to sent in days' "$jq_hours [.[] | hours(.received; last_at(\"assigned\")) / 24 | round] | [mean, median, max]" '[1.0746,0,30]'
fact 'narratives, how many with line breaks, the longest' '[.[].description | values] | [length, (map(select(contains("\n"))) | length), (map(length) | max)]' '[101,43,21928]'
fact 'N/A is no value' '[.[] | select(.fields.disputed)] | length' 2
fact 'first and last receipt' 'map(.received[0:7]) | [min, max]' '["2016-07","2020-06"]'

# Every narrative comes out byte for byte as it went in.
python3 - "$shared_data/cfpb_complaints_2019.csv" "$work/exported.jsonl" <<'P' >"$work/compared" 2>&1
import csv, json, sys
said = {r['Complaint ID']: r['Consumer complaint narrative'] for r in csv.DictReader(open(sys.argv[1], newline=''))}
kept = {t['source']['key'][5:]: t.get('description', '') for t in map(json.loads, open(sys.argv[2]))}
print(sum(kept[k] == v for k, v in said.items()))
P
same 'narratives byte for byte' "$(cat "$work/compared")" 268
