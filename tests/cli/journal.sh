#!/bin/bash
# SPDX-License-Identifier: MIT
# The desk's journal as it is listed and checked; what writes it is tested with the commands that do.
. "$TICKET_SOURCE_ROOT/tests/cli/harness.sh"
history=bent

desk journal
git config user.name Li
git config user.email li@example.com
prints 'a new desk has an empty journal' '{"format":1,"entries":[]}' ticket journal --json

mkdir -p journal/2026
cat >journal/2026/04.jsonl <<'END'
{"id":"a1","at":"2026-04-02T09:00:00+08:00","recorded":"2026-04-02T09:00:00+08:00","by":"Li","act":"exported","subject":"state:open","tickets":["1","2"],"values":{"rows":"2"}}
END
cat >journal/2026/05.jsonl <<'END'
{"id":"a2","at":"2026-05-01T09:00:00+08:00","recorded":"2026-05-01T09:01:00+08:00","by":"王","act":"reported","subject":"summary","from":"2026-04-01T00:00:00+08:00","until":"2026-05-01T00:00:00+08:00","text":"月报"}
END
git add journal && git commit -q -m 'entries'
prints 'entries come in order' $'a1\na2' bash -c 'ticket journal --format tsv --columns id | tail -n +2'
prints 'by act' '月报' bash -c 'ticket journal --act reported --format tsv --columns text | tail -n +2'
prints 'by when it happened' 'a1' bash -c 'ticket journal --month 2026-04 --format tsv --columns id | tail -n +2'
prints 'with all that an entry has' '["1","2"] rows=2 2026-04-01T00:00:00+08:00' \
	bash -c 'ticket journal --json | jq -rj ".entries | (.[0].tickets | tojson), \" \", .[0].values, \" \", .[1].from"'
ok 'a sound journal passes' ticket fsck

printf '{"id":"a2","at":"2026-05-02T09:00:00+08:00","recorded":"2026-04-30T09:00:00+08:00","by":"王","act":"reported"}\n{"id":\n' >>journal/2026/05.jsonl
git commit -q -a -m 'bent'
answers 1 'fsck has findings' ticket fsck
same 'an entry out of order, an id twice, a line that cannot be read' \
	"$(grep -c -e 'line 2: was recorded before' -e 'line 2: the id a2 is also' -e 'line 3:' <<<"$out")" 3
answers 7 'what cannot be read is not listed' ticket journal
same 'and the error says where' "$(grep -c 'journal/2026/05.jsonl, line 3' <<<"$err")" 1
git revert --no-edit HEAD >/dev/null

