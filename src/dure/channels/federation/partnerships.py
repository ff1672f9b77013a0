"""Partners are made with a code that one server shows and the other enters, compared, confirmed, rotated and ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.channels.api import Channels
from dure.channels.federation import events, pairing
from dure.channels.federation.calling import Caller, Refused
from dure.channels.federation.ending import ended
from dure.channels.federation.keys import Keys, code_key, fingerprint, new_code, proof
from dure.channels.federation.model import Partner
from dure.channels.federation.problems import problem_of
from dure.channels.federation.refusals import (
    AlreadyPartners,
    CodeNotKnown,
    NotPaired,
    PartnershipEnded,
    WrongAddress,
)
from dure.channels.federation.sharing import own
from dure.channels.federation.store import names, outbox, partners
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict
from dure.kernel.ids import slack_id, uuid7
from dure.state import State, Tx

_CODE_LASTS = timedelta(minutes=15)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY = Partner("", "", "", "offered", "", "", "", "", b"", b"", "", "", _NEVER, None, None, None, 0, 0, 0, 0, None, 0,
                 _NEVER, "")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A partner as its administrators see it."""

    partner: Partner
    fingerprint: str
    channels: int
    oldest: str
    refused: Sequence[Mapping[str, Any]]


class Partnerships:
    """The part of `Federation` that administrators use."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, keys: Keys, caller: Caller,
        address: str,
    ) -> None:  # fmt: skip
        self._state, self._clock, self._governance, self._channels = state, clock, governance, channels
        self._keys, self._caller, self.address = keys, caller, address.rstrip("/").lower()

    async def partners(self, principal: Principal) -> Sequence[Shown]:
        """The organisation's partners."""
        access(principal, "partners:write")
        async with self._state.begin(principal.tenant) as tx:
            return [await self._shown(tx, one) for one in await partners.of(tx, principal.tenant.org)
                    if one.state != "offered"]  # fmt: skip

    async def show_code(self, principal: Principal) -> tuple[str, Partner]:
        """A code for the other side to enter, once, within a quarter of an hour; an earlier one holds no more."""
        access(principal, "partners:write")
        code, now = new_code(), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await partners.forget_offers(tx, principal.tenant.org)
            made = self._new(principal, replace(_EMPTY, state="offered", code_until=now + _CODE_LASTS))
            await partners.add(tx, made, code_key(code))
            await append(tx, events.partner_event(self._clock, made, events.OFFERED, principal.user, {}))
        return code, made

    async def pair(self, principal: Principal, address: str, code: str) -> Shown:
        """Enters the code that another server shows. Raises WrongAddress, CodeNotKnown, PartnerUnreachable."""
        access(principal, "partners:write")
        address, key, name = self._caller.read(address), code_key(code), str(uuid7())
        if address == self.address:
            raise WrongAddress("This is your own server.", field="address")
        async with self._state.begin(principal.tenant) as tx:
            about = await pairing.introduction(tx, self._governance, self._keys, principal.tenant.org, self.address)
        told = {**about, "pairing": name}
        told["proof"] = proof(key, "asks", told)
        try:
            answer = await self._caller.post(principal.tenant, address, "/pair", told, self._keys.newest, name)
        except Refused as refused:
            kind = {"code_not_known": CodeNotKnown, "wrong_address": WrongAddress}.get(refused.code)
            if kind is not None:
                raise kind(refused.message, field="code" if kind is CodeNotKnown else "address") from refused
            raise NotPaired(problem_of(refused), refused.message) from refused
        except OSError as error:
            raise NotPaired(problem_of(error), f"{address} does not answer: {error}") from error
        if answer.get("your_key") != about["key"] or not pairing.knows(key, "answers", answer):
            raise CodeNotKnown("The other side does not know this code; somebody may stand between you.", field="code")
        their_key = pairing.check_introduction(answer)
        async with self._state.begin(principal.tenant) as tx:
            made = self._new(principal, replace(
                _EMPTY, state="compare", pairing=name, address=address, their_key=their_key,
                name=str(answer["name"]), our_key=self._keys.newest.id,
            ))  # fmt: skip
            return await self._paired(tx, made, answer, principal.user, new=True)

    async def confirm(self, principal: Principal, id: str, shown: str) -> Shown:
        """Says that the fingerprint `shown` here is the one that the other side sees: from now on it is heard."""
        access(principal, "partners:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._mine(tx, principal, id)
            if found.state != "compare":
                raise Conflict("There is nothing to confirm.", field="partner")
            if "".join(shown.split()) != self._fingerprint(found).replace(" ", ""):
                raise Conflict("This is not the fingerprint any more.", field="fingerprint")
            await partners.confirm(tx, id, self._clock.now())
            await append(tx, events.partner_event(self._clock, found, events.CONFIRMED, principal.user, {}))
            return await self._shown(tx, await self._mine(tx, principal, id))

    async def rotate(self, principal: Principal, id: str) -> Shown:
        """A new key of this server for a partner, told under the old one. It is used once the partner has it."""
        access(principal, "partners:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._mine(tx, principal, id)
            if found.state != "active":
                raise Conflict("The partnership is not active.", field="partner")
            old, new = self._keys.by_id(found.our_key), self._keys.rotate()
            told = b"dure-key" + found.pairing.encode() + new.public
            entry = {"kind": "key", "key": new.public.hex(), "id": new.id, "proof": old.private.sign(told).hex()}
            await outbox.add(tx, id, [entry], self._clock.now())
            await append(tx, events.partner_event(self._clock, found, events.ROTATED, principal.user, {"by": "we"}))
            return await self._shown(tx, found)

    async def end(self, principal: Principal, id: str) -> None:
        """Ends a partnership: nothing is shared with them any more, and they are told."""
        access(principal, "partners:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._mine(tx, principal, id, lock=True)
            if found.state == "ended":
                raise PartnershipEnded
            if found.state == "active":
                await outbox.add(tx, id, [{"kind": "ended"}], self._clock.now())
            await ended(tx, self._clock, self._channels, self._governance, found, "we", principal.user)

    async def introduced(
        self, told: Mapping[str, Any], headers: Mapping[str, str], url: str, body: bytes
    ) -> dict[str, Any]:
        """Another server enters a code that was shown here; what it is told of this one."""
        key, now = pairing.check_introduction(told), self._clock.now()
        name = str(told.get("pairing", ""))[:64]
        pairing.check_own_signature(headers, url, body, key, name, int(now.timestamp()))
        async with self._state.begin_system() as tx:
            known, code = pairing.believed(await partners.offered(tx, now), told)
            offered = await partners.find(tx, known, lock=True)
            if offered is None or offered.state != "offered" or await partners.paired(tx, name):
                raise CodeNotKnown(field="code")
            made = replace(
                offered, state="compare", pairing=name, address=self._caller.read(str(told["address"])),
                name=str(told["name"]), their_key=key, our_key=self._keys.newest.id,
            )  # fmt: skip
            about = await pairing.introduction(tx, self._governance, self._keys, offered.org, self.address)
            await self._paired(tx, made, told, offered.made_by, new=False)
        answer = {**about, "pairing": name, "your_key": told["key"]}
        return {**answer, "proof": proof(code, "answers", answer)}

    async def _paired(self, tx: Tx, made: Partner, told: Mapping[str, Any], actor: str, *, new: bool) -> Shown:
        others = [one for one in await partners.of(tx, made.org) if one.state in ("compare", "active")]
        if any(one.address == made.address and one.name == made.name for one in others):
            raise AlreadyPartners(f"{made.name} at {made.address} is a partner already.", field="address")
        made = replace(made, stranger=await self._governance.strangers.organisation_in(tx, made.name))
        await (partners.add(tx, made, None) if new else partners.pair(tx, made))
        await pairing.meet(tx, self._governance, made, told)
        await append(tx, events.partner_event(self._clock, made, events.PAIRED, actor, {}))
        return await self._shown(tx, made)

    async def _shown(self, tx: Tx, one: Partner) -> Shown:
        shared = await names.shared_with(tx, one.id)
        oldest = await outbox.moment(tx, one.id)
        return Shown(
            one, self._fingerprint(one) if one.their_key else "",
            len({channel for channel, _, state in shared if state == "connected"}),
            oldest.isoformat() if oldest else "", await partners.refused(tx, one.id),
        )  # fmt: skip

    def _fingerprint(self, one: Partner) -> str:
        try:
            own = self._keys.by_id(one.our_key).public
        except KeyError:
            return ""
        return fingerprint(one.pairing, own, one.their_key)

    async def _mine(self, tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Partner:
        return own(await partners.find(tx, id, lock=lock), principal)

    def _new(self, principal: Principal, one: Partner) -> Partner:
        return replace(
            one, id=slack_id("P"), org=principal.tenant.org, workspace=principal.tenant.workspace,
            made_by=principal.user, made_at=self._clock.now(),
        )  # fmt: skip
