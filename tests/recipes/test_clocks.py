"""What each recipe of response times does; and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.recipes.house import House

pytestmark = pytest.mark.anyio

TALK = {"conversation": "C1", "kind": "first", "kind_ko": "첫 응답", "kind_en": "First response",
        "author_plain": "김하나", "network": "email", "assignee_mention": "<@U2>", "path": "/inbox?c=C1"}  # fmt: skip


async def test_response_overdue(house: House) -> None:
    lead = house.cast.users["mina"].id
    assigned, told = await house.on("response-overdue", "Response Overdue", TALK, "C1", {"lead": lead})
    assert (assigned.inputs["conversation"], assigned.inputs["assignee"], assigned.inputs["only_unassigned"]) == (
        "C1", lead, False,
    )  # fmt: skip
    assert told.inputs["channel"] == "care"
    assert all(text in told.text for text in ("첫 응답", "First response", "김하나", f"<@{lead}>", "/inbox?c=C1"))
    await house.once("response-overdue")


async def test_response_soon(house: House) -> None:
    [told] = await house.on("response-soon", "Response Due Soon", TALK, "C1")
    assert all(text in told.text for text in ("다가옴", "due soon", "김하나", "<@U2>"))
    await house.once("response-soon")


async def test_survey_low(house: House) -> None:
    talk = {name: value for name, value in TALK.items() if not name.startswith("kind")}
    rated = {**talk, "score": 2, "comment_plain": "너무 늦어요"}
    [told] = await house.on("survey-low", "Survey Answered", rated, "C1")
    assert all(text in told.text for text in ("2/5", "너무 늦어요"))
    await house.once("survey-low")
    await house.never("survey-low", "Survey Answered", {**rated, "score": 3}, "C1")
