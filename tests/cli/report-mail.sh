#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Reports by mail: to whom they should, once, as files that open, through quiet hours and servers that are down.
. "$(dirname "$0")/harness.sh"

python=/usr/bin/python3
desk monthly --policy satisfaction
"$python" "$top/tests/cli/report_data.py" policy/policy.json "$work/rows.jsonl" "$work/map.json" 40
at 2026-05-02T09:00:00+08:00
ok 'tickets' ticket import "$work/rows.jsonl" --map "$work/map.json"
jq '.people = [
	{"name":"Li","email":"li@example.org","roles":["supervisor"]},
	{"name":"王小明","email":"ming@example.org","roles":["supervisor"],"calendar":"office"},
	{"name":"Zhao","roles":["analyst"]}, {"name":"Wang"}, {"name":"李晓明"}, {"name":"陈思"}]' policy/policy.json >"$work/policy.json" && mv "$work/policy.json" policy/policy.json
git -c user.name=Li -c user.email=li@example.org commit -qam 'people'
ticket notify -q >/dev/null 2>&1
outbox=.git/ticket/outbox
waiting() {
	find $outbox -maxdepth 1 -name '*.json' -exec jq -r 'select(.kind == "report") | .to' {} + | sort | tr '\n' ' '
}

# --- who
refused 4 "ticket: 'role:captain' is nobody of the policy; see: ticket policy show" ticket report summary --mail role:captain
refused 4 "ticket: the policy has no mail address of 'Zhao'; add it there, or give the address itself" ticket report summary --mail role:supervisor --mail Zhao
refused 4 "ticket: 'Nobody' is nobody of the policy and no mail address; name a person, 'role:supervisor', 'group:it' or an address" ticket report summary --mail Nobody
refused 4 "ticket: 'a@example.org,b@example.org' is nobody of the policy and no mail address; name a person, 'role:supervisor', 'group:it' or an address" ticket report summary --mail a@example.org,b@example.org
refused 2 "ticket: --mail and -o don't go together; a report is sent or written to a file" ticket report summary --mail Li -o "$work/x.html"
before=$(git rev-parse HEAD)
ok 'a dry run' ticket report summary --month 2026-04 --mail role:supervisor -n
same 'says who would get it, and nothing is done' "$err $(waiting)$(git rev-parse HEAD)" "summary-2026-04-01-2026-04-30.html would go to Li, 王小明
 $before"

# --- into the outbox, once
prints 'not a word, for cron' '' ticket report summary --month 2026-04 --mail role:supervisor --mail li@example.org --mail boss@example.com
same 'each once' "$(waiting)" 'Li boss@example.com 王小明 '
same 'the journal says that it was handed in, and to whom, addresses masked' \
	"$(ticket journal --act reported --json | jq -c '.. | objects | select(.act == "reported") | [.by, .subject, .from, .until, .text, .values]' | head -1)" \
	'["Li","summary","2026-04-01T00:00:00+08:00","2026-05-01T00:00:00+08:00","Li, 王小明, b***@example.com","how=mail format=html"]'
ids=$(ls $outbox/*.json)
at 2026-05-02T09:00:07+08:00
ok 'cron runs it once more' ticket report summary --month 2026-04 --mail role:supervisor --mail boss@example.com
same 'the same figures are the same mail' "$(ls $outbox/*.json)" "$ids"

if ! "$python" -c 'import aiosmtpd' 2>/dev/null || [ ! -x "$(dirname "$(readlink -f "$program")")/../libexec/ticket-deliver" ]; then
	skip 'delivery of reports' 'no python3-aiosmtpd, or built without libcurl'
	exit 0
fi
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY

# --- out to a server
servers=$work/servers
mkdir "$servers"
for name in good wrong; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout "$servers/$name.key" -out "$servers/$name.pem" 2>/dev/null
done
echo later >"$servers/mode"
"$python" "$top/tests/cli/notify_servers.py" "$servers" 2>"$servers/log" &
servers_pid=$!
trap 'kill $servers_pid; finish' EXIT
for _ in $(seq 200); do
	[ -e "$servers/ports" ] && break
	sleep 0.05
done
. "$servers/ports"
git config ticket.smtp.url "smtp://127.0.0.1:$plain"
git config ticket.smtp.from desk@example.com
git config ticket.notify.timeout 5s
look() { # every mail that came: who got it, its id, subject, text, file
	"$python" - "$servers"/mail/* <<-'P'
		import email, email.policy, hashlib, json, sys
		for name in sys.argv[1:]:
		    m = email.message_from_binary_file(open(name, "rb"), policy=email.policy.default)
		    files = [[p.get_filename(), p.get_content_type(), hashlib.sha256(p.get_payload(decode=True)).hexdigest()] for p in m.iter_attachments()]
		    print(json.dumps({"to": m["X-Envelope"].split()[1], "id": m["Message-ID"], "subject": m["Subject"], "text": m.get_body(("plain",)).get_content(),
		        "files": files, "robot": m["Auto-Submitted"], "long": max(map(len, open(name, "rb").read().split(b"\r\n"))), "defects": len(m.defects)}, ensure_ascii=False))
	P
}
answers 6 'a server that has no time' ticket notify
same 'keeps nothing' "$(find "$servers/mail" -type f | wc -l) $(waiting)" '0 Li boss@example.com 王小明 '
echo ok >"$servers/mode"
at 2026-05-02T10:00:00+08:00
ok 'later' ticket notify --retry
look >"$work/mails"
same 'two have it; who is not at work has not' "$(jq -rs 'map(.to) | sort | join(" ")' "$work/mails")|$(waiting)" 'boss@example.com li@example.org|王小明 '
same 'the id that it had from the start' "$(jq -rs 'map(.id) | sort | .[]' "$work/mails" | sed 's/^<\(.*\)@.*/\1/' | while read -r id; do grep -c "$id" <<<"$ids"; done | tr '\n' ' ')" '1 1 '
same 'a subject in the desk'"'"'s language' "$(jq -r .subject "$work/mails" | sort -u)" '总览 · 2026-04-01 – 2026-04-30 · 客户服务标准流程与满意度闭环'
totals=$(jq -rs '.[0].text' "$work/mails" | grep -c '^受理总数：[0-9]*（上期 [0-9]*）')
same 'the totals in the mail itself' "$totals" 1
same 'one file, a page' "$(jq -c '[.files[0][:2], (.files | length), .robot, .defects]' "$work/mails" | sort -u)" '[["summary-2026-04-01-2026-04-30.html","text/html"],1,"auto-generated",0]'
same 'that is the report, byte for byte' "$(jq -r '.files[0][2]' "$work/mails" | sort -u)" \
	"$(at 2026-05-02T09:00:00+08:00; LC_ALL=zh_CN.UTF-8 ticket report summary --month 2026-04 --format html 2>/dev/null | sha256sum | cut -d' ' -f1)"
same 'no line is too long' "$(jq -s 'map(.long) | max < 79' "$work/mails")" true
at 2026-05-06T09:30:00+08:00
ok 'on the next working day' ticket notify
same 'the third has it too' "$(look | jq -rs 'map(.to) | sort | join(" ")')|$(waiting)" 'boss@example.com li@example.org ming@example.org|'

# --- other files
rm "$servers"/mail/*
ok 'tickets behind the figures' ticket report summary --month 2026-04 --rows --section totals --mail Li
ok 'a table' ticket report tracking --month 2026-04 --format csv --mail Li
same 'each is a file of its kind' "$(ticket notify >/dev/null; look | jq -c '.files[0][:2]' | sort)" \
	'["summary-2026-04-01-2026-04-30-tickets.csv","text/csv"]
["tracking-2026-04-01-2026-04-30.csv","text/csv"]'
if [ -x "$(dirname "$(readlink -f "$program")")/../libexec/ticket-xlsx" ]; then
	rm "$servers"/mail/*
	ok 'a workbook' ticket report summary --month 2026-04 --format xlsx --mail Li
	same 'arrives whole' "$(ticket notify >/dev/null; look | jq -r '.files[0][2]')" "$(LC_ALL=zh_CN.UTF-8 ticket report summary --month 2026-04 --format xlsx 2>/dev/null | sha256sum | cut -d' ' -f1)"
else
	skip 'workbooks by mail' 'built without libxlsxwriter'
fi
# Masked as everywhere: neither the mails nor what waits holds a customer's number or whole name.
same 'nothing in clear' "$(cat "$servers"/mail/* | grep -cE '13800000[0-9]{3}')$(grep -lE '13800000[0-9]{3}' $outbox/*.json $outbox/failed/* 2>/dev/null)" 0
# A program of one's own gets the file with the message.
cat >"$work/bin/send-mail" <<'SH'
#!/bin/sh
cat >"$MAIL_FILE"
SH
chmod +x "$work/bin/send-mail"
export MAIL_FILE=$work/sent
git config ticket.email.program "$work/bin/send-mail"
ok 'by a program of one'"'"'s own' ticket report trend --month 2026-04 --format json --mail boss@example.com
ok 'that gets it' ticket notify
same 'with the file' "$(jq -r '[.kind, .to.email, .file.name] | join(" ")' "$MAIL_FILE") $(jq -r .file.data "$MAIL_FILE" | base64 -d | jq -r .report.name)" 'report boss@example.com trend-2026-04-01-2026-04-30.json trend'

# --- the lines of the example for cron are commands that can be run
while read -r minute hour day month weekday line; do
	ok "the line of the crontab: ${line#* report }" env PATH="$PATH" sh -c "cd '$PWD' && ${line//\/srv\/desk/$PWD}"
done < <(grep -v '^#' "$top/docs/examples/crontab-reports" | grep .)
same 'three reports, of week and month, for two people' "$(grep -cE '^[0-9*]+ [0-9*]+ [0-9*]+ [0-9*]+ [0-9*]+ ticket ' "$top/docs/examples/crontab-reports") $(grep -l '"kind": *"report"' $outbox/*.json | wc -l)" '3 6'
