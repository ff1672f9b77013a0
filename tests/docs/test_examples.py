"""The examples in the documentation are questions and definitions that Dure takes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from dure.automation import definition
from dure.campaigns.gate.rules import read_policy
from dure.campaigns.rules import problems
from dure.governance.model import Principal, Role
from dure.kernel.tenant import Tenant
from dure.metrics.alerts.model import read_alert
from dure.metrics.question import KINDS, as_json, parse
from dure.segments.handover.handing import read_terms
from dure.segments.routes import HandOver
from dure.segments.stages.partition import read_settings
from tests.docs.test_reference import ROOT, builder

ANYONE = Principal(Tenant("E0", "T0"), "U0", Role.OWNER)
_JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(page: str) -> list[Any]:
    return [json.loads(text) for text in _JSON.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", ["tutorial.md", "how-to/ask-questions.md"])
def test_every_example_question_makes_sense(page: str) -> None:
    questions = [example.get("question", example) for example in examples(page)]
    assert questions
    for question in questions:
        assert as_json(parse(question))["kind"] == question["kind"]


def test_every_kind_of_question_has_an_example() -> None:
    shown = {example.get("question", example)["kind"] for example in examples("how-to/ask-questions.md")}
    assert shown >= set(KINDS) - {"journey"}  # a journey is drawn before it can be asked


@pytest.mark.parametrize(
    "page",
    [
        "how-to/write-an-automation.md",
        "how-to/boards-and-alerts.md",
        "how-to/start-with-a-form.md",
        "how-to/webhooks-and-schedules.md",
        "how-to/keep-automations-in-hand.md",
        "reference/automation.md",
    ],
)
def test_every_example_automation_can_be_saved(page: str) -> None:
    automation = builder().composed().automation
    kinds = {kind.name: kind for kind in automation.kinds(ANYONE)}
    triggers = {kind.name: kind for kind in automation.triggers(ANYONE)}
    for example in examples(page):
        if "definition" in example or "kind" not in example:
            assert definition.read(example["definition"], kinds, frozenset({"person", "account"}), triggers).nodes


def test_the_example_of_stages_and_that_of_a_handover_make_sense() -> None:
    (settings,) = examples("how-to/stages-and-scores.md")
    assert read_settings(settings).activation_times == 3
    (terms,) = examples("how-to/hand-over-a-segment.md")
    assert HandOver(**terms).purpose
    expires = datetime.fromisoformat(terms["expires"])
    read_terms(
        datetime(2026, 12, 1, tzinfo=UTC), terms["to"], terms["purpose"], expires, terms["control_share"],
        terms["from_team"], terms["goal"], terms["window"], terms["score"],
    )  # fmt: skip


def test_every_example_campaign_can_be_launched() -> None:
    designs = examples("how-to/run-a-campaign.md")
    assert designs
    for design in designs:
        assert problems(design) == []


def test_the_example_rules_of_sending_can_be_kept() -> None:
    (rules,) = examples("how-to/send-safely.md")
    assert json.loads(msgspec.json.encode(read_policy(rules))) == rules | {
        "caps": [{"channel": "", "topic": "", "hours": 24, **cap} for cap in rules["caps"]]
    }


def test_every_example_alert_can_be_made_and_its_automation_has_a_name() -> None:
    found = examples("how-to/boards-and-alerts.md")
    alerts = [read_alert(one, "A0", "U0", datetime(2026, 11, 23, tzinfo=UTC)) for one in found if "metric" in one]
    assert {alert.kind for alert in alerts} >= {"below", "unusual"}
    assert all(one["name"] for one in found if "definition" in one)
