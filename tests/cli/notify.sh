#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Delivery to real servers on loopback, which behave and misbehave: nothing lost, nothing doubled, never held up.
. "$(dirname "$0")/harness.sh"

python=/usr/bin/python3
if ! "$python" -c 'import aiosmtpd' 2>/dev/null; then
	skip 'delivery' 'python3-aiosmtpd is not installed'
	exit 0
fi
deliver=$(dirname "$(readlink -f "$program")")/../libexec/ticket-deliver
if [ ! -x "$deliver" ]; then
	skip 'delivery' 'built without libcurl'
	exit 0
fi
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY

# --- servers
servers=$work/servers
mkdir "$servers"
certificate() { # NAME SUBJECT
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" \
		-addext "subjectAltName=DNS:$2" -keyout "$servers/$1.key" -out "$servers/$1.pem" 2>/dev/null
}
certificate good localhost
certificate wrong elsewhere.example
mode() {
	printf '%s\n' "$1" >"$servers/mode"
}
mode ok
"$python" "$top/tests/cli/notify_servers.py" "$servers" 2>"$servers/log" &
servers_pid=$!
trap 'kill $servers_pid; finish' EXIT
for _ in $(seq 200); do
	[ -e "$servers/ports" ] && break
	sleep 0.05
done
[ -e "$servers/ports" ] || { cat "$servers/log" >&2; exit 1; }
. "$servers/ports"

received() { # how many of a kind since the last `forget`
	find "$servers/$1" -type f ! -name '*.new' | wc -l
}
forget() {
	rm -f "$servers"/mail/* "$servers"/hook/*
}
last() {
	find "$servers/$1" -type f ! -name '*.new' | sort | tail -1
}
header() { # of the last mail, unfolded and decoded
	"$python" - "$(last mail)" "$1" <<-'PY'
		import email, email.policy, sys
		m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
		print(m[sys.argv[2]] if sys.argv[2] != "body" else m.get_content().rstrip())
	PY
}
outbox() {
	find .git/ticket/outbox -maxdepth 1 -name '*.json' | wc -l
}
told() { # ticket: who was told by which way, as events say
	ticket show --json "$1" | jq -c '[.tickets[0].events[] | select(.do=="notified") | [.to, .via]]'
}
assign() { # a new ticket for somebody; its number in $number
	number=$(ticket new --channel wechat --type malfunction/login --priority "${2:-medium}" -m "${3:-the app says error 7}")
	call ticket assign "$number" "$1"
}
# A desk whose people can be reached. Only mail unless told otherwise.
people() {
	desk "$1" --policy multichannel
	jq '.people = [
		{"name":"Li","email":"li@example.org","roles":["supervisor"]},
		{"name":"Wang","email":"wang@example.org","phone":"13800000001","roles":["agent"],"groups":["engineering"]},
		{"name":"王小明","email":"ming@example.org","roles":["agent"],"calendar":"office"}]' policy/policy.json >new.json
	mv new.json policy/policy.json
	git -c user.name=Li -c user.email=li@example.org commit -qam 'people'
	git config ticket.smtp.url "smtp://127.0.0.1:$plain"
	git config ticket.smtp.from desk@example.com
	git config ticket.smtp.name '客服台, Service desk'
	git config ticket.notify.timeout 2s
	forget
	mode ok
}

# --- mail
people mail
prints 'nothing to do is silent' '' ticket notify
assign Wang
before=$(git rev-parse HEAD)
json 'a dry run shows what is owed, before any run' '[.notices[] | [.to, .way, .kind, .outcome]]' \
	'[["Wang","email","assigned","due"]]' ticket notify -n --json
same 'and delivers nothing' "$(received mail) $(outbox) $(git rev-parse HEAD)" "0 0 $before"
json 'who is assigned is told' '[.notices[] | [.to, .way, .ticket, .outcome]]' "[[\"Wang\",\"email\",\"$number\",\"delivered\"]]" ticket notify --json
same 'one mail arrived' "$(received mail)" 1
same 'its envelope' "$(header X-Envelope)" 'desk@example.com wang@example.org'
same 'its subject' "$(header Subject)" "$number 已派给您：the app says error 7"
same 'its sender' "$(header From)" '"客服台, Service desk" <desk@example.com>'
matches 'its body, in the desk'"'"'s language' "^工单 ${number}（中，公众号）已派给 Wang，时限 " header body
same 'no robot answers it' "$(header Auto-Submitted)" auto-generated
same 'the desk'"'"'s clock' "$(header Date)" 'Wed, 06 May 2026 09:30:00 +0800'
matches 'a Message-ID of its own' '^<[0-9a-f]{32}@example.com>$' header Message-ID
same 'no line is too long' "$(awk 'length > 78' "$(last mail)")" ''
same 'lines end as the protocol has it' "$(grep -vc $'\r$' "$(last mail)")" 0
same 'the ticket says who was told, and how' "$(told "$number")" '[["Wang","email"]]'
same 'in one commit' "$(git log -1 --format=%s) $(git rev-list --count "$before"..HEAD)" "$number: notified 1"
same 'the outbox is empty' "$(outbox)" 0
prints 'told once' '' ticket notify
same 'and only once' "$(received mail)" 1

# Whoever gives work to himself knows it.
number=$(ticket new --channel wechat --type malfunction/login -m 'x')
call ticket --as Wang assign "$number" --claim
ok 'nothing is owed for a claim' ticket notify
same 'and nothing came' "$(received mail)" 1

# --- several are one message
forget
assign Wang
first=$number
assign Wang
assign Wang
assign 王小明
before=$(git rev-list --count HEAD)
matches 'several for one recipient' 'delivered' ticket --as Wang notify
same 'are one mail' "$(received mail)" 2
matches 'that names them all' "^3 条通知：$first" grep -h '' <(for f in "$servers"/mail/*; do "$python" -c '
import email, email.policy, sys
print(email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)["Subject"])' "$f"; done)
same 'and one commit for all' "$(($(git rev-list --count HEAD) - before))" 1
same 'each ticket says so' "$(told "$first") $(told "$number")" '[["Wang","email"]] [["王小明","email"]]'

# --- personal data and hostile text
forget
assign Wang medium $'hello\r\nBcc: all@example.org\r\n\r\nphone 13812345678, =?UTF-8?B?eA==?= {number} $(reboot) `reboot`' 2>/dev/null
if [ -z "$number" ]; then # a carriage return is refused at intake already
	assign Wang medium $'hello\nBcc: all@example.org\n\nphone 13812345678'
fi
number=$(ticket new --channel wechat --type malfunction/login --subject 'call 13812345678 =?UTF-8?B?eA==?= {assignee} $(reboot) "x" <y@z>' -m 'm')
call ticket assign "$number" Wang
ok 'hostile text is delivered' ticket notify
same 'nobody else gets it' "$(grep -il '^bcc:' "$servers"/mail/*; grep -h X-Envelope "$servers"/mail/* | tr -d '\r' | sort -u)" 'X-Envelope: desk@example.com wang@example.org'
same 'phone numbers are masked' "$("$python" - "$servers"/mail/* <<'PY'
import email, email.policy, sys
text = "".join(str(m["Subject"]) + m.get_content() for m in (email.message_from_binary_file(open(f, "rb"), policy=email.policy.default) for f in sys.argv[1:]))
print("13812345678" in text, "138****5678" in text)
PY
)" 'False True'

# --- faults of the mail server
for fault in refuse:'550' later:'451'; do
	people "fault-${fault%%:*}"
	mode "${fault%%:*}"
	assign Wang
	answers 6 "a server that answers ${fault#*:} fails the run in part" ticket notify
	matches 'and says why' "${fault#*:}" printf '%s\n' "$out"
	same 'nothing is lost' "$(outbox) $(told "$number")" '1 []'
	mode ok
	prints 'it is not asked again at once' '' ticket notify -q
	same 'really not' "$(received mail)" 0
	ok 'but by --retry it is' ticket notify --retry
	same 'and arrives once' "$(received mail) $(told "$number")" '1 [["Wang","email"]]'
done

people down
git config ticket.smtp.url smtp://127.0.0.1:1
assign Wang
assign 王小明
answers 6 'a server that is down' ticket notify
matches 'is told' 'Failed to connect|Connection refused|connect to' printf '%s\n' "$out"
at 2026-05-06T09:30:59+08:00
prints 'waits a minute' '' ticket notify -q
at 2026-05-06T09:31:00+08:00
answers 6 'and is tried again after it' ticket notify -q
json 'then it waits longer' '[.notices[] | select(.way=="email") | [.attempts, .next_attempt]] | unique' '[[2,"2026-05-06T09:33:00+08:00"]]' ticket notify -n --json
git config ticket.smtp.url "smtp://127.0.0.1:$plain"
at 2026-05-06T09:33:00+08:00
assign Wang
ok 'what has come since goes out with what waited' ticket notify
same 'as one mail for each' "$(received mail)" 2
at 2026-05-06T09:30:00+08:00

people partly
mode refuse-wang
assign Wang
assign 王小明
answers 6 'one recipient refused' ticket notify
same 'the other one is told' "$(received mail) $(told "$number")" '1 [["王小明","email"]]'

# A hanging server is left after its time; the webhook behind it is not held up.
people hang
git config ticket.webhook.url "http://127.0.0.1:$http/hook"
mode hang
assign Wang
git config ticket.notify.timeout 1s
start=$(date +%s%N)
answers 6 'a server that hangs' ticket notify
took=$((($(date +%s%N) - start) / 1000000))
same 'is left after its time' "$([ "$took" -lt 8000 ] && echo yes || echo "$took ms")" yes
matches 'and it is told' '[Tt]im(e|ed) ?out' printf '%s\n' "$out"
mode ok
ok 'the next run delivers' ticket notify --retry
same 'both' "$(told "$number" | jq -c 'map(.[1]) | sort')" '["email","webhook"]'

# Taken, but the answer was lost: it comes again, under the same name.
people drop
mode drop
assign Wang
answers 6 'the connection breaks after the message' ticket notify
id=$(header Message-ID)
assign Wang
mode ok
ok 'the next run sends it again' ticket notify --retry
same 'with the same Message-ID, and what is new beside it' "$(grep -hi '^message-id' "$servers"/mail/* | tr -d '\r' | sort | uniq -c | awk '{print $1}' | sort | tr '\n' ' ')" '1 2 '
matches 'the very same' "$id" grep -h Message-ID "$servers"/mail/*

# --- killed in the middle
people kill
mode slow
git config ticket.notify.timeout 20s
assign Wang
assign 王小明
ticket notify >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do
	[ "$(received mail)" -gt 0 ] && break
	sleep 0.05
done
answers 5 'a second run at the same time is refused' ticket notify
carrier=$(ps -o pid= --ppid $pid | tr -d ' ')
kill -9 $pid
wait $pid 2>/dev/null
sleep 0.3
same 'ticket-deliver ends with it' "$(ps -o stat= -p "$carrier" | grep -v '^Z')" ''
mode ok
assign Wang
ok 'after a kill the next run delivers' ticket notify
same 'what had begun comes under the same name, the rest once' \
	"$(grep -hi '^message-id' "$servers"/mail/* | tr -d '\r' | sort | uniq -c | awk '{print $1}' | sort | tr '\n' ' ')" '1 1 2 '
same 'and the outbox is empty' "$(outbox)" 0

# Killed at forty moments, from the first system call to the last: nothing lost, nothing recorded twice, and what came
# twice came under one name with one text.
people moments
for ms in $(seq -w 1 40); do
	assign Wang
	timeout -s KILL "0.0$ms" ticket notify -q >/dev/null 2>&1
done
sleep 0.5
for _ in 1 2 3; do
	ticket notify -q --retry >/dev/null 2>&1
done
same 'after kills at forty moments the outbox is empty' "$(outbox)" 0
same 'each ticket says once that it was told' "$(for n in tickets/2026/05/06/00/*.json; do jq -c '[.events[] | select(.do == "notified")] | length' "$n"; done | sort | uniq -c | tr -s ' ')" ' 40 1'
same 'each was told of, and one name is one text' "$("$python" - "$servers"/mail/* <<'PY'
import email, email.policy, re, sys
texts, told = {}, set()
for f in sys.argv[1:]:
    m = email.message_from_binary_file(open(f, "rb"), policy=email.policy.default)
    text = str(m["Subject"]) + m.get_content()
    texts.setdefault(m["Message-ID"], set()).add(text)
    told.update(re.findall(r"WX-\d{8}-\d{3}", text))
print(len(told), max(len(t) for t in texts.values()))
PY
)" '40 1'

# Two at once, five times: each notice once.
people twins
for _ in 1 2 3 4 5; do
	assign Wang
	ticket notify -q >/dev/null 2>&1 &
	pid=$!
	ticket notify -q >/dev/null 2>&1
	wait $pid
done
ok 'a last run' ticket notify -q
events=$(for n in $(ls tickets/2026/05/06/00/ | sed 's/.json//'); do told "$n"; done | grep -c '^\[\["Wang","email"\]\]$')
same 'each ticket was told of once' "$events" 5

# --- TLS
people tls
git config ticket.smtp.url "smtp://localhost:$starttls"
git config ticket.smtp.tls always
git config ticket.smtp.user desk
git config ticket.smtp.password secret
assign Wang
answers 6 'a certificate that nobody vouches for is refused' ticket notify
matches 'and it is told' '[Ss][Ss][Ll]|certificate' printf '%s\n' "$out"
same 'nothing was sent' "$(received mail)" 0
git config ticket.notify.cafile "$servers/good.pem"
git config ticket.smtp.url "smtp://localhost:$wrong"
answers 6 'the wrong certificate is refused' ticket notify --retry
cat "$servers/good.pem" "$servers/wrong.pem" >"$servers/both.pem"
git config ticket.notify.cafile "$servers/both.pem"
answers 6 'a certificate for another host is refused' ticket notify --retry
same 'nothing was sent to it' "$(received mail)" 0
git config ticket.smtp.url "smtp://localhost:$starttls"
git config ticket.smtp.password wrong
answers 6 'a wrong password is refused' ticket notify --retry
git config --unset ticket.smtp.password
ok 'the right certificate, the password from the environment' env TICKET_SMTP_PASSWORD=secret ticket notify --retry
same 'delivered, enciphered' "$(received mail) $(header X-Tls)" '1 True'
same 'the password stands nowhere' "$(grep -rl secret .git/ticket tickets 2>/dev/null)" ''
git config ticket.smtp.url "smtp://localhost:$plain"
assign Wang
answers 6 'no STARTTLS, no mail' ticket notify
same 'nothing went out in clear' "$(received mail)" 1
git config ticket.smtp.tls never
git config ticket.smtp.url smtp://mail.example.com
refused 2 "ticket: the password for 'smtp://mail.example.com' would travel in clear; remove ticket.smtp.tls or the password" env TICKET_SMTP_PASSWORD=secret ticket notify

# --- webhooks
people hook
git config --unset ticket.smtp.url
git config ticket.webhook.url "http://127.0.0.1:$http/all"
assign Wang medium $'quote " and \\ and\nline'
ok 'a webhook' ticket notify
same 'alone, as mail is not set up' "$(received hook) $(received mail) $(outbox)" '1 0 0'
same 'as JSON' "$(tail -n +2 "$(last hook)" | jq -c '[.format, .to, .tickets, .kind, .subject]')" "[1,\"Wang\",\"$number\",\"assigned\",\"$number 已派给您：quote \\\" and \\\\ and\"]"
same 'with a key against doubles' "$(head -1 "$(last hook)" | cut -d' ' -f1-3) $(head -1 "$(last hook)" | awk '{print $NF}')" \
	"/all application/json; charset=utf-8 $(tail -n +2 "$(last hook)" | jq -r .id)"
same 'the event says so' "$(told "$number")" '[["Wang","webhook"]]'
git config ticket.webhook.Wang.url "http://127.0.0.1:$http/wang"
git config ticket.webhook.Wang.kind slack
assign Wang
ok 'a webhook of one'"'"'s own' ticket notify
same 'in its server'"'"'s words' "$(head -1 "$(last hook)" | cut -d' ' -f1) $(tail -n +2 "$(last hook)" | jq -c 'keys')" '/wang ["text"]'
for kind in feishu:.content.text dingtalk:.text.content wecom:.text.content; do
	git config ticket.webhook.Wang.kind "${kind%%:*}"
	assign Wang
	ok "a body for ${kind%%:*}" ticket notify
	matches 'with the text in its place' "^$number 已派给您" jq -r "${kind#*:}" <(tail -n +2 "$(last hook)")
	jq -S . "$top/docs/examples/webhook-${kind%%:*}.json" >"$work/shipped"
	same 'as the example that ships' "$(jq -c 'walk(if type == "object" then keys else . end)' "$work/shipped" | tr -d '\n')" \
		"$(tail -n +2 "$(last hook)" | jq -cS . | jq -c 'walk(if type == "object" then keys else . end)' | tr -d '\n')"
done
mode chat
assign Wang
answers 6 'a chat server that refuses with status 200' ticket notify
matches 'is heard' 'errcode 93000: invalid webhook' printf '%s\n' "$out"
mode ok
ok 'and asked again' ticket notify --retry
printf '{"say":"{text}","who":"{to}"}' >"$work/own.json"
git config ticket.webhook.Wang.body "$work/own.json"
assign Wang
ok 'a body of one'"'"'s own' ticket notify
same 'filled in' "$(tail -n +2 "$(last hook)" | jq -c '[.who, keys]')" '["Wang",["say","who"]]'
printf '{"say":{text}}' >"$work/own.json"
assign Wang
answers 6 'one that makes no JSON' ticket notify
git config --unset ticket.webhook.Wang.body
git config ticket.webhook.Wang.kind json
for fault in refuse later away drop half; do
	forget
	mode "$fault"
	answers 6 "a webhook that fails ($fault)" ticket notify --retry
	mode ok
done
forget
ok 'is delivered in the end' ticket notify --retry
same 'once' "$(received hook) $(outbox)" '1 0'

# --- programs of one's own
people program
git config --unset ticket.smtp.url
cat >"$work/bin/send-sms" <<'SH'
#!/bin/sh
cat >>"$SMS_FILE"
echo "args: $*" >>"$SMS_FILE.args"
[ -z "$SMS_FAILS" ] || { echo 'gateway says no' >&2; exit 3; }
SH
chmod +x "$work/bin/send-sms"
export SMS_FILE=$work/sms
git config ticket.email.program "$work/bin/send-sms --to \"a b\" \$(reboot)"
assign Wang
export SMS_FAILS=1
answers 6 'a program that fails' ticket notify
matches 'is heard' 'gateway says no' printf '%s\n' "$out"
unset SMS_FAILS
: >"$SMS_FILE"
ok 'and run again' ticket notify --retry
same 'it gets the message as JSON' "$(jq -c '[.format, .way, .to.name, .to.phone, .tickets]' "$SMS_FILE")" "[1,\"email\",\"Wang\",\"13800000001\",[\"$number\"]]"
same 'its arguments are words, never a shell'"'"'s' "$(tail -1 "$SMS_FILE.args")" 'args: --to a b $(reboot)'
git config ticket.email.program 'sleep 30'
git config ticket.notify.timeout 1s
assign Wang
start=$(date +%s)
answers 6 'a program that hangs' ticket notify
same 'is stopped' "$(($(date +%s) - start < 6))" 1
git config ticket.email.program "$work/bin/nothing-there"
answers 6 'a program that is not there' ticket notify --retry
git config ticket.email.program true
ok 'a program that reads nothing' ticket notify --retry

# What the customer is told goes the way he came.
git config ticket.channel.wechat.program "$work/bin/send-sms"
: >"$SMS_FILE"
ok 'resolve' ticket --as Wang resolve "$number" -m 'a new version is out'
ok 'the customer is told' ticket notify
same 'by his channel' "$(jq -c '[.kind, .way, .channel, .to.name, .body]' "$SMS_FILE")" '["customer","channel","wechat","customer","a new version is out"]'

# --- without the part that links libcurl
people alone
mkdir -p "$work/alone"
cp "$(readlink -f "$program")" "$work/alone/ticket"
assign Wang
answers 6 'without ticket-deliver' "$work/alone/ticket" notify
matches 'the program says what is missing' "ticket-deliver.*build it with libcurl" printf '%s\n' "$out"
ok 'with it, what waited is delivered' ticket notify --retry
same 'once' "$(received mail)" 1

# --- quiet hours
people quiet
at 2026-05-06T22:00:00+08:00
assign 王小明 low
night=$number
assign 王小明 high
ok 'at night' ticket notify
same 'only what is urgent is told' "$(received mail) $(told "$night") $(told "$number")" '1 [] [["王小明","email"]]'
matches 'the rest waits' "$night +assigned +quiet" ticket notify -n
at 2026-05-07T09:00:00+08:00
ok 'in the morning' ticket notify
same 'it is told' "$(told "$night")" '[["王小明","email"]]'
at 2026-05-06T09:30:00+08:00

# --- what cannot be delivered ends some day
people old
git config ticket.smtp.url smtp://127.0.0.1:1
assign Wang
answers 6 'a server that is down for long' ticket notify
at 2026-05-14T09:30:00+08:00
answers 6 'after a week it is given up' ticket notify
matches 'and told' 'given up' printf '%s\n' "$out"
same 'but kept' "$(outbox) $(ls .git/ticket/outbox/failed | wc -l)" '0 1'
at 2026-05-06T09:30:00+08:00

# --- nothing set up, damaged files, nobody
people unset
git config --unset ticket.smtp.url
assign Wang
prints 'nothing set up is no failure, and nothing for cron to mail' '' ticket notify
same 'not a word' "$err" ''
ok 'who looks' ticket notify -n
matches 'is told' '2 notices wait by ways that are not set up here' printf '%s\n' "$err"
at 2026-05-14T09:30:00+08:00
prints 'after a week what nobody can deliver is dropped' '' ticket notify
same 'quietly' "$(outbox) $(ls .git/ticket/outbox/failed)" '0 '
at 2026-05-06T09:30:00+08:00
assign Wang
git config ticket.smtp.url "smtp://127.0.0.1:$plain"
printf '{"format":1' >.git/ticket/outbox/00112233445566778899aabbccddeeff.json
answers 7 'a damaged notice is told' ticket notify
same 'and keeps nobody from the others' "$(received mail) $(told "$number")" '1 [["Wang","email"]]'
same 'it is set aside' "$(ls .git/ticket/outbox/failed)" '00112233445566778899aabbccddeeff.json'
ok 'then all is well' ticket notify
git config ticket.smtp.url http://127.0.0.1
refused 2 "ticket: git configuration ticket.smtp.url: 'http://127.0.0.1' must begin with smtp:// or smtps://" ticket notify
git config ticket.smtp.url "smtp://127.0.0.1:$plain"
unset TICKET_AS
refused 3 "ticket: nobody knows who delivers; say it with --as PERSON, or: git config user.name 'Service desk'" ticket notify
export TICKET_AS=Li

# The stamp is lost, or of another history: what was told stays told.
people stamp
assign Wang
ok 'told' ticket notify
rm .git/ticket/outbox/stamp
ok 'without a stamp' ticket notify
printf '%040d\n' 7 >.git/ticket/outbox/stamp
ok 'with one that leads nowhere' ticket notify
same 'nothing comes twice' "$(received mail) $(cat .git/ticket/outbox/stamp)" "1 $(git rev-parse HEAD)"

# --- the sweep: what it recorded is owed, an outage of a day comes as one message
people sweep
at 2026-05-06T09:30:00+08:00
assign Wang high
one=$number
assign Wang high
ok 'told of both' ticket notify -q
forget
at 2026-05-07T09:30:00+08:00
ok 'a sweep after a day' ticket check
ok 'its notices' ticket notify
steps=$(ticket show --json "$one" | jq -c '[.tickets[0].events[] | select(.step != null and (.step | startswith("ladder:")) and .do != "notified") | .step] | unique | length')
same 'more than one step each' "$([ "$steps" -gt 1 ] && echo yes)" yes
same 'are one mail to each' "$(grep -h X-Envelope "$servers"/mail/* | tr -d '\r' | sort | uniq -c | awk '{print $1, $4}' | sort | tr '\n' ' ')" '1 li@example.org 1 wang@example.org '
json 'each step told is an event with its clock' '[.tickets[0].events[] | select(.do=="notified" and .step=="ladder:overdue" and .clock=="first_response") | [.to, .via]] | sort' \
	'[["Li","email"],["Wang","email"]]' ticket show --json "$one"
before=$(git rev-parse HEAD)
ok 'a second sweep' ticket check
prints 'owes nothing more' '' ticket notify -q
same 'and records nothing' "$(git rev-parse HEAD) $(received mail)" "$before 2"
# By sms what only the ladder may send: waits until a gateway is set up, then goes out.
json 'a way that is not set up waits' '[.notices[] | select(.outcome == "not set up") | .way] | unique' '["sms","webhook"]' ticket notify -n --json
git config ticket.sms.program "$work/bin/send-sms"
: >"$SMS_FILE"
ok 'and is used once it is' ticket notify
same 'urgent, with the number to call' "$(jq -c '[.way, .urgent, .to.name]' "$SMS_FILE" | sort -u)" '["sms",true,"Li"]'
