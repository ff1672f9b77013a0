"""Every kind of trigger that slices offer: what its settings stand for, and which events then start a run."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation import definition, nodes
from dure.automation.api import Automation
from dure.automation.model import Definition
from dure.automation.plugs import TriggerKind
from dure.governance.model import Principal, Role
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from tests.docs.test_reference import builder

ANYONE = Principal(Tenant("E0", "T0"), "", Role.OWNER, kind="system")
SEGMENT = "018f2f00-0000-7000-8000-000000000001"
# Written by parts of Dure that are not in every version; the others must be among the documented events.
ELSEWHERE = {"Identified"}


@pytest.fixture(scope="module")
def automation() -> Automation:
    made: Automation = builder().composed().automation
    return made


def read(automation: Automation, kind: str, given: dict[str, Any]) -> Definition:
    kinds: dict[str, TriggerKind] = {one.name: one for one in automation.triggers(ANYONE)}
    doc = {"trigger": {"kind": kind, "with": given}, "nodes": [{"id": "end", "kind": "end"}]}
    return definition.read(doc, {}, triggers=kinds)


def test_every_kind_speaks_both_languages_and_begins_at_a_known_event(automation: Automation) -> None:
    documented = {event.name for event in automation.events(ANYONE)} | ELSEWHERE
    kinds = automation.triggers(ANYONE)
    assert len(kinds) >= 19
    for kind in kinds:
        assert all(kind.title[language] and kind.about[language] for language in ("ko", "en")), kind.name
        assert kind.event in documented, kind.name


def test_every_step_speaks_both_languages(automation: Automation) -> None:
    for kind in automation.kinds(ANYONE):
        assert all(kind.title.get(language) for language in ("ko", "en")), kind.name


CASES: list[tuple[str, dict[str, Any], str, dict[str, Any], bool]] = [
    ("deals.stage", {"probability": 25}, "Deal Stage Changed", {"probability": 25, "probability_before": 10}, True),
    ("deals.stage", {"probability": 25}, "Deal Stage Changed", {"probability": 75, "probability_before": 10}, True),
    ("deals.stage", {"probability": 25}, "Deal Stage Changed", {"probability": 50, "probability_before": 25}, False),
    ("deals.stage", {"probability": 25}, "Deal Stage Changed",
     {"probability": 25, "probability_before": 10, "loaded": True}, False),
    ("deals.stage", {"stage": "Closed Won"}, "Deal Stage Changed", {"to": "Closed Won"}, True),
    ("deals.stage", {"stage": "Closed Won", "amount_at_least": 100}, "Deal Stage Changed",
     {"to": "Closed Won", "amount": 99}, False),
    ("deals.changed", {"field": "amount"}, "Deal Changed", {"changed": ["close_date", "amount"]}, True),
    ("deals.changed", {"field": "amount"}, "Deal Changed", {"changed": ["close_date"]}, False),
    ("deals.changed", {}, "Deal Changed", {"changed": ["close_date"]}, True),
    ("pacing.alert", {"kind": "not_launched"}, "Line Item Not Launched", {}, True),
    ("pacing.alert", {"kind": "over", "channel": "C01"}, "Line Item Over Delivering", {"channel": "C02"}, False),
    ("pacing.alert", {}, "Line Item At Risk", {"manager": "U1"}, True),
    ("social.mention", {"label": "Q1"}, "Mention Arrived", {"themes": ["Q0", "Q1"]}, True),
    ("social.mention", {"label": "Q1"}, "Mention Arrived", {"themes": ["Q0"]}, False),
    ("social.edited", {"function": "care"}, "Mention Edited", {"function": "care", "intent": "praise"}, True),
    ("social.edited", {"intent": "complaint"}, "Mention Edited", {"function": "care", "intent": "praise"}, False),
    ("social.taught", {"only_used": True}, "Reader Taught", {"version": 3, "used": False}, False),
    ("social.taught", {}, "Reader Taught", {"version": 3, "used": False}, True),
    ("social.labelled", {"query": "Q1"}, "Mention Query Applied", {"query": "Q1"}, True),
    ("social.labelled", {"query": "Q1"}, "Mention Query Applied", {"query": "Q2"}, False),
    ("social.mention", {"intent": "complaint"}, "Mention Arrived", {"intent": "complaint", "copy": False}, True),
    ("social.mention", {"intent": "complaint"}, "Mention Arrived", {"intent": "complaint", "copy": True}, False),
    ("social.mention", {"feeling": "bad", "reach": 1000}, "Mention Arrived", {"sentiment": -1, "reach": 999}, False),
    ("social.mention", {"feeling": "bad", "reach": 1000}, "Mention Arrived", {"sentiment": -1, "reach": 5000}, True),
    ("social.mention", {}, "Mention Arrived", {"loaded": True}, False),
    ("social.spike", {"topic": "payment"}, "Mentions Spiked", {"topic": "payment"}, True),
    ("social.story", {"team": "sales"}, "Story Started", {"teams": ["sales", "care"]}, True),
    ("social.story", {"team": "sales"}, "Story Started", {"teams": ["care"]}, False),
    ("social.story_asked", {"campaign": "summer"}, "Story Submitted", {"campaign": "summer", "teams": []}, True),
    ("metrics.crossed", {"metric": "listeners", "direction": "below"}, "Metric Crossed",
     {"metric": "listeners", "direction": "below"}, True),
    ("metrics.crossed", {"metric": "listeners", "direction": "below"}, "Metric Crossed",
     {"metric": "listeners", "direction": "above"}, False),
    ("metrics.unusual", {}, "Metric Unusual", {"metric": "any"}, True),
    ("segments.entered", {"segment": SEGMENT}, "Segment Entered", {"segment": SEGMENT, "first": False}, True),
    ("segments.entered", {"segment": SEGMENT}, "Segment Entered", {"segment": SEGMENT, "first": True}, False),
    ("segments.left", {"segment": "about-to-churn"}, "Segment Left",
     {"segment": SEGMENT, "built_in": "about-to-churn", "first": False}, True),
    ("campaigns.message", {"what": "unsubscribed", "campaign": "c1"}, "Unsubscribed", {"campaign": "c1"}, True),
    ("campaigns.message", {"campaign": "c1"}, "Message Sent", {"campaign": "c2"}, False),
    ("campaigns.launched", {}, "Campaign Launched", {"campaign": "c2"}, True),
    ("people.traits", {"trait": "plan", "value": "pro"}, "Identified", {"plan": "pro"}, True),
    ("people.traits", {"trait": "plan"}, "Identified", {"seats": 3}, False),
    ("channels.form", {"form": "pitch"}, "Form Answered", {"form": "pitch"}, True),
    ("channels.message", {"outsiders": True}, "Message Posted", {"by": "user", "external": False}, False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "event", "told", "starts"), CASES)
def test_settings_stand_for_an_event_and_filters(
    automation: Automation, kind: str, given: dict[str, Any], event: str, told: dict[str, Any], starts: bool
) -> None:
    trigger = read(automation, kind, given).trigger
    assert trigger.event == event
    assert nodes.conditions(trigger.where, {"event": {"event": event, "properties": told}}) is starts


@pytest.mark.parametrize(
    ("kind", "given", "key"),
    [
        ("deals.stage", {"stage": "Proposal"}, "event.properties.deal"),
        ("deals.stage", {"stage": "Proposal", "every": "each"}, "event"),
        ("segments.entered", {"segment": SEGMENT, "once": True}, "subject"),
        ("people.traits", {"trait": "plan"}, "{{ event.person }}:{{ event.properties.plan }}"),
        ("channels.reaction", {}, "{{ event.object }}:{{ event.properties.ts }}"),
    ],
)
def test_a_setting_says_what_makes_a_trigger_the_same_one(
    automation: Automation, kind: str, given: dict[str, Any], key: str
) -> None:
    assert read(automation, kind, given).trigger.key == key


def test_a_saved_definition_is_read_again_as_it_is_then(automation: Automation) -> None:
    saved = read(automation, "deals.stage", {"stage": "Proposal"})
    kinds = {one.name: one for one in automation.triggers(ANYONE)}
    doc = msgspec.to_builtins(saved)
    doc["trigger"]["with"] = {"stage": "Negotiation", "every": "each"}
    again = definition.read(doc, {}, triggers=kinds).trigger
    assert (again.where[-1].value, again.key) == ("Negotiation", "event")


@pytest.mark.parametrize(
    ("kind", "given", "place"),
    [
        ("deals.stage", {}, "trigger.with.stage"),
        ("deals.stage", {"stage": "a", "probability": 5}, "trigger.with.stage"),
        ("deals.stage", {"probability": 0}, "trigger.with.probability"),
        ("pacing.alert", {"kind": "late"}, "trigger.with.kind"),
        ("social.mention", {"topic": "weather"}, "trigger.with.topic"),
        ("segments.entered", {"segment": " "}, "trigger.with.segment"),
        ("people.traits", {"trait": "a b"}, "trigger.with.trait"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    automation: Automation, kind: str, given: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(automation, kind, given)
    assert refused.value.field == place


def test_an_event_that_two_slices_write_is_offered_once_with_what_either_says(automation: Automation) -> None:
    [found] = [one for one in automation.events(ANYONE) if one.name == "Form Answered"]
    assert {"run", "node", "ask", "by", "values"} <= found.properties.keys()


def test_things_are_known_beside_the_event(automation: Automation) -> None:
    known = {"person", "account", "deal", "contact", "line_item", "order", "metric"}
    assert known <= set(automation.things(ANYONE))
