# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A power cut: what a command acknowledged by exit 0 is there afterwards, and the desk is sound. The desks lie on an ext4 of
# their own in a file, which is told to stop at once (EXT4_IOC_SHUTDOWN): what was not flushed is lost, as when the power goes.
. "$(dirname "$0")/harness.sh"

disk=$work/disk
mkdir "$disk"
truncate -s 256M "$work/image"
if ! mkfs.ext4 -q "$work/image" 2>/dev/null || ! mount -o loop "$work/image" "$disk" 2>/dev/null; then
	skip 'a power cut' 'no right to mount'
	exit
fi
unmount() {
	cd "$work" && umount "$disk"
	finish
}
trap unmount EXIT

power_off() {
	python3 -c 'import fcntl, os, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, b"\2\0\0\0")' "$disk"
}
# And on again; a shell within would keep the disk busy.
cut_power() {
	power_off
	cd "$work" && umount "$disk" && mount -o loop "$work/image" "$disk"
}

# sound WHAT DESK: nothing of the desk suffered, and work goes on.
sound() {
	cd "$disk/$2" || return
	same "$1: git finds it sound" "$(git fsck --strict 2>&1 | grep -v '^notice:\|^dangling')" ''
	ok "$1: so does ticket" ticket fsck
	ok "$1: the next change" ticket new -q -c wechat -t inquiry -m 'light again'
	[ "$(git rev-parse --is-bare-repository)" = true ] || same "$1: after which the files are those of the desk" "$(git status --porcelain)" ''
}

cd "$disk" || exit 1
for kind in full none; do
	ok "a desk, $kind" ticket init -q --policy multichannel --checkout "$kind" "$disk/$kind"
done
ok 'a bare one' ticket init -q --policy multichannel --bare "$disk/bare"
sync -f "$disk"
echo 'never flushed' >"$disk/fleeting"
cut_power
same 'what was not flushed is lost' "$(cat "$disk/fleeting" 2>/dev/null)" ''

# --- each kind of change, the power gone as soon as it is acknowledged
printf 'evidence %s\n' "$(seq 5000)" >"$work/evidence.txt"
{ echo id,text; for i in $(seq 300); do echo "$i,row $i"; done; } >"$work/rows.csv"
cat >"$work/rows.json" <<'J'
{"format":1,"rows":"ticket","key":{"columns":["id"]},
 "ticket":{"received":{"default":"2026-05-01T09:00:00+08:00"},"channel":{"default":"wechat"},"types":{"default":"inquiry/function"},"description":{"column":"text"}}}
J
# survives WHAT WANTED COMMAND... -- QUESTION...: the command is acknowledged, the power goes, the question is answered as wanted.
survives() {
	local what=$1 wanted=$2 command=()
	shift 2
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	ok "$what" "${command[@]}"
	cut_power
	cd "$disk/$kind" || return
	same "$what: there after the cut" "$("$@" 2>&1)" "$wanted"
}
for kind in full none bare; do
	cd "$disk/$kind" || exit 1
	ticket policy show | jq '.name = "brighter"' >"$work/brighter.json"
	survives "$kind: a ticket" WX-20260506-001 ticket new -q -c wechat -t malfunction/login --subject one -m '登录不了' -- ticket list -q
	survives "$kind: an answer" 1 ticket respond -q 20260506-001 -m 'try again now' -- sh -c 'ticket show 20260506-001 | grep -c "try again now"'
	survives "$kind: files" "$(sha256sum <"$work/evidence.txt")" ticket attach -q 20260506-001 "$work/evidence.txt" -- sh -c 'git ls-tree -r HEAD attachments | cut -c13-52 | xargs git cat-file blob | sha256sum'
	survives "$kind: an import" 301 ticket import "$work/rows.csv" --map "$work/rows.json" -- sh -c 'ticket list -q | wc -l'
	survives "$kind: rules" '"brighter"' ticket policy apply "$work/brighter.json" -- sh -c 'ticket policy show | jq .name'
	survives "$kind: an article" 1 ticket kb add login -m 'clear the cache' -- sh -c 'ticket kb show login | grep -c "clear the cache"'
	survives "$kind: a customer" 1 ticket customer add -q --name 张三丰 --phone 13812345678 -- sh -c 'ticket customer show 1 --reveal --reason test | grep -c 13812345678'
	survives "$kind: a backup" 0 ticket backup "$disk/$kind.tar" -- sh -c "ticket backup --check '$disk/$kind.tar' >/dev/null 2>&1; echo \$?"
	at 2026-05-20T09:00:00+08:00
	ok "$kind: the sweep" ticket check --no-notify -o /dev/null
	before=$(git rev-parse HEAD)
	cut_power
	cd "$disk/$kind" || exit 1
	json "$kind: what it did is done" '[.rows // [] | length]' '[0]' ticket check --no-notify --json
	same "$kind: once" "$(git rev-parse HEAD)" "$before"
	at 2026-05-06T09:30:00+08:00
	sound "$kind" "$kind"
done

# --- at any time, whatever goes on
writer() {
	cd "$disk/$1" || return
	local i id
	for i in $(seq 1000); do
		id=$(ticket new -q -c app -t inquiry -m "$2 $i" 2>/dev/null) || return
		echo "$id" >>"$work/acknowledged.$1"
		ticket respond -q "$id" -m "answered $2 $i" >/dev/null 2>&1 || return
		echo "$id answered $2 $i" >>"$work/answered.$1"
	done
}
: >"$work/acknowledged.full"
: >"$work/acknowledged.bare"
for round in $(seq 6); do
	for kind in full bare; do
		writer "$kind" "$round.a" &
		writer "$kind" "$round.b" &
	done
	sleep "0.$((RANDOM % 9 + 1))"
	cd "$work" || exit 1
	power_off
	wait
	cut_power 2>/dev/null
	for kind in full bare; do
		cd "$disk/$kind" || exit 1
		ticket list -q | sort >"$work/there"
		same "round $round, $kind: nothing acknowledged is lost" "$(sort "$work/acknowledged.$kind" | comm -23 - "$work/there")" ''
		git grep -h -o 'answered [0-9.ab]* [0-9]*' HEAD -- tickets | sort -u >"$work/there"
		same "round $round, $kind: and no answer" "$(cut -d' ' -f2- "$work/answered.$kind" | sort -u | comm -23 - "$work/there")" ''
		sound "round $round, $kind" "$kind"
	done
done
[ "$(cat "$work"/acknowledged.* | wc -l)" -gt 20 ]
same 'much was going on' $? 0
