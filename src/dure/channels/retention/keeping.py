"""What every reading of a conversation asks: from when on is there something to see. And what a hold must keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.channels.model import Conversation, Message, Share, ts_at
from dure.channels.retention import store
from dure.channels.retention.model import EVERYTHING, Length, Since
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import Tx

_POLICIES = ("retention.public", "retention.private", "retention.dm", "retention.override")


class Keeping:
    def __init__(self, clock: Clock, governance: Governance) -> None:
        self._clock = clock
        self._governance = governance

    async def since(self, tx: Tx, found: Conversation) -> Since:
        """From when on the messages of each side's people can be seen here."""
        return (await self._since(tx, _sides(found, found.shares))).get(found.id, EVERYTHING)

    async def since_in(self, tx: Tx, channels: Iterable[str]) -> dict[str, Since]:
        """The same for several conversations; one of which everything can be seen is not among them."""
        return await self._since(tx, await store.sides(tx, sorted(set(channels))))

    async def lengths(self, tx: Tx, found: Conversation) -> list[Length]:
        """For how long each connected side keeps it."""
        return [length for _, length in await self._lengths(tx, _sides(found, found.connected))]

    async def files_since(self, tx: Tx, tenant: Tenant) -> datetime | None:
        """From when on a workspace's files can be had; None for ever."""
        days = await self._governance.policies.value_in(tx, tenant, "retention.files")
        return None if isinstance(days, str) else self._clock.now() - timedelta(days=days)

    async def keeps_edits(self, tx: Tx, tenant: Tenant) -> bool:
        return await self._governance.policies.value_in(tx, tenant, "retention.edits") == "kept"

    async def lets_delete(self, tx: Tx, tenant: Tenant) -> bool:
        return await self._governance.policies.value_in(tx, tenant, "messages.delete") == "allowed"

    async def hold(self, tx: Tx, found: Conversation, message: Message, why: str) -> bool:
        """Keeps a message as it is before it is changed or deleted, where a hold covers it."""
        return await store.keep_copy(tx, message, found.org_of(message.team), why, self._clock.now())

    async def hold_all(self, tx: Tx, channel: str, *, but_in: str = "") -> int:
        """The same for everything that was said in a conversation that is about to go, and for its files."""
        return await store.keep_all(tx, channel, self._clock.now(), but_in=but_in)

    async def hold_file(self, tx: Tx, file: str) -> bool:
        return await store.keep_file(tx, file, self._clock.now())

    async def _since(self, tx: Tx, sides: Sequence[Mapping[str, Any]]) -> dict[str, Since]:
        now, found = self._clock.now(), defaultdict[str, dict[str, int]](dict)
        for channel, length in await self._lengths(tx, sides):
            if length.days is not None:
                found[channel][length.workspace] = ts_at(now - timedelta(days=length.days))
        return {channel: Since(by_team) for channel, by_team in found.items()}

    async def _lengths(self, tx: Tx, sides: Sequence[Mapping[str, Any]]) -> list[tuple[str, Length]]:
        tenants = list(dict.fromkeys(Tenant(one["org"], one["workspace"]) for one in sides))
        holds = await self._governance.policies.values_of(tx, tenants, _POLICIES) if tenants else {}
        made = []
        homes = {one["channel"]: one for one in sides if one["home"]}
        for side in sides:
            # Of a side that may only write, the home says how long it is kept.
            one = homes.get(side["channel"], side) if side["limited"] else side
            said = holds[one["workspace"]]
            kind = "dm" if one["kind"] != "channel" else "private" if one["private"] else "public"
            own = one["keep_days"] if kind != "dm" and said["retention.override"] == "allowed" else None
            days = said[f"retention.{kind}"] if own is None else own
            length = Length(
                side["workspace"], None if isinstance(days, str) else days, "channel" if own else "workspace"
            )
            made.append((side["channel"], length))
        return made


def _sides(found: Conversation, shares: Iterable[Share]) -> list[dict[str, Any]]:
    return [
        {"channel": found.id, "workspace": one.workspace, "org": one.org, "private": one.private, "home": one.home,
         "limited": one.limited, "keep_days": one.keep_days, "kind": found.kind}
        for one in shares
    ]  # fmt: skip
