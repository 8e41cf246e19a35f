# SPDX-License-Identifier: MIT
"""A second implementation of queries: a plain scan of a desk's ticket files, held against what `ticket list` answers.

usage: scan.py DESK SEED COUNT    asks COUNT random queries made from what the files hold; prints one line each that differs
"""
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from datetime import datetime

OPEN = {"new", "triaged", "assigned", "in_progress", "waiting"}
GROUPS = {"open": OPEN, "done": {"resolved", "confirmed", "verified"}, "closed": {"archived", "merged"}}


def fold(text):
    # White space of any kind counts as one space (ticket-query(7)).
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())).strip()


def texts(ticket):
    customer = ticket.get("customer", {}).get("display", "")
    return [fold(t) for t in [ticket.get("subject", ""), ticket.get("description", ""), customer] + [e.get("text", "") for e in ticket["events"]] if t]


def seconds(stamp):
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def last(ticket, kind):
    times = [seconds(e["at"]) for e in ticket["events"] if e["do"] == kind]
    return times[-1] if times else None


class Desk:
    def __init__(self, folder):
        self.tickets = []
        for root, _, names in os.walk(os.path.join(folder, "tickets")):
            for name in names:
                with open(os.path.join(root, name), encoding="utf-8") as f:
                    self.tickets.append(json.load(f))
        for ticket in self.tickets:
            ticket["_texts"] = texts(ticket)
        self.random = None

    def values(self, key):
        return sorted({t[key] for t in self.tickets if t.get(key)})

    def word(self):
        """A piece of two to six characters of some text that can be typed as one argument."""
        while True:
            text = self.random.choice(self.random.choice(self.tickets)["_texts"])
            start = self.random.randrange(len(text))
            piece = text[start:start + self.random.randint(2, 6)].strip()
            if len(piece) >= 2 and not re.search(r'["\\:@<>=-]|^[-(]', piece) and re.search(r"\w", piece):
                return piece

    def term(self):
        kind = self.random.choice(["state", "channel", "priority", "assignee", "no", "received", "resolved", "text", "text", "reopened", "id"])
        if kind == "state":
            word = self.random.choice(sorted(GROUPS) + ["archived", "in_progress", "new", "resolved"])
            return f"state:{word}", lambda t: t["state"] in GROUPS.get(word, {word})
        if kind in ("channel", "priority", "assignee"):
            values = self.values(kind)
            if values:
                value = self.random.choice(values)
                return f"{kind}:={value}", lambda t: t.get(kind) == value
            return self.term()
        if kind == "no":
            return "no:assignee", lambda t: not t.get("assignee")
        if kind == "reopened":
            return "reopened", lambda t: t.get("cycle", 1) > 1
        if kind == "id":
            head = self.random.choice(self.tickets)["id"]
            return f"id:{head}", lambda t: t["id"] == head
        if kind == "text":
            word = self.word()
            folded = fold(word)
            return f'"{word}"', lambda t: any(folded in text for text in t["_texts"])
        moment = self.random.choice(self.tickets)["received"]
        at = seconds(moment)
        if kind == "received":
            return f"received.after:{moment}", lambda t: seconds(t["received"]) >= at
        return f"resolved.before:{moment}", lambda t: (last(t, "resolved") or at) < at

    def ask(self, words):
        out = subprocess.run(["ticket", "list", "-q", "--all", "--", *words], capture_output=True, text=True)
        if out.returncode not in (0, 1) or out.stderr:
            return None, out.stderr
        return set(out.stdout.split()), ""


def main():
    folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    desk = Desk(folder)
    desk.random = random.Random(seed)
    asked = selected = 0
    for _ in range(count):
        terms = [desk.term() for _ in range(desk.random.randint(1, 3))]
        negated = [desk.random.random() < 0.25 for _ in terms]
        words = [("-" if no else "") + word for (word, _), no in zip(terms, negated)]
        wanted = {t["id"] for t in desk.tickets if all(bool(holds(t)) != no for (_, holds), no in zip(terms, negated))}
        got, error = desk.ask(words)
        asked += 1
        selected += len(wanted) > 0
        if got != wanted:
            print("differs:", words, error, "missing", sorted(wanted - (got or set()))[:5], "extra", sorted((got or set()) - wanted)[:5])
    # Many of the questions must select something, or the comparison says little.
    print(f"asked {asked}" if selected * 3 > asked else f"too few select anything: {selected} of {asked}")


main()
