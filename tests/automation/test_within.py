"""Runs within runs: for each item of a list, and other automations as steps."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.automation.conftest import workshop_on
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio


def each(**more: Any) -> dict[str, Any]:
    return {"id": "each", "kind": "each", "with": {"list": "{{ event.properties.songs }}", **more}}


WRITE_ITEM = {"id": "line", "kind": "book.write", "with": {"text": "{{ run.number }} {{ item.name }}"}}
AFTER = {
    "id": "after", "kind": "book.write",
    "with": {"text": "{{ steps.each.done }} of {{ steps.each.count }}, {{ steps.each.left_out }} left out"},
}  # fmt: skip
SONGS = [{"id": f"s{number}", "name": f"song {number}"} for number in range(3)]


async def test_a_chain_is_run_for_each_item_and_waited_for(shop: Workshop) -> None:
    await shop.make([{**each(do="line"), "next": "after"}, WRITE_ITEM, AFTER])
    await shop.happen(object="D1", properties={"songs": SONGS})
    await shop.settle()
    assert await shop.book() == ["0 song 0", "1 song 1", "2 song 2", "3 of 3, 0 left out"]
    whole, *parts = await shop.runs()
    assert (whole.status, whole.subject) == ("done", "D1")
    assert sorted((part.status, part.subject, part.parent, str(part.item)) for part in parts) == [
        ("done", song["id"], whole.id, str(song)) for song in SONGS
    ]
    _, steps = await shop.automation.run(shop.cast.mina, whole.id)
    assert steps[0].outputs is not None
    assert [result["number"] for result in steps[0].outputs["results"]] == [1, 2, 3]


async def test_no_more_than_most_items_are_taken(shop: Workshop) -> None:
    await shop.make([{**each(do="line", most=2), "next": "after"}, WRITE_ITEM, AFTER])
    await shop.happen(properties={"songs": SONGS})
    await shop.settle()
    assert (await shop.book())[-1] == "2 of 2, 1 left out"


async def test_an_empty_list_is_done_at_once(shop: Workshop) -> None:
    await shop.make([{**each(do="line"), "next": "after"}, WRITE_ITEM, AFTER])
    await shop.happen(properties={"songs": []})
    await shop.settle()
    assert await shop.book() == ["0 of 0, 0 left out"]


async def test_what_is_no_list_fails_and_says_so(shop: Workshop) -> None:
    await shop.make([each(do="line"), WRITE_ITEM])
    await shop.happen(properties={"songs": "three"})
    await shop.settle()
    (run,) = await shop.runs()
    assert (run.status, run.error) == ("failed", "`list` is a str, not a list. (list)")


async def test_items_wait_each_for_itself_and_the_chain_sees_what_came_before(shop: Workshop) -> None:
    await shop.make([
        {"id": "name", "kind": "set", "with": {"values": {"who": "mina"}}, "next": "each"},
        {**each(do="wait"), "next": "after"},
        {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "line"},
        {"id": "line", "kind": "book.write", "with": {"text": "{{ steps.name.who }} {{ item }}"}},
        AFTER,
    ])  # fmt: skip
    await shop.happen(properties={"songs": ["a", "b"]})
    await shop.settle()
    assert [run.status for run in await shop.runs()] == ["waiting", "waiting", "waiting"]
    await shop.later(days=1)
    assert await shop.book() == ["mina a", "mina b", "2 of 2, 0 left out"]


async def test_a_part_that_fails_leads_where_the_node_says(shop: Workshop) -> None:
    shop.refusals += [Invalid("no")]
    node = {**each(do="line"), "next": {"done": "after", "failed": "sorry"}}
    sorry = {"id": "sorry", "kind": "book.write", "with": {"text": "{{ steps.each.failed }} failed"}}
    await shop.make([node, {**WRITE_ITEM, "kind": "book.refuse"}, AFTER, sorry])
    await shop.happen(properties={"songs": SONGS})
    await shop.settle()
    assert (await shop.book())[-1] == "1 failed"


async def test_a_part_brought_to_its_end_later_brings_the_whole_on(shop: Workshop) -> None:
    shop.refusals += [Invalid("no")]
    await shop.make([{**each(do="line"), "next": "after"}, {**WRITE_ITEM, "kind": "book.refuse"}, AFTER])
    await shop.happen(properties={"songs": SONGS})
    await shop.settle()
    whole, *parts = await shop.runs()
    assert (whole.status, whole.error) == ("failed", "1 of 3 did not come to their end.")
    (failed,) = [part for part in parts if part.status == "failed"]
    await shop.automation.retry(shop.cast.mina, failed.id)
    await shop.settle()
    assert (await shop.book())[-1] == "3 of 3, 0 left out"


async def test_the_whole_tried_again_tries_only_what_failed(shop: Workshop) -> None:
    shop.refusals += [Invalid("no")]
    await shop.make([{**each(do="line"), "next": "after"}, {**WRITE_ITEM, "kind": "book.refuse"}, AFTER])
    await shop.happen(properties={"songs": SONGS})
    await shop.settle()
    await shop.automation.retry(shop.cast.mina, (await shop.runs())[0].id)
    await shop.settle()
    book = [line for line in await shop.book() if line != "must not stay"]
    assert sorted(book) == ["0 song 0", "1 song 1", "2 song 2", "3 of 3, 0 left out"]


async def test_parts_that_end_in_another_process_are_heard(shop: Workshop) -> None:
    await shop.make([{**each(do="call"), "next": "after"}, {"id": "call", "kind": "far.call"}, AFTER])
    await shop.happen(properties={"songs": SONGS})
    other = workshop_on(shop.state, shop.cast)
    for _ in range(30):
        for one in (shop, other):
            await one.automation.matcher.step()
            await one.automation.engine.beat(0)
            await one.automation.engine.calls.wait()
    assert await shop.book() == ["3 of 3, 0 left out"]
    assert len({*shop.service.keys, *other.service.keys}) == 3
    assert len(shop.service.keys) + len(other.service.keys) == 3


async def test_stopping_the_whole_stops_its_parts(shop: Workshop) -> None:
    await shop.make(
        [each(do="wait"), {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "line"}, WRITE_ITEM]
    )
    await shop.happen(properties={"songs": SONGS})
    await shop.settle()
    await shop.automation.stop(shop.cast.mina, (await shop.runs())[0].id)
    await shop.later(days=2)
    assert [run.status for run in await shop.runs()] == ["stopped"] * 4
    assert await shop.book() == []


async def test_another_automation_is_a_step_and_its_answer_comes_back(shop: Workshop) -> None:
    sub = await shop.make(
        [{"id": "w", "kind": "book.write", "with": {"text": "sub {{ event.properties.name }}"}}], trigger={}
    )
    await shop.make([
        {"id": "sub", "kind": "run", "next": "after",
         "with": {"automation": sub, "inputs": {"name": "{{ event.properties.deal }}"}}},
        {"id": "after", "kind": "book.write", "with": {"text": "line {{ steps.sub.outputs.number }}"}},
    ])  # fmt: skip
    await shop.happen(object="D7", properties={"deal": "Hanbit"})
    await shop.settle()
    assert await shop.book() == ["sub Hanbit", "line 1"]
    part = next(run for run in await shop.runs() if run.automation == sub)
    assert (part.subject, part.event and part.event["properties"]) == ("D7", {"name": "Hanbit"})


async def test_another_automation_that_is_not_waited_for(shop: Workshop) -> None:
    sub = await shop.make([{"id": "w", "kind": "wait", "with": {"for": "9d"}}], trigger={})
    await shop.make([
        {"id": "sub", "kind": "run", "with": {"automation": sub, "wait": False}, "next": "after"},
        {"id": "after", "kind": "book.write", "with": {"text": "at once"}},
    ])  # fmt: skip
    await shop.happen()
    await shop.settle()
    assert await shop.book() == ["at once"]
    assert sorted(run.status for run in await shop.runs()) == ["done", "waiting"]


async def test_a_sub_automation_that_fails_fails_the_step(shop: Workshop) -> None:
    shop.refusals += [Invalid("the book is full")]
    sub = await shop.make([{"id": "w", "kind": "book.refuse"}], trigger={})
    await shop.make(
        [{"id": "sub", "kind": "run", "with": {"automation": sub}, "next": "no"}, {"id": "no", "kind": "end"}]
    )
    await shop.happen()
    await shop.settle()
    assert [(run.status, run.error) for run in await shop.runs()] == [("failed", "the book is full")] * 2


async def test_automations_that_call_one_another_come_to_an_end(shop: Workshop) -> None:
    first = await shop.make([{"id": "w", "kind": "end"}], trigger={})
    await shop.automation.update(
        shop.cast.mina, first, doc={"trigger": {}, "nodes": [{"id": "s", "kind": "run", "with": {"automation": first}}]}
    )
    await shop.automation.start(shop.cast.mina, first)
    await shop.settle()
    runs = await shop.runs()
    assert len(runs) == 9
    assert {run.error for run in runs} == {"Automations called one another 8 times in a row."}


async def test_a_dry_run_lives_through_the_chain_and_leaves_nothing(shop: Workshop) -> None:
    made = await shop.make([{**each(do="line"), "next": "after"}, WRITE_ITEM, AFTER])
    event = {"event": "Deal Won", "object": "D1", "properties": {"songs": SONGS}}
    would = await shop.automation.dry_run(shop.cast.mina, automation=made, event=event)
    assert [step["node"] for step in would.runs[0].steps] == ["each", "after"]
    assert would.runs[0].steps[1]["inputs"] == {"text": "3 of 3, 0 left out"}
    assert await shop.book() == []
    assert await shop.runs() == []


@pytest.mark.parametrize(
    ("nodes", "field"),
    [
        ([each()], "nodes[0].with"),
        ([each(do="nowhere")], "nodes[0].with.do"),
        ([each(do="line", automation="x"), WRITE_ITEM], "nodes[0].with"),
        ([each(do="line", most=0), WRITE_ITEM], "nodes[0].with.most"),
        ([each(do="line"), {**WRITE_ITEM, "next": "each"}], "nodes[0].with.do"),
        ([{"id": "r", "kind": "run", "with": {}}], "nodes[0].with"),
        ([{"id": "r", "kind": "book.write", "with": {"text": "{{ item }}"}}], "nodes[0].with.text"),
    ],
)
async def test_mistakes_are_named(shop: Workshop, nodes: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.make(nodes)
    assert refused.value.field == field
