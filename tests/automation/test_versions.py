"""Runs moved to another version on purpose, and outcomes that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from dure.automation.advance import Unknown
from dure.kernel.errors import Invalid
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio


def write(id: str, text: str) -> dict[str, Any]:
    return {"id": id, "kind": "book.write", "with": {"text": text}}


def waiting(id: str, text: str) -> list[dict[str, Any]]:
    return [{"id": id, "kind": "wait", "with": {"for": "1d"}, "next": "w"}, write("w", text)]


async def changed(shop: Workshop, automation: str, nodes: list[dict[str, Any]]) -> None:
    await shop.automation.update(shop.cast.mina, automation, doc={"trigger": {"event": "Deal Won"}, "nodes": nodes})


async def test_runs_stay_on_their_version_until_they_are_moved(shop: Workshop) -> None:
    made = await shop.make(waiting("a", "old"))
    for name in ("D1", "D2"):
        await shop.happen(object=name)
    await shop.settle()
    await changed(shop, made, waiting("a", "new"))
    moved = await shop.automation.move_runs(shop.cast.mina, made, 1, 2)
    assert (moved.moved, moved.left, dict(moved.by_node)) == (2, 0, {"a": 2})
    await shop.happen(object="D3")
    await shop.settle()
    await shop.later(days=1)
    assert await shop.book() == ["new"] * 3
    (said,) = await shop.events("Runs Moved")
    assert (said.properties["from"], said.properties["to"], said.properties["moved"]) == (1, 2, 2)


async def test_a_vanished_node_is_named_until_somebody_says_where_its_runs_go(shop: Workshop) -> None:
    mina = shop.cast.mina
    made = await shop.make(waiting("a", "old"))
    await shop.happen(object="D1")
    await shop.settle()
    await changed(shop, made, waiting("b", "new"))
    with pytest.raises(Invalid) as refused:
        await shop.automation.move_runs(mina, made, 1, 2)
    assert (refused.value.field, refused.value.data) == ("mapping", {"nodes": {"a": 1}})
    with pytest.raises(Invalid) as refused:
        await shop.automation.move_runs(mina, made, 1, 2, {"a": "nowhere"})
    assert refused.value.field == "mapping.a"
    await shop.automation.move_runs(mina, made, 1, 2, {"a": "w"})
    await shop.settle()
    assert await shop.book() == ["new"]
    assert [(step.node, step.status) for step in await shop.steps()] == [("a", "skipped"), ("w", "done")]


async def test_a_run_whose_call_is_under_way_is_left(shop: Workshop) -> None:
    made = await shop.make([{"id": "call", "kind": "far.call", "next": "w"}, write("w", "old")])
    await shop.happen(object="D1")
    await shop.automation.matcher.step()
    await shop.automation.engine.beat(0)
    await changed(shop, made, [write("w", "new")])
    moved = await shop.automation.move_runs(shop.cast.mina, made, 1, 2, {"call": "w"})
    assert (moved.moved, moved.left) == (0, 1)
    await shop.settle()
    assert await shop.book() == ["old"]


# -- outcomes that nobody knows ---------------------------------------------------------------------------------------


async def lose(shop: Workshop) -> str:
    """A run whose call came back without anybody knowing what it did."""
    shop.service.failures.append(Unknown("The worker stopped before it noted what came of the call."))
    await shop.make([
        {"id": "call", "kind": "far.ask", "with": {"to": "Busan"}, "next": "w"},
        write("w", "{{ steps.call.receipt | default: 'no receipt' }}"),
    ])  # fmt: skip
    await shop.happen(object="D1")
    await shop.settle()
    (asked,) = await shop.automation.unknown(shop.cast.mina)
    assert (asked["node"], asked["inputs"], asked["subject"]) == ("call", {"to": "Busan"}, "D1")
    (said,) = await shop.events("Outcome Unknown")
    assert said.properties["run"] == asked["run"]
    return str(asked["run"])


async def test_it_was_done(shop: Workshop) -> None:
    run = await lose(shop)
    with pytest.raises(Invalid):
        await shop.automation.settle_outcome(shop.cast.mina, run, "done", {"colour": "red"})
    await shop.automation.settle_outcome(shop.cast.mina, run, "done", {"receipt": "r-7"})
    await shop.settle()
    assert await shop.book() == ["r-7"]
    assert len(shop.service.keys) == 1
    assert [step.status for step in await shop.steps()] == ["done", "done"]
    assert list(await shop.automation.unknown(shop.cast.mina)) == []


async def test_it_is_done_again_with_the_same_key(shop: Workshop) -> None:
    run = await lose(shop)
    await shop.automation.settle_outcome(shop.cast.mina, run, "again")
    await shop.settle()
    assert await shop.book() == ["for Busan"]
    assert len(shop.service.keys) == 2
    assert len(set(shop.service.keys)) == 1


async def test_it_is_left_as_it_is(shop: Workshop) -> None:
    run = await lose(shop)
    await shop.automation.settle_outcome(shop.cast.mina, run, "leave")
    await shop.settle()
    assert await shop.book() == ["no receipt"]
    assert [step.status for step in await shop.steps()] == ["unknown", "done"]
    with pytest.raises(Invalid):
        await shop.automation.settle_outcome(shop.cast.mina, run, "again")
    (said,) = await shop.events("Outcome Settled")
    assert (said.properties["answer"], said.actor) == ("leave", shop.cast.mina.user)
