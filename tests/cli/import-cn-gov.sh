#!/bin/bash
# SPDX-License-Identifier: MIT
# Messages to a public body: a byte order mark, cells that begin with line breaks, one serial date, one date without time.
. "${0%/*}/corpus.sh"
needs cn_gov_messages_2020c.csv

desk_for public-messages
import_twice 'messages' cn_gov_messages_2020c.csv cn-gov-messages '[1400,1400,0,1400,0,0,true]'
exported
fact 'users' 'map(.fields.user) | unique | length' 1258
fact 'by year' "$jq_hours by(.received[0:4])" '{"2011":1,"2012":31,"2013":81,"2014":83,"2015":101,"2016":148,"2017":329,"2018":441,"2019":184,"2020":1}'
fact 'the serial date' '[.[] | select(.received == "2019-04-08T08:37:20+08:00")] | length' 1
fact 'replies became responses' '[.[] | select(any(.events[]; .do == "responded"))] | length' 1400
# The README counts the rows with two full times: without the serial date and the reply that has a date only.
full='select(.received != "2019-04-08T08:37:20+08:00" and (last_at("responded") | test("T00:00:00") | not))'
fact 'sent to replied' "$jq_hours [.[] | $full | hours(.received; last_at(\"responded\"))] | [length, mean, median]" '[1398,410.3564,288.5361]'
fact 'within 360 h' "$jq_hours [.[] | $full | select(hours(.received; last_at(\"responded\")) <= 360)] | length" 835
fact 'nothing of the spreadsheet is left' '[.[] | .description, (.events[].text | values) | select(test("_x000D_|^\\s"))] | length' 0
