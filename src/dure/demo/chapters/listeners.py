"""Chapters 1 and 2: listens and sign-ups become one person, and answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from segment.analytics.client import Client

from dure.demo import live
from dure.demo.stage import Stage, eventually, need

_MINUTES = 10


async def one_timeline(stage: Stage) -> dict[str, Any]:
    """Segment's own client sends somebody's anonymous and signed-in steps; they are one person's timeline."""
    company = stage.company
    sent = 0
    for minute in range(_MINUTES):
        calls = live.minute(company.world, company.world.end + timedelta(minutes=minute))
        stage.pass_time(minutes=1)
        for source, key in (("web", company.web_key), ("app", company.app_key)):
            own = [call for call in calls if live.source_of(call) == source]
            await stage.send_events(key, own)
            sent += len(own)
    await asyncio.to_thread(_visit_and_sign_up, stage)

    async def found() -> Any:
        people = (await stage.get("/api/v1/people", q="haneul@listener.example"))["people"]
        return people and (await stage.get("/api/v1/people/u-haneul/timeline"))["events"]

    async def whole() -> Any:
        events = await found()
        return events and len({event["event"] for event in events} & _HER_DAY) == len(_HER_DAY) and events

    events = await eventually(whole, "the whole timeline of one person")
    identity = (await stage.get("/api/v1/people/u-haneul/identity"))["ids"]
    ids = sorted(entry["distinct_id"] for entry in identity)
    need("anon-haneul" in ids, "the anonymous id belongs to the person")
    sources = sorted({event["source"] for event in events} & {"web", "app"})
    need(sources == ["app", "web"], "web and app stand on one timeline")
    return {
        "live_events": sent,
        "history_events": company.events,
        "timeline": [event["event"] for event in reversed(events) if event["event"] in _HER_DAY],
        "ids": ids,
        "sources": sources,
    }


_HER_DAY = {"Page Viewed", "Signed Up", "Listen Started", "Listen Ended"}


def _visit_and_sign_up(stage: Stage) -> None:
    company = stage.company
    web = Client(company.web_key, host=stage.url, sync_mode=True, gzip=True)
    web.page(anonymous_id="anon-haneul", name="Home", properties={"path": "/", "utm_source": "naver"})
    web.identify(
        "u-haneul",
        {"name": "윤하늘", "email": "haneul@listener.example", "country": "KR", "language": "ko", "plan": "free"},
        anonymous_id="anon-haneul",
    )
    web.track("u-haneul", "Signed Up", {"method": "kakao", "plan": "free"}, anonymous_id="anon-haneul")
    app = Client(company.app_key, host=stage.url, sync_mode=True)
    heard = {"broadcast_id": "b-1", "creator_id": "c-1", "genre": company.world.broadcasts[0].genre}
    app.track("u-haneul", "Listen Started", {**heard, "platform": "ios"})
    app.track("u-haneul", "Listen Ended", {**heard, "seconds": 1260})


async def questions(stage: Stage) -> dict[str, Any]:
    """A funnel, a retention table and the North Star answer, with their definitions."""
    today = stage.now().astimezone(ZoneInfo("Asia/Seoul")).date()
    since = today - timedelta(days=28)
    funnel = await stage.post(
        "/api/v1/query",
        {
            "kind": "funnel", "from": str(since), "to": str(today), "window": "7d",
            "steps": [{"event": "Page Viewed"}, {"event": "Signed Up"}, {"event": "Listen Started"}],
        },
    )  # fmt: skip
    counts = [step["count"] for step in funnel["steps"]]
    need(counts[0] > counts[1] > counts[2] > 0, f"the funnel narrows: {counts}")
    retention = await stage.post(
        "/api/v1/query",
        {
            "kind": "retention", "start": {"event": "Signed Up"}, "return": {"event": "Listen Started"},
            "interval": "day", "intervals": 8, "from": str(since), "to": str(today),
        },
    )  # fmt: skip
    pooled = retention["pooled"]
    need(0.02 < pooled[7] < 0.7, f"day-7 retention is plausible: {pooled[7]}")
    trend = await stage.post(
        "/api/v1/query",
        {
            "kind": "trend", "interval": "week", "from": str(today - timedelta(days=84)), "to": str(today),
            "series": [{"event": "Listen Started", "math": "people"}],
        },
    )  # fmt: skip
    weekly = trend["series"][0]["values"]
    need(len(weekly) >= 12 and max(weekly) > 0, "the North Star has a history")
    need(funnel["meta"]["definitions"], "the answer says how it counted")
    tree = await stage.get("/api/v1/trees/north-star", influences=False)
    told, change = _contributions(tree)
    need(change != 0 and abs(sum(told.values()) - change) <= 1e-6 * abs(change), f"the contributions add up: {told}")
    screen = await stage.http.get("/analytics")
    need(screen.status_code == 200, "the metrics screen answers")
    return {
        "funnel": counts,
        "funnel_ms": round(funnel["meta"]["elapsed_ms"]),
        "day_1": round(pooled[1], 3),
        "day_7": round(pooled[7], 3),
        "weekly_listeners": weekly[-3:],
        "north_star_change": change,
        "contributions": {name: round(part) for name, part in told.items()},
        "rows_read": funnel["meta"]["rows_read"],
    }


def _contributions(tree: dict[str, Any]) -> tuple[dict[str, float], float]:
    """What each leaf and each remainder of a tree did to its root, and the root's change."""
    parents = {edge["to"] for edge in tree["edges"] if edge["kind"] == "arithmetic"}
    told, change = {}, 0.0
    for node in tree["nodes"]:
        if node["id"] == tree["root"]:
            change = node["change"]
        if node["id"] not in parents and node["to_root"] is not None:
            told[node["id"]] = node["to_root"]
        if node["remainder_to_root"]:
            told[f"{node['id']}, not explained"] = node["remainder_to_root"]
    return told, change
