"""Chapter 8: many people speak of a broken payment page, and the teams that can act hear of it."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

from dure.demo import mentions
from dure.demo.company import STORY_MENTIONS
from dure.demo.stage import Stage, eventually, need, said


async def spike(stage: Stage) -> dict[str, Any]:
    """The last two hours' mentions arrive; the spike is noticed, named, and lands with examples in two channels."""
    company, world = stage.company, stage.company.world
    late = world.end - STORY_MENTIONS
    moved = stage.now() - world.end
    fresh = [
        {
            "network": one.network, "id": one.id, "text": one.text, "author": one.author, "handle": one.handle,
            "url": one.url, "reach": one.reach, "posted_at": (one.time + moved).isoformat(),
        }
        for one in mentions.mentions(world) if one.time > late
    ]  # fmt: skip
    added = 0
    for start in range(0, len(fresh), 50):
        added += (await stage.post("/api/v1/mentions", fresh[start : start + 50]))["added"]

    async def noticed() -> Any:
        spikes = (await stage.get("/api/v1/spikes"))["spikes"]
        return next((one for one in spikes if one["topic"] == "payment"), None)

    found = await eventually(noticed, "the spike is noticed")
    slack = stage.slack()

    async def card(channel: str) -> Any:
        return await asyncio.to_thread(read, channel)

    def read(channel: str) -> Any:
        history = said(slack.conversations_history(channel=company.channels[channel], limit=100))
        return next((one for one in history["messages"] if "급증" in one["text"] and "결제" in one["text"]), None)

    cards = {}
    for channel in ("product", "care"):
        cards[channel] = await eventually(functools.partial(card, channel), f"#{channel} hears of it")
    listed = (await stage.get("/api/v1/mentions", topic="payment", language="ko", limit=200))["mentions"]
    complaints = sum(one["intent"] == "complaint" for one in listed)
    need(complaints > 50, f"the mentions are understood as complaints about payment ({complaints})")
    return {
        "mentions": added,
        "topic": found["topic"],
        "seen": found["seen"],
        "expected": round(found["expected"], 2),
        "understood_as_payment_complaints": complaints,
        "channels": [f"#{name}" for name in cards],
        "examples": len(found["examples"]),
    }
