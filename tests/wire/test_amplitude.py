"""Amplitude's own client against a real server: what arrives, and what the client makes of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.vendor import Vendor, vendor


@pytest.fixture(scope="module")
def amplitude(run_folder: Path) -> Iterator[Vendor]:
    with vendor("amplitude-analytics", run_folder) as sender:
        yield sender


@pytest.mark.parametrize("path", ["/2/httpapi", "/batch"])
def test_every_call_arrives(amplitude: Vendor, path: str) -> None:
    user, device = f"user{path[:3]}".replace("/", "-"), f"device{path[:3]}".replace("/", "-")
    told = amplitude.send("calls", path, user, device)
    assert {code for code, _ in told["codes"].values()} == {200}
    events = {event["event"]: event for event in amplitude.timeline(user, 5)}
    assert set(events) == {"Opened", "Listen Started", "Identified", "revenue_amount"}
    listened = events["Listen Started"]
    assert listened["properties"] == {
        "genre": "jazz", "price": 3.5, "quantity": 2, "anonymous_id": device, "context": {"os": {"name": "iOS"}}
    }  # fmt: skip
    person = amplitude.person(user, plan="pro", first="app", listens=2, tags=["a"], seen=["x"], watched=["y"])
    assert person["account"] == "acc-1"
    assert set(person["distinct_ids"]) == {user, device}
    identified = next(event for event in amplitude.timeline(user, 5) if "trait_changes" in event["properties"])
    assert identified["properties"]["trait_changes"] == {
        "set_once": {"first": "app"}, "add": {"listens": 2}, "append": {"tags": "a"}, "unset": ["trial"],
        "pre_insert": {"seen": "x"}, "post_insert": {"watched": "y"}, "remove": {"lists": "l"},
    }  # fmt: skip
    assert amplitude.count("revenue_amount", where=[{"prop": "$productId", "op": "=", "value": "p-1"}]) >= 1


def test_what_is_bad_is_dropped_and_the_rest_arrives_once(amplitude: Vendor) -> None:
    codes = amplitude.send("partial")["codes"]
    assert {name: code for name, (code, _) in codes.items()} == {
        **{f"Good {number}": 200 for number in range(5)}, "Nobody's": 400, "Future": 400
    }  # fmt: skip
    events = [event["event"] for event in amplitude.timeline("user-partial", 5)]
    assert sorted(events) == [f"Good {number}" for number in range(5)]


def test_a_batch_that_is_too_large_is_sent_in_parts(amplitude: Vendor) -> None:
    codes = amplitude.send("too_large")["codes"]
    assert {code for code, _ in codes.values()} == {200}
    assert len(amplitude.timeline("user-large", 3)) == 3


def test_a_wrong_key_is_told_so(amplitude: Vendor) -> None:
    told = amplitude.send("one", key="nobodys-key")
    assert (told["codes"], told["logged"]) == ({}, ["Invalid API Key"])


def test_the_how_to_is_right(amplitude: Vendor) -> None:
    amplitude.try_snippet("from amplitude")
    assert {event["event"] for event in amplitude.timeline("user-17", 2)} == {"Identified", "Listen Started"}
    assert amplitude.person("user-17", name="Mina", plan="free")
