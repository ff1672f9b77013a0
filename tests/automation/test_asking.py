"""Questions to people: who may decide, how many must, and forms."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.errors import Invalid, NotAllowed
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio


def approve(**more: Any) -> list[dict[str, Any]]:
    return [
        {"id": "ask", "kind": "approve", "with": {"question": "Go?", **more}, "next": {"yes": "go", "no": "stay"}},
        {"id": "go", "kind": "book.write", "with": {"text": "go {{ steps.ask.by }}"}},
        {"id": "stay", "kind": "book.write", "with": {"text": "stay {{ steps.ask.note }}"}},
    ]


BRIEF = [
    {"id": "brief", "kind": "ask", "next": {"answer": "write", "timeout": "late"}, "with": {
        "question": "The brief, please", "of": ["function:marketing"], "timeout": "2d", "channel": "C1", "fields": [
            {"name": "budget", "type": "number", "required": True},
            {"name": "genre", "type": "choice", "choices": ["jazz", "pop"]},
            {"name": "start", "type": "date", "title": {"ko": "시작", "en": "Start"}},
        ]}},
    {"id": "write", "kind": "book.write",
     "with": {"text": "{{ steps.brief.budget }} {{ steps.brief.genre }} {{ steps.brief.start | default: 'soon' }}"}},
    {"id": "late", "kind": "book.write", "with": {"text": "too late"}},
]  # fmt: skip


async def begin(shop: Workshop, nodes: list[dict[str, Any]], **event: Any) -> str:
    await shop.make(nodes)
    await shop.happen(object="D1", **event)
    await shop.settle()
    return (await shop.runs())[0].id


async def test_only_those_who_are_asked_may_decide(shop: Workshop) -> None:
    cast = shop.cast
    run = await begin(shop, approve(of=["function:marketing", "U0NOBODY"]))
    with pytest.raises(NotAllowed):
        await shop.automation.decide(cast.mina, run, "yes")
    assert [one["mine"] for one in await shop.automation.questions(cast.mina)] == [False]
    assert [one["mine"] for one in await shop.automation.questions(cast.joon)] == [True]
    await shop.automation.decide(cast.joon, run, "yes")
    await shop.settle()
    assert await shop.book() == [f"go {cast.joon.user}"]
    assert list(await shop.automation.questions(cast.joon)) == []


async def test_a_role_or_a_user_may_be_asked(shop: Workshop) -> None:
    cast = shop.cast
    run = await begin(shop, approve(of=["role:admin"]))
    with pytest.raises(NotAllowed):
        await shop.automation.decide(cast.joon, run, "yes")
    await shop.automation.decide(cast.mina, run, "no", "an owner is an admin too")
    await shop.settle()
    assert await shop.book() == ["stay an owner is an admin too"]
    await begin(shop, approve(of=[cast.joon.user]))
    # The first automation was started by this event too; only the other one asks joon.
    [mine] = [one["run"] for one in await shop.automation.questions(cast.joon) if one["mine"]]
    await shop.automation.decide(cast.joon, str(mine), "yes")


async def test_whoever_caused_it_may_not_decide_it(shop: Workshop) -> None:
    cast = shop.cast
    run = await begin(shop, approve(not_self=True), actor=cast.joon.user)
    with pytest.raises(NotAllowed):
        await shop.automation.decide(cast.joon, run, "yes")
    await shop.automation.decide(cast.mina, run, "yes")
    by_hand = await shop.automation.start(cast.mina, (await shop.runs())[0].automation, "D2")
    await shop.settle()
    with pytest.raises(NotAllowed):
        await shop.automation.decide(cast.mina, by_hand, "yes")


async def test_two_must_say_yes_and_one_no_is_enough(shop: Workshop) -> None:
    cast = shop.cast
    run = await begin(shop, approve(needed=2))
    await shop.automation.decide(cast.joon, run, "yes")
    with pytest.raises(Invalid):
        await shop.automation.decide(cast.joon, run, "yes")
    await shop.settle()
    assert await shop.book() == []
    (asked,) = await shop.automation.questions(cast.mina)
    assert (asked["needed"], asked["voted"]) == (2, [cast.joon.user])
    await shop.automation.decide(cast.mina, run, "yes")
    await shop.settle()
    assert len(await shop.book()) == 1
    await shop.happen(object="D2")
    await shop.settle()
    (asked,) = await shop.automation.questions(cast.mina)
    await shop.automation.decide(cast.joon, str(asked["run"]), "no")
    await shop.settle()
    assert (await shop.book())[-1] == "stay "


async def test_a_form_is_filled_in_and_its_values_go_on(shop: Workshop) -> None:
    run = await begin(shop, BRIEF)
    (asked,) = await shop.automation.questions(shop.cast.joon)
    assert (asked["kind"], [one["name"] for one in asked["form"]["fields"]]) == ("ask", ["budget", "genre", "start"])
    (said,) = await shop.events("Form Asked")
    assert (said.properties["channel"], said.run) == ("C1", run)
    await shop.automation.answer(shop.cast.joon, run, {"budget": "1200", "genre": "jazz"})
    await shop.settle()
    assert await shop.book() == ["1200 jazz soon"]
    (answered,) = await shop.events("Form Answered")
    assert answered.properties["values"]["budget"] == 1200


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"genre": "jazz"}, "values.budget"),
        ({"budget": "much"}, "values.budget"),
        ({"budget": 1, "genre": "polka"}, "values.genre"),
        ({"budget": 1, "start": "someday"}, "values.start"),
        ({"budget": 1, "colour": "red"}, "values.colour"),
    ],
)
async def test_what_does_not_fit_a_form_is_named(shop: Workshop, values: dict[str, Any], field: str) -> None:
    run = await begin(shop, BRIEF)
    with pytest.raises(Invalid) as refused:
        await shop.automation.answer(shop.cast.joon, run, values)
    assert refused.value.field == field


async def test_a_form_that_nobody_fills_in_times_out(shop: Workshop) -> None:
    run = await begin(shop, BRIEF)
    await shop.later(days=2)
    assert await shop.book() == ["too late"]
    with pytest.raises(Invalid):
        await shop.automation.answer(shop.cast.joon, run, {"budget": 1})


async def test_mistakes_in_questions_are_named(shop: Workshop) -> None:
    for nodes, field in (
        (approve(needed=0), "nodes[0].with.needed"),
        (approve(of=["team:sales"]), "nodes[0].with.of[0]"),
        ([{"kind": "ask", "with": {"question": "?", "fields": []}}], "nodes[0].with.fields"),
        ([{"kind": "ask", "with": {"question": "?", "fields": [{"name": "a", "type": "choice"}]}}],
         "nodes[0].with.fields[0].choices"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await shop.make(nodes)
        assert refused.value.field == field
