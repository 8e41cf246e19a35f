# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Lists: queries, order, columns, revisions; what is refused; an index that is old, damaged, foreign, gone or not to be written.
. "$(dirname "$0")/harness.sh"
history=bent

desk list --policy multichannel
at 2026-05-01T09:00:00+08:00
ok 'a complaint' ticket new -c wechat -t complaint/quality -p high --name 张三 -m '手机坏了，要求退款'
ok 'an inquiry' ticket new -c app -t inquiry/policy -p low --name Smith -m 'How long is the warranty?'
ok 'a malfunction' ticket new -c website -t malfunction/login -p medium --name Jones -m 'Cannot log in'
at 2026-05-01T09:30:00+08:00
ok 'one is taken' ticket --as Wang assign WX-20260501-001 --claim
at 2026-05-02T09:30:00+08:00

prints 'the newest first' 'WX-20260501-001
WEB-20260501-001
APP-20260501-001' ticket list -q
prints 'by state' 'WX-20260501-001' ticket list -q state:assigned
prints 'not that state' 'WEB-20260501-001
APP-20260501-001' ticket list -q -state:assigned
prints 'me' 'WX-20260501-001' ticket --as Wang list -q assignee:me
prints 'nobody' 'WEB-20260501-001
APP-20260501-001' ticket list -q no:assignee
prints 'overdue' 'WX-20260501-001' ticket list -q overdue
prints 'before its deadline it is not overdue' '' ticket --now 2026-05-01T09:30:00+08:00 list -q overdue
prints 'a label' 'WX-20260501-001' ticket list -q channel:公众号
prints 'a phrase' 'APP-20260501-001' ticket list -q 'the warranty'
prints 'several terms in one word' 'WEB-20260501-001' ticket list -q 'state:new priority:medium'
prints 'values are bound, never pasted' '' ticket list -q "category:=x' OR '1'='1"
prints 'and stand for themselves' '' ticket list -q '%' text:_
prints 'a saved query' 'WEB-20260501-001
APP-20260501-001' ticket list -q @unassigned
prints 'by priority' 'WX-20260501-001
WEB-20260501-001
APP-20260501-001' ticket list -q --sort priority
prints 'and the other way round' 'APP-20260501-001
WEB-20260501-001
WX-20260501-001' ticket list -q --sort -priority
prints 'so many' 'WX-20260501-001' ticket list -q --limit 1
prints 'received in a range' '' ticket list -q --day 2026-05-02
prints 'of the first day' '3' sh -c 'ticket list -q --month 2026-05 | wc -l'
prints 'columns' 'number,state,overdue
WX-20260501-001,assigned,true' ticket list --format csv --columns number,state,overdue state:assigned
json 'data' '.tickets[0] | [.number, .status, .types, .priority, .overdue, .level]' '["WX-20260501-001","to_do",["complaint/quality"],"high",true,0]' \
	ticket list --json state:assigned
json 'nothing is an empty list' . '{"format":1,"tickets":[]}' ticket list --json state:archived
prints 'as of an earlier revision' '3' sh -c 'ticket list -q --at HEAD state:open | wc -l'
prints 'before it was assigned' '3' sh -c 'ticket list -q --at HEAD~1 state:new | wc -l'
prints 'as of a time' 'WX-20260501-001' ticket list -q --at 2026-05-01T09:30:00+08:00 -state:new

prints 'what is nearly a term is found nowhere' '' ticket list overdu
same 'and is said to be' "$err" "'overdu' was looked for as text; did you mean 'overdue'?
"
for format in json csv md; do
	same "a failure is no empty answer in $format" "$(ticket list --format $format --at nosuch 2>/dev/null; echo $?)" 4
done
refused 2 "ticket: 'State' is no field of a query; did you mean 'state:'? To look for the text itself write text:'State:open'" ticket list State:open
refused 2 "ticket: 'opne' is no state; did you mean 'open'? There are: new, triaged, assigned, in_progress, waiting, resolved, confirmed, verified, archived, merged, open, done, closed" ticket list state:opne
refused 2 "ticket: 'stat' is no field of a query; did you mean 'state:'? To look for the text itself write text:'stat:open'" ticket list stat:open
refused 2 "ticket: 'urgent' is no priority; there are: high, medium, low" ticket list priority:urgent

# The index is never the truth: whatever happens to it, the answers stay.
export GIT_AUTHOR_NAME=Li GIT_AUTHOR_EMAIL=li@example.org GIT_COMMITTER_NAME=Li GIT_COMMITTER_EMAIL=li@example.org
index=$(git rev-parse --git-dir)/ticket/index.db
want=$(ticket list --json)
same_answer() {
	same "$1" "$(ticket list --json 2>&1)" "$want"
}
rm -f "$index" "$index"-journal
same_answer 'without an index'
printf 'nonsense' >"$index"
same_answer 'with a file that is no database'
[ -e "$index.damaged" ]
same 'which was set aside' $? 0
sqlite3 "$index" 'PRAGMA application_id = 1' 2>/dev/null && same_answer 'with a database of somebody else'
head -c 8192 "$index" >"$work/head" && cp "$work/head" "$index"
same_answer 'cut short'
ticket list >/dev/null
printf '%08192d' 7 | dd of="$index" bs=1 seek=20000 conv=notrunc 2>/dev/null
same_answer 'overwritten in the middle'
sqlite3 "$index" 'PRAGMA user_version = 99' 2>/dev/null && same_answer 'of another version'
git commit -q --allow-empty -m 'by hand'
same_answer 'after a commit by hand'
git rm -q tickets/2026/05/01/00/APP-20260501-001.json && git commit -q -m 'removed by hand'
prints 'a ticket removed by hand is gone' '2' sh -c 'ticket list -q | wc -l'
git revert --no-edit HEAD >/dev/null 2>&1
same_answer 'and back after a revert'
git checkout -q HEAD~1
prints 'an older revision checked out' '2' sh -c 'ticket list -q | wc -l'
git checkout -q -
same_answer 'and the branch again'
git worktree add -q "$work/second" HEAD~1
prints 'a second work tree shows its own' '2' sh -c "ticket -C '$work/second' list -q | wc -l"
same_answer 'and the first its own'
git worktree remove --force "$work/second"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	rm -f "$index"
	chmod -R go+rX "$work"
	chmod go+rx "$work"
	mkdir "$work/guest"
	printf '[safe]\n\tdirectory = %s\n' "$PWD" >"$work/guest/.gitconfig"
	same 'somebody else may read it, without an index' \
		"$(setpriv --reuid 65534 --clear-groups env -u GIT_CONFIG_GLOBAL -u XDG_CONFIG_HOME HOME="$work/guest" "$program" list --json 2>&1)" "$want"
else
	skip 'somebody else may read it, without an index' 'needs root'
fi
# Files of 4 KB at most: writing the index fails like on a full disk.
rm -f "$index"
same 'a full disk' "$(ulimit -f 8; trap '' XFSZ; ticket list --json 2>&1)" "$want"
same_answer 'and room again'

# fsck finds an index that says something else than the desk, and mends it.
if command -v sqlite3 >/dev/null; then
	sqlite3 "$index" "UPDATE tickets SET priority = 'low' WHERE id = 'WX-20260501-001'"
	answers 1 'fsck finds a wrong row' ticket fsck
	matches 'and says which' 'WX-20260501-001: the index has another priority' printf '%s\n' "$out$err"
	ok 'fsck mends it' ticket fsck --repair
	same_answer 'so that it is right again'
fi
