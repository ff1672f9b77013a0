"""A playground: copied structure, invented people, everything tried, and nothing leaves."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from dure.automation.outgoing import HttpOutgoing
from dure.campaigns.playground.api import Playground
from dure.experiments.api import Experiments
from dure.experiments.flags.api import Flags
from dure.governance.api import Principal, Role
from dure.kernel.errors import Conflict, NotAllowed, NotFound
from dure.metrics.api import Metrics
from tests.campaigns.safety.letters import demand, drafted
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio

_PEOPLE = "select distinct person from events where workspace = {workspace:String} and event = 'Tea Poured'"


def playground_of(studio: Studio) -> Playground:
    metrics = Metrics(studio.state, studio.log, studio.clock, studio.cast.governance)
    return Playground(
        studio.state, studio.clock, studio.cast.governance, studio.segments, studio.people, studio.campaigns, metrics,
        *tried_in(studio),
    )  # fmt: skip


def tried_in(studio: Studio) -> tuple[Experiments, Flags]:
    governance = studio.cast.governance
    experiments = Experiments(studio.state, studio.log, studio.clock, governance, studio.segments, people=studio.people)
    return experiments, Flags(studio.state, studio.clock, governance, studio.people, studio.segments)


async def owner_in(studio: Studio, workspace: Any) -> Principal:
    (owner,) = await studio.cast.governance.users(workspace.tenant)
    return Principal(workspace.tenant, owner.id, Role.OWNER)


async def test_structure_is_copied_people_are_invented_and_whole_campaigns_run_without_a_letter_leaving(
    studio: Studio,
) -> None:
    await demand(studio, seeds=["seed@sorimaru.example"], caps=[{"most": 2, "per": "day"}])
    joon = studio.cast.joon
    gifts = await studio.segments.create(joon, "선물한 사람", {"kind": "did", "event": "Gift Sent"})
    fans = await studio.segments.create(studio.cast.joon, "팬", {"kind": "in", "segment": gifts.id})
    entry = {"audience": {"kind": "in", "segment": fans.id}}
    experiments, flags = tried_in(studio)
    planned = {"name": "두 제목", "metrics": [{"event": "Tea Poured"}], "audience": {"kind": "in", "segment": gifts.id}}
    running = await experiments.start(joon, (await experiments.create(joon, planned)).id)
    await experiments.create(joon, {"name": "초안", "metrics": [{"event": "Gift Sent"}]})
    await flags.create(joon, "two-subjects", {"experiment": running.id})
    await flags.create(joon, "night", {"conditions": [{"segment": fans.id, "rollout": 0.5}]})
    await flags.override(joon, "night", "u-1", True)
    await drafted(studio, kind="once", entry=entry, holdout=0.5, experiment=running.id)
    await studio.know("u-1")
    made = await playground_of(studio).make(studio.cast.mina, "놀이터")
    assert made.workspace.playground_of == studio.cast.tenant.workspace
    assert made.copied.counts == {"segments": 2, "campaigns": 1, "experiments": 2, "flags": 2}
    assert made.copied.left_out == []
    assert made.events > 1_000
    there = await owner_in(studio, made.workspace)
    assert there.tenant.workspace != studio.cast.tenant.workspace
    ((campaign, _),) = await studio.campaigns.campaigns(there)
    assert campaign.status == "draft"
    # Experiments and flags are its own: under other ids, with what they name renamed, and without real people in them.
    _, twin = await experiments.experiments(there)
    segments = {one.name["ko"]: one.id for one in await studio.segments.segments(there)}
    assert (twin.state, twin.design.audience) == ("running", {"kind": "in", "segment": segments["선물한 사람"]})
    assert twin.id != running.id
    assert campaign.design.experiment == twin.id
    night, subjects = await flags.flags(there)
    assert (night.design.conditions[0].segment, dict(night.overrides)) == (segments["팬"], {})
    assert subjects.design.experiment == twin.id
    assert (await studio.campaigns.safety.gate.policy(there)).seeds == ()
    await studio.settle()
    told = await studio.campaigns.dry_run(there, campaign.id)
    assert told.outcomes["send"] > 10
    await studio.campaigns.launch(there, campaign.id)
    await studio.settle()
    (_, counts) = await studio.campaigns.campaign(there, campaign.id)
    assert counts.states["sent"] == told.outcomes["send"]
    assert studio.postbox.taken == []
    # Invented people are drawn into its experiment and did what that measures; real ones know nothing of it.
    invented = [person for (person,) in (await studio.log.query(there.tenant, _PEOPLE, {})).rows]
    told = await experiments.expose(there, twin.id, invented)
    await studio.settle()
    seen = await experiments.analyse(there, twin.id)
    assert sum(arm.people for arm in seen.arms) == sum(one.arm is not None for one in told) > 20
    assert sum(arm.people for arm in (await experiments.analyse(joon, running.id)).arms) == 0
    recorded = await playground_of(studio).recorded(there, limit=500)
    assert len(recorded) == counts.states["sent"]
    assert all(one["address"].endswith("@playground.invalid") for one in recorded)
    assert "주말" in recorded[0]["content"]["text"] or "Weekend" in recorded[0]["content"]["text"]
    (sent,) = await studio.campaigns.safety.trials.send(there, campaign.id, "say", ["real@sorimaru.example"])
    assert (sent.state, studio.postbox.taken) == ("sent", [])


async def test_no_way_out_of_the_house_opens_from_a_playground(studio: Studio) -> None:
    made = await playground_of(studio).make(studio.cast.mina, "놀이터")
    playgrounds = studio.cast.governance.playgrounds
    out = HttpOutgoing(["127.0.0.0/8"], refuse=playgrounds.refuse)
    try:
        for call in (
            out.send(made.workspace.tenant, "POST", "http://127.0.0.1:9/", {}, b"", 1.0),
            out.fetch(made.workspace.tenant, "http://127.0.0.1:9/", 1.0, 10),
        ):
            with pytest.raises(NotAllowed, match="playground"):
                await call
        with pytest.raises(OSError, match=r".*"):
            await out.send(studio.cast.tenant, "POST", "http://127.0.0.1:9/", {}, b"", 1.0)
    finally:
        await out.close()


async def test_the_mark_is_for_ever(studio: Studio) -> None:
    made = await playground_of(studio).make(studio.cast.mina, "놀이터")
    for workspace, mark in ((made.workspace.id, None), (studio.cast.tenant.workspace, made.workspace.id)):
        with pytest.raises(psycopg.errors.RaiseException):
            async with studio.state.begin_system() as tx:
                await tx.run("update governance.workspace set playground_of = %s where id = %s", (mark, workspace))
    there = await owner_in(studio, made.workspace)
    with pytest.raises(Conflict):
        await studio.cast.governance.playgrounds.make(there, "놀이터 속 놀이터")
    with pytest.raises(NotAllowed):
        await playground_of(studio).make(studio.cast.joon, "놀이터")


async def test_one_goes_into_a_playground_but_nobody_comes_out_of_it_with_rights(studio: Studio) -> None:
    made = await playground_of(studio).make(studio.cast.mina, "놀이터")
    governance, there = studio.cast.governance, await owner_in(studio, made.workspace)
    session = await governance.follow_link(await governance.playgrounds.way_into(studio.cast.mina, made.workspace.id))
    assert (await governance.session(session)).tenant == made.workspace.tenant
    with pytest.raises(NotAllowed):
        await governance.playgrounds.way_into(studio.cast.joon, made.workspace.id)
    with pytest.raises(NotFound):
        await governance.playgrounds.way_into(studio.cast.rina, made.workspace.id)
    with pytest.raises(NotFound):
        await governance.playgrounds.way_into(there, studio.cast.tenant.workspace)
    bot = Principal(studio.cast.tenant, studio.cast.mina.user, Role.OWNER, frozenset({"governance:read"}))
    with pytest.raises(NotAllowed):
        await governance.playgrounds.way_into(bot, made.workspace.id)
