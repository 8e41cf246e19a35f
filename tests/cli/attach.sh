#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket attach`: files kept with a ticket, once each (D3, E6).
. "${0%/*}/harness.sh"

desk d --policy multichannel
ok 'a ticket' ticket new -q -c wechat -t inquiry -m 'see the photo'
ok 'another' ticket new -q -c wechat -t inquiry -m 'the same photo'
head -c 100000 /dev/urandom >"$work/photo.jpg"
printf 'receipt\n' >"$work/收据 1.txt"
ok 'two files at once' ticket attach 001 "$work/photo.jpg" "$work/收据 1.txt" -m 'sent by the customer'
same 'in one commit' "$(git rev-list --count HEAD)" 4
digest=$(sha256sum "$work/photo.jpg" | cut -d' ' -f1)
json 'named, counted, measured, by digest; no path' '.tickets[0].attachments | [length, .[0].name, .[0].size_bytes, .[0].digest, .[1].name]' \
	"[2,\"photo.jpg\",100000,\"$digest\",\"收据 1.txt\"]" ticket show --json 001
ok 'the same content on another ticket' ticket attach 002 "$work/photo.jpg"
same 'is stored once' "$(git ls-tree -r HEAD | awk '{print $3, $4}' | grep attachments/ | wc -l)" 2
kept=$(git ls-tree -r --name-only HEAD | grep attachments/ | while read -r f; do git show "HEAD:$f" | sha256sum | cut -d' ' -f1; done | grep -c "$digest")
same 'byte for byte' "$kept" 1

refused 2 "ticket: 'attach' needs more than that; usage: ticket attach ID FILE... [-m TEXT]" ticket attach 001
answers 4 'a file that is not there' ticket attach 001 "$work/nowhere.jpg"
before=$(git rev-parse HEAD)
call ticket attach 001 "$work/photo.jpg" "$work/nowhere.jpg"
same 'nor the one beside it' "$(git rev-parse HEAD)" "$before"
call ticket attach 001 "$work"
same 'a folder is refused' "$([ "$code" -ge 2 ] && git rev-parse HEAD)" "$before"
ok 'a dry run' ticket attach -n 001 "$work/photo.jpg"
same 'writes nothing' "$(git rev-parse HEAD) $(git status --porcelain)" "$before "
