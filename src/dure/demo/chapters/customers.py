"""Chapter 26: a customer's channels by topic, their charter, who is needed, the agenda, Monday's numbers, one page."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk import WebClient

from dure.demo.stage import Stage, eventually, need, said

_QUESTION = "다음 주 런칭 일정이 그대로인지 알려 주세요."
_NUMBERS = "이번 주의 숫자"


async def rooms_for_a_customer(stage: Stage) -> dict[str, Any]:
    """The customer's shared channel is linked and gets a charter that the customer reads; a second, inner channel is
    linked too; the weekly recipe posts in both, and in the shared one says nothing that is not the customer's."""
    company = stage.company
    key, token = next(iter(company.customer_tokens.items()))
    customer = next(one for one in company.world.customers if one.key == key)
    account, shared = company.accounts[key], company.channels[f"공유-{customer.name}"]
    made = await stage.post("/api/v1/channels", {"name": f"안쪽-{customer.key}".lower(), "private": True})
    inner = made["channel"]["id"]
    await stage.post(f"/api/v1/channels/{shared}/join")
    for channel, topic in ((shared, "launch"), (inner, "pricing")):
        await stage.ask("PUT", f"/api/v1/channels/{channel}/customer", json={"account": account, "topic": topic})
    read = await _charter(stage, token, shared, inner)
    agenda = await stage.post(f"/api/v1/channels/{shared}/agenda", {"text": "런칭 일정 확인", "lang": "ko"})
    carried = await stage.post(f"/api/v1/channels/{shared}/agenda/carry", {"lang": "ko"})
    need(carried["items"][0]["carried"] == 1, "the open point was carried over")
    needed = await stage.get(f"/api/v1/channels/{shared}/needed")
    need(all(not one["why"] for one in needed["members"] if one["outside"]), "nobody of the customer's is suggested")
    customers = stage.slack(token)
    asked = said(await asyncio.to_thread(customers.chat_postMessage, channel=shared, text=_QUESTION))
    page = await stage.get(f"/api/v1/customers/{account}")
    need(any(one["asked"] <= asked["ts"] for one in page["questions"]), "the question waits on the customer's page")
    told = await _monday(stage, token, shared)
    need("언급" in told["inside"] and "언급" not in told["outside"], "what sales think stays inside")
    rows = (await stage.get("/api/v1/customers"))["customers"]
    need(any(one["account"] == account and one["questions"] for one in rows), "the list shows who waits")
    refused = await stage.http.get("/api/v1/customers", headers={"authorization": f"Bearer {token}"})
    need(all(one["account"] != account for one in refused.json().get("customers", ())), "the customer sees none of it")
    return {
        "customer": customer.name, "channels": {one["topic"]: one["name"] for one in page["rooms"]},
        "charter_read_by_the_customer": read, "agenda": agenda["items"][0]["text"],
        "inside": needed["inside"], "outside": needed["outside"], "suggested": needed["suggested"],
        "open_questions": len(page["questions"]), "deals": len(page["deals"]), "people": len(page["theirs"]),
        "posted": len(told), "customers": len(rows),
    }  # fmt: skip


async def _charter(stage: Stage, token: str, shared: str, inner: str) -> bool:
    """Writes the charter and lets the customer read it: a channel that they do not see has no name for them."""
    before = await stage.get(f"/api/v1/channels/{shared}/charter")
    templates = (await stage.get("/api/v1/charter-templates"))["templates"]["launch"]
    text = {
        "purpose": templates["ko"]["purpose"], "team": templates["team"], "minutes": templates["minutes"],
        "belongs": [], "places": [{"what": "단가", "channel": inner}], "version": 0,
    }  # fmt: skip
    need(before["wanted"] and not before["charter"], "a shared channel without a charter asks for one")
    await stage.ask("PUT", f"/api/v1/channels/{shared}/charter", json=text)
    headers = {"authorization": f"Bearer {token}"}
    theirs = (await stage.http.get(f"/api/v1/channels/{shared}/charter", headers=headers)).json()
    need(theirs["unread"] and theirs["charter"]["places"] == [{"what": "단가", "channel": "", "name": ""}], "as it is")
    done = await stage.http.post(f"/api/v1/channels/{shared}/charter/read", headers=headers, json={"version": 1})
    need(done.is_success, "the customer reads the charter")
    after = (await stage.http.get(f"/api/v1/channels/{shared}/charter", headers=headers)).json()
    return not after["unread"]


async def _monday(stage: Stage, token: str, shared: str) -> dict[str, str]:
    """The weekly recipe is switched on and run by hand, as on a Monday; what it posted for those inside and outside: in
    the shared channel as the customer's own Slack client reads it."""
    would = {one["inside"]: one["channel"] for one in await _week(stage, shared)}
    need(would[False] == shared, "the shared channel is one of those that get the numbers")
    inner = would[True]
    made = await stage.post("/api/v1/automations", {"recipe": "customer-weekly", "enabled": True})
    await stage.post(f"/api/v1/automations/{made['id']}/runs", {})
    theirs = stage.slack(token)

    async def posted() -> Any:
        ours = (await stage.get(f"/api/v1/channels/{inner}/messages"))["messages"]
        found = {"outside": await asyncio.to_thread(_card, theirs, shared), "inside": _numbers(ours)}
        return all(found.values()) and found

    found: dict[str, str] = await eventually(posted, "the week's numbers are posted")
    return found


async def _week(stage: Stage, shared: str) -> list[Any]:
    """The cards that would be posted for the customer of a channel."""
    account = (await stage.get(f"/api/v1/channels/{shared}/customer"))["customer"]["account"]
    return [one for one in (await stage.get("/api/v1/customers/week"))["cards"] if one["account"] == account]


def _card(slack: WebClient, channel: str) -> str:
    return _numbers(said(slack.conversations_history(channel=channel, limit=50))["messages"])


def _numbers(messages: list[Any]) -> str:
    return next((f"{one['text']} {one['blocks']}" for one in messages if _NUMBERS in one.get("text", "")), "")
