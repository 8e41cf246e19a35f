# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For tests that import real files: they run where the files are, and are counted as skipped elsewhere.
. "${0%/*}/harness.sh"

maps=$top/docs/maps

# needs FILE...: ends the test, skipped, where one of them is not there.
needs() {
	local file
	for file; do
		[ -r "$shared_data/$file" ] || { skip "$file" 'the file is not here'; exit 0; }
	done
}

# desk_for POLICY: a desk judged by docs/maps/policies/POLICY.json.
desk_for() {
	desk "$1" --policy response-tracking
	cp "$maps/policies/$1.json" policy/policy.json
	git -c user.name=Li -c user.email=li@example.com commit -qam "Use the policy $1"
}

# import_twice WHAT FILE MAP SUMMARY [OPTION...]: the summary of the first time as JSON; the second time adds nothing.
import_twice() {
	local what=$1 name=$2 file=$shared_data/$2 map=$maps/$3.json summary=$4 head
	shift 4
	json "$what: what came of it" '.import | [.rows, .taken, .rejected, .tickets.new, .tickets.changed, .tickets.unchanged, .written]' "$summary" \
		ticket import --json "$file" --map "$map" "$@"
	head=$(git rev-parse HEAD)
	ok "$what: again" ticket import "$file" --map "$map" "$@"
	same "$what: the second time adds nothing" "$(git rev-parse HEAD)" "$head"
	matches "$what: the commit names the file and its digest" "import $name: [0-9]+ new, 0 changed \(SHA-256 $(sha256sum "$file" | cut -d' ' -f1)\)" git log -1 --format=%s "$head"
}

# facts WHAT FILTER VALUE: of all tickets, as one array.
exported() {
	ticket export >"$work/exported.jsonl" 2>/dev/null
}
fact() {
	same "$1" "$(jq -s -c "$2" "$work/exported.jsonl")" "$3"
}
# Hours between two RFC 3339 times, mean, and median of a list: for filters.
jq_hours='def s: if test("Z$") then fromdateiso8601 else (capture("^(?<t>.{19})(?<g>[+-])(?<h>..):(?<m>..)$") | ((.t + "Z") | fromdateiso8601) - (if .g == "-" then -1 else 1 end) * ((.h | tonumber) * 3600 + (.m | tonumber) * 60)) end;
def hours(a; b): ((b | s) - (a | s)) / 3600;
def mean: add / length | . * 10000 | round / 10000;
def median: sort | (if length % 2 == 1 then .[(length - 1) / 2] else (.[length / 2 - 1] + .[length / 2]) / 2 end) | . * 10000 | round / 10000;
def by(f): group_by(f) | map({key: (.[0] | f), value: length}) | from_entries;
def last_at(do): [.events[] | select(.do == do)] | last | .at;'
