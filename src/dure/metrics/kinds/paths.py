"""Paths: which node follows which. A node is an event's name or a property's value; counts are of paths.

An event is one number, its time and its node's hash: sorting numbers takes a third of sorting times with texts. Only
the nodes that are shown are turned back into texts, by `names`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics import people_sql
from dure.metrics.question import Paths, Selector, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common

_MOST_EQUAL = 1000


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """An edge of the answer, to ask who walked it; without `to`, who stopped at `from`."""

    from_: str = msgspec.field(name="from")
    to: str | None = None


def statement(ask: Ask, question: Paths) -> str:
    """Rows of place, node, next node (hashes; 0: none), paths, whether the row tells of its `next`, visits and stops of
    the node it tells of, and in every row how many edges there are, their paths, and how many paths in all."""
    anchor = question.steps if question.align == "end" else 1
    steps = (
        "select step.1 as place, step.2 as node, step.3 as next, count() as n, countIf(step.4) as stopped"
        f" from (select arrayJoin(steps) as step from ({walks(ask, question)})) group by place, node, next"
    )
    # The nodes where most paths end are shown along with the edges, so that short paths are seen at all. What is as
    # frequent as the last that fits comes too: which of them is shown, their names decide.
    ranked = (
        "select *, rank() over (partition by next = 0 order by n desc) as rank,"
        " row_number() over (partition by next = 0 order by n desc) as place_in_order,"
        " countIf(next != 0) over () as edges, sumIf(n, next != 0) over () as walked,"
        f" sumIf(n, place = {anchor}) over () as paths from ({steps})"
    )
    # Each edge once under the node it leaves and once under the one it enters, so that both are told in full.
    at = "arrayJoin(if(next = 0, [(place, node, false)], [(place, node, false), (place + 1, next, true)]))"
    told = (
        "select *, sumIf(n, not at.3) over (partition by at.1, at.2) as visits,"
        f" sumIf(stopped, not at.3) over (partition by at.1, at.2) as stops from (select *, {at} as at from ({ranked}))"
    )
    return (
        "select place, node, next, n, at.3 as entered, visits, stops, edges, walked, paths"
        f" from ({told}) where rank <= {question.edges} and place_in_order <= {question.edges + _MOST_EQUAL}"
    )


def names(ask: Ask, question: Paths, rows: Sequence[Sequence[Any]]) -> str:
    """Rows of hash and text of the nodes in `statement`'s rows. Reads until it has found them all."""
    hashes = sorted({int(node) for row in rows for node in (row[1], row[2])} - {0})
    node = _node(question)
    which = both("workspace = {workspace:String}", ask.in_range(), _named(ask, question))
    shown = f"hash in ({', '.join(map(str, hashes))})"
    return (
        f"select {_hash(node)} as hash, {node} from events where {which} and {shown}"
        f" limit 1 by hash limit {len(hashes)}"
    )


def people_sql_of(ask: Ask, question: Paths, edge: Edge) -> str:
    """A SELECT of `unit`: who walked an edge, or who stopped at its `from`."""
    place, node = _numbered(edge.from_, "cell.edge.from")
    which = f"S.1 = {place} and S.2 = {_hash(ask.words.text(node))}"
    if edge.to is None:
        which += " and S.4"
    else:
        after, following = _numbered(edge.to, "cell.edge.to")
        if after != place + 1:
            raise Invalid("An edge leads from a place to the next.", field="cell.edge.to")
        which += f" and S.3 = {_hash(ask.words.text(following))}"
    return f"select unit from ({walks(ask, question)}) where arrayExists(S -> {which}, steps)"


def walks(ask: Ask, question: Paths) -> str:
    """One row a path: `unit` and `steps`, tuples of place, the hashes of the node and of the next one (0: none) and
    whether the path stopped there."""
    gap = seconds_of(question.gap, "gap") * 1_000_000
    event = f"bitShiftLeft(toUInt128(toUnixTimestamp64Micro(time)), 64) + {_hash(_node(question))}"
    source = people_sql.source(ask, {"packed": event}, _which(ask, question))
    grouped = f"select unit, arraySort(groupArray(packed)) as walk from ({source}) group by unit"
    # Neighbours are compared side by side: a lambda that looks into its own array would copy it for every event.
    times = "arrayMap(W -> toInt64(bitShiftRight(W, 64)), walk)"
    pauses = "arrayMap((T, B) -> T - B, times, arrayPushFront(arrayPopBack(times), times[1]))"
    nodes = f"arrayJoin(arraySplit((N, P) -> P > {gap}, arrayMap(W -> toUInt64(W), walk), pauses))"
    stays = "arrayFilter((N, B) -> N != B, nodes, arrayPushFront(arrayPopBack(nodes), 0))"
    begun, whole = "stays", f"length(cut) <= {question.steps}"
    if question.start:
        start = f"indexOf(stays, {_hash(ask.words.text(question.start))})"
        begun = f"if({start} = 0, [], arraySlice(stays, {start}))"
    cut = "begun"
    if question.end:
        # From a start the end is looked for behind it: a round trip ends where it began.
        skipped = 1 if question.start else 0
        end = f"indexOf(arraySlice(begun, {skipped + 1}), {_hash(ask.words.text(question.end))})"
        cut, whole = f"if({end} = 0, [], arraySlice(begun, 1, {end} + {skipped}))", "false"
    backwards = bool(question.end) and (not question.start or question.align == "end")
    path = f"arraySlice(cut, -{question.steps})" if backwards else f"arraySlice(cut, 1, {question.steps})"
    offset = f"{question.steps} - length(path)" if question.align == "end" else "0"
    steps = (
        f"arrayMap((N, F, I) -> (toInt64(I + {offset}), N, F, I = length(path) and {whole}), path,"
        " arrayResize(arrayPopFront(path), length(path)), arrayEnumerate(path))"
    )
    return (
        f"with {times} as times, {pauses} as pauses, {nodes} as nodes, {stays} as stays, {begun} as begun,"
        f" {cut} as cut, {path} as path select unit, {steps} as steps from ({grouped})"
    )


def selectors(question: Paths) -> tuple[Selector, ...]:
    """The events a path is made of."""
    return tuple(Selector(event=name) for name in _events(question) or ("*",))


def answer(ask: Ask, question: Paths, rows: Sequence[Sequence[Any]], named: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Edges, the most walked first, and their nodes; `named` are the rows of `names`."""
    # What was erased between the two statements has no name any more.
    texts = defaultdict(lambda: "?", {int(number): str(text) for number, text in named})
    nodes: dict[tuple[int, str], dict[str, Any]] = {}
    walked: list[tuple[int, tuple[int, str], tuple[int, str]]] = []
    stopped: list[tuple[int, tuple[int, str]]] = []
    for place, node, following, count, entered, visits, stops, *_ in rows:
        here, after = (int(place), texts[node]), (int(place) + 1, texts[following])
        told = after if entered else here
        nodes[told] = {"node": _written(told), "count": int(visits), "ended": int(stops)}
        if not following:
            stopped.append((-int(count), here))
        elif not entered:
            walked.append((-int(count), here, after))
    walked, stopped = sorted(walked)[: question.edges], sorted(stopped)[: question.edges]
    edges = [{"from": _written(here), "to": _written(after), "count": -count} for count, here, after in walked]
    kinds, times, paths = (int(value) for value in rows[0][-3:]) if rows else (0, 0, 0)
    if kinds > len(edges):
        hidden = times + sum(count for count, *_ in walked)
        ask.warnings.append(f"{kinds - len(edges)} more edges, walked {hidden} times, are not shown.")
    shown = {at for _, *ends in walked for at in ends} | {at for _, at in stopped}
    listed = sorted(shown, key=lambda at: (at[0], -nodes[at]["count"], at[1]))
    return {"edges": edges, "nodes": [nodes[at] for at in listed], "paths": paths}


def definitions(question: Paths) -> list[str]:
    by, steps = question.by, question.steps
    said = [
        f"Counts are of paths, not of people: what one {by} did without a pause longer than {question.gap} is one path,"
        f" and a {by} may have several. `paths` is how many there are.",
        "The same node twice running is one stay. Nodes at the same instant come in an order that is always the same"
        " and means nothing.",
    ]
    if question.start:
        said.append(f"Only paths through {question.start!r}, from its first time on.")
    if question.end and question.start:
        said.append(f"Only paths that come to {question.end!r} after that, up to its first time.")
    elif question.end:
        said.append(
            f"Only paths through {question.end!r}, up to its first time; of longer ones the last {steps} nodes."
        )
    if not question.end or (question.start and question.align == "start"):
        said.append(f"Of longer paths the first {steps} nodes.")
    said.append(
        f"Nodes are numbered so that every path ends at {steps}."
        if question.align == "end"
        else "Nodes are numbered from 1, the first node shown of each path."
    )
    said.append(
        f"The {question.edges} most walked edges are shown, their nodes, and the {question.edges} nodes where most"
        " paths stop. A node's `ended` counts the paths after which nothing came; paths cut off here do not count."
    )
    return said


def _node(question: Paths) -> str:
    return text_of(question.prop) if question.prop else "toString(event)"


def _hash(text: str) -> str:
    return f"cityHash64({text})"


def _which(ask: Ask, question: Paths) -> str:
    """The condition on an event that makes a node of a path."""
    return both(ask.in_range(), _named(ask, question), f"{_node(question)} != ''", common(ask))


def _named(ask: Ask, question: Paths) -> str:
    named = _events(question)
    return f"event in {ask.words.texts(named)}" if named else "true"


def _events(question: Paths) -> tuple[str, ...]:
    """The events that make nodes; a start or end that was named belongs to them."""
    if not question.events or question.prop:
        return question.events
    named = (question.start, *question.events, question.end)
    return tuple(dict.fromkeys(name for name in named if name))


def _written(at: tuple[int, str]) -> str:
    return f"{at[0]}_{at[1]}"


def _numbered(name: str, field: str) -> tuple[int, str]:
    """`2_/about` as 2 and `/about`."""
    place, line, node = name.partition("_")
    if not line or not place.isdecimal() or len(place) > 3:
        raise Invalid("A node of a path is written with its place, such as 2_/about.", field=field)
    return int(place), node
