"""What happened to many people, told in sets: a line each, few batches.

A line is what `feed.encode` would write of `governance.events.act`; what all lines of a kind have in common is written
once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.campaigns.model import Campaign
from dure.feed.api import append_set
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import Tx

BATCH = 5_000
_json = msgspec.json.Encoder().encode


class Telling:
    """Gathers the lines of one transaction and appends them at its end."""

    def __init__(self, now: datetime) -> None:
        self._now = _json(now)
        self._lines: dict[Tenant, list[bytes]] = {}
        self._heads: dict[tuple[Tenant, str, str], tuple[bytes, bytes]] = {}
        # Ids of messages as UUIDs of version 7: one for all, whose last 48 bits count from where chance began them.
        made = uuid7()
        self._first = str(made)[:24].encode()
        self._count = made.int & (1 << 47) - 1
        self._told = 0

    def tell(
        self, principal: Principal, name: str, campaign: Campaign, person: UUID, distinct_id: str,
        told: Mapping[str, Any],
    ) -> None:  # fmt: skip
        head, tail = self._parts_of(principal, name, campaign)
        line = self._line(head, person, distinct_id, tail + _json(told)[1:])
        self._lines.setdefault(principal.tenant, []).append(line)

    def tell_all(
        self, principal: Principal, name: str, campaign: Campaign, who: Sequence[tuple[UUID, UUID, str]],
        messages: Sequence[UUID] | None, told: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """The same of many, each by way, person and distinct id, and with a message of its own where there are any."""
        head, tail = self._parts_of(principal, name, campaign)
        tail += _json(told)[1:-1] + b',"way":"'
        ends = [b'"}'] * len(who) if messages is None else [b'","message":"%b"}' % _text(one) for one in messages]
        self._lines.setdefault(principal.tenant, []).extend([
            self._line(head, person, distinct_id, tail + _text(way) + end)
            for (way, person, distinct_id), end in zip(who, ends, strict=True)
        ])  # fmt: skip

    def _line(self, head: bytes, person: UUID, distinct_id: str, rest: bytes) -> bytes:
        self._told += 1
        return b'%b%b%012x","source":"campaigns","person":"%b","distinct_id":%b%b}' % (
            head, self._first, self._count + self._told, _text(person), _json(distinct_id), rest
        )  # fmt: skip

    def _parts_of(self, principal: Principal, name: str, campaign: Campaign) -> tuple[bytes, bytes]:
        key = (principal.tenant, name, campaign.id)
        if key not in self._heads:
            self._heads[key] = self._parts(principal, name, campaign)
        return self._heads[key]

    def _parts(self, principal: Principal, name: str, campaign: Campaign) -> tuple[bytes, bytes]:
        tenant, names = principal.tenant, campaign.design.name
        common = {"campaign": campaign.id, "name": names.get("ko") or next(iter(names.values()))}
        head = b'{"org":%b,"workspace":%b,"event":%b,"time":%b,"received_at":%b,"message_id":"' % (
            _json(tenant.org), _json(tenant.workspace), _json(name), self._now, self._now,
        )  # fmt: skip
        tail = b',"account":"","object_type":"campaign","object":%b,"actor":%b,"run":%b,"properties":%b,' % (
            _json(campaign.id), _json(principal.actor), _json(principal.run), _json(common)[:-1],
        )  # fmt: skip
        return head, tail

    async def write(self, tx: Tx) -> None:
        for tenant, lines in self._lines.items():
            for at in range(0, len(lines), BATCH):
                some = lines[at : at + BATCH]
                await append_set(tx, tenant, len(some), b"\n".join(some))
        self._lines.clear()


def _text(id: UUID) -> bytes:
    digits = b"%032x" % id.int
    return b"%b-%b-%b-%b-%b" % (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
