"""Agendas' entrance. An agenda is part of the channel's page, so its versions, merging and rights are the page's."""

from __future__ import annotations

from datetime import date

from dure.channels.agenda import rules
from dure.channels.agenda.model import Agenda, Item
from dure.channels.canvas import store
from dure.channels.canvas.desk import CanvasDesk
from dure.channels.rules import clean
from dure.channels.store import conversations
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.state import Tx

__all__ = ["Agenda", "Agendas", "Item"]

_LONGEST = 500


class Agendas(CanvasDesk):
    """Whoever reads the channel reads it, whoever writes there changes it."""

    async def of(self, principal: Principal, channel: str) -> Agenda:
        """The agenda of a channel's page."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, channel)

    async def of_in(self, tx: Tx, principal: Principal, channel: str) -> Agenda:
        """`of` within a transaction."""
        room = await self._channels.see(tx, principal, channel)
        page = await store.of_channel(tx, room.id)
        if page is None:
            return Agenda(room.id, None, (), 0)
        return Agenda(room.id, rules.heading_of(page.body), tuple(rules.items_of(page.body)), page.version)

    async def add(
        self, principal: Principal, channel: str, text: str, *, owner: str = "", due: date | None = None,
        lang: str = "ko",
    ) -> Agenda:  # fmt: skip
        """One more point, at the end of what is open. A page, and an agenda on it, are begun where there is none."""
        access(principal, "channels:write")
        text = " ".join(str(clean(text)).split())
        if not 1 <= len(text) <= _LONGEST:
            raise Invalid(f"A point has 1 to {_LONGEST} characters.", field="text")
        if lang not in rules.HEADINGS:
            raise Invalid("`lang` is ko or en.", field="lang")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            if owner and await conversations.seat_of(tx, room.id, owner) is None:
                raise Invalid("Whose it is must be in the channel.", field="owner")
            page = await store.of_channel(tx, room.id, lock=True)
            if page is None:
                body = rules.added("", text, owner, due, lang)
                made = await self._add(tx, principal, room, rules.HEADINGS[lang], body)
                assert made is not None  # noqa: S101 - the conversation is locked
                await store.see(tx, made.id, made.creator, made.at)
            else:
                body = rules.added(page.body, text, owner, due, lang)
                await self._write(tx, principal, room, page, page.title, body)
            return await self.of_in(tx, principal, channel)

    async def carry(self, principal: Principal, channel: str, *, lang: str = "ko") -> Agenda:
        """Begins a new week: what is done is put aside, what is open is carried over."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            return await self.carry_in(tx, principal, channel, lang=lang)

    async def carry_in(self, tx: Tx, principal: Principal, channel: str, *, lang: str = "ko") -> Agenda:
        """`carry` within a transaction."""
        room = await self._channels.enter(tx, principal, channel)
        page = await store.of_channel(tx, room.id, lock=True)
        if page is not None and rules.heading_of(page.body) is not None:
            await self._write(tx, principal, room, page, page.title, rules.carried_over(page.body, lang))
        return await self.of_in(tx, principal, channel)

    async def channels_in(self, tx: Tx, principal: Principal, most: int) -> list[str]:
        """Channels of one's own whose page has an agenda with something open, by name."""
        rows = await store.pages_naming(tx, principal.tenant.workspace, "안건|agenda", most * 2)
        return [row["channel"] for row in rows if any(not one.done for one in rules.items_of(row["body"]))][:most]
