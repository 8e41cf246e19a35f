#!/bin/bash
# SPDX-License-Identifier: MIT
# JSON Lines without numbers and dates: the key is a digest of the content, the date is given.
. "${0%/*}/corpus.sh"
needs cn_consumer_complaints.jsonl

desk_for consumer-complaints
import_twice 'complaints' cn_consumer_complaints.jsonl cn-consumer-complaints '[99,99,0,99,0,0,true]' --default received=2020-10-15
exported
fact 'the date given' 'map(.received) | unique' '["2020-10-15T00:00:00+08:00"]'
fact 'two say the same, and are two' '[(map(.description) | unique | length), (map(.source.key) | unique | length)]' '[98,99]'
fact 'no blank in front' '[.[] | .wants, .fields.problem | values | select(test("^\\s"))] | length' 0
fact 'masked numbers stay masked' '[.[] | select(.description | contains("4006275***"))] | length' 1
# Without a date the time of the import stands for it, and a later run still knows what it has.
at 2026-05-07T10:00:00+08:00
json 'a day later, without a date' '.import.tickets' '{"new":0,"changed":0,"unchanged":99}' ticket import --json "$shared_data/cn_consumer_complaints.jsonl" --map "$maps/cn-consumer-complaints.json"
