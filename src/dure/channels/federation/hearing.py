"""What every entry of a partner's is read by: whose side of a conversation somebody is on, and what a message says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from dure.channels.federation import wire
from dure.channels.federation.files import known_files
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import requests
from dure.channels.files import store as file_store
from dure.channels.model import Conversation, Message, Share
from dure.governance.api import Principal, Role
from dure.kernel.tenant import Tenant
from dure.state import Tx

log = structlog.get_logger("dure.channels.federation")


class Apart(Exception):
    """Entries that could have been done at once want to be done one by one."""


async def message_of(tx: Tx, ear: Interpreter, found: Conversation, told: Mapping[str, Any]) -> Message:
    """A message as it is kept here; its people were learnt before. Raises BadEntry."""
    ear.person(wire.text(told, "user", 40))
    said = wire.message_of(told, found.id, ear.teams, ear.come)
    team = team_of(ear, found, said.user)
    org = found.org_of(team) or ear.partner.stranger
    ids = await known_files(tx, told, ear, said.user, team, org)
    carried = await file_store.carried(tx, found.id, ids)
    kept = tuple(one for one in ids if one in carried)
    return replace(said, team=team, files=kept, carried=tuple(carried[one] for one in kept))


async def believed(tx: Tx, ear: Interpreter, found: Conversation, user: str, what: str, *subjects: str) -> None:
    """What a partner says of somebody of this server holds where they asked for just that. Raises BadEntry."""
    if not await requests.asked(tx, ear.partner.id, found.id, user, what, subjects):
        log.warning("federation.not_believed", partner=ear.partner.id, channel=found.id, user=user, what=what)
        raise BadEntry(f"Nobody here asked for this {what}.", field="user")


def speaker(ear: Interpreter, found: Conversation, said: Message) -> Principal:
    """As whom the feed of this side is told of a message."""
    return Principal(Tenant(found.org_of(said.team) or ear.partner.stranger, said.team), said.user, Role.MEMBER)


def team_of(ear: Interpreter, found: Conversation, user: str) -> str:
    side = own_side(found)
    return side.workspace if user in ear.own and side is not None else ear.teams.get(user, found.home.workspace)


def principal_of(ear: Interpreter, found: Conversation, user: str) -> Principal:
    """As whom the feed of this side is told of an act by somebody who was learnt."""
    team = team_of(ear, found, user)
    return Principal(Tenant(found.org_of(team) or ear.partner.stranger, team), user, Role.MEMBER)


def own_side(found: Conversation) -> Share | None:
    """The side of this server: the one that is connected, or was."""
    own = [one for one in found.shares if not one.server]
    return next((one for one in own if one.state == "connected"), own[0] if own else None)


def active(found: Conversation) -> bool:
    return any(not one.server for one in found.connected)
