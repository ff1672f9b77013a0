"""What some people did, as far as rules go by it: a row an event, filters and numbers read by ClickHouse.

Rules with many conditions make long statements, and a thousand of them take ClickHouse longer to read than to answer.
Of few people it is quicker to fetch what they did once and weigh all rules here; this statement grows only with the
number of different filters and properties.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from msgspec import to_builtins

from dure.kernel.filters import Filter
from dure.segments.conditions_sql import OURS, Statement, column, filtered
from dure.segments.model import ANYTHING, Amount, Leaf, Selector
from dure.segments.sql import MERGED, NOBODY, NOW, events_of

_BITS = 60
_STATEMENT = """
with {merged}
select {who} as who, toUnixTimestamp64Micro(e.time) as at, e.event as name, e.source in {ours} as ours,
       toUInt16(toDate(e.time, {zone})) as day, xxh3(e.message_id) as message, {masks} as masks, {numbers} as numbers
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.person != {nobody} and e.time <= {{now:DateTime64(6, 'UTC')}}{named}
  and e.person in (select arrayJoin({ids}) union all select from_person from merged where to_person in {ids})
order by who, e.time, e.message_id
"""


def key(where: Sequence[Filter]) -> str:
    return json.dumps(to_builtins(where), sort_keys=True)


@dataclass
class Facts:
    """Which filters and properties the rules go by, each with its place in a row."""

    filters: dict[str, tuple[int, Sequence[Filter]]] = field(default_factory=dict)
    props: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    everything: bool = False

    def add(self, leaf: Leaf, selectors: Iterable[Selector]) -> None:
        for one in selectors:
            if one.where:
                self.filters.setdefault(key(one.where), (len(self.filters), one.where))
        if isinstance(leaf, Amount):
            self.props.setdefault(leaf.prop, len(self.props))
        self.names.update(events_of(leaf))

    def of(self, people: Collection[UUID], now: str, zone: str) -> Statement:
        """The statement of what these people did: `who, at, name, ours, day, message, masks, numbers`, in order."""
        statement = Statement()
        statement.params["now"] = now
        bits = [f"({' and '.join(filtered(where, statement))})" for _, where in self.filters.values()]
        words = [bits[at : at + _BITS] for at in range(0, len(bits), _BITS)]
        masks = ", ".join(
            " + ".join(f"bitShiftLeft(toUInt64({one}), {n})" for n, one in enumerate(word)) for word in words
        )
        numbers = ", ".join(f"toFloat64OrNull(toString({column(prop)}))" for prop in self.props)
        named = ""
        if not self.everything and ANYTHING not in self.names:
            names = ", ".join(statement.bind(name, "String") for name in sorted(self.names))
            named = f" and e.event in ({names})" if names else " and false"
        statement.sql = _STATEMENT.format(
            merged=MERGED, who=NOW, ours=OURS, nobody=NOBODY, zone=statement.bind(zone, "String"), named=named,
            masks=f"[{masks}]" if masks else "emptyArrayUInt64()", numbers=f"[{numbers}]" if numbers else "[]",
            ids=statement.bind(sorted(map(str, people)), "Array(UUID)"),
        )  # fmt: skip
        return statement

    def place(self, where: Sequence[Filter]) -> tuple[int, int] | None:
        """The word and the bit of a filter; None where there is nothing to filter."""
        if not where:
            return None
        number, _ = self.filters[key(where)]
        return number // _BITS, 1 << (number % _BITS)
