"""Many segments computed at once: everybody is read in parts, and all rules are weighed on each part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.crowd import Crowd, Scales, crowd_of, dtype_of
from dure.segments.crowd_sql import Part, asked_of, facts_of, many_of, people_of_part
from dure.segments.ids import Ids, ids_of
from dure.segments.leaves_sql import IDENTIFIED, LIST_EVENTS
from dure.segments.model import Leaf, Listed, Rule, Trait
from dure.segments.rules import could, of_nobody
from dure.segments.sql import Statement

BYTES_A_PART = 240 << 20
"""So much of what people did is in memory at a time."""
_NONE: Ids = np.zeros(0, "S16")


@dataclass
class Found:
    """Whom rules hold for, a bit for each of a part's people."""

    parts: list[tuple[Ids, list[NDArray[np.uint8]]]] = field(default_factory=list)

    def people(self, number: int) -> Ids:
        """By id, within each part."""
        some = [ids[np.unpackbits(bits[number], count=len(ids)).view(np.bool_)] for ids, bits in self.parts]
        return np.concatenate(some) if some else _NONE

    def size(self, number: int) -> int:
        return sum(int(np.bitwise_count(bits[number]).sum()) for _, bits in self.parts)


async def everybody(
    log: Log, tenant: Tenant, rules: Sequence[Rule], now: datetime, zone: str, settings: dict[str, Any],
    room: int = BYTES_A_PART,
) -> Found:  # fmt: skip
    """For whom each of these unfolded rules, none with a counted condition, holds at `now`; `room` for a part."""
    scales = Scales(now, rules)
    rows = await log.query(tenant, *_said(many_of(scales.reach)), settings=settings, seconds=600)
    many = max(1, -(-int(rows.rows[0][0]) * dtype_of(scales.facts).itemsize // room))
    found = Found()
    for number in range(many):
        crowd = await _crowd(log, tenant, rules, scales, zone, Part(number, many), settings)
        bits = await asyncio.to_thread(_weighed, scales, rules, crowd)
        found.parts.append((crowd.people, bits))
    return found


async def _crowd(
    log: Log, tenant: Tenant, rules: Sequence[Rule], scales: Scales, zone: str, part: Part, settings: dict[str, Any]
) -> Crowd:
    async def packed(statement: Statement) -> bytes:
        return await log.export(tenant, *_said(statement), "RowBinary", settings)

    everyone = None
    if scales.asked or any(True in could(rule, of_nobody) for rule in rules):
        everyone = ids_of(await packed(people_of_part(scales.now, part)))
    asked = {
        said: ids_of(await packed(asked_of(leaf, _narrowed(leaf), scales.now, zone, part)))
        for said, leaf in scales.asked.items()
    }
    names = sorted(scales.since)
    did = await packed(facts_of(scales.facts, names, scales.reach, scales.now, zone, part))
    return await asyncio.to_thread(crowd_of, scales.facts, names, did, everyone, asked)


def _weighed(scales: Scales, rules: Sequence[Rule], crowd: Crowd) -> list[NDArray[np.uint8]]:
    known: dict[bytes, NDArray[np.uint8]] = {}
    return [np.packbits(scales.weigh(rule, crowd, known)) for rule in rules]


def _narrowed(leaf: Leaf) -> str:
    """Reads only events that can say something of a trait or a list, where silence says no."""
    if isinstance(leaf, Listed):
        return f" and e.event in {LIST_EVENTS}"
    if True in of_nobody(leaf):
        return ""
    return (
        " and e.account != ''" if isinstance(leaf, Trait) and leaf.of == "account" else f" and e.event = '{IDENTIFIED}'"
    )


def _said(statement: Statement) -> tuple[str, dict[str, Any]]:
    return statement.sql, statement.params
