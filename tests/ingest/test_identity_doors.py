"""Who is who, stated through each protocol: the same people come of it whatever the clients speak (cases I1 to I5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dure.log.api import Log, LogWriter
from dure.people.api import People, PeopleFollower
from tests.ingest.conftest import Door

pytestmark = pytest.mark.anyio

Sent = tuple[str, dict[str, Any]]
# An event of a device, of a user on it where one is named; and an alias of a new id to an old one.
Event = Callable[[str, str, str], Sent]


def segment(key: str, device: str, user: str) -> Sent:
    return "/v1/track", {"writeKey": key, "event": "A", "anonymousId": device, "userId": user or None}


def amplitude(key: str, device: str, user: str) -> Sent:
    return "/2/httpapi", {"api_key": key, "events": [{"event_type": "A", "device_id": device, "user_id": user or None}]}


def mixpanel(key: str, device: str, user: str) -> Sent:
    properties = {"token": key, "$device_id": device, "distinct_id": user or f"$device:{device}"}
    return "/track", {"event": "A", "properties": {**properties, **({"$user_id": user} if user else {})}}


def posthog(key: str, device: str, user: str) -> Sent:
    """Only `$identify` links: later events say no more than the user's id."""
    properties = {"$device_id": device, **({"$anon_distinct_id": device} if user else {})}
    event = {"event": "$identify" if user else "A", "distinct_id": user or device, "properties": properties}
    return "/batch/", {"api_key": key, "batch": [event]}


def rudder(key: str, device: str, user: str) -> Sent:
    path, body = segment(key, device, user)
    return path, body | {"channel": "web"}


ALIASES: dict[Event, Callable[[str, str, str], Sent]] = {
    segment: lambda key, new, old: ("/v1/alias", {"writeKey": key, "userId": new, "previousId": old}),
    posthog: lambda key, new, old: (
        "/capture/",
        {"api_key": key, "event": "$create_alias", "distinct_id": old, "properties": {"alias": new}},
    ),
    mixpanel: lambda key, new, old: (
        "/track",
        {"event": "$merge", "properties": {"token": key, "$distinct_ids": [new, old]}},
    ),
}


class Told:
    """What was sent, read back as people."""

    def __init__(self, door: Door, log: Log, event: Event) -> None:
        self._door = door
        self._log = log
        self._event = event
        self._people = People(door.state, log, door.clock)

    async def says(self, device: str, user: str = "") -> None:
        await self.sends(*self._event(self._door.source.write_key, device, user))

    async def sends(self, path: str, body: dict[str, Any]) -> None:
        assert (await self._door.http.post(path, json=body)).status_code == 200

    async def persons(self, *ids: str) -> list[int]:
        """For each id which person it is, numbered in the order in which they first appear."""
        while await PeopleFollower(self._door.state, self._door.clock).step():
            pass
        while await LogWriter(self._door.state, self._log).step():
            pass
        found = [(await self._people.person(self._door.cast.mina, one)).id for one in ids]
        return [list(dict.fromkeys(found)).index(person) for person in found]


@pytest.mark.parametrize("event", [segment, amplitude, mixpanel, posthog, rudder])
async def test_devices_and_users_join_as_every_vendor_says(door: Door, log: Log, event: Event) -> None:
    told = Told(door, log, event)
    # I1, I2: two devices that U1 signs in on, each with a past.
    for device in ("device-1", "device-2"):
        await told.says(device)
        await told.says(device)
        await told.says(device, "user-1")
    assert await told.persons("user-1", "device-1", "device-2") == [0, 0, 0]
    # I3: the device is reset, and U2 signs in on what is now device-3.
    await told.says("device-3")
    await told.says("device-3", "user-2")
    assert await told.persons("user-1", "user-2", "device-1", "device-3") == [0, 1, 0, 1]
    # I4: U1 signs in on U2's device. Neither the device nor the users become the other's.
    await told.says("device-3", "user-1")
    assert await told.persons("user-1", "user-2", "device-3") == [0, 1, 1]
    if event in ALIASES:
        await told.sends(*ALIASES[event](door.source.write_key, "user-2", "user-1"))
        assert await told.persons("user-1", "user-2") == [0, 1]
        await told.says("device-9")
        await told.sends(*ALIASES[event](door.source.write_key, "user-2", "device-9"))
        assert await told.persons("user-2", "device-9") == [0, 0]


@pytest.mark.parametrize("event", [segment, amplitude, mixpanel, posthog])
async def test_placeholders_join_nobody(door: Door, event: Event) -> None:
    """I5."""
    junk = ("undefined", "null", "0", "[]", "00000000-0000-0000-0000-000000000000", "-1", "anonymous", "0000-0000")
    for placeholder in junk:
        path, body = event(door.source.write_key, "device-1", placeholder)
        await door.http.post(path, json=body)
        path, body = event(door.source.write_key, placeholder, "")
        await door.http.post(path, json=body)
    events = await door.events()
    assert {one.distinct_id for one in events} <= {"device-1"}
    assert not any(one.properties.get("anonymous_id") in junk for one in events)
    assert sum(reject.count for reject in await door.rejects()) + len(events) == 2 * len(junk)
