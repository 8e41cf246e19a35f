#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket init`: desks of every kind, in every kind of folder.
. "${0%/*}/harness.sh"

for preset in $(ticket policy presets -q 2>/dev/null || ls "$TICKET_PRESETS" | grep -v calendars); do
	desk "desk-$preset" --policy "$preset"
	same "$preset: one commit" "$(git rev-list --count HEAD)" 1
	same "$preset: a clean working tree" "$(git status --porcelain)" ''
	same "$preset: the rules are the desk's own" "$(jq -r .name policy/policy.json)" "$preset"
	cd "$work" || exit 1
done

refused 4 "ticket: no desk in '.' or above; make one: ticket init" ticket log
refused 2 "ticket: 'ful' is no value of '--checkout'; did you mean 'full'?" ticket init --checkout ful
refused 2 "ticket: --bare and --checkout full don't go together" ticket init --bare --checkout full x
same 'nothing was made' "$(ls -d x 2>/dev/null)" ''
answers 4 'an unknown preset is refused' ticket init --policy multichanel x
same 'and leaves nothing' "$(ls -d x 2>/dev/null)" ''

# --- the three checkouts
desk full --policy multichannel
ok 'full: git agrees with the working tree' git diff --quiet HEAD
desk plain --policy multichannel --checkout files
ok 'files: the rules lie there as a file' test -f policy/policy.json
desk bare --policy multichannel --bare
same 'bare: no working tree' "$(git rev-parse --is-bare-repository)" true
cd "$work" || exit 1

# --- where it is made
mkdir "$work/here" && cd "$work/here" || exit 1
ok 'without a folder it is the current one' ticket init --policy multichannel
desks+=("$work/here")
head=$(git rev-parse HEAD)
call ticket init --policy multichannel
same 'a second time is refused' "$code" 3
same 'and changes nothing' "$(git rev-parse HEAD)" "$head"
mkdir -p deep/er && cd deep/er || exit 1
ok 'the desk is found from a folder below' ticket log
cd "$work" || exit 1
ok 'by -C' ticket -C here log
ok 'by TICKET_DESK' env TICKET_DESK="$work/here" ticket log
answers 4 '-C comes before TICKET_DESK' env TICKET_DESK="$work/here" ticket -C "$work/home" log

mkdir repository && cd repository && git init -q && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first || exit 1
ok 'an existing repository is taken' ticket init --policy multichannel
desks+=("$PWD")
same 'its history goes on' "$(git rev-list --count HEAD)" 2
cd "$work" || exit 1

# --- presets
cp "$program" "$work/copy"
refused 4 "ticket: the presets are not installed with this program; name their folder in TICKET_PRESETS" env -u TICKET_PRESETS "$work/copy" init y
