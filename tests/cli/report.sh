# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Reports: every figure of a small desk, worked out by hand; the tickets behind them; every face; the past as it was.
. "$(dirname "$0")/harness.sh"

desk figures --policy satisfaction
at 2026-04-01T09:00:00+08:00

# section REPORT SECTION FILTER: for json, below a report's section.
section() {
	printf '.report.sections[] | select(.name=="%s") | .rows | %s' "$1" "$2"
}
totals() {
	section totals "map({(.figure): .value}) | add | [$1]"
}

# --- nothing at all --------------------------------------------------------------------------------------------------
for name in $(ticket report --list --format tsv | tail -n +2 | cut -f1); do
	ok "$name of an empty desk" ticket report "$name" --month 2026-03
	json "$name: nothing is counted" '.report | [.name, .tickets, .quarantined]' "[\"$name\",0,0]" ticket report "$name" --json
done
json 'the mean of nothing is not zero' "$(totals '.tickets, .handling_mean, .in_time')" '[0,null,null]' ticket report summary --json
json 'every report of the list has a title' '.reports | [length > 17, (map(.title) | unique | length) == length]' '[true,true]' ticket report --list --json
refused 4 "ticket: there is no report 'sumary'; did you mean 'summary'?" ticket report sumary
refused 4 "ticket: there is no report 'everything'; see: ticket report --list" ticket report everything
refused 2 'ticket: which report? see: ticket report --list' ticket report
refused 2 "ticket: 'sla' has no section 'x'; there are targets, targets_channels, targets_groups, targets_assignees" ticket report sla --section x
refused 2 "ticket: --json and --format md don't go together" ticket report sla --json --format md

# --- six tickets of April, one of March ------------------------------------------------------------------------------
# open_one DAY TIME CHANNEL TYPE CATEGORY PRIORITY CUSTOMER: the number is in $id.
open_one() {
	at "$1T$2:00+08:00"
	id=$(ticket new -c "$3" -t "$4" --category "$5" -p "$6" --customer "$7" --wants help -m "subject of $1 <script>alert(1)</script>
=HYPERLINK(\"http://x\")" 2>/dev/null)
	ticket assign "$id" "$8" >/dev/null 2>&1
}
day() {
	at "$1T$2:00+08:00"
}
a=$(ticket customer add --name 张三 --phone 13800000001 2>/dev/null)
b=$(ticket customer add --name 李四 --phone 13800000002 2>/dev/null)
c=$(ticket customer add --name 王五 --phone 13800000003 2>/dev/null)

open_one 2026-03-31 23:59 phone inquiry product 3 "$a" Wang && march=$id
# One hour to the answer, two to the resolution; nothing else happened.
open_one 2026-04-01 10:00 phone inquiry product 3 "$b" Wang && t1=$id
day 2026-04-01 11:00 && ticket --as Wang respond "$t1" -m 'answer' --late-reason busy >/dev/null 2>&1
day 2026-04-01 12:00 && ticket --as Wang resolve "$t1" -m 'done' >/dev/null
# Three days to the resolution; the customer called again, and complained.
open_one 2026-04-02 10:00 chat complaint logistics 2 "$a" Wang && t2=$id
day 2026-04-02 10:10 && ticket --as Wang respond "$t2" -m 'answer' >/dev/null
day 2026-04-03 10:00 && ticket inbound "$t2" -m 'still nothing' --complains >/dev/null
ticket --as Wang plan "$t2" -m 'send it again' --owner Wang --due 2026-04-05 --late-reason busy >/dev/null 2>&1
day 2026-04-05 10:00 && ticket --as Wang resolve "$t2" -m 'sent again' >/dev/null
ticket confirm "$t2" >/dev/null
ticket survey "$t2" --sent >/dev/null
ticket survey "$t2" --answer speed=2,attitude=4,effect=5 --contact -m 'too slow' >/dev/null
# Open, escalated.
open_one 2026-04-10 10:00 email complaint billing 1 "$c" Zhao && t3=$id
ticket escalate "$t3" --to director --reason 'press' >/dev/null
# Quarantined: in no figure.
open_one 2026-04-11 10:00 phone inquiry product 3 "$c" Zhao && t4=$id
ticket quarantine "$t4" --cause entry -m 'wrong customer' >/dev/null
# The last second of April, open, nobody's customer.
at 2026-04-30T23:59:59+08:00
t5=$(ticket new -c app -t suggestion --category other -p 3 --name x --contact y@example.com --wants help -m later 2>/dev/null)
at 2026-05-01T00:00:00+08:00
may=$(ticket new -c app -t suggestion --category other -p 3 --name x --contact y@example.com --wants help -m may 2>/dev/null)
at 2026-05-06T09:30:00+08:00
same 'seven tickets' "$(ticket list -q --all | wc -l)" 7

april=(--month 2026-04)
json 'what April counts' '.report | [.tickets, .quarantined, .period.since, .period.until, .before.since, .before.until]' \
	'[4,1,"2026-04-01T00:00:00+08:00","2026-05-01T00:00:00+08:00","2026-03-01T00:00:00+08:00","2026-04-01T00:00:00+08:00"]' ticket report summary --json "${april[@]}"
json 'counts' "$(totals '.tickets, .open, .closed, .escalated, .reopened, .repeated')" '[4,2,2,1,0,1]' ticket report summary --json "${april[@]}"
json 'mean and median to resolve: 2 h and 72 h' "$(totals '.handling_mean, .handling_median')" '[133200,133200]' ticket report summary --json "${april[@]}"
json 'first response: 60 and 10 minutes' "$(totals '.response_mean, .response_median')" '[2100,2100]' ticket report summary --json "${april[@]}"
json 'first contact: one of two' "$(totals '.first_contact, .survey_answered')" '[0.5,1]' ticket report summary --json "${april[@]}"
json 'mean score of 2, 4, 5' "$(totals '.score_mean * 1000 | floor')" '[3666]' ticket report summary --json "${april[@]}"
json 'the month before had one' "$(section totals '.[0] | [.value, .before, .change]')" '[4,1,3]' ticket report summary --json "${april[@]}"
json 'a query narrows it' '.report.tickets' 1 ticket report summary --json "${april[@]}" channel:chat
json 'all of it' '.report | [.tickets, .quarantined, .before]' '[6,1,null]' ticket report summary --json
json 'by channel' "$(section channels 'map({(.group): .tickets}) | add')" '{"phone":1,"chat":1,"email":1,"app":1}' ticket report channels --json "${april[@]}"
json 'the bottleneck' "$(section bottlenecks 'map([.kind, .group, .handling_mean, .over])')" '[["category","logistics",259200,86400],["type","complaint",259200,86400]]' \
	ticket report categories --json "${april[@]}"
json 'every day of April is there' "$(section trend '[length, (map(.received) | add), .[0].from, .[-1].from]')" '[30,4,"2026-04-01","2026-04-30"]' ticket report trend --json "${april[@]}"
json 'ages: 26 days, 5 days' "$(section ages 'map(select(.open > 0) | [.group, .open])')" '[["3d_7d",1],["7d_30d",1]]' ticket report backlog --json "${april[@]}"
json 'the oldest first' "$(section oldest 'map(.number)')" "[\"$t3\",\"$t5\"]" ticket report backlog --json "${april[@]}"
json 'a question at a time' "$(section questions 'map([.question, .mean, .answers, .low])')" '[["speed",2,1,1],["attitude",4,1,0],["effect",5,1,0]]' ticket report csat --json "${april[@]}"
json 'the distribution' "$(section scores 'map([.score, .answers])')" '[["5",1],["4",1],["3",0],["2",1],["1",0]]' ticket report csat --json "${april[@]}"
json 'the low score' "$(section low_scores '.[0] | [.number, .score, .followed_up, .said]')" "[\"$t2\",2,\"no\",\"too slow\"]" ticket report csat --json "${april[@]}"
json 'came back from March' "$(section repeated 'map(.value)')" '[1,1,0.25]' ticket report repeat --json "${april[@]}"
json 'the escalation' "$(section escalations 'map([.number, .level, .to, .reason])')" "[[\"$t3\",1,\"director\",\"press\"]]" ticket report escalations --json "${april[@]}"
json 'the quarantined one' "$(section anomalies 'map([.number, .cause])')" "[[\"$t4\",\"entry\"]]" ticket report anomalies --json "${april[@]}"
json 'complaints with the feedback' "$(section complaints 'map([.number, .plan, .result, .feedback])')" \
	"[[\"$t2\",\"send it again\",\"sent again\",\"speed 2; attitude 4; effect 5; too slow\"],[\"$t3\",null,null,null]]" ticket report complaints --json "${april[@]}"
json 'customers' "$(section customers 'map([.customer, .tickets, .complaints, .open])')" "[[\"$a\",1,1,0],[\"$b\",1,0,0],[\"$c\",1,1,1],[\"C000004\",1,0,1]]" ticket report customers --json "${april[@]}"
json 'tracking' "$(section tracking 'map(.number)')" "[\"$t1\",\"$t2\",\"$t3\",\"$t5\"]" ticket report tracking --json "${april[@]}"
json 'two bars of the standards' "$(section standards 'map(select(.standard == "score_by_question") | [.group, .figure, .bar, .verdict])')" \
	'[["speed",2,3.5,"not_met"],["attitude",4,3.5,"met"],["effect",5,3.5,"met"]]' ticket report standards --json "${april[@]}"

# What the clocks say, counted again from the tickets themselves.
ticket report sla --json "${april[@]}" >"$work/sla.json"
wanted=$(for t in $t1 $t2; do ticket show --json "$t"; done | jq -s '[.[].tickets[0].clocks[] | select(.target == "first_response") | .verdict] | [(map(select(. == "met")) | length), (map(select(. == "met_late" or . == "missed")) | length)]' -c)
same 'first responses, met and late' "$(jq -c '[.report.sections[0].rows[] | select(.target == "first_response" and .group != "1")] | [(map(.in_time) | add), (map(.late) | add) - 1]' "$work/sla.json")" "$wanted"

# --- out of the index, and from the tickets themselves ---------------------------------------------------------------
# recounted ARG...: every report comes to the same, byte for byte.
recounted() {
	local name
	for name in $(ticket report --list --format tsv | tail -n +2 | cut -f1); do
		ticket report "$name" --json "$@" | cmp -s - <(ticket report "$name" --json --recount "$@") || echo "$name"
	done
}
same 'April, either way' "$(recounted "${april[@]}")" ''
same 'all of it, narrowed, months later' "$(TICKET_NOW=2026-07-06T09:30:00+08:00 recounted -channel:app)" ''
ticket report summary --json >"$work/before.json"
index=.git/ticket/index.db
printf 'no index' >"$index.other"
mv "$index.other" "$index"
same 'with an index that is none' "$(ticket report summary --json | cmp -s - "$work/before.json" && echo same)" same
if command -v sqlite3 >/dev/null; then
	sqlite3 "$index" "UPDATE pages SET data = zeroblob(length(data)) WHERE kind = 0"
	same 'with figures that were spoilt' "$(ticket report summary --json | cmp -s - "$work/before.json" && echo same)" same
	sqlite3 "$index" "UPDATE pages SET size = 0, data = x'' WHERE kind = 0"
	refused 7 'ticket: the figures do not add up: they are of 0 tickets, the index lists 7; see: ticket fsck' ticket report summary
	answers 1 'the check of the desk sees it' ticket fsck
	ok 'and mends it' ticket fsck --repair
	same 'so that it is right again' "$(ticket report summary --json | cmp -s - "$work/before.json" && echo same)" same
fi
rm "$index"
ln -s /nowhere/at/all "$index" # it can be neither read nor written
same 'without an index' "$(ticket report summary --json | cmp -s - "$work/before.json" && echo same)" same
rm "$index"

# --- the tickets behind ----------------------------------------------------------------------------------------------
json 'behind the open ones' '[.rows[] | select(.section == "totals" and .row == "open") | .number]' "[\"$t3\",\"$t5\"]" ticket report summary --rows --json "${april[@]}"
json 'one section alone' '.rows | map(.section) | unique' '["channels"]' ticket report summary --rows --section channels --json "${april[@]}"
ticket report sla --rows --format tsv --section targets "${april[@]}" >"$work/rows.tsv"
same 'as many rows as are counted' "$(awk -F'\t' '$3 == "clocks"' "$work/rows.tsv" | wc -l)" "$(jq '[.report.sections[0].rows[].clocks] | add' "$work/sla.json")"

# --- faces -----------------------------------------------------------------------------------------------------------
matches 'a table' '^Tickets received +4 +1 +3$' ticket report summary "${april[@]}"
matches 'the title, the period, what is left out' 'Summary · .* · 2026-04-01 – 2026-04-30 · 4 tickets · 1 quarantined left out' ticket report summary "${april[@]}"
matches 'in Chinese' '^受理总数 +4 +1 +3$' env LC_ALL=zh_CN.UTF-8 ticket report summary "${april[@]}"
matches 'the course as columns, with their sum' '^Received +[▁▂▃▄▅▆▇█]{30}  4$' ticket report trend "${april[@]}"
matches 'the week as shades' '^Thu +[·░▒▓█]{48} +2$' ticket report trend --section hours "${april[@]}"
json 'the hours of the week, by the desk'"'"'s wall' "$(section hours 'map(select(.all > 0) | [.hour, .all])')" '[["10",3],["23",1]]' ticket report trend --json "${april[@]}"
if script -qec true /dev/null >/dev/null 2>&1; then
	script -qec "stty cols 50; ticket --no-pager report channels ${april[*]}; ticket --no-pager report trend ${april[*]}" /dev/null </dev/null 2>&1 | tr -d '\r' | sed 's/\x1b\[[0-9;]*m//g' >"$work/narrow"
	same 'on a narrow terminal nothing is wider than it' "$(python3 -c 'import sys, unicodedata
print(max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8") if " · " not in line))' "$work/narrow" | awk '{print ($1 <= 50 && $1 > 20)}')" 1
	same 'and every block names its rows' "$(grep -c '^Phone ' "$work/narrow" | awk '{print ($1 >= 3)}')" 1
fi
matches 'md' '^\| Tickets received \| 4 \| 1 \| 3 \|$' ticket report summary --format md "${april[@]}"
matches 'csv of several sections names them' '^totals,tickets,4,1,3$' ticket report summary --format csv "${april[@]}"
matches 'csv of one is plain' '^tickets,4,1,3$' ticket report summary --section totals --format csv "${april[@]}"
same 'jsonl: one object per line' "$(ticket report summary --format jsonl "${april[@]}" | jq -c 'select(.section == "totals" and .figure == "tickets") | .value')" 4

ok 'html into a file' ticket report improvement --format html "${april[@]}" -o "$work/review.html"
same 'no script, nothing fetched' "$(grep -ciE '<script|<link|<img|<iframe|src=|url\(|javascript:|on(load|click|error)=' "$work/review.html")" 0
ticket report tracking --format html "${april[@]}" >"$work/tracking.html"
same 'what a customer wrote is text' "$(grep -c '&lt;script&gt;alert(1)&lt;/script&gt;' "$work/tracking.html")" 3
same 'and never markup' "$(grep -c '<script' "$work/tracking.html")" 0
ok 'it is well-formed' python3 - "$work/review.html" "$work/tracking.html" <<'P'
import sys
from html.parser import HTMLParser
void = {"meta", "br"}
class Check(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
    def handle_starttag(self, tag, attrs):
        if tag not in void:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.getpos())
for name in sys.argv[1:]:
    check = Check()
    check.feed(open(name, encoding="utf-8").read())
    assert not check.open, check.open
P
ticket report summary --format openmetrics "${april[@]}" >"$work/metrics"
same 'openmetrics: a sample' "$(grep -F 'ticket_channels_tickets{group="chat"}' "$work/metrics")" 'ticket_channels_tickets{group="chat"} 1'
same 'it ends as it must' "$(tail -1 "$work/metrics")" '# EOF'
same 'no family comes twice' "$(grep '^# TYPE' "$work/metrics" | sort | uniq -d)" ''
same 'every line is a heading or a sample' "$(grep -cvE '^# (TYPE|HELP|UNIT|EOF)|^[a-z_]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? -?[0-9.e+-]+$' "$work/metrics")" 0

# --- the past, byte for byte -----------------------------------------------------------------------------------------
then=$(git rev-parse HEAD)
at "$(git log -1 --format=%cI)"
for format in table json html openmetrics; do
	ticket report improvement --month this --format $format >"$work/then.$format"
done
at 2026-06-20T12:00:00+08:00
ticket --as Zhao respond "$t3" -m 'answer' --late-reason busy >/dev/null 2>&1
ticket new -c app -t inquiry --category other -p 3 --name z --contact z@example.com --wants help -m new --received '2026-05-01 08:00' >/dev/null 2>&1
sed -i 's/"Level 1"/"Most urgent"/; s/"at_least": *0.8\b/"at_least": 0.1/; s/"at_least":0.8\b/"at_least":0.1/' policy/policy.json
git -c user.name=Li -c user.email=li@example.com commit -qam 'Other names, other bars'
same 'the rules have changed' "$(git diff --stat "$then" HEAD -- policy | wc -l)" 2
matches 'and show' 'Most urgent' ticket report summary --section priorities
for format in table json html openmetrics; do
	same "$format as it was then" "$(ticket report improvement --month this --format $format --as-of "$then" | sha256sum)" "$(sha256sum <"$work/then.$format")"
done
same 'today it is another' "$(ticket report improvement --month 2026-05 --format json | cmp -s - "$work/then.json" && echo same)" ''
refused 4 "ticket: the desk is younger than '2025-01-01'" ticket report summary --as-of 2025-01-01
