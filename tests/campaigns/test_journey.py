"""Somebody tried and left: who is written to, who is held back, who gets nothing and why."""

from __future__ import annotations

import pytest

from dure.automation.plugs import StepCall
from dure.campaigns import measuring
from dure.campaigns.steps import Launch, steps
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.campaigns.studio import DESIGN, Studio

pytestmark = pytest.mark.anyio


async def tried_and_left(studio: Studio, *who: str) -> None:
    await studio.happen("Listen Ended", *who, seconds=20, genre="talk")
    await studio.settle()
    await studio.later(hours=21)


async def test_who_tried_and_left_is_met_and_half_are_held_back(studio: Studio) -> None:
    everybody = [f"u-{n}" for n in range(200)]
    await studio.know(*everybody)
    await studio.with_items()
    campaign = await studio.launched()
    await tried_and_left(studio, *everybody)
    messages = await studio.messages(campaign)
    assert set(messages) == set(everybody)
    states = [message.state.value for message in messages.values()]
    assert set(states) == {"sent", "held"}
    assert 70 <= states.count("held") <= 130
    assert len(studio.postbox.taken) == states.count("sent")
    assert len(await studio.events("Message Held Back")) == states.count("held")
    assert len(await studio.events("Campaign Entered")) == 200
    assert len(await studio.events("Message Sent")) == states.count("sent")
    letter = studio.postbox.taken[0]
    assert letter.subject.startswith("이름 u-")
    assert "방송 b-" in letter.text


async def test_the_half_is_the_persons_for_ever(studio: Studio) -> None:
    await studio.know("u-1", "u-2", "u-3", "u-4")
    await studio.with_items()
    campaign = await studio.launched()
    await tried_and_left(studio, "u-1", "u-2", "u-3", "u-4")
    before = await studio.messages(campaign)
    await studio.later(days=3)
    await tried_and_left(studio, "u-1", "u-2", "u-3", "u-4")
    assert await studio.messages(campaign) == before


async def test_who_comes_back_by_themselves_does_not_enter(studio: Studio) -> None:
    await studio.know("u-1", "u-2")
    await studio.with_items()
    campaign = await studio.launched()
    await studio.happen("Listen Ended", "u-1", "u-2", seconds=20)
    await studio.settle()
    await studio.later(hours=5)
    await studio.happen("Listen Started", "u-2")
    await studio.later(hours=16)
    assert set(await studio.messages(campaign)) == {"u-1"}


async def test_who_listened_long_is_not_meant(studio: Studio) -> None:
    await studio.know("u-1")
    campaign = await studio.launched()
    await studio.happen("Listen Ended", "u-1", seconds=600)
    await studio.settle()
    await studio.later(hours=21)
    assert await studio.messages(campaign) == {}


async def test_each_who_gets_nothing_has_a_reason(studio: Studio) -> None:
    await studio.know("u-1", email=None)
    await studio.know("u-2", "u-3", "u-4")
    await studio.with_items()
    await studio.campaigns.set_consent(studio.cast.joon, str(studio.who("u-2")), False)
    rule = {"kind": "not", "of": {"kind": "did", "event": "Gift Sent"}}
    await studio.happen("Gift Sent", "u-3")
    campaign = await studio.launched(holdout=0.0, audience=rule)
    await tried_and_left(studio, "u-1", "u-2", "u-3", "u-4", "u-5")
    told = {who: (message.state.value, message.reason) for who, message in (await studio.messages(campaign)).items()}
    assert told == {
        "u-1": ("skipped", "no_address"),
        "u-2": ("skipped", "no_consent"),
        "u-3": ("skipped", "not_in_audience"),
        "u-4": ("sent", ""),
        "u-5": ("skipped", "no_address"),
    }
    (_, counts) = await studio.campaigns.campaign(studio.cast.joon, campaign.id)
    assert counts.entered == 1
    assert counts.reasons == {"no_address": 2, "no_consent": 1, "not_in_audience": 1}
    assert len(await studio.events("Message Skipped")) == 4


async def test_nobody_gets_two_messages_within_a_day_from_two_campaigns(studio: Studio) -> None:
    await studio.know("u-1")
    await studio.with_items()
    first = await studio.launched(holdout=0.0)
    second = await studio.launched(holdout=0.0, wait="22h")
    await studio.happen("Listen Ended", "u-1", seconds=20)
    await studio.settle()
    await studio.later(hours=21)
    await studio.later(hours=2)
    assert (await studio.messages(first))["u-1"].state == "sent"
    assert (await studio.messages(second))["u-1"].reason == "capped"
    assert len(studio.postbox.taken) == 1


async def test_a_value_that_is_missing_sends_nothing(studio: Studio) -> None:
    await studio.know("u-1", name=None)
    await studio.know("u-2")
    campaign = await studio.launched(holdout=0.0, texts={"ko": {"subject": "{{ person.name }}", "body": "안녕"}})
    await tried_and_left(studio, "u-1", "u-2")
    messages = await studio.messages(campaign)
    assert (messages["u-1"].state, messages["u-1"].reason) == ("failed", "missing_value")
    assert "person.name" in messages["u-1"].detail
    assert [letter.to for letter in studio.postbox.taken] == ["u-2@listeners.example"]


async def test_the_stop_switch_stops_those_on_their_way(studio: Studio) -> None:
    await studio.know("u-1", "u-2")
    await studio.with_items()
    campaign = await studio.launched(holdout=0.0)
    await studio.happen("Listen Ended", "u-1", seconds=20)
    await studio.settle()
    await studio.campaigns.stop(studio.cast.joon, campaign.id)
    await studio.happen("Listen Ended", "u-2", seconds=20)
    await studio.later(hours=21)
    assert studio.postbox.taken == []


async def test_the_result_is_what_counting_by_hand_gives(studio: Studio) -> None:
    everybody = [f"u-{n}" for n in range(120)]
    await studio.know(*everybody)
    await studio.with_items()
    campaign = await studio.launched()
    await tried_and_left(studio, *everybody)
    arms = {who: message.arm for who, message in (await studio.messages(campaign)).items()}
    back = {who for n, who in enumerate(everybody) if n % (2 if arms[who] == "treated" else 5) == 0}
    await studio.later(hours=2)
    await studio.happen("Listen Started", *back)
    late = [who for who in everybody if who not in back][:10]
    seen = await studio.campaigns.result(studio.cast.joon, campaign.id)
    assert (seen.outcome.metrics[0].pending, seen.outcome.metrics[0].contrasts[0].difference) == (120, None)
    assert "아직 아무 말도" in seen.outcome.sentence["ko"]
    await studio.later(hours=23)
    await studio.happen("Listen Started", *late)
    await studio.settle()
    seen = await studio.campaigns.result(studio.cast.joon, campaign.id)
    (step,) = measuring.steps(studio.campaigns)
    call = StepCall(studio.cast.tenant, studio.cast.joon, "run-1", "experiment", "run-1:a:1", "", studio.clock.now())
    measured = await step.run(call, step.inputs(campaign.id))
    (halves,) = seen.outcome.metrics[0].contrasts
    assert (measured.verdict, measured.treated) == (seen.outcome.verdict, halves.treated.people)
    assert (measured.decided, measured.text_ko) == (measured.verdict == "better", seen.outcome.sentence["ko"])
    for arm in ("control", "treated"):
        half = getattr(halves, arm)
        assert half.people == sum(each == arm for each in arms.values())
        assert half.value == pytest.approx(sum(arms[who] == arm for who in back) / half.people)
    assert seen.outcome.metrics[0].pending == 0


async def test_the_dry_run_says_who_would_get_what_and_leaves_no_trace(studio: Studio) -> None:
    everybody = [f"u-{n}" for n in range(30)]
    await studio.know(*everybody[1:])
    await studio.with_items()
    await studio.happen("Listen Ended", *everybody, seconds=20)
    await studio.happen("Listen Ended", "u-90", seconds=500)
    await studio.later(hours=21)
    draft = await studio.campaigns.create(studio.cast.joon, DESIGN)
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    assert told.looked_at == 30
    assert told.reasons == {"no_address": 1}
    assert told.outcomes["send"] + told.outcomes["hold"] == 29
    assert all("방송" in would.body for would in told.people if would.outcome == "send")
    assert await studio.messages(draft) == {}
    await studio.campaigns.launch(studio.cast.joon, draft.id)
    again = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    assert {w.person for w in again.people if w.outcome == "hold"} == {
        w.person for w in told.people if w.outcome == "hold"
    }


async def test_after_the_launch_only_words_change(studio: Studio) -> None:
    campaign = await studio.launched()
    with pytest.raises(Conflict):
        await studio.campaigns.change(studio.cast.joon, campaign.id, {**DESIGN, "holdout": 0.1})
    words = {"ko": {"subject": "새 제목", "body": "새 글"}}
    changed = await studio.campaigns.change(studio.cast.joon, campaign.id, {**DESIGN, "texts": words})
    assert changed.design.messages[0].texts["ko"].subject == "새 제목"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"holdout": 1.0}, "holdout"),
        ({"wait": "soon"}, "wait"),
        ({"texts": {}}, "texts"),
        ({"texts": {"ko": {"subject": "x", "body": "{{ person.name"}}}, "texts.ko.body"),
        ({"texts": {"ko": {"subject": "{{ secrets.key }}", "body": "x"}}}, "texts.ko.subject"),
        ({"trigger": {"event": " "}}, "trigger.event"),
        ({"audience": {"kind": "did"}}, "audience"),
    ],
)
async def test_a_design_that_makes_no_sense_names_the_field(
    studio: Studio, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await studio.campaigns.create(studio.cast.joon, {**DESIGN, **change})
    assert refused.value.field == field


async def test_a_rival_reaches_nothing(studio: Studio) -> None:
    await studio.know("u-1")
    await studio.with_items()
    campaign = await studio.launched(holdout=0.0)
    await tried_and_left(studio, "u-1")
    rina, api = studio.cast.rina, studio.campaigns
    (message,) = (await studio.messages(campaign)).values()
    assert await api.campaigns(rina) == []
    for reach in (
        api.campaign(rina, campaign.id), api.messages(rina, campaign.id), api.result(rina, campaign.id),
        api.stop(rina, campaign.id), api.send(rina, str(message.id)), api.dry_run(rina, campaign.id),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await reach
    assert await api.recommending.for_person(rina, str(studio.who("u-1"))) == []
    with pytest.raises(NotAllowed):
        await api.campaigns(studio.cast.gil)


async def test_an_automation_switches_a_campaign_on_and_stops_it(studio: Studio) -> None:
    draft = await studio.campaigns.create(studio.cast.joon, DESIGN)
    principal = studio.cast.governance.system(studio.cast.tenant, "automation", "run-1")
    call = StepCall(studio.cast.tenant, principal, "run-1", "a", "run-1:a:1", "", studio.clock.now())
    launch = next(kind for kind in steps(studio.campaigns) if kind.name == "campaigns.launch")
    for _ in range(2):  # a second attempt of the same call changes nothing
        assert (await launch.run(call, Launch(draft.id))).status == "live"
    assert (await launch.run(call, Launch(draft.id, on=False))).status == "stopped"
