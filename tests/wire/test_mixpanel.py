"""Mixpanel's own client against a real server: what arrives, and what the client makes of the answers.

`Mixpanel.alias` is not tried: it builds a consumer of its own, which no option turns to another host.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.vendor import Vendor, vendor


@pytest.fixture(scope="module")
def mixpanel(run_folder: Path) -> Iterator[Vendor]:
    with vendor("mixpanel", run_folder) as sender:
        yield sender


def test_every_call_arrives(mixpanel: Vendor) -> None:
    assert mixpanel.send("calls", "user-1", "device-1") == {}
    events = mixpanel.timeline("user-1", 13)
    named = {event["event"]: event["properties"] for event in events}
    assert set(named) == {"Opened", "Listen Started", "Identified", "Aliased", "Long Ago"}
    assert named["Opened"] == {}
    assert named["Listen Started"] == {"genre": "jazz", "company": "acc-1", "anonymous_id": "device-1"}
    changes = [event["properties"].get("trait_changes") for event in events if event["event"] == "Identified"]
    for change in (
        {"set_once": {"first": "app"}}, {"add": {"listens": 2}}, {"append": {"tags": "a"}}, {"union": {"tags": ["b"]}},
        {"remove": {"tags": "a"}}, {"unset": ["trial"]},
    ):  # fmt: skip
        assert change in changes
    person = mixpanel.person("user-1", name="김미나", plan="pro", first="app", listens=2, tags=["b"])
    assert "$transactions" not in person["traits"]
    assert set(person["distinct_ids"]) == {"user-1", "device-1", "old-user-1"}
    assert mixpanel.count("Long Ago") == 1


def test_a_service_account_imports(mixpanel: Vendor) -> None:
    assert mixpanel.send("service", "user-past") == {}
    [event] = mixpanel.timeline("user-past", 1)
    assert event["time"].startswith("2020-01-02T00:04:05")


def test_a_buffer_with_a_bad_event_is_not_stuck_on_it(mixpanel: Vendor) -> None:
    assert mixpanel.send("buffered", "user-buffer") == {}
    events = mixpanel.timeline("user-buffer", 60)
    numbers = sorted(event["properties"].get("number", 60) for event in events)
    assert numbers == [number for number in range(61) if number != 7]


def test_what_is_refused_is_told(mixpanel: Vendor) -> None:
    junk, old = mixpanel.send("refused")["told"]
    assert "placeholder" in junk
    assert "/import" in old
    [stranger, _] = mixpanel.send("refused", key="nobodys-key")["told"]
    assert "write key" in stranger


def test_the_how_to_is_right(mixpanel: Vendor) -> None:
    mixpanel.try_snippet("from mixpanel")
    assert {event["event"] for event in mixpanel.timeline("user-17", 2)} == {"Identified", "Listen Started"}
    assert mixpanel.person("user-17", name="Mina", plan="free")
