# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hostile input: what customers type, what is planted in a work tree, what is damaged on the disk.
. "$(dirname "$0")/harness.sh"

desk hostile --policy multichannel
id=$(ticket new -c app -m x)

# --- text survives byte for byte
text=$'  first "quoted" line\n\ttab, 全角：ＡＢＣ１２３, e\u0301 combining, \U1F468\u200D\U1F469\u200D\U1F467, \\backslash \\u0041 \\n\nlast line without end'
ticket note "$id" -m "$text" >/dev/null
json 'typed text survives byte for byte' '.tickets[0].events[-1].text' "$(jq -nc --arg t "$text" '$t')" ticket show --json "$id"
printf '%s' "$text" >text
ticket note "$id" -F text >/dev/null
json 'from a file too' '.tickets[0].events[-1].text' "$(jq -nc --arg t "$text" '$t')" ticket show --json "$id"
rm text

# --- what may not be stored
for bad in $'escape \e[2J' $'bell \a' $'c1 \xc2\x9b2J' $'broken \xff\xfe' $'over-long \xc0\xaf' $'surrogate \xed\xa0\x80'; do
	before=$(git rev-parse HEAD)
	call ticket note "$id" -m "$bad"
	same "refused: $(printf %q "$bad")" "$code $(git rev-parse HEAD)" "2 $before"
	call ticket escalate "$id" --reason "$bad"
	same "in any option" "$code $(git rev-parse HEAD)" "2 $before"
done
printf 'a\0b' >nul
call ticket note "$id" -F nul
same 'a NUL in a file' "$code" 2
rm nul

# --- nothing moves the cursor, whatever got into a file
path=$(git ls-files tickets | head -n 1)
sed -i 's/"text":"  first/"text":"\\u001b[2J\\u009b1A\\u202e first/' "$path"
git -c user.name=x -c user.email=x@example.org commit -qam 'by hand'
ticket show "$id" >shown
same 'escapes are shown, not sent' "$(grep -c $'[\e\xc2\x9b]' shown | tr -d '\n')$(grep -c '\^\[\[2J' shown)" 02
ticket log "$id" >shown
same 'in tables too' "$(LC_ALL=C grep -c $'\e' shown)" 0
git reset -q --hard HEAD^
rm -f shown

# --- numbers that are no numbers
for number in ../../etc/passwd /etc/passwd . .. '' 'a/b' $'x\ny' "$(printf 'x%.0s' $(seq 5000))" '*' "APP-20260506-001/../x"; do
	call ticket show "$number"
	same "no number: ${number:0:20}" "$code" 4
done

# --- links and folders planted in the work tree
mkdir -p "$work/outside"
echo kept >"$work/outside/target"
ln -sf "$work/outside/target" "$path"
call ticket note "$id" -m over
same 'a link in place of the file: refused' "$code" 3
same 'and not followed' "$(cat "$work/outside/target")" kept
git checkout -q -- "$path"
mv tickets real
ln -s "$work/outside" tickets
call ticket note "$id" -m over
same 'a link in place of a folder: refused' "$code" 3
same 'nothing came to stand there' "$(ls "$work/outside")" target
rm tickets
mv real tickets

# --- edited by hand
echo '{}' >"$path"
call ticket note "$id" -m over
same 'a file edited by hand: refused' "$code" 3
same 'and kept' "$(cat "$path")" '{}'
matches 'the way on is told' 'ticket fsck --repair' printf '%s\n' "$err"
call ticket fsck
same 'fsck finds it' "$code" 1
ok 'and repairs it' ticket fsck --repair
same 'the work tree is clean' "$(git status --porcelain)" ''

# --- damaged ticket files, committed
cp "$path" "$work/good"
for damage in 'head -c 200' 'tr -d }' 'sed s/"format":.1/"format":9/' 'sed s/opened/opend/' 'head -c 0' 'sed s/T09/X09/'; do
	$damage "$work/good" >"$path"
	git -c user.name=x -c user.email=x@example.org commit -qam damage
	call ticket show "$id"
	same "damaged by $damage: told with its file" "$code $(grep -c "$path" <<<"$err")" '7 1'
	call ticket note "$id" -m x
	same 'and nothing is recorded on it' "$code" 7
	call ticket fsck
	same 'fsck finds it' "$code" 1
	git reset -q --hard HEAD^
done

# --- policies that cannot be
policy() {
	sed "$1" "$TICKET_PRESETS/multichannel/policy.json" >policy/policy.json
	git -c user.name=x -c user.email=x@example.org commit -qam policy
	call ticket new -c app -m x
	same "policy: $2" "$code $(grep -c 'policy/policy.json:' <<<"$err")" "$3 1"
	git reset -q --hard HEAD^
}
policy 's/"within":"30m"/"within":"99999999999h"/' 'a length without end' 2
policy 's/"attachment_limit_bytes": *[0-9]*/"attachment_limit_bytes": 1e300/' 'a huge number' 2
policy 's/Asia\/Shanghai/..\/..\/etc\/passwd/' 'a zone outside the zones' 4
policy 's/{serial:3}//' 'numbers without a serial' 2
policy 's/"targets"/"tragets"/' 'a mistyped member' 2

# --- too much
head -c 3000000 /dev/zero | tr '\0' 'x' >long
ok 'three million letters are a text' ticket note "$id" -F long
head -c 100000000 /dev/zero | tr '\0' 'x' >"$work/huge"
{ printf 'a,b\n1,"'; cat "$work/huge"; printf '"\n'; } >"$work/huge.csv"
printf '{"format":1,"name":"m","rows":"ticket","key":{"columns":["a"]},"ticket":{"received":{"default":"2026-05-01"},"channel":{"value":"app"},"description":{"column":"b"}}}' >"$work/map.json"
before=$(git rev-parse HEAD)
call ticket import "$work/huge.csv" --map "$work/map.json"
same 'a cell of 100 MB is refused' "$([ "$code" -ge 2 ] && [ "$code" -le 6 ] && echo refused) $(git rev-parse HEAD)" "refused $before"
head -c 40000000 /dev/zero >big.bin
call ticket attach "$id" big.bin
same 'a file over the limit is refused' "$code" 3
rm -f big.bin long
