#!/bin/bash
# SPDX-License-Identifier: MIT
# An event log of 3,000 incidents: one row per change of one incident.
. "${0%/*}/corpus.sh"
needs servicenow_incident_events_1.csv servicenow_incident_events_2.csv

desk_for incidents
import_twice 'first file' servicenow_incident_events_1.csv servicenow '[10383,10383,0,1500,0,0,true]'
import_twice 'second file' servicenow_incident_events_2.csv servicenow '[11070,11070,0,1500,0,0,true]'
exported
fact 'incidents' 'length' 3000
fact 'priorities of the last row' "$jq_hours by(.priority)" '{"1":27,"2":67,"3":2683,"4":223}'
fact 'channels' "$jq_hours by(.channel)" '{"email":11,"phone":2989}'
fact 'all are closed' "$jq_hours by(.state)" '{"archived":3000}'
fact 'reopened' '[.[] | select(any(.events[]; .do == "reopened"))] | length' 46
fact 'how often' '[.[] | [.events[] | select(.do == "reopened")] | length | select(. > 0)] | group_by(.) | map([.[0], length])' '[[1,40],[2,4],[4,2]]'
fact 'opened to resolved, mean and median' "$jq_hours [.[] | select(.fields.resolved_at) | hours(.received; last_at(\"resolved\"))] | [length, mean, median]" '[2904,290.4191,88.275]'
fact 'opened to closed, mean and median' "$jq_hours [.[] | hours(.received; last_at(\"archived\"))] | [length, mean, median]" '[3000,529.3195,415.1833]'
fact 'within the level, as the source says' "$jq_hours by(.fields.made_sla)" '{"false":2123,"true":877}'
fact 'first and last receipt' 'map(.received) | [min, max]' '["2016-02-29T01:16:00Z","2016-03-09T10:11:00Z"]'
fact 'the key names the incident' 'map(.source.key) | [.[0], (unique | length)]' '["sn:INC0000045",3000]'
fact 'who did it is kept' '[.[0].events[] | .by] | unique' '["Li","Updated by 21","Updated by 642","Updated by 908"]'

# A later extract of a case brings its new rows only: its history so far is recognised, the rest is added.
desk later --policy response-tracking
cp "$maps/policies/incidents.json" policy/policy.json
git -c user.name=Li -c user.email=li@example.com commit -qam 'Use the policy incidents'
log=$shared_data/servicenow_incident_events_1.csv
(head -1 "$log"; grep '^INC0000045,' "$log" | head -2) >"$work/early.csv"
(head -1 "$log"; grep '^INC0000045,' "$log") >"$work/late.csv"
ok 'an early extract' ticket import "$work/early.csv" --map "$maps/servicenow.json"
json 'a later one changes the case' '.import.tickets' '{"new":0,"changed":1,"unchanged":0}' ticket import --json "$work/late.csv" --map "$maps/servicenow.json"
json 'the case is closed then' '.tickets[0].state' '"archived"' ticket show --json 001
