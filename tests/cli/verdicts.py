#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recomputes the clock 'resolution' of every incident from the ServiceNow logs, without the program.

usage: verdicts.py LOG... < TICKETS (what `ticket export --format jsonl` writes)

Counted is the time from the opening to the resolution in which the customer or a vendor was not waited for. Prints
what differs, and last how many incidents were compared; exit status 1 when anything differs.
"""
import csv, datetime, json, sys

LIMITS = {"1 - Critical": 4, "2 - High": 8, "3 - Moderate": 72, "4 - Low": 120}
DONE = ("Resolved", "Closed")
PAUSING = ("Awaiting User Info", "Awaiting Evidence", "Awaiting Vendor")


def seconds(text):
    moment = datetime.datetime.strptime(text, "%d/%m/%Y %H:%M")
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())


def read(paths):
    incidents = {}
    for path in paths:
        with open(path, newline="", encoding="utf-8-sig") as log:
            for row in csv.DictReader(log):
                incidents.setdefault(row["number"], []).append(row)
    return incidents


def changes(rows):
    """The changes of state as [time, place in the log, new state, row, from a done state]; the last resolution counts from its own column."""
    opened, found, before = seconds(rows[0]["opened_at"]), [], None
    for place, row in enumerate(rows):
        state, at = row["incident_state"], max(seconds(row["sys_updated_at"]), opened)
        if state != before:
            found.append([at, place, state, row, before in DONE])
        before = state
    last = [one for one in found if one[2] == "Resolved"]
    if last and last[-1][3]["resolved_at"] != "?":
        last[-1][0] = max(seconds(last[-1][3]["resolved_at"]), opened)
    return opened, sorted(found, key=lambda one: (one[0], one[1]))


def clocks(rows):
    """[(counted seconds, paused seconds, done)] for each round of work; None where no priority gives a limit."""
    opened, found = changes(rows)
    rounds, since, counted, paused, pausing, working = [], opened, 0, 0, False, True
    for at, _, state, _, was_done in found:
        if working:
            paused, counted = (paused + at - since, counted) if pausing else (paused, counted + at - since)
            since = at
            if state in DONE:
                rounds.append((counted, paused, at))
                working = False
            pausing = state in PAUSING
        elif state not in DONE and was_done:
            since, counted, paused, pausing, working = at, 0, 0, state in PAUSING, True
    if working:
        rounds.append((counted, paused, None))
    return rounds


def stamp(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) if text else None


def main():
    incidents = read(sys.argv[1:])
    compared = different = without = 0
    for line in sys.stdin:
        ticket = json.loads(line)
        number = ticket["source"]["key"].removeprefix("sn:")
        rows = incidents.pop(number)
        got = [(c.get("consumed_s", 0), c.get("paused_s", 0), stamp(c.get("done"))) for c in ticket.get("clocks", []) if c["target"] == "resolution"]
        wanted = clocks(rows)
        compared += 1
        closed = rows[-1]["incident_state"] == "Closed"
        verdicts = [c["verdict"] for c in ticket.get("clocks", [])]
        if closed and (not verdicts or not set(verdicts) <= {"met", "met_late"}):
            without += 1
            print(f"{number}: closed without a verdict: {verdicts}")
        if got != wanted:
            different += 1
            print(f"{number}: {got}, not {wanted}")
    for number in incidents:
        different += 1
        print(f"{number}: is not in the desk")
    print(f"{compared} compared, {different} differ, {without} closed without a verdict")
    return 1 if different or without else 0


sys.exit(main())
