"""What a dry run says where people wait for an event: nobody knows whether it will come, so both ways are gone.

A walk takes everybody one way at each wait. Those who met one are walked again the other way, until every way to a
first message was gone; what becomes of somebody is certain where all of their ways end alike, else it is `either`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from dure.campaigns import log_sql
from dure.campaigns.design import Delay, Design, Wait, ways_on
from dure.campaigns.model import Fork, Would
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments, Selector, duration

MOST_WALKS = 16
"""Four waits one after another before a first message; those behind them are only timed out."""
BACK = timedelta(days=28)
_SAMPLE = 2_000

Choice = frozenset[str]
"""The waits at which the event comes; at all others it does not in time."""
Way = Literal["then", "else"]


@dataclass
class Ways:
    """What became of people on each of the ways they may go."""

    found: dict[UUID, list[tuple[Mapping[str, Way], Would]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, choice: Choice, met: Mapping[str, set[UUID]], told: Sequence[Would]) -> None:
        for would in told:
            took: dict[str, Way] = {
                node: "then" if node in choice else "else" for node, people in met.items() if would.person in people
            }
            self.found[would.person].append((took, would))

    def said(self) -> Iterator[Would]:
        """One for each person."""
        for ways in self.found.values():
            yield _together([would for _, would in ways])


@dataclass
class Forked:
    """By wait: how many would have which outcome on either way on from it."""

    counts: dict[str, dict[Way, Counter[str]]] = field(default_factory=dict)

    def add(self, ways: Ways) -> None:
        for mine in ways.found.values():
            for node in {node for took, _ in mine for node in took}:
                at = self.counts.setdefault(node, {"then": Counter(), "else": Counter()})
                for way, counter in at.items():
                    some = [would for took, would in mine if took.get(node) == way]
                    if some:
                        counter[_together(some).outcome] += 1


def others(
    choice: Choice, met: Mapping[str, set[UUID]], gone: dict[Choice, set[UUID]]
) -> Iterator[tuple[Choice, set[UUID]]]:
    """Which ways are still to be gone after a walk, and by whom; `gone` keeps who went which."""
    for node, people in met.items():
        further = choice | {node}
        some = people - gone.setdefault(further, set())
        if some:
            gone[further] |= some
            yield further, some


def _together(ways: Sequence[Would]) -> Would:
    """What becomes of somebody whose ways these are. Who gets a message on all of them gets one for certain, though not
    which."""
    first, alike = ways[0], len({one.outcome for one in ways}) == 1
    if len({(one.outcome, one.reason, one.channel, one.node) for one in ways}) == 1:
        return first
    if alike and first.outcome != "send":
        return first
    return replace(
        first, outcome="send" if alike else "either", reason="", subject="", body="", channel="", language="", node="",
        ways=tuple(ways),
    )  # fmt: skip


# -- how often the event came ------------------------------------------------------------------------------------------


async def forks_of(
    log: Log, segments: Segments, tenant: Tenant, design: Design, counts: Mapping[str, Mapping[Way, Counter[str]]],
    audience: Sequence[UUID], now: datetime,
) -> tuple[Fork, ...]:  # fmt: skip
    """The waits that anybody met, each with the share for whom the event came in time in the last 28 days."""
    found = []
    for node in design.nodes:
        if isinstance(node, Wait) and node.id in counts:
            share = await _came(log, segments, tenant, design, node, audience, now)
            at = counts[node.id]
            people = sum(max(at["then"], at["else"], key=Counter.total).values())
            then, timeout = dict(at["then"]), dict(at["else"])
            found.append(Fork(node.id, node.event.event, node.within or "", people, then, timeout, share))
    return tuple(found)


async def _came(
    log: Log, segments: Segments, tenant: Tenant, design: Design, node: Wait, audience: Sequence[UUID], now: datetime
) -> float | None:
    """None where it cannot be said: the wait has no length of its own, or nobody came so far."""
    if node.within is None:
        return None
    within, event = duration(node.within), Selector(node.event.event, node.event.where)
    trigger = design.entry.trigger
    if trigger is not None:
        before = _until(design, node.id)
        if before is None:
            return None
        (began, came), bound = segments.meant(Selector(trigger.event, trigger.where), event)
        over = now - before - within
        sql, params = log_sql.CAME_AFTER.format(began=began, came=came), {
            **bound, "since": _text(over - BACK), "until": _text(over), "now": _text(now),
            "after": int(before.total_seconds()), "within": int(within.total_seconds()),
        }  # fmt: skip
    else:
        (came,), bound = segments.meant(event)
        times = max(1, BACK // within)
        sql, params = log_sql.CAME_WITHIN.format(came=came), {
            **bound, "since": _text(now - times * within), "now": _text(now), "within": int(within.total_seconds()),
            "people": [str(one) for one in audience[:_SAMPLE]], "times": times,
        }  # fmt: skip
    people, did = (await log.query(tenant, sql, params)).rows[0]
    return float(did / people) if people else None


def _until(design: Design, wanted: str) -> timedelta | None:
    """How long the delays last on the shortest way to a node; None where none leads there."""
    nodes, far = design.by_id, {design.start: timedelta()}
    going = [design.start]
    while going:
        here = going.pop(0)
        node = nodes.get(here)
        if here == wanted or node is None:
            continue
        more = duration(node.for_) if isinstance(node, Delay) and node.for_ is not None else timedelta()
        for _, to in ways_on(node):
            if to is not None and (to not in far or far[here] + more < far[to]):
                far[to] = far[here] + more
                going.append(to)
    return far.get(wanted)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
