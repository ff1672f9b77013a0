"""Answers of every kind as the door gives them, made up: for drawing them without asking."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

START = date(2026, 10, 26)


def days(count: int, step: int = 1) -> list[str]:
    return [f"{START + timedelta(days=n * step)}T00:00:00+09:00" for n in range(count)]


def wave(count: int, high: float, phase: float = 0) -> list[int]:
    return [round(high * (1 + 0.25 * math.sin(n / 3 + phase) + n / count / 3)) for n in range(count)]


def answer(question: dict[str, Any], **body: Any) -> dict[str, Any]:
    asked = {"from": "2026-10-26T00:00:00+09:00", "to": "2026-11-24T23:59:59+09:00", "timezone": "Asia/Seoul"}
    meta = {"definitions": ["Counts each person once."], "elapsed_ms": 41.7, "rows_read": 722_633, "warnings": []}
    return {**body, "question": {"by": "person", **asked, **question}, "meta": meta}


def funnel() -> dict[str, Any]:
    names, counts = ["Signed Up", "Listen Started", "Creator Followed", "Gift Sent"], [4790, 4619, 1822, 140]
    took = [None, 72, 5400, 172_800]

    def steps(share: float) -> list[dict[str, Any]]:
        kept = [round(n * share) for n in counts]
        return [
            {"index": i, "event": names[i], "count": n, "from_start": n / kept[0], "median_seconds": took[i],
             "from_previous": n / kept[i - 1] if i else 1, "average_seconds": took[i] and took[i] * 2}
            for i, n in enumerate(kept)
        ]  # fmt: skip

    rate = [n / 4000 for n in wave(30, 900)]
    times = {
        "from": 0, "to": 3, "count": 140, "average": 190_000.0, "median": 172_800.0, "min": 400.0, "max": 604_000.0,
        "percentiles": {"p10": 9000, "p25": 60_000, "p75": 300_000, "p90": 500_000, "p95": 560_000, "p99": 600_000},
        "histogram": [{"from": n * 30_240, "to": (n + 1) * 30_240, "count": 22 - n} for n in range(20)],
    }  # fmt: skip
    question = {
        "kind": "funnel", "steps": [{"event": n, "where": [], "optional": n == "Creator Followed"} for n in names],
        "window": "7d", "breakdown": {"prop": "country", "limit": 8, "attribution": "first", "step": 0},
        "times": {"from": 0, "to": 3, "bins": 20}, "trend": {"interval": "day"},
    }  # fmt: skip
    over = {"intervals": days(30), "entered": wave(30, 150), "converted": wave(30, 30), "rate": rate}
    groups = [{"value": v, "steps": steps(s)} for v, s in (("KR", 0.7), ("US", 0.2), (None, 0.1))]
    over["complete"] = [n < 23 for n in range(30)]
    return answer(question, steps=steps(1), groups=groups, times=times, trend=over)


def trend() -> dict[str, Any]:
    series = [
        {"event": "Listen Started", "where": [], "math": "people", "prop": None, "label": None},
        {"event": "Gift Sent", "where": [], "math": "sum", "prop": "amount", "label": None},
    ]

    def week(v: list[int]) -> list[float | None]:
        return [None] * 6 + [sum(v[i - 6 : i + 1]) / 7 for i in range(6, 30)]

    def lines(phase: float) -> list[dict[str, Any]]:
        made = [("Listen Started (people)", wave(30, 2000, phase)), ("Gift Sent (sum of amount)", wave(30, 900, phase))]
        return [{"label": name, "values": v, "total": sum(v), "moving": week(v)} for name, v in made]

    question = {"kind": "trend", "series": series, "interval": "day", "compare": "previous", "moving_average": 7}
    return answer(question, intervals=days(30), series=lines(0), previous={"intervals": days(30), "series": lines(2)})


def retention() -> dict[str, Any]:
    def rates(n: int) -> list[int]:
        return [1000 + n * 30, *(round((1000 + n * 30) * 0.45 / (1 + i * 0.18)) for i in range(1, 8 - n))]

    cohorts = [
        {"start": at, "size": 1000 + n * 30, "counts": rates(n), "complete": [i < 7 - n for i in range(8 - n)]}
        for n, at in enumerate(days(8, 7))
    ]
    pooled = [1.0, *(0.45 / (1 + i * 0.18) for i in range(1, 7)), None]
    question = {
        "kind": "retention", "start": {"event": "Signed Up", "where": []}, "return": {"event": "*", "where": []},
        "interval": "week", "intervals": 8, "measure": "on", "mode": "calendar", "brackets": [1, 3, 7, 14],
    }  # fmt: skip
    return answer(question, cohorts=cohorts, pooled=pooled)


def lifecycle() -> dict[str, Any]:
    lines = {"new": wave(10, 900), "returning": wave(10, 3000), "resurrecting": wave(10, 600, 1)}
    question = {"kind": "lifecycle", "event": "Listen Started", "interval": "week"}
    return answer(question, intervals=days(10, 7), **lines, dormant=[-n for n in wave(10, 1200, 2)])


def stickiness() -> dict[str, Any]:
    bars = [{"intervals": n, "people": round(4000 / n**1.6)} for n in range(1, 29)]
    return answer({"kind": "stickiness", "event": "Listen Started", "interval": "day"}, bars=bars)


def sessions() -> dict[str, Any]:
    lines = {
        "sessions": wave(30, 2600), "people": wave(30, 1900), "average_seconds": wave(30, 900),
        "median_seconds": wave(30, 420), "events_per_session": [n / 100 for n in wave(30, 430)],
        "single_event_rate": [n / 1000 for n in wave(30, 120)],
    }  # fmt: skip
    total = {
        "sessions": 81_204, "people": 11_103, "average_seconds": 934.2, "median_seconds": 431.0,
        "events_per_session": 4.6, "single_event_rate": 0.134,
    }  # fmt: skip
    edges = [0, 10, 60, 180, 600, 1800, 3600, 7200, None]
    lengths = [
        {"from": a, "to": b, "count": n}
        for a, b, n in zip(edges, edges[1:], [9000, 4000, 9500, 21_000, 26_000, 9000, 2200, 504], strict=False)
    ]
    question = {"kind": "sessions", "event": "*", "gap": "30m", "interval": "day"}
    return answer(question, intervals=days(30), **lines, total=total, durations=lengths)


def paths() -> dict[str, Any]:
    walks = [
        ("1_App Opened", "2_Listen Started", 11_611), ("2_Listen Started", "3_Listen Ended", 9326),
        ("3_Listen Ended", "4_Listen Started", 3011), ("1_App Opened", "2_Page Viewed", 1786),
        ("2_Page Viewed", "3_Listen Started", 1703), ("3_Listen Started", "4_Listen Ended", 1620),
        ("2_Listen Started", "3_Creator Followed", 546), ("1_Page Viewed", "2_Listen Started", 785),
    ]  # fmt: skip
    edges = [{"from": a, "to": b, "count": n} for a, b, n in walks]
    count: dict[str, int] = {}
    for a, b, n in walks:
        came = sum(m for _, to, m in walks if to == a) or sum(m for frm, _, m in walks if frm == a)
        count |= {a: came + 40, b: max(count.get(b, 0), n)}
    nodes = [{"node": name, "count": n, "ended": n // 9} for name, n in count.items()]
    question = {"kind": "paths", "events": [], "steps": 5, "edges": 50, "gap": "30m", "prop": None}
    return answer(question, edges=edges, nodes=nodes, paths=14_200)


def attribution() -> dict[str, Any]:
    made = [("(direct)", 3896.0, 3900), ("naver", 274.25, 410), ("instagram", 232.5, 301), ("kakao", 101.0, 140)]
    rows = [{"value": v, "credit": c, "conversions": n} for v, c, n in made]
    selectors = {"conversion": {"event": "Signed Up", "where": []}, "touch": {"event": "Page Viewed", "where": []}}
    return answer({"kind": "attribution", **selectors, "prop": "utm_source", "model": "linear"}, rows=rows)


def lifetime_value() -> dict[str, Any]:
    cohorts = [
        {"start": at, "size": 320 - n * 11,
         "value": [12_000 + 6200 * i**0.8 + n * 400 for i in range(9 - n)],
         "buyers": [320 - n * 11, *(90 - i * 7 for i in range(1, 9 - n))],
         "complete": [i < 8 - n for i in range(9 - n)]}
        for n, at in enumerate(days(9, 7))
    ]  # fmt: skip
    following = [
        {"order": n, "people": round(2500 * 0.4 ** (n - 1)), "rate": 0.38 + n * 0.04, "median_seconds": 900_000 / n}
        for n in range(1, 8)
    ]
    orders = [{"orders": n, "people": round(1500 / n**1.9)} for n in range(1, 15)]
    again = {"buyers": 2520, "repeaters": 1020, "rate": 0.405, "orders": orders, "next": following}
    total = {"revenue": 128_340_000, "buyers": 2520, "average_order": 18_200.4, "per_buyer": 50_928.6}
    question = {
        "kind": "lifetime_value", "purchase": {"event": "Gift Sent", "where": []}, "prop": "amount", "start": None,
        "interval": "week", "intervals": 9,
    }  # fmt: skip
    pooled = [12_000 + 6200 * i**0.8 for i in range(8)]
    return answer(question, cohorts=cohorts, pooled=[*pooled, None], repurchase=again, total=total)


def correlation() -> dict[str, Any]:
    made = [
        ("event", "Creator Followed", None, 1822, 131, 6.2, 9e-40),
        ("trait", "favourite_genre", "asmr", 610, 44, 2.7, 2e-8),
        ("event", "Push Opened", None, 940, 33, 1.24, 0.31),
        ("property", "Page Viewed.path", "/pricing", 402, 11, 0.93, 0.82),
        ("trait", "plan", "free", 3900, 81, 0.52, 3e-5),
        ("event", "Payment Failed", None, 77, 0, 0.0, 0.041),
    ]
    rows = [
        {"kind": kind, "name": name, "value": value, "people": people, "reached": reached, "rate": reached / people,
         "lift": lift, "odds_ratio": lift * 1.1, "p": p / 3, "p_corrected": p,
         "direction": "more" if lift > 1 else "less"}
        for kind, name, value, people, reached, lift, p in made
    ]  # fmt: skip
    question = {
        "kind": "correlation", "start": {"event": "Signed Up", "where": []},
        "goal": {"event": "Gift Sent", "where": []}, "window": "14d",
    }  # fmt: skip
    return answer(question, base={"started": 4790, "reached": 140, "rate": 0.0292}, rows=rows, tested=212)


def sql() -> dict[str, Any]:
    rows = [[at[:10], n, n * 3] for at, n in zip(days(30), wave(30, 2000), strict=True)]
    return answer({"kind": "sql", "sql": "select …", "limit": 10_000}, columns=["day", "people", "events"], rows=rows)


EVERY = {
    made.__name__: made
    for made in (
        trend, funnel, retention, lifecycle, stickiness, sessions, paths, attribution, lifetime_value, correlation, sql
    )
}  # fmt: skip
