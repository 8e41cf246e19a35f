#!/bin/bash
# SPDX-License-Identifier: MIT
# Backup and restore (C18, D13): the same desk again, damage found wherever it is, nothing half-done left behind.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"

at 2026-05-06T09:30:00+08:00
desk origin --policy multichannel
answers 2 'a backup needs a file' ticket backup
ticket customer add --name 张三丰 --phone 13812345678 >/dev/null
ticket customer add --name 李四光 --email li@example.com >/dev/null
for n in 1 2 3; do ticket new -q --channel wechat --type malfunction/login --customer 1 -m "登录不了 $n" >/dev/null; done
printf 'evidence %s\n' "$(seq 2000)" >"$work/evidence.txt"
ticket attach 001 "$work/evidence.txt" >/dev/null
ticket respond 001 -m answer >/dev/null
ticket kb add article -m text >/dev/null
git -c user.name=Li -c user.email=li@desk.invalid tag -a v1 -m 'a tag'
git branch side HEAD~2
printf '#!/bin/sh\ntouch %s/hooked\n' "$work" | tee .git/hooks/post-checkout .git/hooks/post-commit .git/hooks/reference-transaction >/dev/null
chmod +x .git/hooks/*
printf 'correct horse battery staple\n' >"$work/phrase"
printf 'another horse battery staple\n' >"$work/wrong"
rm -f "$work/hooked"

# --- a backup
umask 022
head=$(git rev-parse HEAD)
cp -a . "$work/before"
ok 'a backup' ticket backup "$work/desk.tar"
same 'what it says' "$err" "'$work/desk.tar': 3 tickets and 2 customers as of ${head:0:12}, made 2026-05-06T09:30:00+08:00, without keys
"
same 'that it was made is the next commit' "$(git rev-parse HEAD~1) $(git show --format= --name-only HEAD)" "$head journal/2026/05.jsonl"
same 'is for its owner alone' "$(stat -c %a "$work/desk.tar")" 600
same 'leaves nothing beside it' "$(cd "$work" && ls -d desk.tar*)" desk.tar
refused 3 "ticket: '$work/desk.tar' is there already; a backup never overwrites, so name a new file" ticket backup "$work/desk.tar"
ln -s nowhere "$work/link.tar"
refused 3 "ticket: '$work/link.tar' is there already; a backup never overwrites, so name a new file" ticket backup "$work/link.tar"
refused 7 "ticket: cannot write '$work/no/where.tar': No such file or directory" ticket backup "$work/no/where.tar"
refused 2 'ticket: --check only looks; --with-keys is for making a backup' ticket backup --check --with-keys "$work/desk.tar"
refused 2 "ticket: '--reason' is for backups --with-keys" ticket backup --reason x "$work/new.tar"
cd "$work" || exit 1
ok 'it is checked without a desk' ticket backup --check desk.tar
json 'as data' '.backup | [.head, .tickets, .customers, .keys, .findings]' "[\"$head\",3,2,false,[]]" ticket backup --check --json desk.tar
same 'the try leaves nothing' "$(ls tmp)" ''

# --- plain tools read it
mkdir plain && tar -xf desk.tar -C plain
same 'tar knows what is in it' "$(ls plain | tr '\n' ' ')" 'SHA256SUMS desk.bundle manifest.json '
ok 'sha256sum its digests' bash -c 'cd plain && sha256sum --strict -c SHA256SUMS'
ok 'git its history' git clone -q plain/desk.bundle cloned
same 'all of it' "$(git -C cloned rev-parse HEAD)" "$head"
same 'no keys among it' "$(grep -c "$(cat origin/.git/ticket/desk.key)" -r plain | grep -vc ':0$')" 0

# --- the same desk again
ok 'restored' ticket restore desk.tar again
desks+=("$work/again")
for what in 'rev-parse HEAD' 'for-each-ref' 'symbolic-ref HEAD' 'ls-tree -r HEAD' 'rev-list --all --count'; do
	# shellcheck disable=SC2086
	same "git $what" "$(git -C again $what)" "$(git -C before $what)"
done
same 'git status is clean' "$(git -C again status --porcelain)" ''
ok 'git fsck is content' git -C again fsck --strict --full
ok 'the files are the same' diff -r --exclude=.git before again
same 'the tickets too' "$(cd again && ticket list --format jsonl)" "$(cd before && ticket list --format jsonl)"
same 'no hook was run' "$(ls hooked 2>&1)" "ls: cannot access 'hooked': No such file or directory"
same 'and none came along' "$(ls again/.git/hooks 2>/dev/null | grep -v sample)" ''
same 'nothing is left beside it' "$(ls -d again*)" again
refused 3 "ticket: 'again' is not empty; restore into a new folder" ticket restore desk.tar again
mkdir empty
ok 'an empty folder will do' ticket restore desk.tar empty
ok 'as a bare one' ticket restore desk.tar bare.git --checkout none
desks+=("$work/bare.git")
same 'with the same HEAD' "$(git -C bare.git rev-parse HEAD)" "$head"
refused 4 "ticket: cannot read 'nothing.tar': No such file or directory" ticket restore nothing.tar x
cd again || exit 1
prints 'work goes on in it' "$(ls tickets/2026/05/06/00 | sed -n '$s/-.*//p')-20260506-004" ticket new --channel wechat --type inquiry/policy -m x
refused 3 'ticket: this copy of the desk has not got the key of the customer register; get it from a colleague: ticket customer share FILE there, ticket customer receive FILE here' \
	ticket customer show 1 --reveal
cd "$work" || exit 1

# --- with keys
cd origin || exit 1
refused 2 'ticket: there is no terminal to ask for a passphrase; give it with --passphrase-file FILE' ticket backup --with-keys "$work/keys.tar"
ok 'a backup with keys' ticket backup --with-keys --passphrase-file "$work/phrase" --reason 'for the safe' "$work/keys.tar"
matches 'is on record' 'shared.*for the safe' ticket customer log
head=$(git rev-parse HEAD~1)
cd "$work" || exit 1
same 'the phone is not in it in clear' "$(grep -c -a 13812345678 keys.tar)" 0
same 'nor the key' "$(grep -c -a -F "$(cat origin/.git/ticket/desk.key)" keys.tar)" 0
ok 'restored with them' ticket restore keys.tar with --passphrase-file phrase
desks+=("$work/with")
same 'the same HEAD' "$(git -C with rev-parse HEAD)" "$head"
json 'the same customers' '.customers[0] | [.name, .phone]' '["张三丰","13812345678"]' ticket -C with customer show 1 --reveal --json
answers 3 'a wrong passphrase' ticket restore keys.tar without --passphrase-file wrong
same 'says what there is' "$(sed 1d <<<"$err")" "ticket: the desk is in 'without', but without its keys (to try again there: tar -xOf FILE keys >KEYS; ticket customer receive KEYS): the passphrase is not the one that the keys were sealed with, or the file is damaged"
ok 'and the way it names' bash -c 'tar -xOf keys.tar keys >KEYS && ticket -C without customer receive "$PWD/KEYS" --passphrase-file "$PWD/phrase"'
json 'works' '.customers[0].name' '"张三丰"' ticket -C without customer show 1 --reveal --json
answers 4 'no keys in it' ticket restore desk.tar nokeys --passphrase-file phrase

# --- damage
size=$(stat -c %s keys.tar)
bad=''
for cut in 0 1 511 512 600 $((size / 3)) $((size / 2)) $((size - 3000)) $((size - 1025)) $((size - 1024)) $((size - 512)) $((size - 1)); do
	head -c "$cut" keys.tar >cut.tar
	ticket backup --check cut.tar >out 2>&1
	[ $? = 7 ] && grep -qE "^ticket: 'cut.tar' (is cut off|is damaged|is no backup)" out || bad+=" $cut: $(cat out)"
done
same 'wherever it is cut off, that comes out' "$bad" ''
RANDOM=7
for ((i = 0; i < 60; i++)); do
	place=$(((RANDOM * 32768 + RANDOM) % size))
	cp keys.tar bent.tar
	byte=$(od -An -tu1 -j "$place" -N1 keys.tar)
	printf "$(printf '\\x%02x' $((byte ^ (1 << RANDOM % 8))))" | dd of=bent.tar bs=1 seek="$place" conv=notrunc status=none
	ticket restore bent.tar bent >out 2>&1 </dev/null
	[ $? = 7 ] && [ ! -e bent ] || bad+=" $place: $(cat out)"
	rm -rf bent
done
same 'whichever bit is flipped, that comes out, and no desk' "$bad" ''
{ cat keys.tar && echo more; } >more.tar
refused 7 "ticket: 'more.tar' is damaged: there is something behind its end; take another backup" ticket restore more.tar more
refused 7 "ticket: 'phrase' is cut off; take another backup" ticket backup --check phrase
refused 7 "ticket: 'foreign.tar' is no backup of a desk, or is damaged: where 'desk.bundle' should be is 'phrase'" \
	bash -c 'tar --format=ustar -cf foreign.tar phrase && exec ticket restore foreign.tar foreign'
same 'nothing is left of what failed' "$(ls -d bent* cut* foreign* more* 2>/dev/null | tr '\n' ' ')" 'bent.tar cut.tar foreign.tar more.tar '

# forge NAME BUNDLE [MANIFEST-FILTER]: a backup that is in order as a file, but not in what it holds.
forge() {
	rm -rf forging && mkdir forging
	cp "$2" forging/desk.bundle
	jq --indent 2 "${3:-.}" plain/manifest.json >forging/manifest.json
	(cd forging && sha256sum desk.bundle manifest.json >SHA256SUMS && tar --format=ustar -cf "../$1" desk.bundle manifest.json SHA256SUMS)
}
forge forged.tar plain/desk.bundle
ok 'one put together by other tools is taken' ticket restore forged.tar forged
forge count.tar plain/desk.bundle '.tickets = 4'
answers 7 'a manifest that says something else' ticket restore count.tar count
matches 'comes out' "with 3 tickets and 2 customers" printf '%s' "$err"
forge branch.tar plain/desk.bundle '.branch = "refs/heads/../../hooks/x"'
answers 7 'a branch with a path' ticket restore branch.tar branch
matches 'comes out' "reference name .* is not valid|no branch|cannot be set" printf '%s' "$err"
forge newer.tar plain/desk.bundle '.format = 2'
answers 7 'a newer format' ticket restore newer.tar newer
matches 'comes out' 'made by a newer program' printf '%s' "$err"
{ printf '# v2 git bundle\n%s HEAD\n\n' "$head" && git -C origin pack-objects -q --stdout <<<"$head"; } >thin.bundle
forge thin.tar thin.bundle
answers 7 'a history with holes' ticket restore thin.tar thin
matches 'comes out' 'the history in it is damaged' printf '%s' "$err"
same 'leaves no desk' "$(ls -d count branch newer thin *.restore-* 2>/dev/null)" ''

# A tree that would write where programs are run from.
mkdir evil && git -C evil init -q && blob=$(git -C evil hash-object -w --stdin <<<'touch hooked')
tree=$(printf '100755 post-checkout\0%b' "$(sed 's/../\\x&/g' <<<"$blob")" | git -C evil hash-object -w -t tree --literally --stdin)
tree=$(printf '40000 hooks\0%b' "$(sed 's/../\\x&/g' <<<"$tree")" | git -C evil hash-object -w -t tree --literally --stdin)
tree=$(printf '40000 .git\0%b' "$(sed 's/../\\x&/g' <<<"$tree")" | git -C evil hash-object -w -t tree --literally --stdin)
commit=$(git -C evil -c user.name=x -c user.email=x@x.invalid commit-tree "$tree" -m x)
git -C evil update-ref refs/heads/main "$commit" && git -C evil symbolic-ref HEAD refs/heads/main
git -C evil bundle create -q ../evil.bundle HEAD main
forge evil.tar evil.bundle ".head = \"$commit\" | .branch = \"refs/heads/main\" | .tickets = 0 | .customers = 0"
answers 7 'a file that would be a hook' ticket restore evil.tar evil-desk
matches 'comes out' "'evil.tar': |cannot be written" printf '%s' "$err"
same 'is not made' "$(ls -d evil-desk* 2>/dev/null)" ''

# --- an unsound desk is backed up as it is, and checking says so
cd origin || exit 1
git checkout -q -b damage
echo broken >customers/notes.txt && git add -A && git -c core.hooksPath=/dev/null -c user.name=Li -c user.email=li@desk.invalid commit -qm damage
ok 'an unsound desk can be saved' ticket backup "$work/unsound.tar"
call ticket backup --check "$work/unsound.tar"
same 'and checking names the flaw' "$code $out" '1 customers/notes.txt: is no file of the customer register
'
git checkout -q main && git branch -qD damage

# --- killed in the middle
cd "$work" || exit 1
for n in 1 2 3 4 5 6 7 8; do
	(cd origin && timeout -s KILL "0.0$n" ticket backup "$work/killed-$n.tar") >/dev/null 2>&1
	[ ! -e "killed-$n.tar" ] || ticket backup --check "killed-$n.tar" >/dev/null 2>&1 || bad+=" $n"
	timeout -s KILL "0.0$n" ticket restore desk.tar "killed-$n" >/dev/null 2>&1
	[ ! -e "killed-$n" ] || (cd "killed-$n" && ticket fsck) >/dev/null 2>&1 || bad+=" desk $n"
done
same 'what a kill leaves is whole or not there' "$bad" ''
