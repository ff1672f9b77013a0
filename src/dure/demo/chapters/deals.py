"""Chapters 3 and 4: a deal gets its room, and line items that will miss are told from those that will not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from dure.demo import sales
from dure.demo.stage import Stage, eventually, need, said

_AT_RISK, _NOT_LAUNCHED = "At risk:", "Not launched:"


async def deal_room(stage: Stage) -> dict[str, Any]:
    """An opportunity moves to the 25 % stage; its channel, team and brief are read with Slack's own client."""
    board = await stage.get("/api/v1/deals")
    early = [deal for deal in board["deals"] if deal["stage"] == "Prospecting" and len(deal["team"]) >= 2]
    need(early, "there is a deal before the 25 % stage")
    deal = early[0]
    await stage.post(f"/api/v1/deals/{deal['id']}/stage", {"stage": "Qualified", "version": deal["version"]})
    slack, name = stage.slack(), f"deal-{deal['slug']}"
    room = await eventually(lambda: asyncio.to_thread(_channel, slack, name), f"#{name} opens")

    async def brief() -> Any:
        return next(reversed(await asyncio.to_thread(_cards, slack, room["id"])), None)

    card = await eventually(brief, "the brief is posted")
    members = set(said(await asyncio.to_thread(slack.conversations_members, channel=room["id"]))["members"])
    team = {deal["owner"], *deal["team"]}
    need(team <= members, "the whole team is in the room")
    stage.told["deal"] = deal["id"]
    return {"deal": deal["name"], "channel": f"#{room['name']}", "team": len(team), "brief": card["text"]}


async def pacing(stage: Stage) -> dict[str, Any]:
    """Yesterday's deliveries arrive; each line item that needs it gets one card in its campaign's channel."""
    company = stage.company
    booked = sales.bookings(company.world)
    yesterday = (company.world.end + timedelta(hours=9)).date() - timedelta(days=1)
    figures = [
        {"line_item": item.key, "day": str(day.date), "impressions": day.impressions, "clicks": day.clicks,
         "spend": day.spend}
        for item in booked.line_items for day in item.deliveries if day.date == yesterday
    ]  # fmt: skip
    recorded = await stage.post("/api/v1/deliveries", {"deliveries": figures})
    wanted = {kind: {key for key, what in booked.expected.items() if what == kind} for kind in _CARDS}
    slack, names = stage.slack(), {item.key: item.name for item in booked.line_items}
    rooms = set(company.campaign_rooms.values())

    async def told() -> Any:
        cards = [card["text"] for room in rooms for card in await asyncio.to_thread(_cards, slack, room)]
        found = {
            kind: {key: sum(word in text and names[key] in text for text in cards) for key in names}
            for kind, word in _CARDS.items()
        }
        return all(found[kind][key] for kind in wanted for key in wanted[kind]) and found

    found = await eventually(told, "a card for every line item in trouble")
    for kind, counts in found.items():
        need({key for key, count in counts.items() if count} == wanted[kind], f"only the {kind} ones are told")
        need(all(count <= 1 for count in counts.values()), f"each {kind} line item is told of once")
    healthy = [key for key, what in booked.expected.items() if what == "healthy"]
    return {
        "delivery_rows": recorded["rows"],
        "at_risk": sorted(names[key] for key in wanted["at_risk"]),
        "not_launched": sorted(names[key] for key in wanted["not_launched"]),
        "healthy_without_card": len(healthy),
    }


_CARDS = {"at_risk": _AT_RISK, "not_launched": _NOT_LAUNCHED}


def _channel(slack: WebClient, name: str) -> Any:
    for page in slack.conversations_list(limit=200):
        for channel in said(page)["channels"]:
            if channel["name"] == name:
                return channel
    return None


def _cards(slack: WebClient, channel: str) -> list[Any]:
    """Messages with blocks by bots, newest first."""
    history = said(slack.conversations_history(channel=channel, limit=200))
    return [message for message in history["messages"] if message.get("blocks") and message.get("bot_id")]
