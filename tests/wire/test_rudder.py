"""RudderStack's own client against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.vendor import Vendor, vendor


@pytest.fixture(scope="module")
def rudder(run_folder: Path) -> Iterator[Vendor]:
    with vendor("rudder-sdk-python", run_folder) as sender:
        yield sender


@pytest.mark.parametrize("packed", ["gzip", "plain"])
def test_every_call_arrives(rudder: Vendor, packed: str) -> None:
    user, device = f"user-{packed}", f"device-{packed}"
    assert rudder.send("calls", packed, user, device) == {"errors": []}
    events = {event["event"]: event["properties"] for event in rudder.timeline(user, 6)}
    assert set(events) == {
        "Page Viewed", "Identified", "Listen Started", "Screen Viewed", "Account Identified", "Aliased"
    }  # fmt: skip
    assert (events["Listen Started"]["genre"], len(events["Listen Started"]["text"])) == ("jazz", 50_000)
    person = rudder.person(device, name="김미나", plan="free")
    assert person["account"] == "acc-1"
    assert set(person["distinct_ids"]) == {user, device, f"old-{user}"}


def test_the_modules_own_settings_lead_here(rudder: Vendor) -> None:
    rudder.send("through_the_module", "user-module")
    assert [event["event"] for event in rudder.timeline("user-module", 1)] == ["Tick"]
    assert rudder.count("Tick") == 1


def test_a_wrong_key_is_told_so(rudder: Vendor) -> None:
    told = rudder.send("stranger", key="nobodys-key")
    assert (told["status"], "write key" in told["message"]) == (401, True)


def test_the_how_to_is_right_for_it_and_for_segments_library(rudder: Vendor) -> None:
    rudder.try_snippet("import rudderstack.analytics")
    rudder.try_snippet("import segment.analytics", apart=False)
    events = [event["event"] for event in rudder.timeline("user-17", 4)]
    assert sorted(events) == ["Identified", "Identified", "Listen Started", "Listen Started"]
    assert rudder.person("user-17", name="Mina", plan="free")
