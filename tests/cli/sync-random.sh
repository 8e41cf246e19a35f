# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Four clones, hundreds of random commands, syncs in random order: in the end one tree everywhere, nothing lost.
. "$(dirname "$0")/harness.sh"

git config --file "$work/gitconfig" user.name Li
git config --file "$work/gitconfig" user.email li@example.org
git config --file "$work/gitconfig" init.defaultBranch main
export GIT_CONFIG_GLOBAL=$work/gitconfig
RANDOM=${TICKET_SEED:-20260506}
steps=${STEPS:-300}
people=(Li Wang Zhao Chen)
checkouts=(full full files none)
skew=(0 -900 0 1200)

# Their clocks disagree, and the rules allow for it: at the end nothing at all is a finding.
straight() {
	ticket --now 2100-01-01T00:00:00Z audit -q
}

echo "a long secret of ours" >"$work/secret"
desk Li --policy multichannel
jq '.clock_skew = "1h"' policy/policy.json >"$work/skewed.json"
ok 'clocks may differ by an hour' ticket policy apply "$work/skewed.json"
git init -q --bare "$work/hub.git"
git remote add origin "$work/hub.git"
ticket new -c wechat -t inquiry/function -m 'the first' --name 'A' --contact 13800000000 >/dev/null 2>&1
ticket sync -q
ticket customer share "$work/keys" --passphrase-file "$work/secret" --reason test >/dev/null 2>&1
ticket sync -q
for i in 1 2 3; do
	folder=$work/${people[i]}
	if [ "${checkouts[i]}" = none ]; then
		git clone -q --bare "$work/hub.git" "$folder"
	else
		git clone -q "$work/hub.git" "$folder"
	fi
	git -C "$folder" config ticket.checkout "${checkouts[i]}"
	[ "${checkouts[i]}" != files ] || rm "$folder/.git/index"
	desks+=("$folder")
	(cd "$folder" && ticket customer receive "$work/keys" --passphrase-file "$work/secret" >/dev/null 2>&1) || fail "keys for ${people[i]}" "$(ls "$work")"
done

pick() { # one of the arguments
	shift $((RANDOM % $#))
	printf '%s' "$1"
}
any_ticket() {
	pick $(git ls-tree -r --name-only HEAD tickets | sed 's,.*/,,; s,\.json,,' | tail -n 12)
}
# One random command; whether the state allows it is its own affair.
act() {
	local t u
	t=$(any_ticket) u=$(any_ticket)
	case $((RANDOM % 23)) in
	0 | 1 | 2) ticket new -c "$(pick wechat app weibo)" -t inquiry/function -m "step $step" ;;
	3) ticket new -c wechat -t complaint/quality -m "step $step" --name "N$((RANDOM % 40))" --contact "1380000$((1000 + RANDOM % 40))" ;;
	4 | 5) ticket note "$t" -m "step $step" ;;
	6 | 7) ticket assign "$t" "$(pick Li Wang Zhao)" --reason "$step" ;;
	8) ticket respond "$t" -m "step $step" --late-reason busy ;;
	9 | 10) ticket resolve "$t" -m "step $step" ;;
	11) ticket confirm "$t" ;;
	12) ticket reopen "$t" --reason "step $step" ;;
	13) ticket wait "$t" --for customer ;;
	14) ticket resume "$t" ;;
	15) ticket correct "$t" "subject=subject $step" --reason "step $step" ;;
	16) ticket link "$t" "$u" ;;
	17) ticket merge "$t" --into "$u" ;;
	18) ticket triage "$t" -p "$(pick high medium low)" --reason "$step" ;;
	19) ticket action add -m "problem $step" --owner Li --due 2026-09-01 ;;
	20) ticket action note "$(pick $(git ls-tree -r --name-only HEAD actions | sed 's,.*/,,; s,\.json,,') none)" -m "step $step" ;;
	21) ticket customer edit 1 --industry "step $step" ;;
	22) ticket check --no-notify ;;
	esac
}

start=$(date -d 2026-05-06T09:30:00+08:00 +%s)
crashes='' bad='' made=0
: >"$work/recorded"
for ((step = 1; step <= steps; step++)); do
	i=$((RANDOM % 4))
	cd "$work/${people[i]}" || exit 1
	export TICKET_AS=${people[i]}
	at "$(date -u -d "@$((start + step * 47 + skew[i]))" +%Y-%m-%dT%H:%M:%SZ)"
	before=$(git rev-parse HEAD)
	if [ $((RANDOM % 5)) = 0 ]; then
		ticket sync -q >"$work/said" 2>&1
		code=$?
		[ "$code" = 0 ] || bad="$bad$step ${people[i]} sync: exit $code: $(cat "$work/said")
"
	else
		act >"$work/said" 2>&1
		code=$?
		[ "$code" -lt 124 ] && [ "$code" != 99 ] || crashes="$crashes$step: exit $code $(cat "$work/said")
"
		if [ "$(git rev-parse HEAD)" != "$before" ]; then
			made=$((made + 1))
			git log --format=%B "$before..HEAD" | sed -n 's/^Event: [a-z_]* //p' >>"$work/recorded"
		fi
	fi
done
same 'no command crashed' "$crashes" ''
same 'every sync went through' "$bad" ''
printf '# %s commits, %s events\n' "$made" "$(wc -l <"$work/recorded")"
[ "$made" -ge $((steps / 4)) ] && pass 'much was recorded' || fail 'much was recorded' "$made"

for round in 1 2; do
	for person in "${people[@]}"; do
		cd "$work/$person" || exit 1
		ok "$person syncs at the end, round $round" ticket sync -q
	done
done
for person in "${people[@]}"; do
	same "$person has the same tree" "$(git -C "$work/$person" rev-parse 'HEAD^{tree}')" "$(git -C "$work/hub.git" rev-parse 'main^{tree}')"
done
same 'work trees are clean' "$(git -C "$work/Li" status --porcelain; git -C "$work/Wang" status --porcelain)" ''
same 'plain files are as they are in HEAD' "$(cd "$work/Zhao" && git --work-tree="$work/plain-$$" ls-tree -r HEAD | while read -r _ _ id path; do
	[ "$(git hash-object "$path")" = "$id" ] || echo "$path"
done)" ''
git -C "$work/Li" ls-tree -r HEAD tickets | awk '{print $3}' | git -C "$work/Li" cat-file --batch | grep -oP '^    \{"id":"\K[0-9a-f]{16}' | sort >"$work/kept"
same 'no event was lost' "$(sort -u "$work/recorded" | comm -23 - "$work/kept")" ''
same 'and none is there twice' "$(uniq -d "$work/kept")" ''
cd "$work/Li" || exit 1
prints 'whatever is forged in one of its commits is found' "${FORGED:-40}" python3 "$top/tests/cli/forge.py" "$RANDOM" "${FORGED:-40}"
printf '# %s tickets, %s renumbered, %s merges\n' "$(git -C "$work/Li" ls-tree -r --name-only HEAD tickets | wc -l)" \
	"$(git -C "$work/Li" grep -c '"do":"renumbered"' HEAD -- tickets | wc -l)" "$(git -C "$work/Li" rev-list --merges --count HEAD)"
