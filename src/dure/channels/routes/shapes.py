"""Channels' values as JSON at Dure's own door. Timestamps of messages are Slack's text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dure.channels.connect.model import Invite
from dure.channels.connect.shapes import Names
from dure.channels.files.shapes import file
from dure.channels.model import Conversation, Message, Response, ts_text
from dure.channels.responding.rules import state_at
from dure.channels.rules import why_not
from dure.channels.sharing import Offer
from dure.governance.api import Principal, User, Workspace, allowed

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)")


def channel(
    found: Conversation, principal: Principal, workspaces: Mapping[str, Workspace], now: datetime,
    waiting: Iterable[Response] = (), apart: Collection[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """`apart` are those to whom the caller may not write directly."""
    clocks = list(waiting)
    kept_apart = any(user in apart for user in found.people)
    return {
        "id": found.id,
        "kind": found.kind,
        "name": found.name,
        "private": found.private,
        "archived": found.side.archived,
        "member": found.is_member,
        "members": found.members,
        "people": list(found.people),
        "unread": found.unread,
        "mentions": found.mentions,
        "posting": found.posting,
        "reach": found.reach if found.side.org == found.home.org else "",
        "standing": found.standing if found.side.org == found.home.org else "",
        "silent": "information_barrier" if kept_apart else why_not(principal, found, principal.user),
        "silent_in_threads": why_not(principal, found, principal.user, threaded=True),
        "manages": allowed(principal, "channel:manage", found.id),
        "calls_everybody": found.prefs is None or (found.prefs.at_here and found.prefs.at_channel),
        "last_ts": ts_text(found.last_ts),
        "last_read": ts_text(found.last_read),
        "topic": found.topic,
        "purpose": found.purpose,
        "creator": found.creator,
        "created_at": found.created_at,
        "home": found.side.home,
        "shared_with": [
            {
                "workspace": share.workspace,
                "name": workspaces[share.workspace].name if share.workspace in workspaces else share.workspace,
                "org": share.org,
                "org_name": workspaces[share.workspace].org_name if share.workspace in workspaces else share.org,
                "state": share.state,
                "home": share.home,
                "limited": share.limited,
                "elsewhere": bool(share.server),
            }
            for share in found.shares
            if share.workspace != principal.tenant.workspace
            and share.org != found.side.org
            and (share.state == "connected" or (share.state == "invited" and found.side.home))
        ],
        "workspaces": [
            {"id": share.workspace, "name": workspaces[share.workspace].name}
            for share in found.own_sides
            if found.reach and share.workspace in workspaces
        ],
        "edits_rules": found.kind == "channel" and found.side.org == found.home.org,
        "limited": found.side.limited,
        "transfer_to": found.transfer_to if found.side.home or found.transfer_to == found.side.workspace else "",
        "copy_of": found.copy_of,
        "was_shared_with": [
            workspaces[share.workspace].org_name
            for share in found.shares
            if found.copy_of and not share.home and share.workspace in workspaces
        ],
        "response_minutes": found.response_minutes if found.side.home else None,
        "response_team": found.response_team if found.side.home else "",
        "response": _wait(clocks, now) if clocks else None,
    }


def _wait(clocks: Sequence[Response], now: datetime) -> dict[str, Any]:
    """The wait that is due first; one that stands still only where no other runs. `left` is the seconds until it is
    due, negative once it is overdue, by the server's clock."""
    first = min(clocks, key=lambda one: (one.state == "paused", one.due_at))
    return {
        **response(first),
        "state": state_at(first, now),
        "waiting": len(clocks),
        "left": (first.due_at - now).total_seconds(),
    }


def response(clock: Response) -> dict[str, Any]:
    return {
        "id": clock.id,
        "kind": clock.kind,
        "thread_ts": ts_text(clock.thread) if clock.thread else None,
        "asked_ts": ts_text(clock.asked),
        "asked_by": clock.asked_by,
        "asked_org": clock.asked_org,
        "minutes": clock.minutes,
        "warn_at": clock.warn_at,
        "due_at": clock.due_at,
        "state": clock.state,
        "answered_at": clock.answered_at,
        "answered_by": clock.answered_by,
        "seconds": clock.seconds,
        "open_seconds": clock.open_seconds,
        "within": clock.within,
        "seen_at": clock.seen_at,
        "seen_by": clock.seen_by,
        "paused_at": clock.paused_at,
        "left_seconds": clock.left,
        "escalated_at": clock.escalated_at,
        "escalated_to": list(clock.escalated_to),
    }


def message(said: Message) -> dict[str, Any]:
    return {
        "channel": said.channel,
        "ts": ts_text(said.ts),
        "thread_ts": ts_text(said.thread) if said.thread is not None else None,
        "broadcast": said.broadcast,
        "user": said.user,
        "app": said.app,
        "team": said.team,
        "username": said.username,
        "subtype": said.subtype,
        "text": said.text,
        "blocks": said.blocks,
        "attachments": said.attachments,
        "unfurls": said.unfurls,
        "edited_at": said.edited_at,
        "deleted": said.deleted,
        "client_msg_id": said.client_msg_id,
        "reply_count": said.reply_count,
        "latest_reply": ts_text(said.latest_reply) if said.latest_reply else None,
        "reply_users": list(said.reply_users[:5]),
        "icons": said.icons,
        "mentions": list(said.mentions),
        "pinned": said.pinned,
        "brought": bool(said.brought),
        "following": said.following,
        "thread_unread": said.thread_unread,
        "reactions": [{"name": reaction.name, "users": list(reaction.users)} for reaction in said.reactions],
        "files": [file(one) for one in said.carried],
    }


def person(user: User, principal: Principal, workspaces: Mapping[str, Workspace]) -> dict[str, Any]:
    """`org` is the organisation's name for somebody from outside, "" for one's own."""
    other = workspaces.get(user.workspace)
    foreign = user.workspace != principal.tenant.workspace and other is not None and other.org != principal.tenant.org
    return {
        "id": user.id,
        "name": user.display or user.name,
        "title": user.title,
        "function": user.function,
        "bot": user.is_bot,
        "guest": user.role == "guest",
        "deleted": user.deleted,
        "org": other.org_name if foreign and other else "",
    }


def offer(found: Offer, workspaces: Mapping[str, Workspace]) -> dict[str, Any]:
    other = workspaces.get(found.from_workspace)
    return {
        "channel": found.channel,
        "name": found.name,
        "purpose": found.purpose,
        "from": other.name if other else found.from_workspace,
        "from_org": other.org_name if other else found.from_org,
        "at": found.at,
    }


def invite(found: Invite, principal: Principal, workspaces: Mapping[str, Workspace], name: str) -> dict[str, Any]:
    """An invitation that was accepted, as one of its sides sees it; `approved` is whether that side has approved."""
    home = found.workspace == principal.tenant.workspace
    other = workspaces.get(found.accepted_workspace if home else found.workspace)
    approved = found.home_approved_at if home else found.away_approved_at
    return {
        "id": found.id,
        "channel": found.channel,
        "name": name,
        "home": home,
        "other": other.name if other else "",
        "other_org": other.org_name if other else "",
        "approved": approved is not None,
        "accepted_at": found.accepted_at,
    }


def request(found: Invite, workspaces: Mapping[str, Workspace], names: Names) -> dict[str, Any]:
    """An invitation that somebody asked leave to send."""
    other = workspaces.get(next(iter(found.targets), ""))
    by = names.people.get(found.inviter)
    return {
        "id": found.id,
        "channel": found.channel,
        "name": names.channels[found.channel][0],
        "by": by.display or by.name if by else found.inviter,
        "other_org": other.org_name if other else "",
        "email": found.to_email,
        "limited": found.limited,
        "state": found.state,
        "at": found.created_at,
        "expires_at": found.expires_at,
    }


def pending(found: Invite, principal: Principal, workspaces: Mapping[str, Workspace], names: Names) -> dict[str, Any]:
    """An invitation that nobody has connected yet, as one of its sides sees it."""
    home = found.workspace == principal.tenant.workspace
    others = [found.accepted_workspace] if found.accepted_workspace else list(found.targets)
    other = workspaces.get(next(iter(others), "") if home else found.workspace)
    return {
        "id": found.id,
        "channel": found.channel,
        "name": names.channels[found.channel][0],
        "home": home,
        "other_org": other.org_name if other else "",
        "email": found.to_email,
        "limited": found.limited,
        "state": found.state,
        "at": found.changed_at,
        "expires_at": found.expires_at,
    }


def named_in(said: Iterable[Message]) -> set[str]:
    """The ids of everybody whose name is needed to show messages."""
    ids: set[str] = set()
    for one in said:
        ids |= {one.user, *one.reply_users, *(user for reaction in one.reactions for user in reaction.users)}
        ids |= set(_MENTION.findall(one.text))
        if one.blocks or one.attachments:
            ids |= set(_MENTION.findall(msgspec.json.encode([one.blocks, one.attachments]).decode()))
    return ids
