"""What people of other servers ask of channels whose home is here: done as those people, by everybody's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from psycopg import DataError

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.connect import store as invites
from dure.channels.connect.machine import step
from dure.channels.federation import events as own_events
from dure.channels.federation import wire
from dure.channels.federation.files import known_files
from dure.channels.federation.hearing import Apart
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import names
from dure.channels.model import Conversation, Draft, ts_of
from dure.channels.refusals import ChannelNotFound, InviteNotFound, IsArchived, NotInChannel, RestrictedAction
from dure.channels.saying import Saying
from dure.channels.store import conversations
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Expired(Conflict):
    """Its time was over when it arrived."""

    code = "request_expired"


class Asked:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock, self._governance, self._channels = clock, governance, channels

    async def do(self, tx: Tx, ear: Interpreter, entry: Mapping[str, Any]) -> None:
        """Does it, or takes all of it back; either way it is answered, behind what comes of it in the feed."""
        refusal: DureError | DataError | None = None
        try:
            async with tx.connection.transaction():
                await self._act(tx, ear, entry)
        except (DureError, DataError) as error:
            ear.forget()
            refusal = error
        await append(tx, await self._answer(ear, entry, refusal))

    async def posts(self, tx: Tx, ear: Interpreter, entries: Sequence[Mapping[str, Any]]) -> None:
        """`do` for messages to one conversation at once. Raises Apart, or the first refusal."""
        people = {name: about for entry in entries for name, about in wire.part(entry, "people").items()}
        named = [[wire.text(entry, "by", 40), *wire.names_in(entry)] for entry in entries]
        await ear.learn(people, [name for some in named for name in some])
        channel, sayings = wire.text(entries[0], "channel", 40), list[Saying]()
        for entry in entries:
            who = await self._speaker(ear, entry)
            sayings.append(Saying(who, channel, await self._draft(tx, ear, who, entry)))
        if len({one.principal.tenant for one in sayings}) > 1 or await names.home_of(tx, channel):
            raise Apart
        for said in await self._channels.post_many_in(tx, sayings):
            if isinstance(said, Exception):
                raise said
        await append(tx, *[await self._answer(ear, entry) for entry in entries])

    async def _answer(
        self, ear: Interpreter, entry: Mapping[str, Any], refusal: DureError | DataError | None = None
    ) -> Event:
        told = {"request": wire.text(entry, "request", 60), "ok": refusal is None, "code": "", "why": ""}
        if isinstance(refusal, DureError):
            told |= {"code": refusal.code, "why": refusal.message}
        elif refusal is not None:
            told |= {"code": "bad_entry", "why": str(refusal)[:200]}
        place = Tenant(ear.partner.stranger, await ear.first_team())
        return own_events.partner_event(self._clock, ear.partner, own_events.ANSWERED, "", told, place)

    async def _speaker(self, ear: Interpreter, entry: Mapping[str, Any]) -> Principal:
        """As whom an entry is done, in its time."""
        until = wire.at(entry.get("until"))
        if until is not None and self._clock.now() > until:
            raise Expired
        by = wire.text(entry, "by", 40)
        if by.startswith("~"):
            raise BadEntry("Nobody of another server acts as somebody of this one.", field="by")
        user = ear.person(by)
        space = (await ear.spaces())[ear.teams[user]]
        if space.org != ear.partner.stranger or space.server != ear.partner.id:
            raise BadEntry("A server speaks only for its own organisation.", field="by")
        return Principal(Tenant(space.org, space.id), user, Role.MEMBER)

    async def _act(self, tx: Tx, ear: Interpreter, entry: Mapping[str, Any]) -> None:
        users = [str(one) for one in entry.get("users") or [] if isinstance(one, str)]
        await ear.learn(entry.get("people") or {}, [wire.text(entry, "by", 40), *users, *wire.names_in(entry)])
        who = await self._speaker(ear, entry)
        what = wire.text(entry, "what", 20)
        if what in ("accept", "approve", "decline"):
            await self._invite(tx, who, what, entry)
            return
        channel = wire.text(entry, "channel", 40)
        await conversations.lock(tx, channel)
        found = await conversations.find(tx, who.tenant.workspace, who.user, channel)
        if found is None or found.elsewhere:
            raise ChannelNotFound(field="channel")
        await self._in_channel(tx, who, what, found, entry, ear, users)

    async def _in_channel(
        self, tx: Tx, who: Principal, what: str, found: Conversation, entry: Mapping[str, Any], ear: Interpreter,
        users: list[str],
    ) -> None:  # fmt: skip
        channels, channel = self._channels, found.id
        if what == "post":
            await channels.post_in(tx, who, channel, await self._draft(tx, ear, who, entry))
        elif what == "edit":
            await channels.update_in(tx, who, channel, _ts(entry), wire.draft_of(entry, ear.come))
        elif what == "delete":
            await channels.delete_in(tx, who, channel, _ts(entry))
        elif what in ("react", "unreact"):
            name = wire.text(entry, "name", 120)
            await channels.react_in(tx, who, channel, _ts(entry), name, add=what == "react")
        elif what in ("topic", "purpose"):
            await channels.describe_in(tx, who, channel, what, str(entry.get("text") or ""))
        elif what == "leave":
            await channels._unseat(tx, who, found, who.user)
        elif what == "kick" and len(users) == 1:
            await channels.kick_in(tx, who, channel, ear.person(users[0]))
        elif what in ("join", "invite"):
            await self._bring(tx, who, found, [who.user] if what == "join" else [ear.person(one) for one in users], ear)
        elif what == "disconnect":
            await channels._disconnect(tx, who, found, who.tenant.workspace)
        else:
            raise BadEntry(f"There is no {what!r}.", field="what")

    async def _draft(self, tx: Tx, ear: Interpreter, who: Principal, entry: Mapping[str, Any]) -> Draft:
        draft, thread = wire.draft_of(entry, ear.come), entry.get("thread_ts")
        files = await known_files(tx, entry, ear, who.user, who.tenant.workspace, who.tenant.org)
        return replace(
            draft, thread=ts_of(thread) if thread else None, broadcast=bool(entry.get("broadcast")), files=files,
            client_msg_id=draft.client_msg_id or wire.text(entry, "request", 60),
        )  # fmt: skip

    async def _bring(self, tx: Tx, who: Principal, found: Conversation, users: list[str], ear: Interpreter) -> None:
        """Its own people come in, where its side may bring any; whether they may there is that server's to say."""
        if found.side.limited:
            raise RestrictedAction("Your organisation may only write here, not bring people in.")
        if found.side.archived or found.home.archived:
            raise IsArchived(field="channel")
        if users != [who.user] and not found.is_member:
            raise NotInChannel(field="channel")
        if any(ear.teams.get(one) != who.tenant.workspace for one in users):
            raise BadEntry("A side brings in its own people.", field="users")
        await self._channels._seat(tx, who, found, users, who.user if users != [who.user] else "")

    async def _invite(self, tx: Tx, who: Principal, what: str, entry: Mapping[str, Any]) -> None:
        """The other side's word about an invitation. Whom the e-mail belongs to is theirs to know."""
        seen = await invites.find(tx, wire.text(entry, "invite", 40))
        if seen is None or who.tenant.workspace not in seen.targets:
            raise InviteNotFound(field="invite")
        await conversations.lock(tx, seen.channel)
        found = await invites.find(tx, seen.id)
        assert found is not None  # noqa: S101
        side = replace(who, kind="system")
        now = self._clock.now()
        if what == "accept":
            approves = entry.get("approves") is True
            name = f"{found.channel.lower()}-{who.tenant.workspace.lower()}"
            await self._channels._accept(tx, side, found, name, True, approving=approves)
        elif what == "approve":
            step(await self._channels._standing(tx, found), "approve_away", field="invite")
            made = replace(found, away_approved_at=now, changed_at=now)
            told = {"by_workspace": who.tenant.workspace}
            await self._channels._tell_invite(tx, who, made, events.SHARE_APPROVED, told)
            await self._channels._settle(tx, who, made)
        else:
            await self._channels._decline(tx, who, found)


def _ts(entry: Mapping[str, Any]) -> int:
    return ts_of(wire.text(entry, "ts", 20))
