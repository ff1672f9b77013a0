"""Chapter 7: a customer writes from their own organisation, and the clock runs until somebody answers."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk import WebClient

from dure.demo.stage import Stage, eventually, need, said

_QUESTION = "어제 리포트에 노출이 비어 있는 날이 있는데 확인 부탁드립니다."
_ANSWER = "확인했습니다. 집계가 늦은 것이고 지금은 채워져 있습니다."


async def response_clock(stage: Stage) -> dict[str, Any]:
    """The customer's question starts the clock; it warns before it is late and stops at the answer."""
    company = stage.company
    account, token = next(iter(company.customer_tokens.items()))
    customer = next(one for one in company.world.customers if one.key == account)
    room = company.channels[f"공유-{customer.name}"]
    asked = await _say(stage.slack(token), room, _QUESTION)

    async def in_state(state: str) -> Any:
        clocks = (await stage.get(f"/api/v1/channels/{room}/responses"))["responses"]
        return next((one for one in clocks if one["asked_ts"] == asked["ts"] and one["state"] == state), None)

    running = await eventually(lambda: in_state("waiting"), "the response clock starts")
    stage.pass_time(minutes=running["minutes"] * 0.85)
    await eventually(lambda: in_state("warned"), "the clock warns")
    sales = next(one.email for one in company.world.employees if one.function == "sales")
    answerer = await stage.token_of(sales)
    await _say(stage.slack(answerer), room, _ANSWER)
    answered = await eventually(lambda: in_state("answered"), "the clock stops at the answer")
    need(answered["seconds"] < running["minutes"] * 60, "the answer came within the standard")
    return {
        "channel": f"#공유-{customer.name}",
        "asked_by": customer.name,
        "standard_minutes": running["minutes"],
        "warned": True,
        "answered_after_minutes": round(answered["seconds"] / 60, 1),
    }


async def _say(slack: WebClient, room: str, text: str) -> Any:
    return said(await asyncio.to_thread(slack.chat_postMessage, channel=room, text=text))
