"""Chapter 10: a campaign from its first pitch to a checked set-up, carried by automations and decided by people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.demo.stage import Stage, eventually, need, said

_AMOUNT = 180_000_000
_UNITS = 2_400_000
_BRIEF = {"goal": "겨울 신제품을 20대에게 알리기", "audience": "출퇴근길에 듣는 20대", "budget": "1억 8천만 원"}
_ORDER = {"budget": "KRW 180,000,000", "dates": "3주", "placements": "홈 배너, 30초 오디오", "rates": "CPM 7,500",
          "signed": "yes"}  # fmt: skip
_SPOT = {"seconds": 28, "bytes": 900_000, "file_type": "mp3", "url": "https://winter.example/landing",
         "ad_id": "W-1"}  # fmt: skip


@dataclass
class _Desk:
    """Who plays: each speaks with a token of their own. `asked` are the questions that were put to people."""

    stage: Stage
    seller: str
    lead: str
    trafficker: str
    checker: str
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def act(self, who: str, method: str, path: str, body: Any = None) -> Any:
        if who not in self.tokens:
            self.tokens[who] = await self.stage.token_of(who)
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return await self.stage.ask(method, path, json=body, headers=headers)

    async def answer(self, who: str, about: str, body: dict[str, Any], besides: str = "") -> str:
        """Waits until somebody is asked about something, and answers; returns which question it was."""

        async def question() -> Any:
            waiting = (await self.act(who, "GET", "/api/v1/asked"))["asked"]
            return next((one for one in waiting if about in one["title"]["ko"] and one["ask"] != besides), None)

        one = await eventually(question, f"{about!r} is asked")
        await self.act(who, "POST", f"/api/v1/asked/{one['ask']}", body)
        self.asked.append(one["title"]["ko"])
        return str(one["ask"])


async def pitch_to_launch(stage: Stage) -> dict[str, Any]:
    """Brief, approval, hand-over, order, creative and set-up: each step waits for a person and is read back."""
    desk = _desk(stage)
    users, account = stage.company.users, next(iter(stage.company.accounts.values()))
    today = stage.now().astimezone(ZoneInfo("Asia/Seoul")).date()
    deal = await stage.post("/api/v1/deals", {
        "name": "겨울 신제품 캠페인", "account": account, "amount": _AMOUNT, "owner": users[desk.seller].user,
        "close_date": (today + timedelta(days=20)).isoformat(), "team": [users[desk.trafficker].user],
    })  # fmt: skip
    path = f"/api/v1/deals/{deal['id']}"
    await stage.post(f"{path}/stage", {"stage": "Qualified"})
    await desk.answer(desk.seller, "제안 브리프", {
        "values": {**_BRIEF, "from": str(today + timedelta(days=5)), "to": str(today + timedelta(days=26))}
    })  # fmt: skip
    notes = await eventually(lambda: _about(stage, "notes", deal["id"], 1), "the brief is a note of the deal")
    need(_BRIEF["goal"] in notes[0]["text"], "the note says what was answered")
    await stage.post(f"{path}/stage", {"stage": "Proposal"})
    await desk.answer(desk.lead, "제안을 승인할까요", {"decision": "yes", "note": "할인 없이 갑시다"})
    for step in ("Negotiation", "Closed Won"):
        await stage.post(f"{path}/stage", {"stage": step})
    await desk.answer(desk.seller, "인서션 오더", {"values": _ORDER})
    await eventually(lambda: _about(stage, "notes", deal["id"], 2), "the order is a note of the deal")
    item = await _set_up(desk, deal["id"], account, today)
    tasks = await eventually(lambda: _about(stage, "tasks", deal["id"], 2), "there are tasks")
    room = (await stage.get(path))["channel"]
    cards = await asyncio.to_thread(_cards, stage, room)
    return {
        "deal": deal["name"], "asked": desk.asked, "tasks": sorted(task["subject"] for task in tasks),
        "notes": 2, "cards_in_the_room": len(cards), "line_item": item["name"], "set_up": item["trafficking"],
    }  # fmt: skip


async def _set_up(desk: _Desk, deal: str, account: str, today: date) -> Any:
    """The order, its line item, its creative; who sets it up may not approve it."""
    stage, manager = desk.stage, desk.stage.company.users[desk.trafficker].user
    room = (await stage.get(f"/api/v1/deals/{deal}"))["channel"]
    order = await stage.post("/api/v1/orders", {
        "name": "겨울 신제품", "budget": _AMOUNT, "account": account, "deal": deal, "channel": room, "manager": manager,
    })  # fmt: skip
    item = await stage.post("/api/v1/line-items", {
        "name": "겨울 신제품 30초 오디오", "goal": _UNITS, "budget": _AMOUNT, "deal": deal, "order": order["id"],
        "start_day": str(today + timedelta(days=7)), "end_day": str(today + timedelta(days=28)), "channel": room,
        "manager": manager, "account": account, "creatives_wanted": 1, "targeting": "KR, 20-29",
    })  # fmt: skip
    path = f"/api/v1/line-items/{item['id']}"
    await stage.post(f"{path}/creatives", {"name": "겨울 30초", "kind": "audio", "given": _SPOT})
    await desk.answer(desk.checker, "소재를 승인할까요? 겨울", {"decision": "yes"})

    async def approved() -> Any:
        return (await stage.get(f"{path}/creatives"))["creatives"][0]["status"] == "approved"

    await eventually(approved, "the creative is approved")
    await desk.act(desk.trafficker, "POST", f"{path}/trafficked")
    own = await desk.answer(desk.trafficker, "세팅 확인: 겨울", {"decision": "yes"})
    await desk.answer(desk.checker, "세팅 확인: 겨울", {"decision": "yes"}, besides=own)

    async def checked() -> Any:
        found = await stage.get(path)
        return found["trafficking"] == "approved" and found

    done = await eventually(checked, "the set-up is approved")
    need(done["approved_by"] == stage.company.users[desk.checker].user, "a second person approved it")
    return done


def _desk(stage: Stage) -> _Desk:
    by = {function: [one.email for one in stage.company.world.employees if one.function == function]
          for function in ("sales", "ad_ops")}  # fmt: skip
    owner = stage.company.owner.user
    sales, ops = ([one for one in some if stage.company.users[one].user != owner] for some in by.values())
    return _Desk(stage, sales[0], sales[1], ops[0], ops[1])


async def _about(stage: Stage, noun: str, deal: str, least: int) -> Any:
    """The notes or tasks of a deal, once there are enough."""
    found = [one for one in (await stage.get(f"/api/v1/{noun}", limit=200))[noun] if one["about"] == deal]
    return found if len(found) >= least else None


def _cards(stage: Stage, room: str) -> list[Any]:
    messages = said(stage.slack().conversations_history(channel=room, limit=100))["messages"]
    return [one for one in messages if one.get("blocks")]
