# SPDX-License-Identifier: MIT
"""Tickets of a month and of the one before it, for a desk of any preset, as a file and a map for `ticket import`.

    report_data.py POLICY.json ROWS.jsonl MAP.json [COUNT]

The same each time. Channels, types, categories, priorities and groups are the policy's own; what customers write is
Chinese, long, short, and here and there hostile.
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone

policy = json.load(open(sys.argv[1], encoding="utf-8"))
count = int(sys.argv[4]) if len(sys.argv) > 4 else 90
dice = random.Random(20260401)
zone = timezone(timedelta(hours=8))

SUBJECTS = [
    ("手机屏幕碎裂要求换货", "我上周买的手机屏幕自己裂了，从来没有摔过，要求换一台新的。"),
    ("物流三天没有更新", "订单显示已发货，但物流信息三天没有更新，客服电话一直占线。"),
    ("发票抬头开错", "发票抬头开错了，公司名称少了“有限”两个字，请重开。"),
    ("更新后登录一直转圈", "更新到最新版之后登录一直转圈，\n重装也不行，清缓存也不行。"),
    ("重复扣款 299 元", "同一笔订单扣了两次款，一共 598 元，银行流水可以提供。"),
    ("How do I export my orders?", "I'd like a file with all my orders of last year, for the tax office."),
    ("建议增加夜间模式", "晚上看太亮了，建议增加深色模式。"),
    ("客服态度问题", "昨天的客服说话很不耐烦，没说完就挂断了。"),
    ("=HYPERLINK(\"http://example.com\",\"退款\")", "<b>bold</b> & <script>alert(1)</script> " + "很长" * 150),
    ("保修期内维修收费", "保修期内送修，门店要收 180 元检测费，不合理。"),
    ("+8613800000000 号码无法注册", "注册时收不到验证码，换了号码也不行。"),
    ("Invoice INV-" + "0123456789" * 6, "x" * 300),
]
ANSWERS = ["已联系客户并重新发货，物流单号已短信告知。", "已退款，预计 1–3 个工作日到账。", "We sent a new one.", "已修复，请更新到最新版本。"]
NAMES = ["张伟", "王芳", "李娜", "刘洋", "陈静", "Anna Schmidt", "欧阳修文", "赵敏"]
PEOPLE = ["Wang", "李晓明", "Zhao", "陈思"]


def names(key):
    return [c["name"] for c in policy.get(key, [])]


def leaves():
    """Types as tickets have them: with their sub-type where there are any."""
    out = []
    for t in policy.get("types", []):
        below = t.get("subtypes") or t.get("children") or []
        out += [f"{t['name']}/{s['name']}" for s in below] or [t["name"]]
    return out


def hour():
    return dice.choices(range(24), [1, 1, 1, 1, 1, 1, 2, 4, 9, 14, 15, 12, 6, 8, 13, 14, 12, 9, 6, 5, 6, 5, 3, 2])[0]


def row(i):
    day = datetime(2026, 3, 1, tzinfo=zone) + timedelta(days=dice.randrange(31) if i % 5 == 0 else 31 + dice.randrange(30))
    if day.weekday() > 4 and dice.random() < 0.6:
        day -= timedelta(days=dice.randrange(2, 5))
    at = day.replace(hour=hour(), minute=dice.randrange(60), second=dice.randrange(60))
    subject, text = SUBJECTS[i % len(SUBJECTS)]
    level = dice.choices(range(3), [2, 4, 5])[0]
    response = dice.choice([4, 9, 25, 50, 110]) * (level + 1) * 60
    work = int(dice.lognormvariate(9.6, 1.1)) + response
    customer = dice.randrange(len(NAMES) * 4)
    told = lambda seconds: (at + timedelta(seconds=seconds)).isoformat()
    done = dice.random() < 0.85
    out = {
        "key": f"R{i}", "received": at.isoformat(), "channel": dice.choice(names("channels")),
        "type": dice.choice(leaves()), "category": dice.choice(names("categories") or [""]), "priority": (names("priorities") * 2)[level],
        "customer": NAMES[customer % len(NAMES)], "contact": f"138000{customer:05d}", "subject": subject, "text": text,
        "group": dice.choice(names("groups")), "person": dice.choice(PEOPLE), "answer": dice.choice(ANSWERS),
        "assigned": told(response // 3), "responded": told(response) if done or dice.random() < 0.5 else "",
        "resolved": told(work) if done else "", "confirmed": told(work + 3600) if done and dice.random() < 0.7 else "",
        "again": told(response + 600) if dice.random() < 0.12 else "", "escalated": told(response + 900) if dice.random() < 0.08 else "",
    }
    return {k: v for k, v in out.items() if v != ""}


def event(word, when, **members):
    return {"do": word, "when": {when: ["*"]}, "at": {"column": when}, "set": members}


column = lambda name: {"column": name}
table = {
    "format": 1, "rows": "ticket", "times": ["iso"], "key": {"columns": ["key"], "prefix": "made:"},
    "ticket": {
        "received": column("received"), "channel": column("channel"), "types": column("type"), "category": column("category"),
        "priority": column("priority"), "customer": column("customer"), "contact": column("contact"), "subject": column("subject"),
        "description": column("text"),
    },
    "events": [
        event("assigned", "assigned", group=column("group"), person=column("person")),
        event("responded", "responded", text=column("answer"), by=column("person")),
        event("inbound", "again", text={"value": "还没有解决，请尽快！"}, complains={"value": "true"}),
        event("escalated", "escalated", to={"value": "supervisor"}, reason={"value": "客户要求主管处理"}),
        event("resolved", "resolved", text=column("answer"), by=column("person")),
        event("confirmed", "confirmed"),
    ],
}
if not names("categories"):
    del table["ticket"]["category"]
json.dump(table, open(sys.argv[3], "w"), ensure_ascii=False)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for i in range(count):
        out.write(json.dumps(row(i), ensure_ascii=False) + "\n")
