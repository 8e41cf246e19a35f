# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What is promised to a customer (B3), and what other rules would have made of the past (`policy simulate`).
. "$(dirname "$0")/harness.sh"

desk promise --policy satisfaction
at 2026-05-06T16:30:00+08:00
prints 'the promise, as a sentence' '202605060001
We will contact you by 17:00 today. We will tell you by 20:30 today how it will be solved.' ticket new -c phone -t complaint -p 2 -m 'billed twice' --promise
prints 'in Chinese' '202605060002
我们将在今天17:00前与您联系。我们将在今天20:30前告知您解决方案。' env LC_ALL=zh_CN.UTF-8 ticket new -c phone -t complaint -p 2 -m '重复扣款' --promise
prints 'by its level' '202605060003
We will contact you by 16:40 today. We will tell you by 18:30 today how it will be solved.' ticket new -c phone -t complaint -p 1 -m 'nothing works' --promise
prints 'not unless asked' 202605060004 ticket new -c phone -t complaint -p 2 -m 'and again'

# --- answered after 20, 40 and 50 minutes; the fourth waits still
at 2026-05-06T18:00:00+08:00
ticket respond 0001 -m 'we look into it' --at '2026-05-06 16:50' >/dev/null
ticket respond 0002 -m 'we look into it' --at '2026-05-06 17:10' --late-reason busy >/dev/null
ticket respond 0003 -m 'we look into it' --at '2026-05-06 17:20' --late-reason busy >/dev/null
first='.targets[] | select(.target == "first_response") | [.in_time, .late, .in_time_then, .late_then, .differ]'
json 'under its own rules nothing differs' "$first" '[1,3,1,3,0]' ticket policy simulate policy/policy.json --json
jq '(.targets[] | select(.name == "first_response" and .when.priority == ["2"])).within = "45m"' policy/policy.json >"$work/mild.json"
jq '(.targets[] | select(.name == "first_response")).within = "5m"' policy/policy.json >"$work/strict.json"
before=$(git rev-parse HEAD)
json 'milder rules' "$first" '[1,3,2,2,1]' ticket policy simulate "$work/mild.json" --json
json 'stricter rules' "$first" '[1,3,0,4,1]' ticket policy simulate "$work/strict.json" --json
json 'of a time without tickets' '.targets | length' 0 ticket policy simulate "$work/strict.json" --json --since 2026-05-07
same 'nothing is written' "$(git rev-parse HEAD)" "$before"
