# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# What tests share that bend history by hand, to see what ticket audit says: sourced after harness.sh.
history=bent

does() { # COMMAND...: must succeed
	call ticket "$@"
	[ "$code" = 0 ] || fail "ticket $*" "$(explain)"
}

file() { # NUMBER: where its file is, committed or not
	git ls-files -co | grep "/$1.json\$" | head -1
}
event() { # NUMBER WORD: the first such event
	jq -r --arg do "$2" 'first(.events[] | select(.do == $do)).id' "$(file "$1")"
}

# committed [DATE [AUTHOR]]: whatever was changed, by hand.
committed() {
	git add -A && GIT_AUTHOR_DATE=${1-$TICKET_NOW} GIT_COMMITTER_DATE=${1-$TICKET_NOW} git -c user.name="${2-Li}" -c user.email="${3-li@example.org}" commit -qm "${4-by hand}"
}

found() { # WHAT 'FILE FINDING'...
	local what=$1 wanted
	shift
	wanted=$(printf '%s\n' "$@" | sed 's/ /\t/')
	call ticket audit -q --format tsv --columns file,finding
	if [ "$code" = 1 ] && [ "$(tail -n +2 <<<"${out%$'\n'}")" = "$wanted" ]; then
		pass "$what"
	else
		fail "$what" "$(explain)" "wanted: $wanted"
	fi
}

# add TICKET EVENT: an event by hand, put at the end.
add() {
	local path
	path=$(file "$1")
	python3 - "$path" "$2" <<'END'
import json, sys
path, event = sys.argv[1:]
text = open(path, encoding='utf-8').read()
assert text.endswith('}\n  ]\n}\n')
event = json.dumps(json.loads(event), ensure_ascii=False, separators=(',', ':'))
open(path, 'w', encoding='utf-8').write(text[:-len('\n  ]\n}\n')] + ',\n    ' + event + '\n  ]\n}\n')
END
}
signed() { # WORD MORE [BY [RECORDED [AT]]]
	printf '{"id":"00000000000000ff","at":"%s","recorded":"%s","by":"%s","do":"%s"%s}' "${5-${4-$TICKET_NOW}}" "${4-$TICKET_NOW}" "${3-Li}" "$1" "$2"
}
dated() { # TIME COMMAND...: git at that time
	GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 "${@:2}"
}
# again COMMAND...: what was committed last is committed anew by git, its times as they were.
again() {
	GIT_COMMITTER_DATE=$(git log -1 --format=%cI) git commit -q --amend --date="$(git log -1 --format=%aI)" "$@"
}
