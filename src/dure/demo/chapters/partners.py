"""Chapter 27: a customer's company is invited by e-mail to a channel, both sides agree, and each hears the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from dure.demo import proof
from dure.demo.stage import Stage, need, said

_ASKED = "겨울 캠페인 소재를 금요일까지 보내 드리면 될까요?"
_ANSWERED = "네, 금요일 오전까지면 월요일에 시작할 수 있습니다."


async def channel_of_two(stage: Stage) -> dict[str, Any]:
    """A member of sales invites, the customer accepts under a name of its own, and an administrator approves."""
    company = stage.company
    key, token = list(company.customer_tokens.items())[-1]
    customer = next(one for one in company.world.customers if one.key == key)
    email = customer.contacts[0].email
    seller = next(one.email for one in company.world.employees if (one.function, one.role) == ("sales", "member"))
    ours, theirs, owner = (stage.slack(one) for one in (await stage.token_of(seller), token, company.owner_token))
    kept = await proof.begin(stage, {"home": company.owner_token, "partner": token})
    name, their_name = f"겨울-{key}", "소리마루-겨울"
    channel = (await _do(ours.conversations_create, name=name))["channel"]["id"]
    kept.note("home", channel, "public_channel_created")
    invite = (await _do(ours.conversations_inviteShared, channel=channel, emails=email, external_limited=False))[
        "invite_id"
    ]
    need(await _hears(theirs, channel) == "channel_not_found", "an invitation shows nothing yet")
    accept = theirs.conversations_acceptSharedInvite
    accepted = await _do(accept, invite_id=invite, channel_name=their_name)
    need(not accepted["implicit_approval"], "an administrator of the home has to agree")
    need(await _hears(theirs, channel) == "channel_not_found", "nothing is seen before both have agreed")
    await _do(owner.conversations_approveSharedInvite, invite_id=invite)
    for side in kept.owners:
        kept.note(
            side, channel, *(f"external_shared_channel_{act}" for act in ("invite_sent", "invite_accepted",
                                                                           "invite_approved", "connected")),
        )  # fmt: skip
    await _do(theirs.chat_postMessage, channel=channel, text=_ASKED)
    await _do(ours.chat_postMessage, channel=channel, text=_ANSWERED)
    heard = {side: await texts(client, channel) for side, client in (("home", ours), ("partner", theirs))}
    need(all(told[-2:] == [_ASKED, _ANSWERED] for told in heard.values()), f"each side has both: {heard}")
    names = [(await _do(one.conversations_info, channel=channel))["channel"]["name"] for one in (ours, theirs)]
    need(names == [name, their_name], f"each side has a name of its own: {names}")
    connected = (await stage.get("/api/v1/channels/connections"))["organisations"]
    shared = next(one for one in connected if any(room["id"] == channel for room in one["channels"]))
    stage.told["partners"] = {"channel": channel, "seller": ours.token, "partner": token}
    return {
        "partner": shared["name"], "invited": email, "invited_by": seller.partition("@")[0],
        "channel": f"#{name}", "their_name": f"#{their_name}",
        "seen_at_theirs": heard["partner"][-1], "seen_at_ours": heard["home"][-2],
        "shared_with_them": len(shared["channels"]),
    }  # fmt: skip


async def texts(client: WebClient, channel: str) -> list[str]:
    """What somebody reads in a channel, the oldest first, without the lines about who came."""
    found = (await _do(client.conversations_history, channel=channel, limit=100))["messages"]
    return [one["text"] for one in reversed(found) if not one.get("subtype")]


async def _do(method: Callable[..., Any], **arguments: Any) -> Any:
    return said(await asyncio.to_thread(method, **arguments))


async def _hears(client: WebClient, channel: str) -> str:
    """The error that somebody hears who reads a channel, "" where they may."""
    try:
        await _do(client.conversations_history, channel=channel)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""
