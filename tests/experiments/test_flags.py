"""Feature flags: PostHog's own client against the door, what counts as an exposure, and what every process answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from posthog import Posthog

from dure.experiments.flags import routes as flag_routes
from dure.experiments.flags.api import Flags
from dure.experiments.flags.definitions import definition
from dure.experiments.holding import ExperimentHolder
from dure.feed.api import Bell
from dure.ingest import door as ingest_door
from dure.ingest.api import Ingest
from dure.ingest.plugs import AskedFlags
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.whom import Whom
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.experiments.lab import CONVERTED, Lab, names
from tests.wire.server import serving

# PostHog's older calls are deprecated and still what most programs use.
pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

_JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLUE = {
    "name": "단추 색", "variants": [{"name": "control", "share": 0.5}, {"name": "blue", "share": 0.5}],
    "payloads": {"blue": {"hex": "#00f"}},
}  # fmt: skip


@asynccontextmanager
async def product(lab: Lab) -> AsyncIterator[tuple[str, str]]:
    """A server's address and a write key, as a product's program has them."""
    ingest = Ingest(lab.state, lab.clock)
    ingest.know_flags_by(lab.flags)
    app = FastAPI()
    app.state.governance = lab.cast.governance
    front.install(app)
    include(app, flag_routes.definitions(lab.flags))
    app.router.routes[:0] = ingest_door.routes(ingest)
    source = await ingest.create_source(lab.cast.mina, "app")
    running = asyncio.create_task(ingest.run())
    try:
        async with serving(ingest_door.DoorsFirst(app, ingest)) as url:
            yield url, source.write_key
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def client(url: str, key: str, **options: Any) -> Posthog:
    return Posthog(key, host=url, flush_interval=0.05, on_error=_fail, **options)


def _fail(error: Exception, _: object) -> None:
    raise AssertionError(error)


async def told(flags: Flags, lab: Lab, who: str, **traits: Any) -> dict[str, bool | str]:
    answered = await flags.answer(lab.cast.tenant, AskedFlags(who, traits))
    return {one.key: one.value for one in answered}


async def answers(flags: Flags, lab: Lab, wanted: dict[str, bool | str]) -> None:
    """Until that is what is told."""
    while await told(flags, lab, "u-1") != wanted:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_posthogs_client_is_told_values_payloads_and_why(lab: Lab) -> None:
    joon, flags = lab.cast.joon, lab.flags
    await flags.create(joon, "everybody", {"payloads": {"true": [1, 2]}})
    await flags.create(joon, "nobody", {"conditions": [{"rollout": 0}]})
    await flags.create(joon, "asleep", {"active": False})
    await flags.create(joon, "button", BLUE)
    await flags.create(joon, "for-pro", {"conditions": [{"where": [{"prop": "person.plan", "value": "pro"}]}]})
    await flags.override(joon, "nobody", "mina", True)

    def ask(url: str, key: str) -> dict[str, Any]:
        posthog = client(url, key)
        answer = {
            "all": posthog.get_all_flags("u-1", person_properties={"plan": "pro"}),
            "free": posthog.get_all_flags("u-1", person_properties={"plan": "free"})["for-pro"],  # type: ignore[index]
            "payload": posthog.get_feature_flag_payload("everybody", "u-1"),
            "mina": posthog.feature_enabled("nobody", "mina"),
            "variants": {posthog.get_feature_flag("button", who) for who in names("u-", 12)},
        }
        posthog.shutdown()
        return answer

    async with product(lab) as (url, key):
        seen = await asyncio.to_thread(ask, url, key)
    assert {key: value for key, value in seen["all"].items() if key != "button"} == {
        "everybody": True, "nobody": False, "asleep": False, "for-pro": True,
    }  # fmt: skip
    assert (seen["free"], seen["payload"], seen["mina"]) == (False, [1, 2], True)
    assert seen["variants"] == {"control", "blue"}


async def test_a_client_that_evaluates_by_itself_comes_to_the_same_answers(lab: Lab) -> None:
    joon, flags = lab.cast.joon, lab.flags
    await flags.create(joon, "half", {"conditions": [{"rollout": 0.5}]})
    await flags.create(joon, "button", BLUE)
    await flags.create(joon, "level", {"conditions": [{"where": [{"prop": "level", "op": ">=", "value": 3}]}]})
    await flags.create(joon, "mine", {"conditions": [{"rollout": 0}]})
    await flags.override(joon, "mine", "u-0", True)
    who = names("u-", 40)

    def ask(url: str, key: str) -> list[dict[str, Any]]:
        posthog = client(url, key, secret_key=lab.cast.token, poll_interval=3600)
        posthog.load_feature_flags()
        answers = [
            {
                flag: posthog.get_feature_flag(
                    flag, one, person_properties={"level": number % 6}, only_evaluate_locally=True,
                    send_feature_flag_events=False,
                )
                for flag in ("half", "button", "level", "mine")
            }
            for number, one in enumerate(who)
        ]  # fmt: skip
        mine = posthog.get_feature_flag("mine", "u-0", send_feature_flag_events=False)
        posthog.shutdown()
        return [*answers, {"asked the server": mine}]

    async with product(lab) as (url, key):
        *alone, asked = await asyncio.to_thread(ask, url, key)
    for number, one in enumerate(who):
        by_server = await told(flags, lab, one, level=number % 6)
        assert {key: by_server[key] for key in ("half", "button", "level")} == {
            key: value for key, value in alone[number].items() if key != "mine"
        }
        assert alone[number]["mine"] is None  # it cannot know of exceptions, and says that it does not
    assert asked == {"asked the server": True}


async def test_asking_for_an_experiments_flag_is_its_exposure(lab: Lab) -> None:
    made = await lab.experiments.create(lab.cast.joon, {
        "name": "단추", "metrics": [CONVERTED],
        "arms": [{"name": "control", "share": 0.5}, {"name": "blue", "share": 0.5}],
    })  # fmt: skip
    await lab.flags.create(lab.cast.joon, "button", {"experiment": made.id, "payloads": {"blue": "#00f"}})
    assert await told(lab.flags, lab, "u-1") == {"button": False}  # a draft
    experiment = await lab.experiments.start(lab.cast.joon, made.id)
    await lab.flags.shelf.look()
    lab.clock.advance(timedelta(hours=1))
    people = names("u-", 14)

    def ask(url: str, key: str) -> dict[str, Any]:
        posthog = client(url, key)
        answer = {who: posthog.evaluate_flags(who).get_flag("button") for who in people[:7]}
        answer |= {who: posthog.get_feature_flag("button", who) for who in people[7:]}
        posthog.get_all_flags("only-looked")  # no exposure: the program did not say that it used one
        posthog.shutdown()
        return answer

    async with product(lab) as (url, key):
        arms = await asyncio.to_thread(ask, url, key)
    assert set(arms.values()) == {"control", "blue"}
    assigned = await lab.experiments.assign(lab.cast.joon, experiment.id, [lab.who(who) for who in people])
    assert {one.person: one.arm for one in assigned} == {lab.who(who): arm for who, arm in arms.items()}
    lab.clock.advance(timedelta(hours=1))
    await lab.happen("Subscribed", *(who for who, arm in arms.items() if arm == "blue"))
    lab.clock.advance(timedelta(days=4))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    counted = {arm.name: arm.people for arm in found.arms}
    assert counted == {arm: list(arms.values()).count(arm) for arm in ("control", "blue")}
    (seen,) = found.metrics[0].contrasts
    assert (seen.control.value, seen.treated.value) == (0, 1)
    await lab.experiments.stop(lab.cast.joon, experiment.id)
    await lab.flags.shelf.look()
    assert {who: (await told(lab.flags, lab, who))["button"] for who in people} == arms  # nobody's product flips
    await lab.experiments.decide(lab.cast.joon, experiment.id, "blue", "모두에게")
    await lab.flags.shelf.look()
    assert {(await told(lab.flags, lab, who))["button"] for who in people} == {"blue"}


async def test_an_evaluated_flag_notes_each_person_once_before_it_answers(lab: Lab) -> None:
    experiment = await lab.running()
    await lab.flags.create(lab.cast.joon, "screen", {"experiment": experiment.id, "expose": "evaluated"})
    people = names("u-", 30)
    for _ in range(2):
        await asyncio.gather(*(told(lab.flags, lab, who) for who in people))
    noted = await lab.events("Experiment Exposed")
    assert len(noted) == 30
    assert {event.properties["arm"] for event in noted} == {"control", "treated"}
    await lab.flags.try_out(lab.cast.joon, "just-looking", {})
    assert len(await lab.events("Experiment Exposed")) == 30


async def test_conditions_ask_traits_and_segments_as_they_are_known(lab: Lab) -> None:
    await lab.know("mina", plan="pro")
    listed = await lab.segments.create(lab.cast.joon, "손님", {"kind": "listed"})
    await lab.segments.list_people(lab.cast.joon, listed.id, add=["guest"])
    await lab.flags.create(lab.cast.joon, "new", {
        "variants": [{"name": "a", "share": 1}, {"name": "b", "share": 0}],
        "conditions": [
            {"segment": listed.id, "variant": "b"},
            {"where": [{"prop": "plan", "op": "in", "value": ["pro", "team"]}]},
        ],
    })  # fmt: skip
    assert [(await told(lab.flags, lab, who))["new"] for who in ("mina", "guest", "stranger")] == ["a", "b", False]
    assert (await told(lab.flags, lab, "mina", plan="free"))["new"] is False  # what the asker says is newer
    with pytest.raises(Invalid) as refused:
        await lab.flags.create(lab.cast.joon, "other", {"conditions": [{"segment": "nowhere"}]})
    assert refused.value.field == "conditions[0].segment"


async def test_an_experiments_audience_counts_and_must_be_known_at_once(lab: Lab) -> None:
    experiment = await lab.running(audience={"kind": "trait", "prop": "plan", "value": "pro"})
    await lab.flags.create(lab.cast.joon, "screen", {"experiment": experiment.id})
    assert (await told(lab.flags, lab, "u-1", plan="free"))["screen"] is False
    assert (await told(lab.flags, lab, "u-1", plan="pro"))["screen"] in ("control", "treated")
    asking = await lab.running(audience={"kind": "did", "event": "Listened", "within": "7d"})
    with pytest.raises(Invalid) as refused:
        await lab.flags.create(lab.cast.joon, "late", {"experiment": asking.id})
    assert refused.value.field == "experiment"


async def test_every_process_answers_a_change_soon_and_without_the_database_the_last_known(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Flags(lab.state, lab.clock, lab.cast.governance, lab.people, lab.segments)
    bell = Bell(lab.state)
    loops = [asyncio.create_task(one) for one in (bell.run(), other.shelf.run(bell))]
    try:
        assert await told(other, lab, "u-1") == {}
        await lab.flags.create(lab.cast.joon, "switch", {"active": False})
        async with asyncio.timeout(20):
            await answers(other, lab, {"switch": False})
            await lab.flags.change(lab.cast.joon, "switch", {})
            await answers(other, lab, {"switch": True})
    finally:
        for loop in loops:
            loop.cancel()
    away = State("postgresql://127.0.0.1:1/nowhere")
    other.shelf.state = away
    monkeypatch.setattr("dure.experiments.flags.shelf._STALE", -1)
    assert await told(other, lab, "u-1") == {"switch": True}


async def test_flags_are_made_changed_and_refused_by_field(lab: Lab) -> None:
    joon, flags = lab.cast.joon, lab.flags
    made = await flags.create(joon, "button", BLUE)
    assert (made.version, made.design.name["en"]) == (1, "단추 색")
    with pytest.raises(Conflict):
        await flags.create(joon, "button", {})
    for raw, field in (
        ({"variants": [{"name": "a", "share": 0.5}]}, "variants"),
        ({"variants": [{"name": "true", "share": 1}]}, "variants[0].name"),
        ({"conditions": [{"rollout": 2}]}, "conditions[0].rollout"),
        ({"conditions": [{"variant": "red"}]}, "conditions[0].variant"),
        ({"payloads": {"red": 1}}, "payloads.red"),
        ({"experiment": "none"}, "experiment"),
        ({"colour": 1}, None),
    ):
        with pytest.raises(Invalid) as refused:
            await flags.change(joon, "button", raw)
        assert refused.value.field == field
    for who, value, field in (("", True, "distinct_id"), ("u-1", "red", "value")):
        with pytest.raises(Invalid) as refused:
            await flags.override(joon, "button", who, value)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await flags.flag(lab.cast.rina, "button")
    with pytest.raises(NotAllowed):
        await flags.flags(lab.cast.gil)
    await flags.delete(joon, "button")
    acts = await lab.events("Flag Created", "Flag Changed", "Flag Deleted")
    assert [event.event for event in acts] == ["Flag Created", "Flag Deleted"]


async def test_what_was_set_for_somebody_is_forgotten_with_them(lab: Lab) -> None:
    await lab.flags.create(lab.cast.joon, "mine", {"conditions": [{"rollout": 0}]})
    await lab.flags.override(lab.cast.joon, "mine", "mina", True)
    await lab.flags.override(lab.cast.joon, "mine", "other", True)
    assert "mina" not in str([event.properties for event in await lab.events("Flag Overridden")])
    whom, holder = Whom(lab.cast.tenant, (lab.who("mina"),), ids=("mina",)), ExperimentHolder()
    async with lab.state.begin(lab.cast.tenant) as tx:
        (kept,) = (await holder.gather(tx, whom))["experiments-override"]
        assert kept["value"] == "true"
        assert await holder.erase(tx, whom) == 1
    await lab.flags.shelf.look()
    assert [(await told(lab.flags, lab, who))["mine"] for who in ("mina", "other")] == [False, True]


async def test_the_guide_is_right(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    guides = Path(__file__).parents[2] / "docs" / "how-to"
    (flag,) = _JSON.findall((guides / "feature-flags.md").read_text(encoding="utf-8"))
    made = json.loads(flag)
    await lab.flags.create(lab.cast.joon, made["key"], made["design"])
    await lab.flags.override(lab.cast.joon, "new-player", "user-17", "large")
    (experiment,) = _JSON.findall((guides / "run-an-experiment.md").read_text(encoding="utf-8"))
    await lab.experiments.create(lab.cast.joon, json.loads(experiment)["design"])
    (program,) = _PYTHON.findall((guides / "feature-flags.md").read_text(encoding="utf-8"))
    async with product(lab) as (url, key):
        text = program.replace("WRITE_KEY", key).replace("http://127.0.0.1:8400", url)
        await asyncio.to_thread(exec, compile(text, "guide", "exec"), {})
    assert "{'height': 320}" in capsys.readouterr().out


async def test_definitions_leave_to_the_server_what_a_client_cannot_know(lab: Lab) -> None:
    joon, flags = lab.cast.joon, lab.flags
    experiment = await lab.running()
    for key, design, alone in (
        ("plain", {}, True),
        ("number", {"conditions": [{"where": [{"prop": "level", "op": ">", "value": 3}]}]}, True),
        ("letters", {"conditions": [{"where": [{"prop": "plan", "value": "Pro"}]}]}, False),
        ("contains", {"conditions": [{"where": [{"prop": "plan", "op": "contains", "value": "p"}]}]}, False),
        ("linked", {"experiment": experiment.id}, False),
    ):
        made = await flags.create(joon, key, design)
        assert definition(made)["ensure_experience_continuity"] is not alone, key
