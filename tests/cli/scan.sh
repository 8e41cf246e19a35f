# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Every answer of the index equals a plain scan of the ticket files, on real tickets, Chinese text included.
. "$(dirname "$0")/corpus.sh"

# scan WHAT SEED [REV]
scan() {
	same "$1: list, search and a scan of the files agree" "$(python3 "$top/tests/cli/scan.py" . "$2" 60 ${3+"$3"})" 'asked 60'
}

# Made tickets, open ones too: work is warned about, late, delayed.
desk made --policy multichannel
python3 "$top/tests/cli/report_data.py" policy/policy.json "$work/rows.jsonl" "$work/map.json" 90
ok 'made tickets' ticket import "$work/rows.jsonl" --map "$work/map.json"
before=$(git rev-parse HEAD)
scan 'made tickets' 1
for kind in complaint/quality inquiry/function malfunction/login; do
	for priority in high low; do
		ok 'a new one' ticket new -c wechat -t "$kind" -p "$priority" --subject '退款 Refund' -m 'ＷＡＩＴＩＮＧ for it'
	done
done
ok 'one is taken' ticket assign WX-20260506-001 --claim
ok 'and put off' ticket note WX-20260506-001 -m '催办中' --eta +2d
at 2026-05-06T09:56:00+08:00
ok 'what time did to them' ticket check --no-notify
same 'some are at risk, some late' "$([ "$(ticket list -q at-risk | wc -l)" -gt 0 ] && [ "$(ticket list -q overdue | wc -l)" -gt 0 ] && echo both)" both
scan 'swept' 2
scan 'as of before' 3 "$before"

needs cn_gov_messages_2020c.csv servicenow_incident_events_1.csv cn_consumer_complaints.jsonl cn_car_complaints_gbk.csv cfpb_complaints_2019.csv nyc311_2022-05-01.csv

# take FILE MAP
take() {
	ok "$1" ticket import "$shared_data/$1" --map "$maps/$2.json"
}
# What a search reads is smaller than what it finds.
smaller() {
	same "$1: what is kept for searching is smaller than the texts" "$(python3 - <<'P'
import glob, json, sqlite3
kept = sqlite3.connect(".git/ticket/index.db").execute("SELECT sum(length(data)) FROM texts").fetchone()[0]
texts = 0
for path in glob.glob("tickets/**/*.json", recursive=True):
    ticket = json.load(open(path, encoding="utf-8"))
    said = [ticket.get("subject"), ticket.get("description"), ticket.get("customer", {}).get("display")] + [e.get("text") for e in ticket["events"]]
    texts += sum(len(text.encode()) for text in said if text)
print("smaller" if 0 < kept < texts else f"{kept} for {texts}")
P
)" smaller
}

desk_for public-messages
take cn_gov_messages_2020c.csv cn-gov-messages
before=$(git rev-parse HEAD)
scan 'messages' 4
smaller 'messages'
mapfile -t numbers < <(ticket list -q --limit 40)
ok 'some are opened again' ticket reopen "${numbers[@]}" --reason '再查一次'
ok 'and answered' ticket respond "${numbers[@]:0:20}" -m '我们马上退款，请您放心'
scan 'messages after changes' 5
smaller 'messages after changes'
scan 'messages as of before' 6 "$before"
desk_for incidents
take servicenow_incident_events_1.csv servicenow
scan 'incidents' 7
desk_for consumer-complaints
take cn_consumer_complaints.jsonl cn-consumer-complaints
take cn_car_complaints_gbk.csv cn-car-complaints
scan 'complaints' 8
smaller 'complaints'
desk_for consumer-finance
take cfpb_complaints_2019.csv cfpb
scan 'narratives' 9
smaller 'narratives'
desk_for city-requests
take nyc311_2022-05-01.csv nyc311
scan 'requests' 10
