# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Every answer of the index equals a plain scan of the ticket files, on real tickets, Chinese text included.
. "$(dirname "$0")/corpus.sh"
needs cn_gov_messages_2020c.csv servicenow_incident_events_1.csv cn_consumer_complaints.jsonl

scan() {
	same "$1: list and a scan of the files agree" "$(python3 "$top/tests/cli/scan.py" . "$2" 150)" 'asked 150'
}
desk_for public-messages
ok 'messages' ticket import "$shared_data/cn_gov_messages_2020c.csv" --map "$maps/cn-gov-messages.json"
scan 'messages' 1
for number in $(ticket list -q --limit 5); do
	ok 'changed' ticket reopen "$number" --reason '再查一次'
done
scan 'messages after changes' 2
desk_for incidents
ok 'incidents' ticket import "$shared_data/servicenow_incident_events_1.csv" --map "$maps/servicenow.json"
scan 'incidents' 3
desk_for consumer-complaints
ok 'complaints' ticket import "$shared_data/cn_consumer_complaints.jsonl" --map "$maps/cn-consumer-complaints.json"
scan 'complaints' 4
