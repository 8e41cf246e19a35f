# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Surveys: anonymous answers, questionnaires, the second attempt, low scores and what becomes of them (B5–B9, C11, D10, E8).
. "$(dirname "$0")/harness.sh"
history=bent

# opens N: N confirmed tickets, their numbers in $ids.
opens() {
	local i
	ids=()
	for i in $(seq "$1"); do
		ids+=("$(ticket new -q -c phone -t complaint -k delivery -p 3 -m "matter $i" 2>/dev/null || ticket new -q -c phone -t complaint -p 3 -m "matter $i")")
	done
	ticket assign "${ids[@]}" Li >/dev/null
	ticket respond "${ids[@]}" -m 'we are at it' >/dev/null
	ticket plan "${ids[@]}" -m 'a plan' --owner Li --due +1d >/dev/null
	ticket resolve "${ids[@]}" -m 'done' >/dev/null
	ticket confirm "${ids[@]}" >/dev/null
}
# rules FILTER: changes the policy by a jq filter.
rules() {
	jq "$1" policy/policy.json >p.json && mv p.json policy/policy.json
	git -c user.name=Admin -c user.email=admin@example.org commit -qam 'change the rules'
}
surveys_of() { # the survey's steps on a ticket
	ticket show --json "$1" | jq -c '[.tickets[0].events[] | select(.do == "survey") | .step]'
}
# Everything that lies in the repository, unpacked: objects, and what is private beside history but for the box itself.
everything() {
	git cat-file --batch-all-objects --batch-check | awk '$2 != "tree" { print $1 }' | git cat-file --batch
	find .git -type f ! -path '.git/objects/*' ! -name 'ballots' -exec cat {} +
}

# --- twelve answers without a name (B6)
desk anonymous --policy satisfaction
at 2026-05-06T09:30:00+08:00
opens 12
ok 'a sweep' ticket check
prints 'a survey is asked of nobody twice' '' ticket check
same 'the sweep has sent the surveys, by the channel the customers came by' \
	"$(ticket show --json "${ids[@]}" | jq -c '[.tickets[].events[] | select(.do == "survey") | [.step, .via, .automatic, .due]] | unique')" \
	'[["sent","phone",true,"2026-05-08T09:30:00+08:00"]]'
at 2026-05-06T10:00:00+08:00
head=$(git rev-parse HEAD)
ok 'a dry run takes nothing' ticket survey "${ids[0]}" --answer speed=1,attitude=1,effect=1 -m 'zzdry' -n
same 'a dry run leaves no trace' "$(git rev-parse HEAD) $(ls .git/ticket/ballots* 2>/dev/null)" "$head "
said=(处理速度太慢 希望处理速度快一点 退货流程太复杂 退货流程看不懂 处理速度慢 短信通知一下进度 短信通知进度 态度很好 处理速度还可以 zzunique '' '')
for i in 0 1 2 3 4 5 6 7 8 9 10; do
	at "2026-05-06T10:$((10 + i)):00+08:00"
	# The questions are typed in another order each time: the order must not tell.
	answers=(speed=$((i % 3 + 1)) attitude=$((i % 2 + 4)) effect=$((i % 5 + 1)))
	ticket survey "${ids[i]}" --answer "${answers[i % 3]},${answers[(i + 1) % 3]},${answers[(i + 2) % 3]}" ${said[i]:+-m "${said[i]}"} >/dev/null
done
same 'on the tickets stands that there was an answer' \
	"$(ticket show --json "${ids[@]}" | jq -c '[.tickets[].events[] | select(.do == "survey" and .step == "answered") | keys_unsorted - ["id", "recorded", "by", "at"]] | unique')" '[["do","step"]]'
same 'no answer is in any object, nor beside history' "$(everything | grep -acE 'zzunique|退货流程|处理速度|"(speed|attitude|effect)":"[1-5]"')" 0
same 'the box is sorted, without tickets and times, for its owner alone, and of no age' \
	"$(jq -c '[keys_unsorted, (.answers | length), (.suggestions == (.suggestions | sort)), ([.answers[] | keys_unsorted[]] | unique), ([.answers[].scores | keys_unsorted | join(" ")] | unique)]' .git/ticket/ballots) $(stat -c '%a %Y' .git/ticket/ballots)" \
	'[["format","due","answers","suggestions"],11,true,["scores"],["speed attitude effect"]] 600 0'
json 'nothing came out of the box yet, and the report says so' '[.report.sections[0] | (.rows | map({(.figure): .value}) | add | .answered, (.response_rate * 12 | round), .unnamed, .score_mean), .notes[0]]' \
	'[11,11,0,null,"Answers held back in the ballot box: 11. Groups of at least 5 come out of it at the end of a week."]' ticket report csat --json
refused 3 "ticket: '${ids[0]}': its survey has been answered; without names no answer can be taken back for another" ticket survey "${ids[0]}" --answer speed=5
at 2026-05-06T11:00:00+08:00
ok 'before the end of the week the sweep leaves the box alone' ticket check
[ ! -e surveys ] && pass 'no group' || fail 'no group' "$(ls -R surveys)"
at 2026-05-11T00:10:00+08:00
ok 'after it' ticket check
group=$(find surveys -name '*.json')
same 'one file with all of them comes out, of the week that has ended' "$(jq -c '[.to, (.answers | length), (.answers == (.answers | sort_by(.scores | [.speed, .attitude, .effect]))), (.suggestions | length)]' "$group") ${group:0:24}" \
	'["2026-05-10",11,true,10] surveys/2026/2026-05-10-'
json 'the figures' '.report.sections | [.[0].rows | map({(.figure): .value}) | add | .unnamed, .named, (.score_mean * 33 | round), .low, (.response_rate * 12 | round)], [.[2].rows[] | .question, .answers]' \
	'[11,0,101,11,11]
["speed",11,"attitude",11,"effect",11]' ticket report csat --json
json 'what is said again and again, in Chinese' '[.report.sections[] | select(.name == "suggestions").rows[] | [.phrase, .answers]][:3]' '[["处理速度",4],["短信通知",2],["退货流程",2]]' ticket report csat --json
matches 'means and questions of all reports take them' 'score_mean,3\.0606' ticket report summary --format csv
json 'standards too' '[.report.sections[0].rows[] | select(.standard == "score_by_question") | .group, .verdict]' '["speed","not_met","attitude","met","effect","not_met"]' ticket report standards --json
json 'narrowed to tickets none is counted' '[.report.sections[0].rows[] | select(.figure == "unnamed" or .figure == "score_mean").value]' '[null,null]' ticket report csat --json state:confirmed
json 'nor is part of a group: its last day counts' '[.report.sections[0].rows[] | select(.figure == "unnamed").value]' '[0]' ticket report csat --json --since 2026-05-01 --until 2026-05-09
json 'questions that stay low' '[.report.sections[] | select(.name == "question_weeks").rows[] | [.question, .latest == null, .low_weeks, .verdict]]' \
	'[["speed",false,1,"low"],["attitude",false,0,"good"],["effect",false,1,"low"]]' ticket report improvement --json
# Every face of every report, and the export: a line with a ticket's number says nothing of an answer.
for report in $(ticket report --list --format csv | tail -n +2 | cut -d, -f1); do
	for format in table csv jsonl; do
		ticket report "$report" --format "$format"
	done
	ticket report "$report" --rows
done >"$work/faces" 2>/dev/null
ticket export --format jsonl >>"$work/faces"
ticket export --format csv >>"$work/faces"
ticket log >>"$work/faces"
for id in "${ids[@]}"; do ticket log "$id"; ticket show "$id"; done >>"$work/faces"
ticket search zzunique >>"$work/faces" 2>/dev/null
grep -aE "$(IFS='|'; echo "${ids[*]}")" "$work/faces" >"$work/named"
same 'nothing joins an answer to a ticket' "$([ -s "$work/named" ] && grep -acE 'zzunique|退货流程|处理速度|短信通知|态度很好|(speed|attitude|effect)[" :=]*[1-5]\b' "$work/named")" 0
matches 'the words themselves are told' zzunique cat "$work/faces" "$group"

# --- whoever moves answers between tickets changes nothing
played() { # NAME ORDER…: a desk whose tickets are answered with the given scores in turn
	local folder=$1 i=0 score
	shift
	desk "$folder" --policy satisfaction >&2
	at 2026-05-06T09:30:00+08:00
	opens 6
	for score in "$@"; do
		at "2026-05-06T10:$((10 + i)):00+08:00"
		ticket survey "${ids[i]}" --answer "speed=$score" -m "words of $score" >/dev/null
		i=$((i + 1))
	done
	at 2026-05-06T12:00:00+08:00
	ticket survey --release >/dev/null
	git log --format='%an %ae %ad %cn %cd %s%n%b' --name-only
	git grep -h '' HEAD -- tickets surveys
}
hide() {
	sed -E 's/"(id|uid|policy)":? ?"[0-9a-f]+"/\1/g; s/^(Event: .*) [0-9a-f]{16}$/\1/; s/(2026-05-06-)[0-9a-f]{16}/\1/'
}
one=$(played one 1 2 3 4 5 3 | hide)
two=$(played two 3 5 1 3 4 2 | hide)
same 'two desks with the answers on other tickets cannot be told apart' "$(diff <(echo "$one") <(echo "$two"))" ''
[ "$(wc -l <<<"$one")" -gt 200 ] && pass 'though there is much to compare' || fail 'though there is much to compare' "$one"

# --- groups that are too small; by category only where there are enough of it
desk small --policy satisfaction
at 2026-05-06T09:30:00+08:00
rules '.survey.period = null | del(.survey.period) | .categories = [{"name":"delivery","labels":{"en":"d","zh":"d"}},{"name":"price","labels":{"en":"p","zh":"p"}}]'
opens 10
ticket quarantine "${ids[9]}" --cause entry -m x >/dev/null
ticket survey "${ids[0]}" "${ids[1]}" "${ids[2]}" "${ids[3]}" --answer speed=2 >/dev/null
answers 1 'four are no group' ticket survey --release
same 'and it says how many there are' "${err%$'\n'}" 'ticket: the ballot box holds 4 of the 5 answers that make a group; nothing comes out of it'
cp -p .git/ticket/ballots "$work/before"
ok 'the sweep leaves them, too' ticket check
cmp -s .git/ticket/ballots "$work/before" && [ ! -e surveys ] && pass 'in the box' || fail 'in the box'
ok 'with the next ones' ticket survey "${ids[4]}" "${ids[5]}" "${ids[6]}" --answer speed=4
ok 'they are enough' ticket check
same 'a category that all have is shown' "$(jq -c '[.answers[].category] | unique' surveys/*/*.json)" '["delivery"]'
ok 'what is left waits' ticket survey "${ids[7]}" --answer speed=1

# --- a kill between the commit and the box (the file that waits says for what)
event=$(ticket show --json "${ids[7]}" | jq -r '.tickets[0].events[-1].id')
waits() { # EVENT SCORE
	jq -n --arg t "${ids[7]}" --arg e "$1" --arg s "$2" '{format: 1, awaits: {ticket: $t, event: $e}, answers: [{scores: {speed: "1"}}, {scores: {speed: $s}}]}' >.git/ticket/ballots.waiting
}
waits 0123456789abcdef 5
answers 1 'what was not committed is taken back' ticket survey --release
same 'the box is as it was' "$(jq -c '[.answers[].scores.speed]' .git/ticket/ballots) $(ls .git/ticket/ballots*)" '["1"] .git/ticket/ballots'
waits "$event" 4
ok 'what was committed is finished' ticket note "${ids[8]}" -m x
answers 1 'by whoever looks into the box' ticket survey --release
same 'the box has it' "$(jq -c '[.answers[].scores.speed]' .git/ticket/ballots) $(ls .git/ticket/ballots*)" '["1","4"] .git/ticket/ballots'
echo broken >.git/ticket/ballots
answers 7 'a damaged box takes no answer' ticket survey "${ids[8]}" --answer speed=3
same 'and no commit is made' "$(surveys_of "${ids[8]}")" '["sent"]'
answers 1 'fsck finds it' ticket fsck
rm .git/ticket/ballots

# --- questionnaires and codes
desk paper --policy satisfaction
at 2026-05-06T10:00:00+08:00
rules '.people = [{"name":"Li","email":"li@example.org","roles":["agent"]},{"name":"Chen","email":"chen@example.org","roles":["supervisor"]}]'
opens 6
ticket check >/dev/null
code() { # of which ticket: what its notice to the customer says
	jq -r --arg t "${ids[$1]}" 'select(.ticket == $t and .to == "customer" and .rule == "survey").body' .git/ticket/outbox/*.json | sed -n 's/^问卷编号: //p'
}
a=$(code 0) b=$(code 1) c=$(code 2)
matches 'the code is one of its own' '^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$' printf '%s\n' "$a"
refused 3 "ticket: the questionnaire '$a' cannot be taken: its survey is over, or it is for somebody else to enter" ticket survey "$a" --answer speed=5
refused 3 "ticket: '${ids[0]}': 'Li' had a hand in it; 'survey' is for somebody else" ticket survey "${ids[0]}" --answer speed=5
export TICKET_AS=Chen
at 2026-05-06T12:00:00+08:00
cat >"$work/forms.txt" <<EOF
questionnaire: ${a,,}
# 5 very satisfied
Speed of response (1-5): 4
Attitude (1-5): __5__
Effect of the solution (1-5): __
suggestion: faster please
and once more: faster

问卷编号：${b//-/ }
响应速度（1-5）：２
服务态度 (1-5): 满意
**解决效果** (1-5)：1
意见建议：${said[2]} 13812345678
是否同意联系 (是/否): 否
---
questionnaire: ${ids[3]}
speed: 1
contact (yes/no): yes
suggestion: call me

questionnaire: ${ids[4]}
speed: __
suggestion: ____
EOF
prints 'three of four were filled in' "${a,,}: the answer is taken
${b//-/ }: the answer is taken
${ids[3]}: survey (Resolved, confirmed by the customer, Li)" ticket survey --from "$work/forms.txt"
same 'what they say is in the box, masked' "$(jq -c '[.answers[].scores], .suggestions' .git/ticket/ballots)" '[{"speed":"2","attitude":"4","effect":"1"},{"speed":"4","attitude":"5"}]
["faster please\nand once more: faster","退货流程太复杂 138****5678"]'
same 'a code is used once, and then leads nowhere' "$(cat .git/ticket/surveys/codes/* .git/ticket/surveys/tickets/* | grep -cE "$a|$b|${ids[0]}|${ids[1]}")" 0
answers 4 'by nobody' ticket survey "$a" --answer speed=1
same 'as if it never was' "${err%$'\n'}" "ticket: nobody has the questionnaire '$a': it was used already, or its survey is over"
printf '%s\n' 'questionnaire,speed,意见建议,Attitude' "$c,3,\"too, slow\",9" >"$work/forms.csv"
refused 2 "ticket: $work/forms.csv:2: '9' is no score for 'attitude'; the scale runs from 1 to 5" ticket survey --from "$work/forms.csv"
printf '%s\n' '问卷编号,响应速度,意见建议,备注' "$c,3,慢,x" | iconv -t gb18030 >"$work/forms.csv"
ok 'as a table, in Chinese, as spreadsheets write it' ticket survey --from "$work/forms.csv" -q
printf 'questionnaire: %s\nspede: 1\n' "${ids[5]}" >"$work/wrong.txt"
refused 2 "ticket: $work/wrong.txt:2: 'spede: 1' asks nothing that this desk asks; a remark begins with '#'" ticket survey --from "$work/wrong.txt"
printf 'speed: 1\n' >"$work/wrong.txt"
refused 2 "ticket: $work/wrong.txt:1: an answer before the first line 'questionnaire: …', which says whose it is" ticket survey --from "$work/wrong.txt"

# --- by name: a low score, the contact, the cause (B7, B8)
json 'an answer with a name stands on its ticket' '[.tickets[0].events[-1] | .scores, .text, .contact], [.tickets[0].clocks[] | select(.target == "low_contact") | .due]' \
	'[{"speed":"1"},"call me",true]
["2026-05-08T12:00:00+08:00"]' ticket show --json "${ids[3]}"
refused 2 'ticket: --contact goes with an answer: --answer KEY=SCORE,... --contact' ticket survey "${ids[4]}" --sent --contact
at 2026-05-07T10:00:00+08:00
call ticket followup "${ids[3]}" -m 'nobody rang back' --cause slow --satisfied fairly
same 'the cause is of the list' "$code" 3
ok 'contacted' ticket followup "${ids[3]}" -m 'nobody rang back' --cause process --satisfied fairly
json 'what was done about it' '[.report.sections[] | select(.name == "low_scores").rows[] | .number, .score, .said, .followed_up, .contacted, .cause, .done, .satisfied]' \
	"[\"${ids[3]}\",1,\"call me\",\"yes\",\"2026-05-07T10:00:00+08:00\",\"process\",\"nobody rang back\",\"fairly\"]" ticket report csat --json
ticket survey "${ids[4]}" "${ids[5]}" --answer speed=5,attitude=4 >/dev/null
prints 'five are a group' '5 answers came out of the ballot box' ticket survey --release
ticket check >/dev/null
same 'the supervisor is told of its low scores, by figures' "$(jq -rs '[.[] | select(.key // "" | startswith("survey:"))] | [length, .[0].to, (.[0] | has("ticket")), (.[0].body | test("5 份匿名答复中有 2 份低分")), (.[0].body | test("2026050600|退货"))] | @json' .git/ticket/outbox/*.json)" '[1,"Chen",false,true,false]'
sed -i 's/"answers":/"answers" :/' "$(find surveys -name '*.json')" # changed by hand, and committed
git -c user.name=x -c user.email=x@y commit -qam x
answers 1 'fsck finds a group that is not written as it came out' ticket fsck
git -c user.name=x -c user.email=x@y revert --no-edit HEAD >/dev/null
unset TICKET_AS
export TICKET_AS=Li

# --- a second attempt, and the end (D10)
desk second --policy multichannel
at 2026-05-06T09:00:00+08:00
t=$(ticket new -q -c wechat -t complaint/quality -p medium --name 赵六 --contact 13811112222 -m '坏了')
ticket assign "$t" Li >/dev/null
ticket respond "$t" -m '好' >/dev/null
ticket resolve "$t" -m '已换' >/dev/null
refused 3 "ticket: '$t': the customer was never asked; send the survey first: ticket survey $t --sent" ticket survey "$t" --no-answer
ok 'sent by another channel' ticket survey "$t" --sent --via app
refused 3 "ticket: '$t': the customer was asked only once; ask a second time first: ticket survey $t --sent" ticket survey "$t" --no-answer
matches 'what will come is shown' 'survey:sent' ticket check --within 30h
at 2026-05-07T08:59:59+08:00
ticket check >/dev/null
same 'not yet' "$(surveys_of "$t")" '["sent"]'
at 2026-05-07T09:00:00+08:00
matches 'after a day the sweep asks again' 'survey:sent' ticket check
prints 'once' '' ticket check
json 'by the same channel' '[.tickets[0].events[] | select(.do == "survey") | [.step, .via, .due]]' \
	'[["sent","app","2026-05-07T09:00:00+08:00"],["sent","app","2026-05-09T09:00:00+08:00"]]' ticket show --json "$t"
same 'the customer is asked by it' "$(jq -rs '[.[] | select(.rule == "survey") | .channel] | unique | join(" ")' .git/ticket/outbox/*.json)" app
rm .git/ticket/index.db .git/ticket/sweep
at 2026-05-09T09:00:30+08:00
matches 'still no answer: closed, also when index and stamp were lost' 'survey:unanswered' ticket check
at 2026-05-12T09:00:00+08:00
prints 'and that is the end' '' ticket check
same 'of three steps' "$(surveys_of "$t")" '["sent","sent","unanswered"]'
ticket reopen "$t" --reason again >/dev/null
ticket resolve "$t" -m '又换了' >/dev/null
ticket survey "$t" --sent >/dev/null
at 2026-05-13T09:00:00+08:00
ticket check >/dev/null
same 'after a reopening it begins anew' "$(surveys_of "$t")" '["sent","sent","unanswered","sent","sent"]'
ok 'somebody answers the second time' ticket survey "$t" --answer satisfaction=2
at 2026-05-20T09:00:00+08:00
ticket check >/dev/null
same 'then nothing is due any more' "$(surveys_of "$t")" '["sent","sent","unanswered","sent","sent","answered"]'
