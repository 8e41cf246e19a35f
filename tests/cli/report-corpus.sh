# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The facts of real files, out of the reports and computed again from the files by another program.
. "${0%/*}/corpus.sh"
needs servicenow_incident_events_1.csv servicenow_incident_events_2.csv cfpb_complaints_2019.csv nyc311_2022-05-01.csv

figure() {
	printf '.report.sections[] | select(.name=="totals") | .rows | map({(.figure): .value}) | add | %s' "$1"
}
groups() {
	printf '.report.sections[] | select(.name=="%s") | .rows | map({(.group): .tickets}) | add' "$1"
}
hours='/ 3600 * 10000 | round / 10000'
# recounted REPORT...: out of the index and from the tickets themselves, whatever is asked, it comes to the same.
recounted() {
	local name
	for name; do
		ticket report "$name" --json >"$work/kept.json"
		ticket report "$name" --json --recount | cmp -s - "$work/kept.json" || echo "$name"
	done
}
every=(anomalies backlog categories channels complaints csat customers escalations improvement repeat sla standards summary tracking workload)

desk_for incidents
for part in 1 2; do
	ok "incidents, file $part" ticket import "$shared_data/servicenow_incident_events_$part.csv" --map "$maps/servicenow.json"
done
ticket report summary --json has:field.resolved_at >"$work/resolved.json"
ticket report summary --json >"$work/all.json"
same '2,904 with a time of resolution: mean 290.4191 h, median 88.275 h' \
	"$(jq -c "$(figure "[.tickets, (.handling_mean $hours), (.handling_median $hours)]")" "$work/resolved.json")" '[2904,290.4191,88.275]'
same 'all closed, 46 reopened' "$(jq -c "$(figure '[.tickets, .closed, .open, .reopened]')" "$work/all.json")" '[3000,3000,0,46]'
same 'by priority' "$(jq -c "$(groups priorities)" "$work/all.json")" '{"1":27,"2":67,"3":2683,"4":223}'
same 'by channel' "$(jq -cS "$(groups channels)" "$work/all.json")" '{"email":11,"phone":2989}'

# The same from the files: last row of each incident.
python3 - "$shared_data"/servicenow_incident_events_[12].csv >"$work/oracle" <<'P'
import csv, json, statistics, sys
from datetime import datetime
last = {}
for name in sys.argv[1:]:
    with open(name, newline="") as f:
        for row in csv.DictReader(f):
            last[row["number"]] = row
at = lambda text: datetime.strptime(text, "%d/%m/%Y %H:%M")
def of(rows):
    spans = [(at(r["resolved_at"]) - at(r["opened_at"])).total_seconds() for r in rows]
    return [len(spans), round(statistics.fmean(spans), 3), statistics.median(spans)]
resolved = [r for r in last.values() if r["resolved_at"] != "?"]
out = {"all": of(resolved)}
for p in "1234":
    out[p] = of([r for r in resolved if r["priority"].startswith(p)])
days = {}
for r in last.values():
    key = at(r["opened_at"]).strftime("%Y-%m-%d")
    days[key] = days.get(key, 0) + 1
out["days"] = dict(sorted(days.items()))
print(json.dumps(out, separators=(",", ":")))
P
same 'the files say so too' "$(jq -c "$(figure '[.tickets, (.handling_mean * 1000 | round / 1000), .handling_median]')" "$work/resolved.json")" "$(jq -c .all "$work/oracle")"
for p in 1 2 3 4; do
	same "mean and median of priority $p" \
		"$(jq -c ".report.sections[] | select(.name==\"priorities\") | .rows[] | select(.group==\"$p\") | [.tickets, (.handling_mean * 1000 | round / 1000), .handling_median]" "$work/resolved.json")" \
		"$(jq -c ".[\"$p\"]" "$work/oracle")"
done
same 'receipts by day' "$(jq -c '.report.sections[] | select(.name=="trend") | .rows | map(select(.received > 0) | {(.from): .received}) | add' "$work/all.json")" "$(jq -c .days "$work/oracle")"
json 'one day alone' '.report.tickets' "$(jq '.days["2016-03-07"]' "$work/oracle")" ticket report summary --json --day 2016-03-07
# Every clock that the tickets carry is in the report, with its verdict.
exported
same 'verdicts as the tickets have them' \
	"$(ticket report sla --section targets --json | jq -c '.report.sections[0].rows | [(map(.in_time) | add), (map(.late) | add), (map(.cancelled) | add)]')" \
	"$(jq -s -c '[.[].clocks[].verdict] | [(map(select(. == "met")) | length), (map(select(. == "met_late" or . == "missed")) | length), (map(select(. == "cancelled")) | length)]' "$work/exported.jsonl")"
same 'counted from the tickets it is the same' "$(recounted improvement sla tracking)" ''

desk_for consumer-finance
ok 'complaints' ticket import "$shared_data/cfpb_complaints_2019.csv" --map "$maps/cfpb.json"
same 'by channel' "$(ticket report channels --json | jq -c "$(groups channels)" | jq -c '[to_entries[].value] | sort')" '[1,4,10,17,25,211]'
same 'counted from the tickets it is the same' "$(recounted "${every[@]}")" ''

desk_for city-requests
ok 'requests' ticket import "$shared_data/nyc311_2022-05-01.csv" --map "$maps/nyc311.json"
ticket report summary --json >"$work/nyc.json"
same '480 closed: mean 0.6312 h, median 0.5403 h' "$(jq -c "$(figure "[.closed, (.handling_mean $hours), (.handling_median $hours)]")" "$work/nyc.json")" '[480,0.6312,0.5403]'
same 'by channel' "$(jq -c "$(groups channels)" "$work/nyc.json" | jq -c '[to_entries[].value] | sort')" '[4,139,280,501]'
same 'counted from the tickets it is the same' "$(recounted "${every[@]}")" ''
