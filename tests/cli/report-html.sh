# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# HTML reports in a browser: nothing overflows at any width in either language, and nothing is fetched or complained about.
. "$(dirname "$0")/harness.sh"

browser=$(command -v chromium || command -v chromium-browser) || { skip 'reports in a browser' 'no chromium'; exit 0; }
version=$("$browser" --version 2>/dev/null) || { skip 'reports in a browser' 'chromium does not start'; exit 0; }

desk pages --policy satisfaction
at 2026-04-01T09:00:00+08:00
long=$(printf 'x%.0s' {1..300})
for i in 1 2 3; do
	id=$(ticket new -c phone -t complaint --category product -p "$i" --name "n$i" --contact "n$i@example.com" --wants help -m "<img src=http://127.0.0.1:9/$i> $long 手机坏了")
	ticket respond "$id" -m "$long" >/dev/null 2>&1
done

for language in en zh; do
	for name in $(ticket report --list --format tsv | tail -n +2 | cut -f1); do
		LC_ALL=$([ $language = zh ] && echo zh_CN.UTF-8 || echo C.UTF-8) ticket report "$name" --month 2026-04 --format html -o "$work/$name-$language.html"
	done
done
# Each report in a frame of each width; the page around measures them.
{
	echo '<!DOCTYPE html><meta charset="utf-8"><title>wait</title><body>'
	for file in "$work"/*-??.html; do
		for width in 360 800 1440; do
			echo "<iframe data-name=\"${file##*/} $width\" src=\"${file##*/}\" style=\"width:${width}px;height:600px;border:0\"></iframe>"
		done
	done
	cat <<'P'
<pre id="result"></pre>
<script>
addEventListener("load", () => {
	let lines = [], n = 0;
	for (const frame of document.querySelectorAll("iframe")) {
		const root = frame.contentDocument.documentElement;
		n += root.querySelector("main section h2") ? 1 : 0;
		if (root.scrollWidth > root.clientWidth) lines.push(frame.dataset.name + ": " + root.scrollWidth);
		for (const e of frame.contentWindow.performance.getEntriesByType("resource")) lines.push(frame.dataset.name + " fetches " + e.name);
		if (frame.contentDocument.images.length) lines.push(frame.dataset.name + " has a picture");
	}
	document.getElementById("result").textContent = "measured " + n + "\n" + lines.join("\n");
});
</script>
P
} >"$work/frames.html"
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --allow-file-access-from-files --user-data-dir="$work/browser" --enable-logging=stderr --virtual-time-budget=20000 \
	--dump-dom "file://$work/frames.html" >"$work/dom" 2>"$work/console"
result=$(sed -n '/<pre id="result">/,/<\/pre>/p' "$work/dom" | sed 's/<[^>]*>//g' | sed '/^$/d')
same "all of it fits, and nothing is fetched (${version%% built*})" "$result" "measured $(ls "$work"/*-??.html | wc -l | awk '{print $1 * 3}')"
same 'the console is quiet' "$(grep -E 'CONSOLE' "$work/console" | head -3)" ''
rm -rf "$work/browser"
