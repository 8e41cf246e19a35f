#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An independent recomputation: working seconds of each incident until its first resolution, from the event log alone.

usage: incidents.py CLOCKS.jsonl LOG.csv...

CLOCKS.jsonl has a line for each ticket: key, consumed_s, paused_s, verdict, due of the first cycle of its clock 'resolution'.
Nothing here is shared with the program: its own calendar, its own time zones, its own reading of the log.
"""
import csv
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Rome")
SPANS = [((8, 0), (12, 0)), ((12, 30), (18, 0))]
HOLIDAYS = {"2016-03-28", "2016-04-25"}
LIMITS = {"1": 8 * 3600}
OTHER_LIMIT = 40 * 3600
PAUSED = ("Awaiting User Info", "Awaiting Evidence")


def when(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=timezone.utc)


def working(start, end):
    """Day by day, span by span: no cleverness."""
    total, day = 0, start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if day.weekday() < 5 and day.isoformat() not in HOLIDAYS:
            for (h1, m1), (h2, m2) in SPANS:
                a = datetime(day.year, day.month, day.day, h1, m1, tzinfo=ZONE).astimezone(timezone.utc)
                b = datetime(day.year, day.month, day.day, h2, m2, tzinfo=ZONE).astimezone(timezone.utc)
                a, b = max(a, start), min(b, end)
                if a < b:
                    total += int((b - a).total_seconds())
        day += timedelta(days=1)
    return total


def judge(rows):
    """Consumed and paused seconds until the first resolution, from states in the order of the log."""
    opened = when(rows[0]["opened_at"])
    states, reached = [], opened
    for row in rows:
        reached = max(reached, when(row["sys_updated_at"]))
        states.append((reached, row["incident_state"]))
    done = [i for i, (_, state) in enumerate(states) if state in ("Resolved", "Closed") and (i == 0 or states[i - 1][1] not in ("Resolved", "Closed"))]
    end = states[done[0]][0]
    # The log says when the last resolution really was; until then the incident stood as it did.
    if len(done) == 1 and states[done[0]][1] == "Resolved" and rows[-1]["resolved_at"] != "?":
        end = when(rows[-1]["resolved_at"])
    consumed = paused = 0
    state, since = "New", opened
    for i, (at, after) in enumerate(states[: done[0] + 1]):
        at = end if i == done[0] else min(at, end)
        if at > since:
            if state in PAUSED:
                paused += int((at - since).total_seconds())
            else:
                consumed += working(since, at)
            since = at
        state = after
    return consumed, paused


def fits(verdict, consumed, rows):
    """Does the verdict follow from what was consumed? Sure where the priority never changed."""
    priorities = {row["priority"][0] for row in rows}
    if len(priorities) > 1:
        return verdict in ("met", "met_late")
    limit = LIMITS.get(priorities.pop(), OTHER_LIMIT)
    return consumed <= limit if verdict == "met" else verdict == "met_late" and consumed >= limit


def main():
    clocks = {c["key"]: c for c in map(json.loads, open(sys.argv[1], encoding="utf-8"))}
    incidents = {}
    for path in sys.argv[2:]:
        with open(path, encoding="ascii", newline="") as f:
            for row in csv.DictReader(f):
                incidents.setdefault(row["number"], []).append(row)
    wrong = 0
    for number, rows in incidents.items():
        consumed, paused = judge(rows)
        clock = clocks.get("sn:" + number)
        if not clock or (clock["consumed_s"], clock["paused_s"]) != (consumed, paused) or not fits(clock["verdict"], consumed, rows):
            wrong += 1
            if wrong <= 10:
                print(f"{number}: from the log {consumed} s, {paused} s paused; clock: {clock}")
    print(f"{len(incidents)} incidents, {wrong} differ")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
