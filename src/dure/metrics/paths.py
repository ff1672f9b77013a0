"""Paths: which event follows which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.question import Paths, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common


def statement(ask: Ask, question: Paths) -> str:
    """Rows of from, to and count; nodes are numbered by their place in the path."""
    gap = seconds_of(question.gap, "gap") * 1_000_000
    node = text_of(question.prop) if question.prop else "toString(event)"
    which = f"event in {ask.words.texts(question.events)}" if question.events else "true"
    source = people_sql.source(
        ask,
        {"t": "toUnixTimestamp64Micro(time)", "node": node},
        both(ask.in_range(), which, f"{node} != ''", common(ask)),
    )
    walks = f"select unit, arraySort(groupArray((t, node))) as walk from ({source}) group by unit"
    split = (
        "arraySplit((W, B) -> W.1 - B > " + str(gap) + ", walk,"
        " arrayPopBack(arrayPushFront(arrayMap(W -> W.1, walk), walk[1].1)))"
    )
    nodes = f"arrayMap(W -> W.2, arrayJoin({split}))"
    # The same node twice running is one stay, not a step.
    stays = "arrayFilter((N, I) -> I = 1 or N != nodes[I - 1], nodes, arrayEnumerate(nodes))"
    start = f"indexOf(stays, {ask.words.text(question.start)})" if question.start else "1"
    cut = f"if({start} = 0, emptyArrayString(), arraySlice(stays, {start}))" if question.start else "stays"
    if question.end:
        end = f"indexOf(begun, {ask.words.text(question.end)})"
        until = f"if({end} = 0, emptyArrayString(), arraySlice(begun, 1, {end}))"
        # What led to an end is read backwards from it.
        cut_end = until if question.start else f"arraySlice({until}, -{question.steps})"
    else:
        cut_end = "begun"
    path = f"arraySlice(({cut_end}), 1, {question.steps})"
    edges = (
        "arrayMap((N, I) -> (concat(toString(I), '_', N), concat(toString(I + 1), '_', path[I + 1])),"
        " arrayPopBack(path), arrayEnumerate(arrayPopBack(path)))"
    )
    return _nested(walks, nodes, stays, cut, path, edges, question.edges)


def _nested(walks: str, nodes: str, stays: str, cut: str, path: str, edges: str, limit: int) -> str:
    inner = (
        f"with {nodes} as nodes, {stays} as stays, {cut} as begun, {path} as path"
        f" select {edges} as edges from ({walks})"
    )
    return (
        f"select edge.1 as source, edge.2 as target, count() as people"
        f" from (select arrayJoin(edges) as edge from ({inner}))"
        f" group by edge order by people desc, source, target limit {limit}"
    )


def answer(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {"edges": [{"from": source, "to": target, "count": int(count)} for source, target, count in rows]}


def definitions(question: Paths) -> list[str]:
    return [
        f"A path is what one {question.by} did without a pause longer than {question.gap}; the same node twice running"
        " is one stay.",
        f"The first {question.steps} nodes of each path are counted"
        + (f", from the first {question.start!r} on" if question.start else "")
        + (f", up to the first {question.end!r}" if question.end else "")
        + ".",
        f"The {question.edges} most frequent edges are shown.",
    ]
