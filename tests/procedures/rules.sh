#!/bin/bash
# SPDX-License-Identifier: MIT
# Every numbered rule of the domain is named by a check of its procedure, and no check names a rule that is not there.
set -u
here=$TICKET_SOURCE_ROOT/tests/procedures
last=(A:18 B:11 C:19 D:15 E:11)
count=0 failures=0

# rules FILE: the rules that its checks begin with ("A1, A17: …").
rules() {
	grep -oE "^[[:space:]]*(same|json|prints|ok|matches|answers [0-9]|refused [0-9]) '[A-E][0-9]+(, [A-E][0-9]+)*: " "$1" | grep -oE '[A-E][0-9]+' | sort -u
}

verdict() { # WHAT FOUND: passes when nothing was found
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		failures=$((failures + 1))
		echo "not ok $count - $1"
		echo "# $(tr '\n' ' ' <<<"$2")"
	fi
}

for pair in "${last[@]}"; do
	letter=${pair%:*}
	wanted=$(seq -f "$letter%.0f" "${pair#*:}" | sort)
	named=$(for file in "$here/${letter,}"-*.sh; do rules "$file"; done | sort -u)
	verdict "every rule of procedure $letter is shown" "$(comm -23 <(echo "$wanted") <(echo "$named"))"
	verdict "and no other is named" "$(comm -13 <(echo "$wanted") <(echo "$named"))"
done
# Where the domain lies beside the tree, its own numbers count.
domain=$TICKET_SOURCE_ROOT/../shared/domain.md
if [ -e "$domain" ]; then
	verdict 'the domain has no more rules than these' \
		"$(comm -3 <(grep -oE '^- [A-E][0-9]+' "$domain" | cut -c3- | sort) <(for pair in "${last[@]}"; do seq -f "${pair%:*}%.0f" "${pair#*:}"; done | sort))"
fi
echo "1..$count"
[ $failures = 0 ]
