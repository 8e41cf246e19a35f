#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# HTML reports of every preset in a browser: nothing overflows at any width in either language, words stand clear of one
# another and dark enough, and nothing is fetched or complained about. Pictures are kept beside the build.
. "$(dirname "$0")/harness.sh"

browser=$(command -v chromium || command -v chromium-browser) || { skip 'reports in a browser' 'no chromium'; exit 0; }
version=$("$browser" --version 2>/dev/null) || { skip 'reports in a browser' 'chromium does not start'; exit 0; }
python=/usr/bin/python3
pictures=$(dirname "$(readlink -f "$program")")/../report-pictures
mkdir "$work/html"

for preset in after-sales complaint-monitoring multichannel response-tracking satisfaction; do
	desk "$preset" --policy "$preset"
	"$python" "$top/tests/cli/report_data.py" policy/policy.json "$work/$preset.jsonl" "$work/$preset.map" 80
	at 2026-05-02T09:00:00+08:00
	ok "tickets of $preset" ticket import "$work/$preset.jsonl" --map "$work/$preset.map"
	survey=$(jq -r '[.survey.questions[].name + "=2"] | join(",")' policy/policy.json)
	for id in $(ticket list -q --all state:confirmed received.after:2026-04-01 --limit 2); do
		ticket survey "$id" --sent >/dev/null && ticket survey "$id" --answer "$survey" -m '回复太慢' >/dev/null
	done
	for name in $(ticket report --list --format tsv | tail -n +2 | cut -f1); do
		see=$([[ $name = improvement || $name-$preset = tracking-satisfaction || $name-$preset = sla-multichannel ]] && echo see-)
		LC_ALL=zh_CN.UTF-8 ticket report "$name" --month 2026-04 --format html -o "$work/html/$see$preset-$name-zh.html" 2>/dev/null
		LC_ALL=C.UTF-8 ticket report "$name" --month 2026-04 --format html -o "$work/html/$preset-$name-en.html"
	done
	LC_ALL=C.UTF-8 ticket report improvement --month 2020-01 --format html -o "$work/html/$preset-nothing-en.html"
done
files=$(find "$work/html" -name '*.html' | wc -l)
result=$(timeout 250 "$python" "$top/tests/cli/report_browser.py" "$browser" "$work/html" "$pictures" 360 800 1440 2>&1)
# Four layouts of each: three widths, and the narrowest in the dark.
same "$files reports fit and are quiet (${version%% built*})" "$result" "looked at $((files * 4))"
same 'pictures are kept' "$(find "$pictures" -name '*.png' -newer "$work/html" | wc -l)" 28
