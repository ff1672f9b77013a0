"""Whom a rule holds for, by a trait or by stage: the ten commonest values, the rest together, and who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.governance.api import Principal
from dure.segments.asking import Asking
from dure.segments.breakdown_sql import by_trait
from dure.segments.model import Rule
from dure.segments.stages import store as stage_store

MOST = 10
STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Share:
    value: str
    people: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`others` have a value that is not among the `values`, `without` have none."""

    people: int
    values: tuple[Share, ...]
    others: int
    without: int


async def broken_down(asking: Asking, principal: Principal, rule: Rule, trait: str) -> Breakdown:
    """By a trait's newest value; no trait means by stage, as it was computed last."""
    now = asking.clock.now()
    unfolded = await asking.unfolded(principal, await asking.checked(principal, rule))
    if not trait:
        people = await asking.people(principal, unfolded, now)
        async with asking.state.begin(principal.tenant) as tx:
            found = await stage_store.sizes_among(tx, principal.tenant.workspace, people)
        return _told(len(people), sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
    statement = by_trait(await asking.statement(principal, unfolded, now), trait)
    rows = (await asking.ask(principal, statement)).rows
    held = [(str(value), int(people)) for value, people in rows if value is not None]
    return _told(sum(int(people) for _, people in rows), held)


def _told(people: int, held: Sequence[tuple[str, int]]) -> Breakdown:
    shares = tuple(Share(*pair) for pair in held[:MOST])
    others = sum(many for _, many in held[MOST:])
    return Breakdown(people, shares, others, people - others - sum(one.people for one in shares))
