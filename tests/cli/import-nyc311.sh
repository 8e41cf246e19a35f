#!/bin/bash
# SPDX-License-Identifier: MIT
# Requests of one night with AM and PM: 12:00:03 AM is three seconds past midnight.
. "${0%/*}/corpus.sh"
needs nyc311_2022-05-01.csv

desk_for city-requests
import_twice 'requests' nyc311_2022-05-01.csv nyc311 '[924,924,0,924,0,0,true]'
exported
fact 'status' "$jq_hours by(.fields.status)" '{"Closed":480,"In Progress":440,"Open":4}'
fact 'and the states that follow from it' "$jq_hours by(.state)" '{"archived":480,"assigned":440,"new":4}'
fact 'channels' "$jq_hours by(.channel)" '{"mobile":280,"online":501,"phone":139,"unknown":4}'
fact 'created to closed' "$jq_hours [.[] | select(.state == \"archived\") | hours(.received; last_at(\"resolved\"))] | [length, mean, median]" '[480,0.6312,0.5403]'
fact 'the first request' 'map(.received) | min' '"2022-05-01T00:00:03-04:00"'
fact 'a cell with a comma stays one' '.[0].fields.location' '"(40.83065331987539, -73.92308231033165)"'
