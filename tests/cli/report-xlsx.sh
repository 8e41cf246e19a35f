#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Reports as workbooks: read back by another program, numbers are numbers, times are times, what customers wrote is text.
. "$(dirname "$0")/harness.sh"

helper=$(dirname "$(readlink -f "$program")")/../libexec/ticket-xlsx
python=/usr/bin/python3
desk book --policy satisfaction
"$python" "$top/tests/cli/report_data.py" policy/policy.json "$work/rows.jsonl" "$work/map.json" 60
at 2026-05-02T09:00:00+08:00
ok 'tickets of two months' ticket import "$work/rows.jsonl" --map "$work/map.json"
cp "$(readlink -f "$program")" "$work/bin/alone"
refused 4 "ticket: 'ticket-xlsx' is not installed; build it with libxlsxwriter (Debian: libxlsxwriter-dev), or use --format csv or html" \
	alone report summary --format xlsx -o "$work/none.xlsx"
same 'and no file is left' "$(ls "$work"/none.xlsx* 2>/dev/null)" ''
rm "$work/bin/alone"
[ -x "$helper" ] || { skip 'workbooks' 'built without libxlsxwriter'; exit 0; }

export LC_ALL=zh_CN.UTF-8
ok 'the monthly review' ticket report improvement --month 2026-04 --format xlsx -o "$work/review.xlsx"
ok 'the tracking table' ticket report tracking --month 2026-04 --format xlsx -o "$work/tracking.xlsx"
ok 'tickets behind the figures' ticket report summary --month 2026-04 --rows --section totals --format xlsx -o "$work/rows.xlsx"
ok 'an empty month' ticket report summary --month 2020-01 --format xlsx -o "$work/empty.xlsx"
at 2026-06-01T09:00:00+08:00
then=$(git log -1 --format=%H)
at "$(git log -1 --format=%cI)"
ticket report summary --month 2026-04 --format xlsx -o "$work/then.xlsx"
at 2026-07-01T09:00:00+08:00
same 'the report of a revision is the same file' "$(ticket report summary --month 2026-04 --format xlsx --as-of "$then" | sha256sum)" "$(sha256sum <"$work/then.xlsx")"
at 2026-05-02T09:00:00+08:00
ticket report improvement --month 2026-04 --json >"$work/review.json"
ticket report tracking --month 2026-04 --json >"$work/tracking.json"
ticket report summary --month 2026-04 --rows --section totals --json >"$work/rows.json"

if "$python" -c 'import openpyxl' 2>/dev/null; then
	"$python" - "$work" >"$work/checks" <<'P'
import datetime, json, re, sys, zipfile
import xml.dom.minidom
import openpyxl

work = sys.argv[1]

def check(what, fine):
    print("ok" if fine else "not", what)

def report(name):
    return json.load(open(f"{work}/{name}.json"))["report"]["sections"]

def cell_is(cell, column, value):
    """Is the cell what the JSON says, as a spreadsheet has it?"""
    if value is None:
        return cell.value is None
    if column["kind"] == "time":
        wall = datetime.datetime.fromisoformat(value).replace(tzinfo=None)
        return cell.is_date and abs((cell.value - wall).total_seconds()) < 1
    if column["kind"] == "seconds":
        return cell.data_type in "nd" and cell.number_format == "[h]:mm:ss"
    if column["kind"] in ("count", "share", "score", "number"):
        return cell.data_type == "n" and abs(cell.value - value) < 1e-6
    return cell.data_type in "sd"

for name in ("review", "tracking"):
    book = openpyxl.load_workbook(f"{work}/{name}.xlsx")
    sections = report(name)
    check(f"{name}: a sheet for each section, behind the first", len(book.sheetnames) == len(sections) + 1)
    check(f"{name}: names of sheets are Chinese and can be names", all(len(n) <= 31 and not re.search(r"[][:*?/\\]", n) and re.search("[一-鿿]", n) for n in book.sheetnames))
    wrong, filters, heads = [], 0, 0
    for section, sheet in zip(sections, book.worksheets[1:]):
        heads += sheet.freeze_panes == "B2" and all(c.value or not k["title"] for c, k in zip(sheet[1], section["columns"])) and bool(re.search("[一-鿿]", "".join(c.value or "" for c in sheet[1])))
        filters += bool(sheet.auto_filter.ref) == bool(section["rows"])
        for r, row in enumerate(section["rows"]):
            for c, column in enumerate(section["columns"]):
                # In totals each row has its own kind: all of them are numbers.
                kind = {"kind": "any"} if section["name"] in ("totals", "survey", "standards") and c else column
                cell = sheet.cell(r + 2, c + 1)
                if kind["kind"] == "any":
                    fine = isinstance(row[column["name"]], str) == (cell.data_type == "s") or row[column["name"]] is None or cell.is_date
                else:
                    fine = cell_is(cell, column, row[column["name"]])
                if not fine:
                    wrong.append((section["name"], column["name"], row[column["name"]], cell.value))
    check(f"{name}: every cell is of its kind {wrong[:3]}", not wrong)
    check(f"{name}: heads are frozen", heads == len(sections))
    check(f"{name}: filters", filters == len(sections))
    check(f"{name}: widths fit Chinese", all(s.column_dimensions["A"].width >= 8 for s in book.worksheets))
    formulas = [c.value for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"]
    check(f"{name}: no formula {formulas[:2]}", not formulas)

book = openpyxl.load_workbook(f"{work}/review.xlsx")
charts = {s.title: len(s._charts) for s in book.worksheets}
sections = report("review")
check(f"charts where the page has them {charts}", charts["受理趋势"] == 1 and charts["各时限按优先级"] == 1 and charts["概览"] == 0)
check("a heat map is a colour scale", any(r.type == "colorScale" for rules in book["受理时段分布"].conditional_formatting for r in rules.rules))
check("days are dates", book["受理趋势"]["A2"].is_date and book["受理趋势"]["A2"].value == datetime.datetime(2026, 4, 1))
check("shares are percentages", book["总体情况"]["B12"].number_format == "0.0%" and 0 <= book["总体情况"]["B12"].value <= 1)
check("the length of handling is right", abs(book["总体情况"]["B8"].value.total_seconds() - next(s for s in sections if s["name"] == "totals")["rows"][6]["value"]) < 1)
check("the time of the report, on the desk's wall", any(c.value == datetime.datetime(2026, 5, 2, 9) for row in book["概览"].iter_rows() for c in row))
tracking = openpyxl.load_workbook(f"{work}/tracking.xlsx").worksheets[1]
texts = [c for row in tracking.iter_rows(min_row=2) for c in row if isinstance(c.value, str) and c.value[:1] in "=+"]
check("what looks like a formula is text", {c.value[:6] for c in texts} == {"=HYPER", "+86138"} and all(c.data_type == "s" and c.number_format == "@" for c in texts))
behind = openpyxl.load_workbook(f"{work}/rows.xlsx").worksheets[1]
check("as many rows behind the figures as elsewhere", behind.max_row - 1 == len(json.load(open(f"{work}/rows.json"))["rows"]))
check("numbers of tickets are text", all(behind.cell(r, 4).data_type == "s" for r in range(2, behind.max_row + 1)))
for name in ("review", "tracking", "rows", "empty"):
    with zipfile.ZipFile(f"{work}/{name}.xlsx") as z:
        for part in z.namelist():
            if part.endswith((".xml", ".rels")):
                xml.dom.minidom.parseString(z.read(part))
        check(f"{name}: sound XML that points nowhere outside", not any(b'TargetMode="External"' in z.read(p) for p in z.namelist()))
P
	while read -r verdict what; do
		same "$what" "$verdict" ok
	done <"$work/checks"
	same 'all of it was looked at' "$(wc -l <"$work/checks")" 27
else
	skip 'workbooks read back' 'no python3-openpyxl'
fi

# As a spreadsheet program sees it, where there is one.
office=$(command -v soffice) || { skip 'workbooks in LibreOffice' 'it is not installed'; exit 0; }
cd "$work" || exit 1
ok 'LibreOffice reads it' env LC_ALL=C.UTF-8 timeout 100 "$office" "-env:UserInstallation=file://$work/office" --headless --convert-to csv:"Text - txt - csv (StarCalc)":44,34,76,1,,0,false,true,false,false,false,2 tracking.xlsx
same 'row for row' "$("$python" -c 'import csv, glob, sys; print(len(list(csv.reader(open(glob.glob("tracking*.csv")[0], encoding="utf-8")))))' 2>&1)" "$(jq '.report.sections[0].rows | length + 1' tracking.json)"
same 'and text is still text' "$(grep -o '=HYPERLINK(' tracking*.csv | wc -l)" "$(jq '[.report.sections[0].rows[] | select(.subject | startswith("=HYPERLINK("))] | length' tracking.json)"
rm -rf "$work/office"
