"""Federation's entrance: what people see of partners and ask of them, and what partners send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from dure.channels.api import Channels
from dure.channels.federation import signing
from dure.channels.federation.asking import Asking
from dure.channels.federation.calling import Caller, Outgoing, Refused
from dure.channels.federation.files import may_have
from dure.channels.federation.inward import Inward, Received
from dure.channels.federation.keys import Keys, key_id
from dure.channels.federation.links import Links, Offered
from dure.channels.federation.model import Partner, Request
from dure.channels.federation.outward import Outward
from dure.channels.federation.partnerships import Partnerships
from dure.channels.federation.refusals import (
    BadSignature,
    NotConfirmed,
    PartnerNotFound,
    PartnershipEnded,
    PartnerUnreachable,
)
from dure.channels.federation.sending import Sending
from dure.channels.federation.store import names, partners, requests
from dure.channels.files.model import File
from dure.channels.files.refusals import FileNotFound
from dure.channels.model import Draft
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.state import State, Tx

_PIECE = 4 << 20


class Federation(Partnerships):
    """`Federation(state, clock, governance, channels, outgoing, keys, address)`; `plain` lets addresses be http."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, outgoing: Outgoing, keys: Keys,
        address: str, *, plain: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(state, clock, governance, channels, keys, Caller(clock, outgoing, plain=plain), address)
        self.inward = Inward(clock, governance, channels)
        self.outward = Outward(state, clock, governance)
        self.sending = Sending(state, clock, self._caller, keys)
        self.sending.retell = self.outward.retell
        self.asking = Asking(state, clock, governance)
        self.links = Links(state, clock, governance, channels)
        channels.elsewhere = self.asking

    async def tick(self) -> None:
        """Drops what was kept long enough."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await partners.forget(tx, now, now - timedelta(days=7))
            self._keys.forget(await partners.keys_used(tx))

    # -- what people see --------------------------------------------------------------------------------------------

    async def reachable(self, principal: Principal) -> Sequence[Partner]:
        """Partners with whom channels can be shared, for whoever may share one."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return [one for one in await partners.of(tx, principal.tenant.org) if one.state == "active"]

    async def invite(
        self, principal: Principal, channel: str, partner: str, email: str, *, limited: bool = False
    ) -> Offered:
        """Offers a channel to somebody of a partner, by their e-mail there; without one to all their workspaces."""
        return await self.links.offer(principal, channel, partner, email, limited=limited)

    async def pending(self, principal: Principal, channel: str) -> Sequence[Request]:
        """The caller's messages that are on their way to a channel's home, or were refused there."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self._channels.see(tx, principal, channel)
            author = await self._channels.author(tx, principal)
            return await requests.open_posts(tx, channel, author.user)

    async def about(self, principal: Principal, channel: str) -> list[dict[str, Any]]:
        """The sides of a conversation that are on other servers, and how it stands with them."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._channels.see(tx, principal, channel)
            told = []
            for known in dict.fromkeys(one.server for one in found.connected if one.server):
                one = await partners.find(tx, known)
                if one is not None:
                    told.append({
                        "partner": one.id, "name": one.name, "address": one.address, "state": one.state,
                        "home": found.elsewhere == one.id, "heard_at": one.heard_at, "waiting": one.waiting,
                        "reached": one.tries == 0,
                    })  # fmt: skip
        return told

    async def drop(self, principal: Principal, request: str) -> None:
        """Lets a refused message of one's own go."""
        await self._dropped(principal, request)

    async def again(self, principal: Principal, request: str) -> None:
        """Says a refused message of one's own once more."""
        found = await self._dropped(principal, request)
        body = found.body
        draft = Draft(
            str(body.get("text") or ""), body.get("blocks"), body.get("attachments"), body.get("metadata"),
            broadcast=bool(body.get("broadcast")), files=tuple(body.get("files") or ()),
        )  # fmt: skip
        await self._channels.post(principal, found.channel, draft)

    # -- what partners send -----------------------------------------------------------------------------------------

    async def delivered(self, told: Mapping[str, Any], headers: Mapping[str, str], url: str, body: bytes) -> Received:
        """A batch of a partner's."""
        entries, behind, oldest = told.get("entries"), told.get("behind"), told.get("oldest")
        async with self._state.begin_system() as tx:
            partner = await self._signed(tx, headers, "POST", url, body)
            got = await self.inward.take(
                tx, partner, entries if isinstance(entries, list) else [], behind if isinstance(behind, int) else 0,
                oldest if isinstance(oldest, int) else 0,
            )  # fmt: skip
            self.inward.passing("before commit")
        self.inward.passing("after commit")
        return got

    async def file_for(self, id: str, headers: Mapping[str, str], url: str) -> File:
        """A file that a partner asks for."""
        async with self._state.begin_system() as tx:
            partner = await self._signed(tx, headers, "GET", url, b"")
            found = await may_have(tx, partner, id)
        if found is None:
            raise FileNotFound
        return found

    async def content(self, file: File, start: int, length: int) -> AsyncIterator[bytes]:
        """The bytes of a file that a partner has, piece by piece."""
        async with self._state.begin_system() as tx:
            server = await names.server_of(tx, file.workspace)
            partner = await partners.find(tx, server) if server else None
            theirs = await names.theirs(tx, server, "file", file.id) if partner else None
        if partner is None or theirs is None or partner.state != "active":
            raise FileNotFound
        key = self._keys.by_id(partner.our_key)
        while length > 0:
            query = urlencode({"from": start, "length": min(length, _PIECE)})
            try:
                piece = await self._caller.get(
                    partner.tenant, partner.address, f"/files/{theirs}?{query}", key, partner.pairing, _PIECE
                )
            except (Refused, OSError) as error:
                raise PartnerUnreachable from error
            if not piece:
                return
            yield piece
            start, length = start + len(piece), length - len(piece)

    async def _signed(self, tx: Tx, headers: Mapping[str, str], method: str, url: str, body: bytes) -> Partner:
        """The partner that a request is signed by, locked; the request is not one that came before."""
        signed, now = signing.read(headers), self._clock.now()
        signing.demand(signed, headers, body, int(now.timestamp()))
        name, _, key = signed.keyid.partition(".")
        partner = await partners.paired(tx, name, lock=True)
        if partner is None:
            raise BadSignature("This partnership is not known here.")
        following = bool(partner.their_next) and key == key_id(partner.their_next)
        signing.verify(partner.their_next if following else partner.their_key, signed, method, url, headers)
        if partner.state == "ended":
            raise PartnershipEnded
        if partner.state != "active":
            raise NotConfirmed
        until = now + timedelta(seconds=2 * signing.SKEW_SECONDS + signing.VALID_SECONDS)
        if not await partners.nonce(tx, partner.id, signed.nonce, until):
            raise BadSignature("This request came before.")
        if following:
            await partners.set_their_key(tx, partner.id, partner.their_next, None)
            partner = replace(partner, their_key=partner.their_next, their_next=b"")
        return partner

    async def _dropped(self, principal: Principal, request: str) -> Request:
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await requests.drop_refused(tx, request, principal.user)
        if found is None:
            raise PartnerNotFound("There is no such refused message of yours.", field="request")
        return found
