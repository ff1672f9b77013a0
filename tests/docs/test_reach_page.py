"""The examples of how to reach people: messages that can be written, providers that can be set."""

from __future__ import annotations

import msgspec

from dure.campaigns.carriers.kinds import KINDS, check
from dure.campaigns.design import CHANNELS, Messaging
from dure.campaigns.writing.fields import problems
from tests.docs.test_examples import examples
from tests.docs.test_reference import ROOT

PAGE = "how-to/reach-people.md"


def test_every_example_message_can_be_written() -> None:
    messages = [one for one in examples(PAGE) if "channel" in one]
    assert messages
    for one in messages:
        node = msgspec.convert({"kind": "message", "id": "m", **one}, Messaging)
        assert list(problems(node, "texts")) == []


def test_every_example_provider_can_be_set() -> None:
    providers = [one for one in examples(PAGE) if "settings" in one]
    assert {one["kind"] for one in providers} >= {"email", "apns", "sms"}
    for one in providers:
        check(one["kind"], one["settings"], None)


def test_every_channel_and_every_provider_is_explained() -> None:
    text = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    assert [channel for channel in CHANNELS if f"| `{channel}` |" not in text] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
