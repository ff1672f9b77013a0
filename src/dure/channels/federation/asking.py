"""Acts in channels whose home is another server: kept as requests, sent in order, and waited for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dure.channels.connect import store as invites
from dure.channels.connect.model import Invite
from dure.channels.content import mentions_in
from dure.channels.federation import wire
from dure.channels.federation.files import told_of
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner, Request
from dure.channels.federation.refusals import PartnershipEnded, PartnerUnreachable, TheyRefused
from dure.channels.federation.store import names, outbox, partners, requests
from dure.channels.files import attaching
from dure.channels.files.model import File
from dure.channels.model import Conversation, Message, ts_text
from dure.channels.saying import Saying
from dure.channels.store import messages, saying
from dure.governance.api import Governance, Principal, Workspace
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.ids import uuid7
from dure.state import State, Tx

PATIENCE = 10.0  # seconds for which somebody waits for the home's answer
_LATE = timedelta(seconds=12)  # what nobody waits for any more is not done later


class Asking:
    """Fills `plugs.Elsewhere`."""

    def __init__(self, state: State, clock: Clock, governance: Governance, patience: float = PATIENCE) -> None:
        self._state, self._clock, self._governance, self._patience = state, clock, governance, patience
        self._waiting: dict[str, asyncio.Event] = {}

    async def run(self) -> None:
        """Hears of answers, whichever process they came to, until cancelled."""
        while True:
            async with self._state.listen(requests.CHANNEL) as notes:
                async for note in notes:
                    if note.payload in self._waiting:
                        self._waiting[note.payload].set()

    async def reach(self, tx: Tx, principal: Principal, workspace: Workspace) -> None:
        partner = await partners.find(tx, workspace.server)
        if partner is None or partner.org != principal.tenant.org or partner.state != "active":
            raise NotFound("There is no such workspace.", field="workspace")

    async def say(self, tx: Tx, saying: Saying, author: str, found: Conversation, files: Sequence[File]) -> Message:
        draft, now = saying.draft, self._clock.now()
        known = draft.client_msg_id or str(uuid7())
        again = await requests.said(tx, found.id, known)
        if again is None or again.state == "refused":
            for file in files:
                await attaching.keep(tx, saying.principal, file, now)
            draft = replace(draft, client_msg_id=known)
            body = {
                "text": draft.text, "blocks": draft.blocks, "attachments": draft.attachments,
                "metadata": draft.metadata, "client_msg_id": known, "username": draft.username, "icons": draft.icons,
                "thread_ts": ts_text(draft.thread) if draft.thread else None, "broadcast": draft.broadcast,
            }  # fmt: skip
            await self._keep(tx, saying.principal, author, found, "post", known, body, files)
        return Message(
            found.id, 0, draft.thread, draft.broadcast, author, "", saying.principal.tenant.workspace, draft.username,
            "", draft.text, draft.blocks, draft.attachments, draft.metadata, known, None, None, False, 0, None, (),
            mentions=mentions_in(draft.text, draft.blocks), files=tuple(one.id for one in files), carried=tuple(files),
        )  # fmt: skip

    async def said(self, principal: Principal, pending: Message) -> Message:
        async with self._state.begin(principal.tenant) as tx:
            request = await requests.said(tx, pending.channel, pending.client_msg_id or "")
        if request is not None:
            await self.done(request.id)
        async with self._state.begin(principal.tenant) as tx:
            found = await saying.by_client_id(tx, [(pending.channel, pending.client_msg_id or "")])
            there = found.get((pending.channel, pending.client_msg_id or ""))
            known = await messages.find(tx, pending.channel, there.ts) if there else None
        if known is None:
            raise PartnerUnreachable
        return known

    async def ask(
        self, tx: Tx, principal: Principal, found: Conversation, what: str, subject: str, more: Mapping[str, Any]
    ) -> str:
        return await self._keep(tx, principal, principal.user, found, what, subject, more)

    async def done(self, request: str) -> None:
        """Looks once a second besides, in case the word was lost."""
        heard = self._waiting[request] = asyncio.Event()
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    async with self._state.begin_system() as tx:
                        found = await requests.find(tx, request)
                    if found is None or found.state == "done":
                        return
                    if found.state == "refused":
                        raise TheyRefused(found.code, found.why)
                    try:
                        async with asyncio.timeout(1):
                            await heard.wait()
                    except TimeoutError:
                        pass
                    heard.clear()
        except TimeoutError as error:
            raise PartnerUnreachable from error
        finally:
            self._waiting.pop(request, None)

    async def settled(self, invite: Invite) -> None:
        async with self._state.begin_system() as tx:
            request = await requests.about(tx, invite.channel, invite.id)
        if request is not None:
            await self.done(request.id)

    async def accepted(self, tx: Tx, principal: Principal, invite: Invite) -> Invite:
        made = replace(invite, home_approved_at=None)
        await invites.put(tx, made)
        more = {"approves": invite.away_approved_at is not None}
        what = "accept" if invite.accepted_at == invite.changed_at else "approve"
        await self._about_invite(tx, principal, invite, what, more)
        return made

    async def declined(self, tx: Tx, principal: Principal, invite: Invite) -> None:
        await self._about_invite(tx, principal, invite, "decline", {})

    async def _about_invite(
        self, tx: Tx, principal: Principal, invite: Invite, what: str, more: Mapping[str, Any]
    ) -> None:
        partner = await self._partner(tx, await names.home_of(tx, invite.channel))
        theirs = await names.theirs(tx, partner.id, "invite", invite.id)
        user = principal.user or invite.accepted_by
        await self._send(tx, principal, user, partner, invite.channel, what, invite.id, {**more, "invite": theirs})

    async def _keep(
        self, tx: Tx, principal: Principal, user: str, found: Conversation, what: str, subject: str,
        more: Mapping[str, Any], files: Sequence[File] = (),
    ) -> str:  # fmt: skip
        partner = await self._partner(tx, found.elsewhere)
        return await self._send(tx, principal, user, partner, found.id, what, subject, more, files)

    async def _send(
        self, tx: Tx, principal: Principal, user: str, partner: Partner, channel: str, what: str, subject: str,
        more: Mapping[str, Any], files: Sequence[File] = (),
    ) -> str:  # fmt: skip
        mouth = Interpreter(tx, self._governance, partner)
        users = [str(one) for one in more.get("users") or ()]
        people = await mouth.tell([user, *users, *wire.names_in(dict(more))])
        now, known = self._clock.now(), str(uuid7())
        told = {name: wire.translated(value, mouth.out) for name, value in more.items() if value not in (None, "", [])}
        if users:
            told["users"] = [mouth.out(one) for one in users]
        if files:
            told["files"] = await told_of(tx, partner, files, mouth)
        if what not in ("post", "accept", "approve", "decline"):
            told["until"] = (now + _LATE).isoformat()
        theirs = await names.theirs(tx, partner.id, "channel", channel)
        entry = {"kind": "ask", "request": known, "what": what, "channel": theirs, "by": mouth.out(user),
                 "people": people, **told}  # fmt: skip
        request = Request(known, partner.id, principal.tenant.workspace, user, channel, what, subject,
                          {**more, "files": [one.id for one in files]}, "waiting", "", "", now)  # fmt: skip
        await requests.add(tx, request)
        await outbox.add(tx, partner.id, [entry], now)
        return known

    async def _partner(self, tx: Tx, id: str) -> Partner:
        partner = await partners.find(tx, id)
        if partner is None or partner.state != "active":
            raise PartnershipEnded
        return partner
