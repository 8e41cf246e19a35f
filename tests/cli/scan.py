# SPDX-License-Identifier: MIT
"""A second implementation of queries: a plain scan of a desk's ticket files, held against what `ticket list` and `ticket search` answer.

usage: scan.py DESK SEED COUNT [REV]    asks COUNT random questions made from what the files hold, now or as of REV: terms,
                                        orders, limits, clocks at a random moment, ranks and places of a search;
                                        prints one line for each answer that differs
"""
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import unicodedata
from datetime import datetime, timezone

STATES = ["new", "triaged", "assigned", "in_progress", "waiting", "resolved", "confirmed", "verified", "archived", "merged"]
GROUPS = {"open": set(STATES[:5]), "done": set(STATES[5:8]), "closed": set(STATES[8:])}
QUIET = {"warned", "breached", "notified", "retargeted", "renumbered"}  # no activity
WORDS = ["channel", "priority", "assignee", "category", "grade", "group", "risk", "lead", "waiting_for", "doing", "id", "uid"]
FIELD = {"waiting_for": "waiting"}  # what a query calls it
TIMES = ["received", "updated", "due", "responded", "resolved", "archived", "eta", "expects"]
MOST_PLACES, IN_SUBJECT = 15, 16


def fold(text):
    # White space of any kind counts as one space (ticket-query(7)).
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())).strip()


def seconds(stamp):
    return int(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp())


class Ticket:
    def __init__(self, data):
        self.data = data
        named = [("subject", data.get("subject", "")), ("description", data.get("description", "")), ("customer", data.get("customer", {}).get("display", ""))]
        self.texts = [(name, fold(text)) for name, text in named + [(e["do"], e.get("text", "")) for e in data["events"]] if text]
        self.times = self.derived_times()
        self.live = self.live_clocks()
        if self.live:
            self.times["due"] = min(due for due, _ in self.live)

    def derived_times(self):
        data, happened = self.data, {}
        for event in data["events"]:
            happened.setdefault(event["do"], []).append(seconds(event["at"]))
        received = seconds(data["received"])
        times = {"received": received, "updated": max([received] + [t for do, ts in happened.items() if do not in QUIET for t in ts])}
        for name, do, pick in (("responded", "responded", min), ("resolved", "resolved", max), ("archived", "archived", max)):
            if do in happened:
                times[name] = pick(happened[do])
        times.update({name: seconds(data[name]) for name in ("eta", "expects") if data.get(name)})
        return times

    def live_clocks(self):
        """Deadline, and since when at risk, of the latest cycle of each target while it runs."""
        if self.data["state"] in GROUPS["closed"]:
            return []
        latest = {}
        for clock in self.data.get("clocks", []):
            if clock["cycle"] >= latest.get(clock["target"], clock)["cycle"]:
                latest[clock["target"]] = clock
        out = []
        for clock in latest.values():
            if clock["verdict"] not in ("running", "missed") or "due" not in clock or "done" in clock:
                continue
            risks = [seconds(clock["next"])] if clock.get("next_step", "").startswith("warn") else []
            risks += [seconds(e["at"]) for e in self.data["events"] if e["do"] == "warned" and e.get("clock") == clock["target"] and e.get("cycle") == clock["cycle"]]
            out.append((seconds(clock["due"]), min(risks, default=None)))
        return out

    def has(self, word, only=None):
        return any(word in text for name, text in self.texts if only in (None, name))

    def places(self, word):
        return min(MOST_PLACES, sum(text.count(word) for _, text in self.texts)) + (IN_SUBJECT if self.has(word, "subject") else 0)


class Desk:
    def __init__(self, folder, revision, chosen):
        self.folder, self.revision, self.random = folder, revision, chosen
        self.tickets = [Ticket(json.loads(text)) for text in self.files("tickets")]
        with open(os.path.join(folder, "policy", "policy.json"), encoding="utf-8") as f:
            self.priorities = [p["name"] for p in json.load(f).get("priorities", [])]
        self.moments = sorted({t for ticket in self.tickets for due, risk in ticket.live for t in (due, risk) if t}) or [1777777777]

    def files(self, under):
        archive = subprocess.run(["git", "-C", self.folder, "archive", self.revision or "HEAD", under], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for member in tar:
                if member.isfile() and member.name.endswith(".json"):
                    yield tar.extractfile(member).read().decode()

    # --- questions

    def word(self):
        """A piece of some text; white space around it and quotes cannot be typed."""
        while True:
            text = self.random.choice(self.random.choice(self.tickets).texts)[1]
            start = self.random.randrange(len(text))
            piece = text[start:start + self.random.randint(2, 6)].strip()
            if len(piece) >= 2 and '"' not in piece and fold(piece) == piece:
                return piece

    def typed(self, word):
        """The same word as somebody else may type it."""
        other = self.random.choice([word, word, word.upper(), word.replace(" ", "\u3000"), unicodedata.normalize("NFD", word)])
        return other if fold(other) == word else word

    def values(self, key):
        return sorted({t.data[key] for t in self.tickets if t.data.get(key)})

    def text_term(self):
        word = self.word()
        typed = self.typed(word)
        if self.random.random() < 0.2:
            return f'subject:"{typed}"', lambda t: t.has(word, "subject")
        return self.random.choice([f'"{typed}"', f'text:"{typed}"']), lambda t: t.has(word)

    def word_term(self):
        key = self.random.choice([k for k in WORDS if self.values(k)])
        name, some = FIELD.get(key, key), self.random.sample(self.values(key), min(2, len(self.values(key))))
        if "," in "".join(some):
            some = [value for value in some if "," not in value][:1] or ["none"]
        return f"{name}:" + ",".join("=" + value for value in some), lambda t: t.data.get(key) in some

    def time_term(self):
        name = self.random.choice([n for n in TIMES if any(n in t.times for t in self.tickets)])
        at = self.random.choice([t.times[name] for t in self.tickets if name in t.times])
        stamp = datetime.fromtimestamp(at, timezone.utc).isoformat().replace("+00:00", "Z")
        how, holds = self.random.choice([
            (f"{name}.after:{stamp}", lambda s: s >= at), (f"{name}.before:{stamp}", lambda s: s < at), (f"{name}:>{stamp}", lambda s: s > at),
            (f"{name}:{stamp}..", lambda s: s >= at)])
        return how, lambda t: name in t.times and holds(t.times[name])

    def presence_term(self):
        name = self.random.choice(TIMES + [FIELD.get(k, k) for k in WORDS])
        key = {v: k for k, v in FIELD.items()}.get(name, name)
        there = (lambda t: name in t.times) if name in TIMES else (lambda t: bool(t.data.get(key)))
        return self.random.choice([(f"has:{name}", there), (f"no:{name}", lambda t: not there(t))])

    def type_term(self):
        some = sorted({part for t in self.tickets for name in t.data.get("types", []) for part in (name, name.split("/")[0])})
        if not some:
            return self.term()
        asked = self.random.choice(some)
        return f"type:={asked}", lambda t: any(name == asked or name.startswith(asked + "/") for name in t.data.get("types", []))

    def own_term(self):
        ticket = self.random.choice(self.tickets).data.get("fields", {})
        pairs = [(k, v) for k, v in ticket.items() if isinstance(v, str) and "," not in v and '"' not in v and v and "\n" not in v]
        if not pairs:
            return self.term()
        key, value = self.random.choice(pairs)
        return f"field.{key}:={value}", lambda t: t.data.get("fields", {}).get(key) == value

    def state_term(self):
        word = self.random.choice(sorted(GROUPS) + STATES)
        return self.random.choice([f"state:{word}", f"is:{word}"]), lambda t: t.data["state"] in GROUPS.get(word, {word})

    def flag_term(self):
        return self.random.choice([
            ("overdue", lambda t: "due" in t.times and t.times["due"] < self.now),
            ("at-risk", lambda t: any(risk is not None and risk <= self.now <= due for due, risk in t.live)),
            ("reopened", lambda t: t.data.get("cycle", 1) > 1), ("level:>=1", lambda t: t.data.get("level", 0) >= 1),
            ("delayed", lambda t: bool(t.data.get("delayed"))), ("quarantined", lambda t: bool(t.data.get("quarantined")))])

    def term(self):
        return self.random.choice([self.text_term, self.text_term, self.word_term, self.time_term, self.presence_term, self.type_term, self.own_term, self.state_term, self.flag_term])()

    # --- answers

    def newest(self, ticket):
        return (-ticket.times["received"], [-b for b in ticket.data["id"].encode()] + [1], [-b for b in ticket.data["uid"].encode()])

    def order(self, tickets):
        """How to ask for an order, and the tickets in it: what lacks the field stands last, equal ones newest first."""
        name = self.random.choice(TIMES + ["priority", "state", "assignee", "id", "level"])
        down = self.random.random() < 0.5

        def value(t):
            if name in TIMES:
                return t.times.get(name)
            if name == "state":
                return STATES.index(t.data["state"])
            if name == "level":
                return t.data.get("level", 0)
            if name == "priority" and t.data.get(name):
                return (self.priorities.index(t.data[name]) if t.data[name] in self.priorities else len(self.priorities), t.data[name].encode())
            return t.data[name].encode() if t.data.get(name) else None

        newest = sorted(tickets, key=self.newest)  # sorting keeps equal ones in order, backwards too
        there = sorted((t for t in newest if value(t) is not None), key=value, reverse=down)
        return ["--sort", ("-" if down else "") + name], there + [t for t in newest if value(t) is None]

    def run(self, *words):
        at = ["--at", self.revision] if self.revision else []
        return subprocess.run(["ticket", "-C", self.folder, "--now", f"{datetime.fromtimestamp(self.now, timezone.utc).isoformat()}", *words[:1], *at, *words[1:]], capture_output=True, text=True)

    def ask_list(self):
        terms = [self.term() for _ in range(self.random.randint(1, 3))]
        negated = [self.random.random() < 0.25 for _ in terms]
        words = [("-" if no else "") + word for (word, _), no in zip(terms, negated)]
        wanted = [t for t in self.tickets if all(bool(holds(t)) != no for (_, holds), no in zip(terms, negated))]
        options, wanted = self.order(wanted) if self.random.random() < 0.6 else ([], sorted(wanted, key=self.newest))
        limit = self.random.choice([0, 0, 1, 7, 50])
        answer = self.run("list", "-q", *options, "--limit", str(limit), "--", *words)
        got, wanted = answer.stdout.split(), [t.data["id"] for t in wanted][:limit or None]
        if got != wanted or answer.returncode:
            print("list differs:", words, options, limit, answer.stderr.strip(), "wanted", len(wanted), "got", len(got), [(w, g) for w, g in zip(wanted, got) if w != g][:2])
        return len(wanted)

    def ask_search(self):
        words = [self.word() for _ in range(self.random.choice([1, 1, 2]))]
        wanted = [t for t in self.tickets if all(t.has(word) for word in words)]
        wanted.sort(key=lambda t: (-sum(t.places(word) for word in words), self.newest(t)))
        answer = self.run("search", "--format", "jsonl", "--columns", "number,score,found_in,snippet", "--", *(f'"{self.typed(word)}"' for word in words))
        rows = [json.loads(line) for line in answer.stdout.splitlines()]
        if [row["number"] for row in rows] != [t.data["id"] for t in wanted] or answer.returncode != (0 if wanted else 1):
            print("search differs:", words, answer.stderr.strip(), "wanted", len(wanted), "got", len(rows))
            return len(wanted)
        for row, ticket in zip(rows, wanted):
            place = next(name for name, text in ticket.texts if any(word in text for word in words))
            if row["score"] != sum(ticket.places(word) for word in words) or row["found_in"] != place or not any(word in fold(row["snippet"]) for word in words):
                print("search shows:", words, row, "wanted", place, sum(ticket.places(word) for word in words))
        return len(wanted)


def main():
    folder, seed, count, revision = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None
    desk = Desk(folder, revision, random.Random(seed))
    selected = 0
    for _ in range(count):
        desk.now = desk.random.choice(desk.moments) + desk.random.choice([-1, 0, 1])
        selected += (desk.ask_search() if desk.random.random() < 0.3 else desk.ask_list()) > 0
    # Many of the questions must select something, or the comparison says little.
    print(f"asked {count}" if selected * 3 > count else f"too few select anything: {selected} of {count}")


main()
