"""The list that is checked twice: what it finds in a design, and what it lets pass."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dure.campaigns.approval.checks import Facts, checks, links_in, resolves
from dure.campaigns.design import Design
from dure.campaigns.gate.model import Policy
from dure.campaigns.gate.quiet import Quiet

GOOD: dict[str, Any] = {
    "name": {"ko": "주말 방송", "en": "Weekend"},
    "kind": "once",
    "entry": {"at": "2026-12-01T10:00"},
    "start": "say",
    "nodes": [
        {
            "id": "say", "kind": "message", "channel": "email",
            "texts": {
                "ko": {"subject": "{{ person.name }}님", "body": "https://s.example/{{ items[0].id }} 를 보세요."},
                "en": {"subject": "Hello", "body": "See {{ items[0].url }}."},
            },
        }
    ],
}  # fmt: skip
FACTS = Facts(
    900, [800, 1_000, 700], {"ko": 0.8, "en": 0.2}, {"say": {"ko", "en"}}, Policy(quiet=Quiet()), ZoneInfo("Asia/Seoul")
)


def found(facts: Facts = FACTS, node: dict[str, Any] | None = None, **changes: Any) -> dict[str, str]:
    raw = {**GOOD, **changes}
    if node is not None:
        raw["nodes"] = [{**GOOD["nodes"][0], **node}]
    return {check.code: check.level for check in checks(msgspec.convert(raw, Design), facts)}


def with_facts(**changes: Any) -> Facts:
    values = {name: getattr(FACTS, name) for name in Facts.__slots__}
    return Facts(**{**values, **changes})


def test_a_campaign_with_nothing_wrong_has_only_good_lines() -> None:
    assert set(found().values()) == {"ok"}


@pytest.mark.parametrize(
    ("code", "level", "facts", "changes"),
    [
        ("nobody", "stop", {"reach": 0}, {}),
        ("larger_than_usual", "warn", {"reach": 2_401}, {}),
        ("unwritten_language", "warn", {"languages": {"ko": 0.9, "ja": 0.1}}, {}),
        ("not_tested", "warn", {"tested": {}}, {}),
        ("tested_in_part", "note", {"tested": {"say": {"ko"}}}, {}),
        ("problems", "stop", {"problems": ["entry.at"]}, {}),
        ("no_quiet_hours", "note", {"policy": Policy()}, {}),
        ("no_caps", "warn", {"policy": Policy(caps=())}, {}),
        ("no_holdout", "warn", {}, {"holdout": 0}),
        ("outside_business_hours", "warn", {}, {"entry": {"at": "2026-12-01T21:30"}}),
        ("ignores_quiet_hours", "warn", {}, {"node": {"quiet": "ignore"}}),
        ("no_way_out", "stop", {}, {"node": {"channel": "sms", "texts": {"ko": {"body": "할인!"}}}}),
        ("no_way_out", "stop", {}, {"node": {"texts": {"ko": {"subject": "a", "mjml": "<mjml></mjml>"}}}}),
        ("broken_links", "stop", {}, {"node": {"texts": {"ko": {"subject": "a", "body": "http://예시 를 보세요"}}}}),
        ("clock_jumps", "note", {"zone": ZoneInfo("Europe/Berlin")}, {"entry": {"at": "2026-03-29T02:30"}}),
    ],
)
def test_what_a_second_pair_of_eyes_would_find(
    code: str, level: str, facts: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert code not in found()
    assert found(with_facts(**facts), **changes)[code] == level


def test_a_message_written_in_fewer_languages_than_another_is_named() -> None:
    second = {"id": "more", "kind": "message", "channel": "sms", "texts": {"ko": {"body": "수신거부 080-1"}}}
    nodes = [{**GOOD["nodes"][0], "next": "more"}, second]
    (line,) = [
        each
        for each in checks(msgspec.convert({**GOOD, "nodes": nodes}, Design), FACTS)
        if each.code == "missing_translation"
    ]
    assert line.data == {"where": ["more: en"]}


def test_the_languages_that_no_test_was_sent_in_are_named() -> None:
    (line,) = [
        each
        for each in checks(msgspec.convert(GOOD, Design), with_facts(tested={"say": {"ko"}}))
        if each.code == "tested_in_part"
    ]
    assert line.data == {"languages": ["en"]}


def test_what_is_a_link_and_where_it_could_lead() -> None:
    assert links_in("여기 https://a.example/x?y={{ z }}. 또 {{ items[0].url }} www.b.example") == [
        "https://a.example/x?y=x", "www.b.example",
    ]  # fmt: skip
    assert resolves("https://a.example:8443/x")
    for wrong in ("https:/a.example", "http://", "https://localhost", "www.b.example", "https://a..b/", "http://a:x/"):
        assert not resolves(wrong), wrong


def test_a_receipt_needs_no_way_out_and_no_holdout() -> None:
    told = found(topic="transactional", holdout=0)
    assert told["transactional"] == "note"
    assert "no_holdout" not in told
    assert "no_way_out" not in told


def test_addresses_that_are_written_and_those_filled_in_are_told_apart() -> None:
    def said(body: str) -> tuple[str, int, int]:
        design = msgspec.convert(
            {**GOOD, "nodes": [{**GOOD["nodes"][0], "texts": {"ko": {"subject": "a", "body": body}}}]}, Design
        )
        (line,) = [one for one in checks(design, FACTS) if "links" in one.code]
        return line.code, line.data["links"], line.data["filled"]

    assert said("https://s.example/a 와 https://b.example") == ("links", 2, 0)
    assert said("{% for item in items %}{{ item.title }} {{ item.url }}{% endfor %}") == ("filled_links", 0, 1)
    assert said("https://s.example/{{ items[0].url }} {{unsubscribe_url}}") == ("links_and_filled", 1, 1)
    assert said("주소 없음 {{ person.name }}") == ("no_links", 0, 0)
