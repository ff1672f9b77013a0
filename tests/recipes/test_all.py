"""What holds for every ready automation: it can be saved, it uses only what is there, and it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dure.automation import definition, template
from dure.automation import recipe as recipes
from dure.automation.model import Definition
from dure.automation.plugs import Recipe
from dure.channels.forms.api import read_fields
from tests.recipes.house import program

ALL = sorted(program()._recipes.values(), key=lambda one: one.id)
# What the issue names, and the recipe that does it.
LIFE = {
    "deal room at 25 %": "deal-room", "pitch and brief form": "pitch-brief", "proposal approval": "proposal-approval",
    "insertion-order checklist": "io-checklist", "creative received": "creative-received",
    "creative checked": "creative-checked", "creative missing at T-5": "creative-missing",
    "creative missing at T-2": "creative-escalation", "trafficking QA by a second person": "trafficking-qa",
    "launch day with zero impressions": "launch-check", "first 48 hours": "first-48-hours",
    "daily digest": "daily-digest", "at risk": "pacing-alert", "over-delivery": "over-delivery",
    "make-good": "make-good", "mid-flight report": "mid-flight-report", "flight end": "flight-end",
    "wrap-up report and learnings": "wrap-up", "renewal": "renewal",
    "stage change card": "stage-card", "team change follows in the channel": "team-follows", "stale deal": "stale-deal",
    "single contact": "single-contact", "won hand-over": "won-handover", "lost reasons": "lost-reason",
    "about-to-churn list to marketing": "churn-to-marketing", "trial signal to sales": "trial-signal",
    "feature launch to segment": "feature-launch", "experiment decided": "experiment-decided",
    "customer waiting": "customer-waiting", "spike": "spike-alert",
    "mention from an open deal's account": "mention-open-deal",
    "archive quiet channels": "archive-quiet", "weekly metrics": "board-weekly",
}  # fmt: skip
# Where a setting has no default: something that fits.
GIVEN = {"segment": "0190a0a0-0000-7000-8000-000000000000"}
each = pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)


def read(one: Recipe) -> Definition:
    needed = {setting.name: GIVEN[setting.type] for setting in one.settings if setting.default is None}
    _, doc = recipes.fill(one, needed)
    whole = program()
    return definition.read(doc, whole._kinds, frozenset(whole._lookups), whole._triggers)


def test_what_the_issue_names_is_there() -> None:
    assert {name: ready for name, ready in LIFE.items() if ready not in program()._recipes} == {}
    assert len(ALL) >= 33


@each
def test_it_can_be_saved_with_the_forms_defaults(one: Recipe) -> None:
    assert read(one).nodes


@each
def test_the_event_it_starts_from_is_offered_and_has_what_it_uses(one: Recipe) -> None:
    text = read(one)
    if text.trigger.event is None:
        assert text.trigger.at or text.trigger.every
        assert list(used(text)) == []
        return
    assert text.trigger.event in program()._events, f"{text.trigger.event} is not offered"
    declared = set(program()._events[text.trigger.event].properties)
    missing = {name for name in used(text) if name not in declared}
    assert not missing, f"{text.trigger.event} does not declare {missing}"


@each
def test_what_it_waits_for_is_offered_and_has_what_it_uses(one: Recipe) -> None:
    text = read(one)
    waits = {node.id: node.with_ for node in text.nodes if node.kind == "wait_event"}
    for waiting, given in waits.items():
        assert given["event"] in program()._events, f"{given['event']} is not offered"
        declared = set(program()._events[given["event"]].properties)
        props = [str(one["prop"]) for one in given.get("where", ())] + ([given["on"]] if given.get("on") else [])
        here = {prop.removeprefix("event.properties.") for prop in props if not is_field(prop)}
        later = {
            path.split(".")[4] for path in paths(text) if path.startswith(f"steps.{waiting}.event.properties.")
        }  # fmt: skip
        assert here | later <= declared, f"{given['event']} does not declare {(here | later) - declared}"


@each
def test_conditions_look_at_steps_that_come_before_them_and_at_what_they_answer(one: Recipe) -> None:
    text = read(one)
    kinds = {node.id: node.kind for node in text.nodes}
    caught = {node.id for node in text.nodes if node.on_error is not None}
    for path in paths(text):
        if path.startswith("steps."):
            _, name, *rest = path.split(".")
            kind = program()._kinds.get(kinds[name])
            if kind is not None and rest:
                answers = {field.encode_name for field in msgspec.structs.fields(kind.outputs)}
                assert rest[0] in answers | ({"error"} if name in caught else set()), path


@each
def test_what_makes_a_trigger_the_same_is_said(one: Recipe) -> None:
    trigger = one.doc["trigger"]
    assert "key" in trigger or "at" in trigger or "every" in trigger or "kind" in trigger
    assert read(one).trigger.zone is None


@each
def test_every_setting_has_a_place_and_every_place_a_setting(one: Recipe) -> None:
    assert recipes.places(one.doc) == {setting.name for setting in one.settings}


@each
def test_a_colleague_understands_it_in_both_languages(one: Recipe) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id)
    for said in (one.title, one.about, *(setting.title for setting in one.settings)):
        assert re.search(r"[가-힣]", said["ko"]), said
        assert said["en"].strip(), said
        assert not re.search(r"[가-힣]", said["en"]), said
    for about in (one.about["ko"], one.about["en"]):
        assert about.endswith("."), about
    for text in texts(one.doc):
        assert "None" not in text


@each
def test_it_has_a_test_of_its_own(one: Recipe) -> None:
    names = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        names |= set(re.findall(r"async def test_(\w+)\(", path.read_text(encoding="utf-8")))
    assert one.id.replace("-", "_") in names | {"metric_crossed", "metric_unusual"}


@each
def test_what_is_asked_of_people_and_how_long_is_waited_can_be_read(one: Recipe) -> None:
    for node in read(one).nodes:
        if node.kind == "deals.task":
            assert re.fullmatch(r"\d{1,4}[dw]", node.with_["due_in"]), node.id
        if node.kind in ("channels.ask", "channels.approval"):
            asked = node.with_.get("title") or node.with_["question"]
            assert asked.keys() == {"ko", "en"}
            read_fields(node.with_.get("fields", []))
            (wait,) = [other for other in read(one).nodes if other.id == f"{node.id}_answer"]
            assert wait.with_["timeout"]


def is_field(prop: str) -> bool:
    """A field of the event itself, such as event.object."""
    return prop.startswith("event.") and not prop.startswith("event.properties.")


def paths(text: Definition) -> Iterator[str]:
    """Every path that templates and conditions look at."""
    for condition in (*text.trigger.where, *text.conditions):
        yield condition.prop
    for given in (text.trigger.key, text.trigger.subject):
        yield from (hole.path for _, hole in template.holes(given))
        if given.startswith("event.properties."):
            yield given
    for node in text.nodes:
        for _, hole in template.holes(node.with_):
            yield hole.path
            yield from (str(given) for _, given in hole.filters if given and re.fullmatch(r"[a-z]\w*(\.\w+)+", given))
        if node.kind == "branch":
            yield from (str(one["prop"]) for one in node.with_["where"])


def used(text: Definition) -> Iterator[str]:
    """The properties of the trigger's event that it uses."""
    others = {"event", "steps", "run", "item", *program()._lookups}
    for path in paths(text):
        if path.startswith("event.properties."):
            yield path.split(".")[2]
        elif path.partition(".")[0] not in others:
            yield path


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
