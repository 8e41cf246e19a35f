# SPDX-License-Identifier: MIT
"""Checks on feeds of `ticket export --changes-since`; prints what is wrong, nothing when all is right.

  changes.py feed FILE                 the lines are sound and in order; the cursor counts them
  changes.py sum WHOLE FILE...         the files, one after the other, give what WHOLE gives
  changes.py tickets WHOLE EXPORT CSV  the same events as whole tickets and as rows; the last ones say how tickets stand
  changes.py bend TICKET HOW           edits a ticket's file as nobody should
"""
import csv
import json
import sys
from datetime import datetime

KINDS = {"event", "restated", "changed", "removed"}
STANDING = ["received", "channel", "subject", "types", "category", "grade", "priority", "risk", "departments", "state", "cycle", "group", "assignee", "level",
            "delayed", "quarantined"]


def once(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def read(path):
    # Bytes, split at line feeds alone: no other line end may count as one.
    text = open(path, "rb").read()
    assert text.endswith(b"\n")
    lines = [json.loads(line.decode(), object_pairs_hook=once) for line in text[:-1].split(b"\n")]
    assert all(line["format"] == 1 for line in lines)
    assert lines[-1]["kind"] == "cursor" and all(line["kind"] in KINDS for line in lines[:-1])
    return lines[:-1], lines[-1]


def feed(path):
    lines, cursor = read(path)
    order = [(datetime.fromisoformat(line["recorded"].replace("Z", "+00:00")), line["ticket"], line["position"]) for line in lines]
    if order != sorted(order):
        print("not in order")
    counts = {kind: sum(line["kind"] == kind for line in lines) for kind in KINDS}
    for kind, name in (("event", "events"), ("restated", "restated"), ("changed", "changed"), ("removed", "removed")):
        if cursor[name] != counts[kind]:
            print(name, cursor[name], counts[kind])
    if cursor["tickets"] != len({line["ticket_uid"] for line in lines if line["kind"] == "event"}):
        print("tickets", cursor["tickets"])
    for line in lines:
        for name in STANDING:
            if "ticket_" + name not in line:
                print("lacks", name, line)


def total(whole, *parts):
    wanted = {line["id"]: line for line in read(whole)[0]}
    got, cursor = {}, None
    for part in parts:
        lines, end = read(part)
        if cursor != end["since"] and cursor:
            print("does not go on from the one before:", part)
        cursor = end["revision"]
        for line in lines:
            known = line["id"] in got
            if known != (line["kind"] != "event"):
                print(line["kind"], "of what is", "known" if known else "unknown", line["id"])
            if line["kind"] == "removed":
                got.pop(line["id"], None)
            else:
                got[line["id"]] = {**line, "kind": "event"}
    if got != wanted:
        print("differ:", [(wanted.get(i), got.get(i)) for i in wanted.keys() | got.keys() if wanted.get(i) != got.get(i)][:3])


def tickets(whole, exported, rows):
    lines = read(whole)[0]
    by_id = {line["id"]: line for line in lines}
    last = {}
    for line in sorted(lines, key=lambda line: line["position"]):
        last[line["ticket"]] = line
    seen = 0
    for ticket in map(json.loads, open(exported, encoding="utf-8")):
        for i, event in enumerate(ticket["events"]):
            line = by_id.get(event["id"], {})
            own = {k: v for k, v in line.items() if k not in ("format", "kind", "position", "ticket") and not k.startswith("ticket_")}
            seen += 1
            if own != event or (line["ticket"], line["ticket_uid"], line["position"]) != (ticket["id"], ticket["uid"], i + 1):
                print("event", event, line)
        end = last[ticket["id"]]
        for name in STANDING:
            absent = [] if name in ("types", "departments") else False if name in ("delayed", "quarantined") else 0 if name == "level" else None
            if end["ticket_" + name] != ticket.get(name, absent):
                print("stands", ticket["id"], name, end["ticket_" + name], ticket.get(name))
        if end["ticket_customer"] != ticket.get("customer", {}).get("id"):
            print("customer", ticket["id"])
    if seen != len(lines):
        print("events", seen, len(lines))
    table = list(csv.DictReader(open(rows, encoding="utf-8-sig", newline="")))
    if len(table) != len(lines):
        print("rows", len(table), len(lines))
    for row in table:
        line = by_id[row["id"]]
        for name in ("ticket", "at", "recorded", "by", "do", "text", "reason", "priority", "person"):
            cell = row[name][1:] if row[name][:2] in ("'=", "'+", "'-", "'@") else row[name]
            if line.get(name, "").replace("\r\n", "\n") != cell.replace("\r\n", "\n"):
                print("row", name, row, line)


def bend(path, how):
    text = open(path, encoding="utf-8").read()
    ticket = json.loads(text)
    if how == "word":
        ticket["events"][-1]["text"] = "nobody said this"
        ticket["events"][-1]["kind"] = "cursor"
    elif how == "insert":
        ticket["events"].insert(1, {**ticket["events"][0], "id": "00000000feedfeed", "do": "triaged", "risk": "high"})
    elif how == "renumber":
        ticket["id"] = ticket["id"][:-3] + "999"
    open(path, "w", encoding="utf-8").write(json.dumps(ticket, ensure_ascii=False) + "\n")


{"feed": feed, "sum": total, "tickets": tickets, "bend": bend}[sys.argv[1]](*sys.argv[2:])
