"""Invitations that come from another server, and the sides that come of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.connect import store as invites
from dure.channels.connect.model import Invite
from dure.channels.events import channel_event
from dure.channels.federation import wire
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner, Request
from dure.channels.federation.refusals import BadEntry, PartnerNotFound
from dure.channels.federation.store import links, names
from dure.channels.model import Conversation, Share
from dure.channels.rules import clean, slug
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx


def own(found: Partner | None, principal: Principal) -> Partner:
    """A partner of the caller's organisation. Raises PartnerNotFound."""
    if found is None or found.org != principal.tenant.org or found.state == "offered":
        raise PartnerNotFound(field="partner")
    return found


async def invited(tx: Tx, clock: Clock, governance: Governance, partner: Partner, entry: Mapping[str, Any]) -> None:
    """A channel is offered: it is known here from now on, and seen by nobody until somebody accepts."""
    ear = Interpreter(tx, governance, partner)
    await ear.learn(entry.get("people") or {}, [wire.text(entry, "inviter", 40)])
    inviter, theirs, now = ear.person(wire.text(entry, "inviter", 40)), wire.text(entry, "channel", 40), clock.now()
    about = entry.get("team")
    if not isinstance(about, Mapping):
        raise BadEntry("`team` is an object.", field="team")
    home = await ear.team(about)
    targets, link = await _targets(tx, governance, partner, entry), entry.get("link")
    if not targets and not link:
        raise BadEntry("There is nobody here by this address.", field="email")
    channel = await names.ours(tx, partner.id, "channel", theirs)
    org = (await governance.workspace_in(tx, home)).org
    if channel is None:
        channel = slack_id("C")
        await names.keep(tx, partner.id, "channel", theirs, channel)
        await _add(tx, channel, home, org, entry, inviter, clock)
    found = await conversations.find_home(tx, channel)
    if found.elsewhere != partner.id:
        raise BadEntry("The home of this channel is not there.", field="channel")
    expires = wire.at(entry.get("expires_at"))
    if expires is None:
        raise BadEntry("`expires_at` is a time.", field="expires_at")
    invite = Invite(
        slack_id("I"), channel, home, org, inviter, "", str(entry.get("email") or "")[:200], tuple(targets),
        bool(entry.get("limited")), "sent", now, now, expires, home_approved_at=now,
    )  # fmt: skip
    await invites.put(tx, invite)
    await names.keep(tx, partner.id, "invite", wire.text(entry, "invite", 40), invite.id)
    if isinstance(link, str) and len(link) == 64:
        await links.keep(tx, partner.id, invite.id, link, now)
    for target in targets:
        if not any(one.workspace == target and one.state == "connected" for one in found.shares):
            share = Share(channel, target, partner.org, False, "", found.home.private, False, "invited", inviter)
            await conversations.add_share(tx, share, now)
    await _tell(tx, clock, invite, inviter, events.SHARE_OFFERED, {})


async def connected(
    tx: Tx, clock: Clock, channels: Channels, partner: Partner, found: Conversation, entry: Mapping[str, Any],
    members: Sequence[tuple[str, str]], own: Set[str],
) -> None:  # fmt: skip
    """The home says that both sides are connected: only what somebody here accepted is."""
    known = await names.ours(tx, partner.id, "invite", wire.text(entry, "invite", 40))
    invite = await invites.find(tx, known) if known else None
    if invite is None or invite.channel != found.id or invite.state not in ("accepted", "connected"):
        raise BadEntry("Nobody here accepted this invitation.", field="invite")
    now, workspace = clock.now(), invite.accepted_workspace
    if invite.state == "connected":
        return
    await conversations.lock_names(tx, workspace)
    share = Share(found.id, workspace, partner.org, False, invite.name, invite.private, False, "connected",
                  invite.inviter, bool(entry.get("limited")))  # fmt: skip
    number = 2
    while not await conversations.add_share(tx, share, now):
        share, number = replace(share, name=f"{invite.name[:70]}-{number}"), number + 1
    await invites.put(tx, replace(invite, state="connected", home_approved_at=now, changed_at=now))
    coming = [(one, team) for one, team in members if one not in own or one == invite.accepted_by]
    await conversations.add_members(tx, found.id, coming, now, 0)
    for what in ("topic", "purpose"):
        said = str(clean(entry.get(what) or ""))[:250]
        await conversations.describe(tx, found.home.workspace, found.id, what, said, invite.inviter, now)
    made = await conversations.find_home(tx, found.id)
    who = Principal(Tenant(partner.org, workspace), invite.accepted_by, Role.MEMBER)
    told = {"invite": invite.id, "user": invite.accepted_by, "with_workspace": made.home.workspace,
            "with_org": made.home.org}  # fmt: skip
    await channels.tell(tx, who, made, events.SHARED, told)


async def withdrawn(
    tx: Tx, clock: Clock, channels: Channels, governance: Governance, partner: Partner, found: Conversation,
    entry: Mapping[str, Any],
) -> None:  # fmt: skip
    """The invitation is over: declined by somebody here, or taken back there."""
    known = await names.ours(tx, partner.id, "invite", wire.text(entry, "invite", 40))
    invite = await invites.find(tx, known) if known else None
    if invite is None or invite.channel != found.id or invite.state not in ("sent", "accepted"):
        return
    now = clock.now()
    await invites.put(tx, replace(invite, state="revoked", changed_at=now))
    for share in found.shares:
        if share.workspace in invite.targets and share.state == "invited":
            await conversations.add_share(tx, replace(share, state="declined"), now)
    _ = channels, governance
    await _tell(tx, clock, invite, "", events.SHARE_DECLINED, {"by_workspace": found.home.workspace})


async def refused(tx: Tx, clock: Clock, request: Request) -> None:
    """The home refused that somebody here accepted: the invitation may be answered again, if it is still open."""
    invite = await invites.find(tx, request.subject)
    if invite is not None and invite.state == "accepted":
        await invites.put(
            tx,
            replace(invite, state="sent", accepted_workspace="", accepted_org="", accepted_by="", accepted_at=None,
                    away_approved_at=None, changed_at=clock.now()),
        )  # fmt: skip


async def _targets(tx: Tx, governance: Governance, partner: Partner, entry: Mapping[str, Any]) -> list[str]:
    """The workspaces here that are meant: those where the e-mail has a seat, or those that are named."""
    spaces = [one for one in await governance.workspaces_in(tx) if one.org == partner.org and not one.playground_of]
    email = str(entry.get("email") or "").lower()
    if not email and entry.get("link"):
        return []  # whoever has the link opens it
    if not email:
        named = {str(one).removeprefix("~") for one in entry.get("teams") or []}
        return [one.id for one in spaces if one.id in named]
    found = []
    for space in spaces:
        people = await governance.users_in(tx, space.tenant)
        if any(one.email.lower() == email and not one.deleted for one in people):
            found.append(space.id)
    return found


async def _add(tx: Tx, channel: str, home: str, org: str, entry: Mapping[str, Any], creator: str, clock: Clock) -> None:
    now = wire.at(entry.get("created_at")) or clock.now()
    about: dict[str, Any] = {
        "id": channel, "workspace": home, "org": org, "kind": "channel", "people": None,
        "private": bool(entry.get("private")), "topic": "", "purpose": str(clean(entry.get("purpose") or ""))[:250],
        "creator": creator, "response_minutes": None, "at": now,
    }  # fmt: skip
    if not await conversations.add(tx, name=slug(wire.text(entry, "name", 80)), **about):
        await conversations.add(tx, name=channel.lower(), **about)


async def offered(tx: Tx, clock: Clock, invite: Invite, workspaces: Sequence[str]) -> None:
    """Tells workspaces of this server of an invitation."""
    await _tell(tx, clock, replace(invite, targets=tuple(workspaces)), invite.inviter, events.SHARE_OFFERED, {})


async def _tell(tx: Tx, clock: Clock, invite: Invite, actor: str, name: str, more: Mapping[str, Any]) -> None:
    """Tells the sides of this server."""
    found = await conversations.find_home(tx, invite.channel)
    told = {"invite": invite.id, "from_workspace": invite.workspace, **more}
    for side in found.shares:
        if side.workspace in invite.targets and not side.server:
            who = Principal(side.tenant, actor, Role.MEMBER)
            about = {**told, "to_workspace": side.workspace, "to_org": side.org}
            event = channel_event(who, clock, found, replace(side, name=found.home.name), name, about)
            await append(tx, event)
