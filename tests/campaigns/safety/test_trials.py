"""Test sends and seed lists: real letters that no count, cap or result knows of."""

from __future__ import annotations

import pytest

from dure.campaigns import store as campaigns
from dure.campaigns.plugs import Refused
from dure.campaigns.trials import api as trials_api
from dure.kernel.errors import Invalid, NotAllowed, TooMany
from tests.campaigns.safety.letters import demand, drafted, launched, letter
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


async def test_a_test_goes_out_before_approval_as_a_chosen_persons_and_counts_nowhere(studio: Studio) -> None:
    await demand(studio, approval={"demanded": "always", "above": 0})
    await studio.know("u-1", name="서연", plan="plus")
    draft = await drafted(studio)
    trials = studio.campaigns.safety.trials
    (sent,) = await trials.send(
        studio.cast.joon, draft.id, "say", ["joon@sorimaru.example"], person=str(studio.who("u-1"))
    )
    (taken,) = studio.postbox.taken
    assert (sent.state, taken.to, taken.subject) == ("sent", "joon@sorimaru.example", "[테스트] 서연님")
    assert taken.headers["X-Dure-Test"] == "test"
    (again,) = await trials.send(
        studio.cast.joon, draft.id, "say", ["joon@sorimaru.example"], person=str(studio.who("u-1")), language="en"
    )
    assert again.subject == "[Test] Hello"
    (_, counts) = await studio.campaigns.campaign(studio.cast.joon, draft.id)
    assert (counts.entered, counts.states) == (0, {})
    assert await studio.campaigns.messages(studio.cast.joon, draft.id) == []
    (told, _) = await studio.events("Test Sent")
    assert (told.actor, told.properties["to"]) == (studio.cast.joon.user, ["joon@sorimaru.example"])


async def test_what_goes_wrong_with_a_test_is_said(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    await studio.know("u-1", name=None)
    await studio.know("u-2")
    draft, trials = await drafted(studio), studio.campaigns.safety.trials
    (missing,) = await trials.send(
        studio.cast.joon, draft.id, "say", ["a@sorimaru.example"], person=str(studio.who("u-1"))
    )
    assert (missing.state, studio.postbox.taken) == ("failed", [])
    assert "person.name" in missing.detail
    studio.postbox.answers.append(Refused("550 no", permanent=True))
    (refused,) = await trials.send(
        studio.cast.joon, draft.id, "say", ["a@sorimaru.example"], person=str(studio.who("u-2"))
    )
    assert (refused.state, refused.detail) == ("failed", "550 no")
    async with studio.state.begin(studio.cast.tenant) as tx:
        workspace, now = studio.cast.tenant.workspace, studio.clock.now()
        await campaigns.suppress(tx, workspace, "dead@sorimaru.example", "bounced", now)
    for to in (["not an address"], [], [f"n{n}@x.example" for n in range(21)], ["dead@sorimaru.example"]):
        with pytest.raises(Invalid):
            await trials.send(studio.cast.joon, draft.id, "say", to, person=str(studio.who("u-2")))
    with pytest.raises(Invalid, match="message"):
        await trials.send(studio.cast.joon, draft.id, "nowhere", ["a@sorimaru.example"])
    with pytest.raises(NotAllowed):
        await trials.send(studio.cast.gil, draft.id, "say", ["a@sorimaru.example"])
    monkeypatch.setattr(trials_api, "AN_HOUR", 2)
    with pytest.raises(TooMany):
        await trials.send(studio.cast.joon, draft.id, "say", ["a@sorimaru.example"], person=str(studio.who("u-2")))


async def test_the_seed_list_gets_each_letter_at_a_launch_and_a_stop_stops_it_too(studio: Studio) -> None:
    await demand(studio, seeds=["seed@sorimaru.example"])
    await studio.know("u-1", name="서연")
    await studio.happen("Signed Up", "u-1")
    await studio.settle()
    await launched(studio)
    trials = studio.campaigns.safety.trials
    await trials.tick()
    assert [(one.to, one.subject) for one in studio.postbox.taken] == [
        ("seed@sorimaru.example", "[Test] Hello"), ("seed@sorimaru.example", "[테스트] 서연님"),
    ]  # fmt: skip
    await trials.tick()
    assert len(studio.postbox.taken) == 2
    await studio.campaigns.safety.gate.halting.stop_all(studio.cast.joon)
    draft = await studio.campaigns.create(studio.cast.joon, letter())
    studio.clock.advance(studio.minute)
    await fresh_standing(studio)
    (held,) = await trials.send(studio.cast.joon, draft.id, "say", [], seeds=True, person=str(studio.who("u-1")))
    assert (held.state, len(studio.postbox.taken)) == ("failed", 2)


async def fresh_standing(studio: Studio) -> None:
    """What the boundary has read of the workspace is read anew."""
    studio.campaigns.safety.customs.forget(studio.cast.tenant)
