# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Alarms: bursts, repetitions, risks, silence, neglect; each once, none for what was imported or set apart.
. "$(dirname "$0")/harness.sh"

# told NUMBER STEP: how many times, and when.
told() {
	ticket show --json "$1" | jq -c --arg step "$2" '[.tickets[0].events[] | select(.automatic and (.step // "" | startswith($step))) | .at]'
}

# --- a burst: more than five of one category in a day, on the sixth, once (C13)
desk complaints --policy complaint-monitoring
one() {
	at "2026-05-06T$1:00+08:00"
	ticket new -q -c hotline -t complaint -k price -p c -m 'too dear' --received "2026-05-06 $1"
}
first=
for minute in 09:00 09:10 09:20 09:30 09:40; do
	last=$(one $minute)
	first=${first:-$last}
done
ok 'five are no burst' ticket check -o /dev/null
same 'five are no burst: nothing is told' "$(told "$last" alarm:burst)" '[]'
sixth=$(one 09:50)
seventh=$(one 09:51)
eighth=$(one 09:52)
at 2026-05-06T09:55:00+08:00
ok 'note on the oldest' ticket note "$first" -m 'asked again'
ok 'the sweep after three more' ticket check -o /dev/null
same 'told on the sixth, at its receipt' "$(told "$sixth" alarm:burst)" '["2026-05-06T09:50:00+08:00"]'
same 'not again on the seventh of the same sweep' "$(told "$seventh" alarm:burst)$(told "$eighth" alarm:burst)" '[][]'
same 'nor on an old one that was only worked on' "$(told "$first" alarm:burst)" '[]'
one 10:00 >/dev/null
ok 'a ninth' ticket check -o /dev/null
json 'one alarm for one burst' '[.tickets[].events[] | select(.step=="alarm:burst")] | length' 1 ticket show --json $(ticket list --columns number --format tsv | tail -n +2)
rm -f .git/ticket/sweep
ok 'the sweep forgets how far it looked' ticket check -o /dev/null
json 'and still does nothing twice' '[.tickets[].events[] | select(.step=="alarm:burst")] | length' 1 ticket show --json $(ticket list --columns number --format tsv | tail -n +2)

# --- late classified: the burst is seen when it comes to be one
at 2026-05-20T08:00:00+08:00
for i in 1 2 3 4 5 6; do
	late[i]=$(ticket new -q -c mailbox -t complaint -p c -m 'rude' --received "2026-05-20 07:0$i")
done
for i in 6 5 4 3 2 1; do
	at "2026-05-20T09:0$((7 - i)):00+08:00"
	ok "triage $i" ticket triage "${late[i]}" -k attitude
done
ok 'the sweep after the triage' ticket check -o /dev/null
same 'told on the one that was classified last' "$(told "${late[1]}" alarm:burst)" '["2026-05-20T09:06:00+08:00"]'

# --- a risk
at 2026-05-21T10:00:00+08:00
risky=$(ticket new -q -c hotline -t complaint -k process -p b -m 'somebody was hurt' --risk high)
quiet=$(ticket new -q -c hotline -t complaint -k process -p b -m 'set apart' --risk high)
ok 'set apart before the sweep' ticket quarantine "$quiet" --cause entry -m 'wrong number'
ok 'sweep' ticket check -o /dev/null
same 'high risk is told at once' "$(told "$risky" alarm:high_risk)" '["2026-05-21T10:00:00+08:00"]'
json 'with its level' '.tickets[0].level' 1 ticket show --json "$risky"
same 'not on a quarantined ticket' "$(told "$quiet" alarm:high_risk)" '[]'
ok 'note' ticket note "$risky" -m 'called'
ok 'sweep again' ticket check -o /dev/null
same 'once' "$(told "$risky" alarm:high_risk)" '["2026-05-21T10:00:00+08:00"]'

# --- complaints again on the same ticket (C12, D11)
ok 'complains again' ticket inbound "$risky" -m 'and again' --complains
ok 'sweep' ticket check -o /dev/null
same 'told as a repetition' "$(told "$risky" alarm:repeat)" '["2026-05-21T10:00:00+08:00"]'

# --- overdue, and nobody has touched it: due at 11:00, told four hours later, not before, not on one that was worked on
at 2026-05-22T10:00:00+08:00
alone=$(ticket new -q -c hotline -t complaint -k process -p a -m 'nobody comes')
worked=$(ticket new -q -c hotline -t complaint -k process -p a -m 'somebody comes')
at 2026-05-22T14:59:00+08:00
ok 'worked on' ticket respond "$worked" -m 'looked at it' --late-reason 'too many calls'
ok 'sweep' ticket check -o /dev/null
same 'not before' "$(told "$alone" alarm:untouched)" '[]'
at 2026-05-22T15:00:00+08:00
ok 'sweep on the minute' ticket check -o /dev/null
same 'untouched for four hours' "$(told "$alone" alarm:untouched)$(told "$worked" alarm:untouched)" '["2026-05-22T15:00:00+08:00"][]'
before=$(git rev-parse HEAD)
at 2026-05-22T15:01:00+08:00
prints 'and once' '' ticket check
same 'nothing was written' "$(git rev-parse HEAD)" "$before"

# --- a customer who stays silent: reminded after three days, closed after seven, where the gates allow it
desk silence --policy multichannel
at 2026-05-06T10:00:00+08:00
silent=$(ticket new -q -c app -t malfunction -p low -m 'it flickers')
untyped=$(ticket new -q -c app -p low -m 'hm')
apart=$(ticket new -q -c app -t malfunction -p low -m 'apart')
back=$(ticket new -q -c app -t malfunction -p low -m 'comes back')
for n in "$silent" "$untyped" "$apart" "$back"; do
	ticket assign "$n" wang && ticket wait "$n" --for customer -m 'which model?'
done >/dev/null
ok 'quarantine one' ticket quarantine "$apart" --cause entry -m 'wrong'
at 2026-05-09T09:59:00+08:00
ok 'a minute before' ticket check -o /dev/null
same 'no reminder yet' "$(told "$silent" alarm:silent_customer)" '[]'
at 2026-05-11T08:00:00+08:00
ok 'after the weekend' ticket check -o /dev/null
same 'reminded, as of when it was due' "$(told "$silent" alarm:silent_customer)" '["2026-05-09T10:00:00+08:00"]'
json 'the event says why' '[.tickets[0].events[] | select(.step // "" | startswith("alarm:silent")) | [.do,.reason]]' \
	'[["warned","自 2026-05-06T10:00:00+08:00 起没有客户的消息"]]' ticket show --json "$silent"
same 'not on a quarantined ticket' "$(told "$apart" alarm)" '[]'
ok 'one customer answers' ticket inbound "$back" -m 'model 7'
ok 'and is asked again' ticket wait "$back" --for customer -m 'which colour?'
at 2026-05-13T10:00:00+08:00
ok 'the seventh day' ticket check -o /dev/null
json 'closed as of then' '[.tickets[0].state, (.tickets[0].events[] | select(.do=="resolved") | [.at,.automatic,.text])]' \
	'["resolved",["2026-05-13T10:00:00+08:00",true,"用户长期未回复"]]' ticket show --json "$silent"
json 'not closed without its type: the gate says so' '[.tickets[0].state, (.tickets[0].events[] | select(.step // "" | startswith("alarm:gone")) | .reason)]' \
	'["waiting","自 2026-05-06T10:00:00+08:00 起没有客户的消息；关闭所需的条件不齐，没有关闭"]' ticket show --json "$untyped"
json 'a new wait counts anew' '.tickets[0].state' '"waiting"' ticket show --json "$back"
prints 'once' '' ticket check
at 2026-05-14T08:00:00+08:00
ok 'the reminder of the second wait' ticket check -o /dev/null
same 'one for each wait' "$(told "$back" alarm:silent_customer)" '["2026-05-09T10:00:00+08:00","2026-05-14T08:00:00+08:00"]'

# --- what was imported alarms nobody
ok 'an export' ticket export --format jsonl -o "$work/all.jsonl"
desk imported --policy multichannel
at 2026-08-01T10:00:00+08:00
printf 'id,opened\n1,2026-05-06 10:00\n' >"$work/old.csv"
cat >"$work/old.json" <<'MAP'
{"format":1,"name":"old","rows":"ticket","time_zone":"Asia/Shanghai","times":["YYYY-MM-DD HH:MM"],"key":{"columns":["id"]},
 "ticket":{"received":{"column":"opened"},"channel":{"value":"app"},"types":{"value":"malfunction"},"priority":{"value":"low"},"description":{"value":"old"}}}
MAP
ok 'import' ticket import "$work/old.csv" --map "$work/old.json"
old=$(ticket list --columns number --format tsv | tail -n 1)
ok 'it waits from now on' ticket wait "$old" --for customer -m 'still?'
at 2026-09-01T10:00:00+08:00
ok 'a month later' ticket check -o /dev/null
same 'nobody is alarmed' "$(told "$old" alarm)" '[]'

# --- a step that gives no level escalates to none
desk levels --policy multichannel
at 2026-05-06T10:00:00+08:00
n=$(ticket new -q -c app -t malfunction -p low -m 'slow')
ok 'assign' ticket assign "$n" wang
at 2026-05-07T15:00:00+08:00
ok 'sweep' ticket check -o /dev/null
json 'delayed, on no level' '.tickets[0] | [.delayed, .level]' '[true,null]' ticket show --json "$n"
