"""Chapter 28: what may not be said is stopped before anybody is told, and an administrator decides about it."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from dure.demo.chapters import partners
from dure.demo.proof import Proof
from dure.demo.stage import Stage, need

# Nobody's numbers: both check digits are right, and one too high for those that go through.
_RESIDENT, _CARD = "900101-1000006", "4111-1111-1111-1111"
_WRONG = {"resident_number": "900101-1000007", "card": "4111-1111-1111-1112"}
_STOPPED = {
    "resident_number": f"계약 담당자 주민등록번호는 {_RESIDENT}입니다.",
    "card": f"결제 카드는 {_CARD}로 부탁드립니다.",
}  # fmt: skip


async def stopped_in_time(stage: Stage) -> dict[str, Any]:
    """Two messages wait where the partner reads along; two with a wrong check digit go through. An administrator throws
    one away, the other goes on waiting for whoever looks around."""
    kept: Proof = stage.told["proof"]
    place = stage.told["partners"]
    channel, ours, theirs = place["channel"], stage.slack(place["seller"]), stage.slack(place["partner"])
    rule = await stage.post(
        "/api/v1/guards",
        {"name": "주민등록번호와 카드", "action": "keep", "detectors": [*_STOPPED], "enabled": True, "whole": True},
    )
    kept.note("home", rule["id"], "native_dlp_rule_created")
    before = await partners.texts(theirs, channel)
    heard = [await _say(ours, channel, text) for text in _STOPPED.values()]
    need(heard == ["restricted_action"] * 2, f"both are stopped: {heard}")
    need(await partners.texts(theirs, channel) == before, "the partner has heard of neither")
    need(await partners.texts(ours, channel) == before, "nor has anybody of ours")
    let = [f"주문 번호 {number}" for number in _WRONG.values()]
    need([await _say(ours, channel, text) for text in let] == ["", ""], "a wrong check digit makes it another number")
    need(await partners.texts(theirs, channel) == [*before, *let], "the partner reads these two")
    waiting = (await stage.get("/api/v1/guards/violations", state="waiting"))["violations"]
    found = [one for one in waiting if one["channel"] == channel]
    need(len(found) == 2, f"the administrator sees both wait: {found}")
    shown = " ".join(one["excerpt"] for one in found)
    need("•" in shown and not any(number in shown for number in (_RESIDENT, _CARD)), f"masked: {shown}")
    card = next(one for one in found if "카드" in one["excerpt"])
    decide = f"/api/v1/guards/violations/{card['id']}/remove"
    writer = {"authorization": f"Bearer {place['seller']}"}
    own = await stage.outside.post(decide, headers=writer)
    need(own.status_code == 403, f"the writer does not decide: {own.status_code} {own.text[:200]}")
    removed = await stage.post(decide)
    mine = (await stage.ask("GET", "/api/v1/guards/waiting", headers=writer))["waiting"]
    need([one["text"] for one in mine] == [_STOPPED["resident_number"]], "the writer sees what still waits")
    for one in found:
        kept.note("home", one["id"], "native_dlp_rule_action_applied")
    kept.note("home", card["id"], "native_dlp_violation_deleted")
    return {
        "rule": rule["name"], "stopped": len(found), "writer_hears": heard[0], "went_through": let,
        "administrator_sees": [one["excerpt"] for one in found], "removed": removed["state"],
        "own_word": own.status_code, "still_waiting": len(mine),
    }  # fmt: skip


async def _say(client: WebClient, channel: str, text: str) -> str:
    """Says something; the error that its writer hears, "" where it was said."""
    try:
        await asyncio.to_thread(client.chat_postMessage, channel=channel, text=text)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""
