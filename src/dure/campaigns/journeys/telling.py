"""What happened to many people, told in sets: a line each, few batches.

A line is what `feed.encode` would write of `governance.events.act`; what all lines of a kind have in common is written
once.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        tenant = principal.tenant
        key = (tenant, name, campaign.id)
        if key not in self._heads:
            self._heads[key] = self._parts(principal, name, campaign)
        head, tail = self._heads[key]
        self._told += 1
        who = _json(distinct_id) if distinct_id else b'""'
        line = b'%b%s","source":"campaigns","person":"%s","distinct_id":%b%b%b' % (
            head, self._first + b"%012x" % (self._count + self._told), str(person).encode(), who, tail,
            _json(told)[1:] + b"}",
        )  # fmt: skip
        self._lines.setdefault(tenant, []).append(line)

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
