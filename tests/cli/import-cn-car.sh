#!/bin/bash
# SPDX-License-Identifier: MIT
# Complaints in GBK with CR LF: the encoding is detected.
. "${0%/*}/corpus.sh"
needs cn_car_complaints_gbk.csv

desk_for consumer-complaints
import_twice 'complaints' cn_car_complaints_gbk.csv cn-car-complaints '[600,600,0,600,0,0,true]'
exported
fact 'status' "$jq_hours by(.fields.status)" '{"信息审核":231,"厂家受理":26,"处理反馈":286,"用户评分":57}'
fact 'days' "$jq_hours by(.received[0:10])" '{"2020-06-05":148,"2020-06-06":153,"2020-06-07":146,"2020-06-08":153}'
fact 'brands' '[([.[] | select(.fields.company == "一汽马自达")] | length), ([.[] | select(.fields.company == "吉利汽车")] | length)]' '[95,96]'
fact 'no description ends in a tab' '[.[] | select(.description | test("\\t"))] | length' 0
json 'said as GBK it is the same' '.import | [.encoding, .tickets.unchanged]' '["gbk",600]' ticket import --json --encoding gbk "$shared_data/cn_car_complaints_gbk.csv" --map "$maps/cn-car-complaints.json"
