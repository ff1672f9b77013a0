"""Mistakes are found when a definition is saved, and named by field."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation import definition
from dure.automation.plugs import TriggerKind
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from tests.automation.workshop import Service, kinds

KINDS = {kind.name: kind for kind in kinds(Service(), [])}
WRITE = {"id": "a", "kind": "book.write", "with": {"text": "x"}}


def refused(*nodes: dict[str, Any], **doc: Any) -> str | None:
    with pytest.raises(Invalid) as caught:
        definition.read({"trigger": {"event": "Deal Won"}, **doc, "nodes": list(nodes)}, KINDS, frozenset({"person"}))
    return caught.value.field


@pytest.mark.parametrize(
    ("field", "node"),
    [
        ("nodes[1].kind", {"kind": "book.sing"}),
        ("nodes[1].next", {**WRITE, "id": "b", "next": "nowhere"}),
        ("nodes[1].with.channel", {"kind": "book.write", "with": {"channel": "C1"}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": ["x"]}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": "{{ evnt.x }}"}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": "{{ steps.nobody.number }}"}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": "{{ steps.a.colour }}"}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": "{{ event.x | shout }}"}}),
        ("nodes[1].with.text", {"kind": "book.write", "with": {"text": "{{ event.x"}}),
        ("nodes[1].with.for", {"kind": "wait", "with": {"for": "a while"}}),
        ("nodes[1].with", {"kind": "wait", "with": {}}),
        ("nodes[1].with.where", {"kind": "branch", "with": {}}),
        ("nodes[1].with.where[0].op", {"kind": "branch", "with": {"where": [{"prop": "x", "op": "~"}]}}),
        ("nodes[1].next.maybe", {"kind": "branch", "with": {"where": []}, "next": {"maybe": "a"}}),
        ("nodes[1].with.parts", {"kind": "split", "with": {"parts": {"a": 0}}}),
        ("nodes[1].id", {**WRITE}),
        ("nodes[1].retries", {**WRITE, "id": "b", "retries": 99}),
        ("nodes[1].on_error", {**WRITE, "id": "b", "on_error": "nowhere"}),
    ],
)
def test_a_mistake_in_a_node(field: str, node: dict[str, Any]) -> None:
    assert refused(WRITE, node) == field


@pytest.mark.parametrize(
    ("field", "doc"),
    [
        ("trigger.at", {"trigger": {"at": "25:00"}}),
        ("trigger.every", {"trigger": {"every": "1s"}}),
        ("trigger.zone", {"trigger": {"at": "09:00", "zone": "Mars/Olympus"}}),
        ("trigger.days", {"trigger": {"at": "09:00", "days": ["someday"]}}),
        ("trigger", {"trigger": {"event": "x", "every": "1h"}}),
        ("trigger.where[0].op", {"trigger": {"event": "x", "where": [{"prop": "a", "op": "?"}]}}),
        ("lane", {"lane": "fast"}),
    ],
)
def test_a_mistake_in_the_rest(field: str, doc: dict[str, Any]) -> None:
    assert refused(WRITE, **doc) == field


def test_no_nodes() -> None:
    assert refused() == "nodes"


def test_nodes_without_ids_are_numbered() -> None:
    read = definition.read({"trigger": {}, "nodes": [{"kind": "end"}, {"kind": "end"}]}, KINDS)
    assert [node.id for node in read.nodes] == ["n1", "n2"]


class Heard(msgspec.Struct):
    channel: str


HEARD = TriggerKind("book.heard", {"en": "Heard"}, "Word Heard", Heard, lambda it: [Filter("channel", "=", it.channel)])


def test_a_trigger_of_a_slices_kind_is_kept_with_what_it_stands_for() -> None:
    doc = {"trigger": {"kind": "book.heard", "with": {"channel": "C1"}}, "nodes": [WRITE]}
    trigger = definition.read(doc, KINDS, triggers={"book.heard": HEARD}).trigger
    assert (trigger.event, trigger.where) == ("Word Heard", (Filter("channel", "=", "C1"),))


@pytest.mark.parametrize(
    ("field", "trigger"),
    [
        ("trigger.kind", {"kind": "book.read"}),
        ("trigger.with.channel", {"kind": "book.heard"}),
        ("trigger.with.loud", {"kind": "book.heard", "with": {"channel": "C1", "loud": True}}),
    ],
)
def test_a_mistake_in_a_trigger_of_a_slices_kind(field: str, trigger: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        definition.read({"trigger": trigger, "nodes": [WRITE]}, KINDS, triggers={"book.heard": HEARD})
    assert caught.value.field == field
