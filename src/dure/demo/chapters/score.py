"""Chapter 13: who will probably leave, how sure that is, and their list in marketing's hands."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from dure.demo.stage import Stage, eventually, need, said

_SETTINGS = {"kind": "churn", "activity": {"event": "Listen Started"}, "horizon_days": 14, "gap_days": 1,
             "eligible_days": 28}  # fmt: skip
_PURPOSE = "두 주 안에 떠날 듯한 단골에게 먼저 인사하기"


async def begin(stage: Stage) -> None:
    """Asks for a score; it is trained in a process of its own while the story goes on."""
    made = await stage.post("/api/v1/scores", {"name": "2주 이탈", "settings": _SETTINGS})
    stage.told["score"] = made["id"]


async def leaving(stage: Stage) -> dict[str, Any]:
    """The card compares the model with two plain rules at dates of the past; the two highest tenths are handed over."""
    path = f"/api/v1/scores/{stage.told['score']}"

    async def trained() -> Any:
        told = await stage.get(path)
        need(told["work"]["state"] not in ("refused", "failed"), f"the score is trained: {told['work']['said']}")
        return told["scored_at"] and told["card"] and told

    told = await eventually(trained, "the score is trained", 300)
    card = told["card"]
    need(len(card["dates"]) >= 3, f"it was tested at three dates: {card['dates']}")
    made = await stage.post(f"{path}/segment", {"first": 1, "last": 2, "name": "2주 이탈 · 위 두 구간"})
    need(made["size"] > 50, f"the highest tenths have people: {made['size']}")
    handed = await stage.post(f"/api/v1/segments/{made['id']}/hand-over", {
        "to": "marketing", "purpose": _PURPOSE, "control_share": 0.5, "goal": {"event": "Listen Started"},
        "window": "14d", "expires": (stage.now() + timedelta(days=14)).isoformat(),
    })  # fmt: skip
    slack, room = stage.slack(), stage.company.channels["marketing"]

    def read() -> Any:
        history = said(slack.conversations_history(channel=room, limit=50))
        return next((one for one in history["messages"] if _PURPOSE in str(one)), None)

    posted = await eventually(lambda: asyncio.to_thread(read), "marketing's channel has the card")
    first = (await stage.get(f"{path}/people", limit=1))["people"][0]
    return {
        "used": card["used"],
        "auc": {name: round(found["auc"], 3) for name, found in card["average"].items()},
        "tested_at": len(card["dates"]),
        "segment": made["size"],
        "treated": handed["treated"],
        "control": handed["control"],
        "first": round(first["value"], 3),
        "because": [one["words"]["ko"] for one in first["reasons"]][:3],
        "posted": posted["text"],
    }
