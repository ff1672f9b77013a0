"""Dure's values as Slack's clients expect them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dure.channels import visibility
from dure.channels.model import Conversation, Message, ts_text
from dure.channels.prefs.model import Prefs
from dure.channels.profile.model import Profile
from dure.channels.slack import file_shapes
from dure.channels.slack.lines import line
from dure.channels.slack.site import BASE
from dure.governance.api import Principal, Role, User, Workspace


def bot_id(app: str) -> str:
    """A bot's id goes with its app's: `B0…` for `A0…`."""
    return "B" + app[1:]


def app_of(bot: str) -> str:
    return "A" + bot[1:]


def channel(found: Conversation, me: str = "") -> dict[str, Any]:
    side = found.side
    shape: dict[str, Any] = {
        "id": found.id,
        "created": _seconds(found.created_at),
        "creator": found.creator,
        "is_archived": side.archived,
        "is_org_shared": found.reach != "" and side.org == found.home.org,
        "updated": int(found.created_at.timestamp() * 1000),
        "context_team_id": side.workspace,
        "is_im": found.kind == "im",
        "is_mpim": found.kind == "mpim",
        "is_channel": found.kind == "channel" and not side.private,
        "is_group": found.kind == "channel" and side.private,
        "is_private": side.private,
    }
    if found.kind == "im":
        others = [user for user in found.people if user != me]
        return {**shape, "user": others[0] if others else me, "is_user_deleted": False, "is_open": True, "priority": 0}
    name = side.name if found.kind == "channel" else f"mpdm-{'--'.join(found.people)}-1".lower()
    rules = found.prefs or Prefs()
    others_teams = [share.workspace for share in found.connected]
    return {
        **shape,
        "name": name,
        "name_normalized": name,
        "is_general": False,
        "unlinked": 0,
        "is_shared": found.is_shared,
        "is_ext_shared": found.is_external,
        "is_pending_ext_shared": side.home and any(share.state == "invited" for share in found.shares),
        "pending_shared": [share.workspace for share in found.shares if share.state == "invited" and side.home],
        "pending_connected_team_ids": [],
        "shared_team_ids": others_teams,
        "internal_team_ids": [share.workspace for share in found.connected if share.org == side.org],
        "connected_team_ids": [share.workspace for share in found.connected if share.org != side.org],
        "connected_limited_team_ids": [share.workspace for share in found.connected if share.limited],
        "conversation_host_id": found.home.workspace,
        "parent_conversation": None,
        "is_global_shared": found.reach == "whole" and side.org == found.home.org,
        "is_org_default": found.standing != "" and side.org == found.home.org,
        "is_org_mandatory": found.standing == "mandatory" and side.org == found.home.org,
        "is_moved": 0,
        "is_read_only": found.posting == "admins" or bool(rules.post and rules.thread),
        "is_thread_only": found.posting == "threads" or bool(rules.post and not rules.thread),
        "is_non_threadable": found.posting == "flat",
        "properties": {},
        "is_member": found.is_member,
        "num_members": found.members,
        "last_read": ts_text(found.last_read),
        "previous_names": [],
        "topic": {"value": found.topic, "creator": found.topic_by, "last_set": _seconds(found.topic_at)},
        "purpose": {"value": found.purpose, "creator": found.purpose_by, "last_set": _seconds(found.purpose_at)},
    }


def message(
    said: Message, *, metadata: bool = False, parent: str = "", bots: Mapping[str, User] | None = None
) -> dict[str, Any]:
    """A message; `parent` is the user whose message a reply answers, where it is known; `bots` who speaks for apps."""
    shape: dict[str, Any] = {"type": "message", "user": said.user, "ts": ts_text(said.ts), "text": said.text}
    subtype = "tombstone" if said.deleted else said.subtype or ("thread_broadcast" if said.broadcast else "")
    if not subtype and said.app and (said.username or said.icons):
        subtype = "bot_message"
    if subtype:
        shape["subtype"] = subtype
    if said.deleted:
        shape |= {"text": "This message was deleted.", "hidden": True}
    elif subtype:
        shape |= line(subtype, said.user, said.text) or {}
    shape["team"] = said.team
    if said.client_msg_id:
        shape["client_msg_id"] = said.client_msg_id
    if said.app:
        shape |= {"bot_id": bot_id(said.app), "app_id": said.app}
        if bots and said.app in bots:
            shape["bot_profile"] = bot_profile(bots[said.app])
    for name, value in (
        ("username", said.username), ("icons", said.icons), ("blocks", said.blocks), ("attachments", said.attachments),
    ):  # fmt: skip
        if value:
            shape[name] = value
    if said.carried:
        shape |= {"files": [file_shapes.carried(one) for one in said.carried], "upload": False, "display_as_bot": False}
    if said.unfurls:
        shape["attachments"] = [*shape.get("attachments", ()), *said.unfurls]
    if metadata and said.metadata:
        shape["metadata"] = said.metadata
    if said.edited_at is not None:
        shape["edited"] = {"user": said.edited_by, "ts": f"{_seconds(said.edited_at)}.000000"}
    if said.thread is not None:
        shape["thread_ts"] = ts_text(said.thread)
        if parent:
            shape["parent_user_id"] = parent
    elif said.reply_count:
        shape |= _thread(said)
    if said.pinned:
        shape["pinned_to"] = [said.channel]
    if said.reactions:
        shape["reactions"] = [
            {"name": reaction.name, "users": list(reaction.users), "count": len(reaction.users)}
            for reaction in said.reactions
        ]
    return shape


def _thread(said: Message) -> dict[str, Any]:
    """What the root of a thread tells of it."""
    shape: dict[str, Any] = {
        "thread_ts": ts_text(said.ts),
        "reply_count": said.reply_count,
        "reply_users_count": len(said.reply_users),
        "reply_users": list(said.reply_users[:5]),
        "latest_reply": ts_text(said.latest_reply or said.ts),
        "is_locked": False,
        "subscribed": said.following,
    }
    if said.following:
        shape |= {"last_read": ts_text(said.thread_read), "unread_count": said.thread_unread}
    return shape


def bot_profile(found: User) -> dict[str, Any]:
    return {
        "id": bot_id(found.app),
        "app_id": found.app,
        "user_id": found.id,
        "name": found.name,
        "icons": {},
        "deleted": found.deleted,
        "updated": 0,
        "team_id": found.workspace,
    }


def permalink(base: str, channel: str, ts: int, thread: int | None) -> str:
    """As Slack writes them, so that programs that take them apart find channel and timestamp; `door` leads on."""
    within = f"?thread_ts={ts_text(thread)}&cid={channel}" if thread else ""
    return f"{base}archives/{channel}/p{ts:016d}{within}"


def user(
    found: User, principal: Principal, timezone: str = "UTC", said: Profile | None = None, base: str = "",
    now: datetime | None = None, colleague: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Somebody; of another organisation only what everybody may see. `said` is what they keep in their profile,
    `colleague` whether they are of another workspace of the looker's own organisation."""
    stranger = visibility.of_person(principal, found) != "whole" and not colleague
    said = said or Profile(found.id)
    zone = said.timezone or timezone
    told = profile(found, said, base, own=not stranger)
    shape: dict[str, Any] = {
        "id": found.id,
        "team_id": found.workspace,
        "name": handle(found, own=not stranger),
        "deleted": found.deleted,
        "color": said.colour,
        "real_name": found.name,
        "tz": zone,
        **_zone(zone, now or datetime.now(UTC)),
        "profile": told,
        "is_bot": found.is_bot,
        "is_app_user": False,
        "updated": _seconds(said.changed_at),
        "is_email_confirmed": bool(found.email),
        "who_can_share_contact_card": "EVERYONE",
    }
    if stranger:
        return {**shape, "is_stranger": True}
    guest = found.role is Role.GUEST
    return {
        **shape,
        "is_admin": found.role in (Role.OWNER, Role.ADMIN),
        "is_owner": found.role is Role.OWNER,
        "is_primary_owner": False,
        "is_restricted": guest,
        "is_ultra_restricted": found.guest == "single",
    }


def profile(found: User, said: Profile | None, base: str = "", *, own: bool = True) -> dict[str, Any]:
    """What Slack calls a profile. `own`: the looker is of the same workspace, and may see how to reach them."""
    said = said or Profile(found.id)
    first, _, last = found.name.partition(" ")
    shape: dict[str, Any] = {
        "title": found.title,
        "phone": said.phone if own else "",
        "skype": "",
        "real_name": found.name,
        "real_name_normalized": found.name,
        "display_name": found.display,
        "display_name_normalized": found.display,
        "first_name": first,
        "last_name": last,
        "pronouns": said.pronouns,
        "status_text": said.status_text,
        "status_text_canonical": "",
        "status_emoji": said.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": _seconds(said.status_until),
        "avatar_hash": said.photo[:12] or f"g{said.colour}",
        "is_custom_image": bool(said.photo),
        "fields": {name: dict(one) for name, one in said.fields.items()} if own else {},
        "team": found.workspace,
        **images(said, base),
    }
    if found.email and own:
        shape["email"] = found.email
    if found.is_bot:
        shape |= {"bot_id": bot_id(found.app), "api_app_id": found.app, "always_active": True}
    return shape


def images(said: Profile, base: str) -> dict[str, str]:
    """Where somebody's picture is, in the sizes that Slack's clients ask for; the original only of a photograph."""
    where = f"{base or BASE.get()}api/v1/channels/photos/{said.picture}"
    large, small = f"{where}/large.png", f"{where}/small.png"
    sizes = {f"image_{size}": small if size <= 72 else large for size in (24, 32, 48, 72, 192, 512, 1024)}
    return {**sizes, "image_original": large} if said.photo else sizes


def handle(found: User, *, own: bool = True) -> str:
    """The short name after `@`."""
    return found.email.split("@")[0] if found.email and own else found.name.lower().replace(" ", ".")


def _zone(zone: str, now: datetime) -> dict[str, Any]:
    here = now.astimezone(ZoneInfo(zone))
    offset = here.utcoffset()
    return {"tz_label": here.tzname() or zone, "tz_offset": int(offset.total_seconds()) if offset else 0}


def team(workspace: Workspace) -> dict[str, Any]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "domain": workspace.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "enterprise_id": workspace.org,
        "enterprise_name": workspace.org_name,
    }


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0
