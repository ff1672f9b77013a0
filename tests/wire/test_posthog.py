"""PostHog's own client against a real server, in both of its ways of sending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.vendor import Vendor, vendor


@pytest.fixture(scope="module")
def posthog(run_folder: Path) -> Iterator[Vendor]:
    with vendor("posthog", run_folder) as sender:
        yield sender


@pytest.mark.parametrize(("mode", "packed"), [("v0", "none"), ("v0", "gzip"), ("v1", "gzip"), ("v1", "deflate")])
def test_every_call_arrives(posthog: Vendor, mode: str, packed: str) -> None:
    user, device = f"user-{mode}-{packed}", f"device-{mode}-{packed}"
    assert posthog.send("calls", mode, user, device, packed) == {"errors": []}
    events = {event["event"]: event for event in posthog.timeline(user, 8)}
    assert set(events) == {"Opened", "Identified", "Listen Started", "Aliased", "Long Ago"}
    changes = [event["properties"].get("trait_changes") for event in posthog.timeline(user, 8)]
    assert {"set_once": {"first": "app"}} in changes
    assert events["Listen Started"]["properties"]["genre"] == "jazz"
    assert not [name for name in events["Listen Started"]["properties"] if name.startswith(("$lib", "$set", "$group"))]
    assert events["Long Ago"]["time"].startswith("2026-01-02T03:04:05")
    person = posthog.person(user, name="김미나", plan="pro", city="서울", first="app")
    assert set(person["distinct_ids"]) == {user, device, f"old-{user}"}
    assert person["account"] == "acc-1"


def test_history_keeps_its_time(posthog: Vendor) -> None:
    for mode in ("v0", "v1"):
        posthog.send("history", mode, f"user-past-{mode}")
        [event] = posthog.timeline(f"user-past-{mode}", 1)
        assert event["time"].startswith("2020-01-02T00:00:00")


def test_what_is_bad_is_left_out_and_v1_says_so(posthog: Vendor) -> None:
    assert posthog.send("partial", "v0", "user-some-v0") == {"errors": []}
    [error] = posthog.send("partial", "v1", "user-some-v1")["errors"]
    assert (error["status"], len(error["drops"]), "placeholder" in error["drops"][0]) == (200, 1, True)
    for mode in ("v0", "v1"):
        assert [event["event"] for event in posthog.timeline(f"user-some-{mode}", 2)] == ["Good", "Good"]
    assert posthog.rejects() == {"junk_id": 2}


def test_there_are_no_flags_and_the_client_says_so(posthog: Vendor) -> None:
    told = posthog.send("flags")
    assert told["all"] == {}
    assert told["payloads"]["featureFlags"] == {}
    assert (bool(told["one"]), bool(told["enabled"])) == (False, False)


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_a_wrong_key_is_told_so(posthog: Vendor, mode: str) -> None:
    [error] = posthog.send("history", mode, "user-never", key="nobodys-key")["errors"]
    assert error["status"] == 401
    assert "write key" in error["message"]


def test_the_how_to_is_right(posthog: Vendor) -> None:
    posthog.try_snippet("from posthog")
    assert {event["event"] for event in posthog.timeline("user-17", 2)} == {"Identified", "Listen Started"}
    assert posthog.person("user-17", name="Mina", plan="free")
