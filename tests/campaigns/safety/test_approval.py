"""A second person's word: what it is bound to, who gives it, how it is lost, and what is not launched without it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from dure.campaigns.model import Campaign
from dure.experiments.api import Experiments
from dure.experiments.flags.api import Flags
from dure.governance.api import Principal, Role
from dure.kernel.errors import Conflict, Invalid, NotAllowed
from tests.campaigns.safety.letters import demand, drafted, letter, look
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio

ALWAYS = {"demanded": "always", "above": 0}


async def asked(studio: Studio, campaign: Campaign, note: str = "", by: Principal | None = None) -> tuple[str, str]:
    """The request's id, and the hash that it was asked for."""
    found = await studio.campaigns.safety.approvals.submit(by or studio.cast.joon, campaign.id, note)
    return str(found.requests[0].id), found.hash


async def approved(studio: Studio, campaign: Campaign) -> None:
    request, seen = await asked(studio, campaign)
    await studio.campaigns.safety.approvals.decide(studio.cast.mina, request, seen, True)


async def standing(studio: Studio, campaign: Campaign) -> str:
    return (await studio.campaigns.safety.approvals.of(studio.cast.joon, campaign.id)).standing


async def test_nothing_is_launched_without_the_word_that_the_workspace_demands(sori: Studio) -> None:
    await demand(sori, approval=ALWAYS)
    await sori.happen("Signed Up", "u-1", "u-2")
    await sori.settle()
    draft = await drafted(sori)
    assert await standing(sori, draft) == "missing"
    with pytest.raises(Conflict) as error:
        await sori.campaigns.launch(sori.cast.joon, draft.id)
    assert (error.value.field, error.value.data["standing"], error.value.data["reach"]) == ("approval", "missing", 2)
    request, seen = await asked(sori, draft, "주말 소식입니다")
    assert await standing(sori, draft) == "asked"
    with pytest.raises(Conflict):
        await sori.campaigns.launch(sori.cast.joon, draft.id)
    done = await sori.campaigns.safety.approvals.decide(sori.cast.mina, request, seen, True, "좋습니다")
    assert (done.standing, done.requests[0].comment, done.requests[0].note) == (
        "approved",
        "좋습니다",
        "주말 소식입니다",
    )
    assert (await sori.campaigns.launch(sori.cast.joon, draft.id)).status == "live"
    told = [event for event in await sori.events("Campaign Submitted", "Campaign Approved")
            if event.workspace == sori.cast.tenant.workspace]  # fmt: skip
    assert [(event.event, event.actor) for event in told] == [
        ("Campaign Submitted", sori.cast.joon.user), ("Campaign Approved", sori.cast.mina.user),
    ]  # fmt: skip


async def told(studio: Studio, who: Principal) -> tuple[list[str], list[tuple[str, str]]]:
    """The campaigns that wait for somebody's word, and what was said to those that they asked for."""
    found = await studio.campaigns.safety.approvals.concerning(who)
    return (
        [one.request.campaign for one in found.waiting],
        [(one.request.campaign, one.request.decision) for one in found.answered],
    )


async def test_who_may_approve_is_told_of_what_waits_and_who_asked_of_the_answer(sori: Studio) -> None:
    mina, joon, approvals = sori.cast.mina, sori.cast.joon, sori.campaigns.safety.approvals
    await demand(sori, approval=ALWAYS)
    draft = await drafted(sori)
    reader = Principal(sori.cast.tenant, "U-reader", Role.GUEST, guest="multi")
    request, seen = await asked(sori, draft)
    assert await told(sori, mina) == ([draft.id], [])
    assert await told(sori, joon) == ([], [])
    with pytest.raises(NotAllowed):
        await told(sori, reader)
    await approvals.decide(mina, request, seen, False, "제목을 고쳐 주세요")
    assert await told(sori, mina) == ([], [])
    assert await told(sori, joon) == ([], [(draft.id, "refused")])
    sori.clock.advance(sori.minute)
    await sori.campaigns.change(joon, draft.id, letter(holdout=0.3))
    assert await told(sori, joon) == ([], [])  # it is being mended
    await approved(sori, draft)
    assert await told(sori, mina) == ([], [])
    assert await told(sori, joon) == ([], [(draft.id, "approved")])
    sori.clock.advance(sori.minute)
    await sori.campaigns.launch(joon, draft.id)
    assert await told(sori, joon) == ([], [])


async def test_nobody_is_told_of_what_they_could_not_approve(sori: Studio) -> None:
    await demand(sori, approval={"demanded": "always", "above": 0, "own": "never"})
    second = await sori.cast.governance.create_user(sori.cast.mina, "second@sori.example", "둘째")
    other = Principal(sori.cast.tenant, second.id, Role.MEMBER)
    draft = await drafted(sori)
    sori.clock.advance(sori.minute)
    await sori.campaigns.change(sori.cast.mina, draft.id, letter(holdout=0.2))
    await asked(sori, draft)
    assert await told(sori, sori.cast.mina) == ([], [])  # who changed it last
    assert await told(sori, other) == ([draft.id], [])
    sori.clock.advance(sori.minute)
    await sori.campaigns.change(sori.cast.joon, draft.id, letter(holdout=0.4))
    assert await told(sori, other) == ([], [])  # lost: it is not what was asked for


@pytest.mark.parametrize(
    "change",
    [
        {"node": {"texts": {"ko": {"subject": "다른 제목", "body": "주말입니다."}}}},
        {"entry": {"trigger": {"event": "Signed Up", "where": [{"prop": "plan", "op": "=", "value": "plus"}]}}},
        {"node": {"quiet": "skip"}},
        {"holdout": 0.1},
    ],
)
async def test_any_change_of_content_audience_or_schedule_loses_it(sori: Studio, change: dict[str, Any]) -> None:
    await demand(sori, approval=ALWAYS)
    draft = await drafted(sori)
    await approved(sori, draft)
    await sori.campaigns.change(sori.cast.joon, draft.id, letter(**change))
    assert await standing(sori, draft) == "lost"
    with pytest.raises(Conflict):
        await sori.campaigns.launch(sori.cast.joon, draft.id)


async def test_a_segments_new_rule_loses_it_and_stops_what_is_live_at_the_next_look(sori: Studio) -> None:
    await demand(sori, approval=ALWAYS)
    inner = await sori.segments.create(sori.cast.joon, "선물한 사람", {"kind": "did", "event": "Gift Sent"})
    outer = await sori.segments.create(sori.cast.joon, "팬", {"kind": "in", "segment": inner.id})
    await sori.happen("Gift Sent", "u-1")
    await sori.settle()
    entry = {"trigger": {"event": "Signed Up"}, "audience": {"kind": "in", "segment": outer.id}}
    draft = await drafted(sori, entry=entry)
    await approved(sori, draft)
    live = await sori.campaigns.launch(sori.cast.joon, draft.id)
    assert [one.answer for one in await look(sori, live, "u-1")] == ["send"]
    await sori.segments.change(sori.cast.joon, inner.id, rule={"kind": "did", "event": "Gift Sent", "at_least": 0})
    assert [(one.answer, one.reason) for one in await look(sori, live, "u-1")] == [("later", "not_approved")]
    assert await standing(sori, draft) == "lost"


async def test_any_change_of_its_experiment_or_of_that_ones_flags_loses_it(sori: Studio) -> None:
    await demand(sori, approval=ALWAYS)
    cast = sori.cast
    experiments = Experiments(sori.state, sori.log, sori.clock, cast.governance, sori.segments)
    flags = Flags(sori.state, sori.clock, cast.governance, sori.people, sori.segments)
    fans = await sori.segments.create(cast.joon, "팬", {"kind": "did", "event": "Gift Sent"})
    plan = {"name": "두 제목", "metrics": [{"event": "Listen Started"}], "audience": {"kind": "in", "segment": fans.id}}
    tried = await experiments.create(cast.joon, plan)
    other = await experiments.create(cast.joon, {"name": "딴 실험", "metrics": [{"event": "Listen Started"}]})
    draft = await drafted(sori, experiment=tried.id)
    await approved(sori, draft)
    await experiments.start(cast.joon, other.id)  # of no concern to it
    await flags.create(cast.joon, "night-mode", {})
    assert await standing(sori, draft) == "approved"

    async def lost(change: Awaitable[object]) -> None:
        await change
        assert await standing(sori, draft) == "lost"
        with pytest.raises(Conflict):
            await sori.campaigns.launch(cast.joon, draft.id)
        await approved(sori, draft)

    uneven = [{"name": "control", "share": 0.3}, {"name": "treated", "share": 0.7}]
    await lost(experiments.change(cast.joon, tried.id, plan | {"arms": uneven}))
    await lost(flags.create(cast.joon, "two-subjects", {"experiment": tried.id}))
    await lost(flags.change(cast.joon, "two-subjects", {"experiment": tried.id, "payloads": {"treated": "새 제목"}}))
    await lost(sori.segments.change(cast.joon, fans.id, rule={"kind": "did", "event": "Gift Sent", "at_least": 2}))
    await lost(experiments.start(cast.joon, tried.id))
    live = await sori.campaigns.launch(cast.joon, draft.id)
    assert [one.answer for one in await look(sori, live, "u-1")] == ["send"]
    await experiments.decide(cast.joon, tried.id, "treated", "낫습니다")
    assert [(one.answer, one.reason) for one in await look(sori, live, "u-1")] == [("later", "not_approved")]


async def test_a_live_campaigns_new_words_wait_for_a_word_of_their_own(sori: Studio) -> None:
    await demand(sori, approval=ALWAYS)
    draft = await drafted(sori)
    await approved(sori, draft)
    live = await sori.campaigns.launch(sori.cast.joon, draft.id)
    other = letter(node={"texts": {"ko": {"subject": "다른 제목", "body": "주말입니다."}}})
    changed = await sori.campaigns.change(sori.cast.joon, draft.id, other)
    assert [one.answer for one in await look(sori, live, "u-1")] == ["send"]
    assert [(one.answer, one.reason) for one in await look(sori, changed, "u-1")] == [("later", "not_approved")]
    await approved(sori, draft)
    assert [one.answer for one in await look(sori, changed, "u-1")] == ["send"]


async def test_nobody_approves_their_own_above_the_size_and_below_only_where_it_may_be(sori: Studio) -> None:
    approvals = sori.campaigns.safety.approvals
    await demand(sori, approval={"demanded": "always", "above": 3, "own": "below"})
    await sori.happen("Signed Up", *(f"u-{n}" for n in range(4)))
    await sori.settle()
    large = await drafted(sori)
    request, seen = await asked(sori, large)
    found = await approvals.of(sori.cast.joon, large.id)
    assert (found.may_decide, found.why_not) == (False, "own_and_large")
    with pytest.raises(NotAllowed):
        await approvals.decide(sori.cast.joon, request, seen, True)
    small = await drafted(sori, entry={"trigger": {"event": "Never"}})
    request, seen = await asked(sori, small)
    assert (await approvals.decide(sori.cast.joon, request, seen, True)).standing == "approved"
    await demand(sori, approval={"demanded": "always", "above": 3, "own": "never"})
    other = await drafted(sori, entry={"trigger": {"event": "Never"}})
    request, seen = await asked(sori, other)
    with pytest.raises(NotAllowed):
        await approvals.decide(sori.cast.joon, request, seen, True)


async def test_who_wrote_it_does_not_approve_what_another_asked_for_them(sori: Studio) -> None:
    await demand(sori, approval={"demanded": "always", "above": 0, "own": "never"})
    draft = await drafted(sori)
    await sori.campaigns.change(sori.cast.mina, draft.id, letter(holdout=0.2))
    request, seen = await asked(sori, draft)
    with pytest.raises(NotAllowed):
        await sori.campaigns.safety.approvals.decide(sori.cast.mina, request, seen, True)
    second = await sori.cast.governance.create_user(sori.cast.mina, "second@sori.example", "둘째")
    other = Principal(sori.cast.tenant, second.id, Role.MEMBER)
    done = await sori.campaigns.safety.approvals.decide(other, request, seen, True)
    assert done.standing == "approved"


async def test_robots_do_not_decide_and_a_no_says_why(sori: Studio) -> None:
    approvals = sori.campaigns.safety.approvals
    await demand(sori, approval=ALWAYS)
    draft = await drafted(sori)
    request, seen = await asked(sori, draft)
    with pytest.raises(NotAllowed):
        await approvals.decide(sori.cast.governance.system(sori.cast.tenant, "robot"), request, seen, True)
    with pytest.raises(NotAllowed):
        await approvals.decide(sori.cast.gil, request, seen, True)
    with pytest.raises(Invalid, match="why"):
        await approvals.decide(sori.cast.mina, request, seen, False)
    with pytest.raises(Conflict):
        await approvals.decide(sori.cast.mina, request, "0" * 64, True)
    done = await approvals.decide(sori.cast.mina, request, seen, False, "제목이 낚시 같습니다")
    assert (done.standing, done.requests[0].comment) == ("refused", "제목이 낚시 같습니다")
    with pytest.raises(Conflict):
        await approvals.decide(sori.cast.mina, request, seen, True)
    assert await approvals.waiting(sori.cast.mina) == []


async def test_by_default_a_campaign_for_few_people_needs_nobody(sori: Studio) -> None:
    draft = await drafted(sori)
    assert await standing(sori, draft) == "not_needed"
    assert (await sori.campaigns.launch(sori.cast.joon, draft.id)).status == "live"


async def test_the_list_knows_the_campaigns_before_and_the_tests_that_were_sent(sori: Studio) -> None:
    await sori.know("u-1", "u-2")
    await sori.happen("Signed Up", "u-1", "u-2")
    await sori.settle()
    draft = await drafted(sori)

    async def codes() -> dict[str, str]:
        return {one.code: one.level for one in await sori.campaigns.safety.listing.of(sori.cast.joon, draft.id)}

    before = await codes()
    assert (before["not_tested"], before["no_holdout"], before["size"]) == ("warn", "warn", "ok")
    await sori.campaigns.safety.trials.send(sori.cast.joon, draft.id, "say", ["joon@sorimaru.example"])
    assert (await codes())["tested_in_part"] == "note"  # one language of two
    for language in ("ko", "en"):
        await sori.campaigns.safety.trials.send(
            sori.cast.joon, draft.id, "say", ["joon@sorimaru.example"], language=language
        )
    assert (await codes())["tested"] == "ok"
    sori.clock.advance(sori.minute)
    await sori.campaigns.change(sori.cast.joon, draft.id, letter(holdout=0.5))
    after = await codes()
    assert (after["not_tested"], after["holdout"]) == ("warn", "ok")
