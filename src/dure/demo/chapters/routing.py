"""Chapter 20: a mention is a card in its team's channel; one is taken, one sent on, and the router learns of both."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

from dure.demo import mentions
from dure.demo.chapters import sources
from dure.demo.stage import Stage, eventually, need, said

_TEAMS = {"complaint": "care", "question": "care", "purchase": "sales", "hiring": "people", "press": "press",
          "praise": "social"}  # fmt: skip
_APP = ("buffering", "crash", "app")
_TAUGHT = 20


async def taken_and_sent_on(stage: Stage) -> dict[str, Any]:
    """In its channel care accepts the refund and sends the wish on to product; what people decide is learned."""
    refund, wish = (stage.told["mentions"][text] for text in (sources.REFUND, sources.WISH))
    agent = await stage.token_of("subin.cha@sorimaru.example")
    for one, press in ((refund, ("mention.accept", refund["id"])), (wish, ("mention.move", "product"))):
        need(one["function"] == "care", f"the router is sure that it is care's: {one}")
        card = await eventually(functools.partial(_card, stage, one), f"#{one['channel']} has the card")
        await _press(stage, agent, one, card, *press)

    async def decided(mention: dict[str, Any], verdict: str, function: str) -> Any:
        told = (await stage.get(f"/api/v1/mentions/{mention['id']}/routing"))["decided"]
        now = await stage.get(f"/api/v1/mentions/{mention['id']}")
        return (told["verdict"], now["function"]) == (verdict, function) and now

    await eventually(lambda: decided(refund, "accepted", "care"), "care has the refund")
    moved = await eventually(lambda: decided(wish, "moved", "product"), "product has the wish")
    there = await eventually(lambda: _card(stage, moved), "#product has a card of the wish")
    taught = await _decide_what_waits(stage)
    version = (await stage.post("/api/v1/mention-routing/learn"))["version"]
    need(version, "the router has enough to learn of")
    card = next(
        one["card"]
        for one in (await stage.get("/api/v1/mention-routing/models"))["models"]
        if one["version"] == version
    )
    replay = await stage.post("/api/v1/mention-routing/replay", {"days": 7, "model": version})
    return {
        "accepted_in": f"#{refund['channel']}",
        "moved_to": f"#{moved['channel']}",
        "card": there["text"],
        "taught": taught,
        "version": version,
        "right_before_and_after": [card["prior"]["accuracy"], card["accuracy"]],
        "right_of_decided": [replay["right"], replay["right_now"], replay["decided"]],
    }


async def _card(stage: Stage, mention: dict[str, Any]) -> Any:
    """The message with a mention's card in its channel, as Slack's own client reads it."""
    room = stage.company.channels[mention["channel"]]
    history = said(await asyncio.to_thread(stage.slack().conversations_history, channel=room, limit=100))
    named = f"mention:{mention['id']}:"
    for message in history["messages"]:
        if any(block.get("block_id", "").startswith(named) for block in message.get("blocks", ())):
            return message
    return None


async def _press(stage: Stage, token: str, mention: dict[str, Any], card: Any, action: str, value: str) -> None:
    pressed = {
        "block_id": f"mention:{mention['id']}:{mention['function']}", "action_id": action, "value": value,
        "channel": stage.company.channels[mention["channel"]], "ts": card["ts"],
    }  # fmt: skip
    await stage.ask("POST", "/api/v1/interactions/actions", json=pressed, headers={"authorization": f"Bearer {token}"})


async def _decide_what_waits(stage: Stage) -> int:
    """The queue's newest go where a person who reads them would send them."""
    truth = {one.id: one.truth for one in mentions.mentions(stage.company.world)}
    waiting = (await stage.get("/api/v1/mention-routing/waiting", limit=_TAUGHT))["waiting"]
    known = [(one["mention"], truth[key]) for one in waiting if (key := one["mention"]["external"]) in truth]

    async def send(one: dict[str, Any], about: mentions.Truth) -> None:
        team = "product" if about.intent == "complaint" and about.topic in _APP else _TEAMS[about.intent]
        body = {"verdict": "moved", "function": team, "version": one["version"]}
        await stage.post(f"/api/v1/mentions/{one['id']}/verdict", body)

    await asyncio.gather(*(send(one, about) for one, about in known))
    return len(known)
