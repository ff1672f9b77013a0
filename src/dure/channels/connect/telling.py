"""What apps are told about invitations to share. That a channel is shared, or no more, the rooms' tellers tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels import events
from dure.channels.connect import shapes, store
from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.feed.api import Event

_SCOPES = ("conversations.connect:read", "conversations.connect:manage", "conversations.connect:write")


async def offered(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """Only those who are asked hear of it; the home side did it itself."""
    if event.workspace == event.properties.get("from_workspace"):
        return ()
    return await _invite(telling, event, "shared_channel_invite_received")


async def accepted(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    return await _invite(
        telling, event, "shared_channel_invite_accepted", accepting=True,
        approval_required=bool(event.properties.get("approval_required")),
    )  # fmt: skip


async def approved(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    return await _invite(telling, event, "shared_channel_invite_approved", by="approving")


async def declined(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    return await _invite(telling, event, "shared_channel_invite_declined", by="declining")


async def requested(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """Only the asking side has such a request."""
    found = await store.find(telling.tx, str(event.properties.get("invite", "")))
    if found is None:
        return ()
    names = await shapes.names_for(telling.tx, telling.governance, [found])
    name, private = names.channels[found.channel]
    actor = shapes.person(event.actor, names)
    target = {"email": found.to_email} if found.to_email else {"user_id": found.to_account}
    kind = "shared_channel_invite_requested"
    body = {
        "type": kind, "event_type": f"slack#/events/{kind}",
        "actor": {"id": actor["id"], "name": actor.get("name", ""), "is_bot": False, "team_id": found.workspace,
                  "real_name": actor.get("profile", {}).get("real_name", "")},
        "channel_id": found.channel, "channel_name": name, "channel_type": "private" if private else "public",
        "target_users": [{**target, "invite_id": found.id}],
        "teams_in_channel": [shapes.team(found.workspace, names)], "is_external_limited": found.limited,
        "event_ts": _ts(event),
    }  # fmt: skip
    return [SlackEvent(kind, body, ("conversations.connect:manage",))]


async def moved_id(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    """The side that keeps a copy has it under another id; connected again, it has the channel's own back."""
    kept, was = str(event.properties.get("kept") or ""), str(event.properties.get("was") or "")
    if not kept and not was:
        return ()
    old, new = (event.object, kept) if kept else (was, event.object)
    body = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new, "event_ts": _ts(event)}
    return [SlackEvent("channel_id_changed", body, ("channels:read", "groups:read"), everywhere=True)]


async def _invite(
    telling: Telling, event: Event, kind: str, *, by: str = "", accepting: bool = False, **more: Any
) -> Sequence[SlackEvent]:
    found = await store.find(telling.tx, str(event.properties.get("invite", "")))
    if found is None:
        return ()
    names = await shapes.names_for(telling.tx, telling.governance, [found])
    body: dict[str, Any] = {
        "type": kind, "invite": shapes.invite(found, names), "channel": shapes.channel(found, names),
        "event_ts": _ts(event), **more,
    }  # fmt: skip
    if accepting or by:
        body["teams_in_channel"] = [shapes.team(found.workspace, names)]
    if accepting:
        body["accepting_user"] = shapes.person(found.accepted_by, names)
    if by:
        team = str(event.properties.get("by_workspace", ""))
        body |= {f"{by}_team_id": team, f"{by}_user": shapes.person(event.actor, names)}
    return [SlackEvent(kind, body, _SCOPES)]


def _ts(event: Event) -> str:
    return ts_text(ts_at(event.time))


TELLERS: Tellers = {
    events.SHARE_OFFERED: offered,
    events.SHARE_ACCEPTED: accepted,
    events.SHARE_APPROVED: approved,
    events.SHARE_DECLINED: declined,
    events.SHARE_REVOKED: declined,
    events.SHARE_REQUESTED: requested,
    events.SHARED: moved_id,
    events.UNSHARED: moved_id,
}
