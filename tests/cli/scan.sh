# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Every answer of the index equals a plain scan of the ticket files, on real tickets, Chinese text included.
. "$(dirname "$0")/corpus.sh"
needs cn_gov_messages_2020c.csv servicenow_incident_events_1.csv cn_consumer_complaints.jsonl cn_car_complaints_gbk.csv cfpb_complaints_2019.csv nyc311_2022-05-01.csv

# scan WHAT SEED [REV]
scan() {
	same "$1: list, search and a scan of the files agree" "$(python3 "$top/tests/cli/scan.py" . "$2" 60 ${3+"$3"})" 'asked 60'
}
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
scan 'messages' 1
smaller 'messages'
mapfile -t numbers < <(ticket list -q --limit 40)
ok 'some are opened again' ticket reopen "${numbers[@]}" --reason '再查一次'
ok 'and answered' ticket respond "${numbers[@]:0:20}" -m '我们马上退款，请您放心'
scan 'messages after changes' 2
smaller 'messages after changes'
scan 'messages as of before' 3 "$before"
desk_for incidents
take servicenow_incident_events_1.csv servicenow
scan 'incidents' 4
desk_for consumer-complaints
take cn_consumer_complaints.jsonl cn-consumer-complaints
take cn_car_complaints_gbk.csv cn-car-complaints
scan 'complaints' 5
smaller 'complaints'
desk_for consumer-finance
take cfpb_complaints_2019.csv cfpb
scan 'narratives' 6
smaller 'narratives'
desk_for city-requests
take nyc311_2022-05-01.csv nyc311
scan 'requests' 7
