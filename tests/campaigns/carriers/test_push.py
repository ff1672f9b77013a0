"""Pushes: browsers that alone can read them, Apple over HTTP/2, Firebase with its tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dure.campaigns.carriers.push import taken_together
from dure.campaigns.devices.model import read_device
from dure.campaigns.plugs import Accepted, Delivery, Parcel, Refused, Unknown
from tests.campaigns.carriers.services import nowhere, silent
from tests.campaigns.carriers.world import SITE, World

pytestmark = pytest.mark.anyio


async def has(world: World, who: str, raw: dict[str, Any]) -> UUID:
    return await world.reach.devices.register(world.tenant, who, read_device(raw))


async def browser(world: World, who: str, status: int = 201, device: str = "") -> UUID:
    raw = world.browser.subscription(world.browsers, device or f"{who}{status}", status)
    return await has(world, who, {"subscription": raw})


async def push(world: World, who: str, channel: str, **more: Any) -> tuple[Delivery, Parcel]:
    to = await world.recipient(who)
    parcel = world.parcel(world.reach.carriers[channel].address(to), channel, **more)
    return await world.carry(parcel), parcel


async def test_a_browser_reads_its_push(world: World) -> None:
    await world.know("b-1")
    await browser(world, "b-1")
    answer, parcel = await push(world, "b-1", "web_push", url="https://s.example/live", image="https://s.example/i.png")
    assert answer == Accepted("/m/1")
    heard, headers = world.browser.heard[-1], world.browser.headers[-1]
    assert (heard["title"], heard["body"], heard["message"]) == ("밤의 낭독", "안녕하세요", parcel.key)
    assert heard["url"].startswith(f"{SITE}/c/")
    assert (headers["ttl"], headers["topic"], headers["urgency"]) == ("86400", UUID(parcel.key).hex, "high")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, Refused("404", permanent=True, gone=True)),
        (410, Refused("410", permanent=True, gone=True)),
        (413, Refused("413", permanent=True)),
        (429, Refused("429", retry_after=7.0)),
        (503, Refused("503", retry_after=7.0)),
        (500, Unknown("500")),
    ],
)
async def test_what_a_browsers_service_answers(world: World, status: int, expected: Delivery) -> None:
    who = f"b-{status}"
    await world.know(who)
    device = await browser(world, who, status)
    answer, _ = await push(world, who, "web_push")
    assert answer == expected
    left = await world.reach.devices.targets(world.tenant, [device])
    assert bool(left) is (status not in (404, 410))
    removed = [one.object for one in await world.events("Device Removed")]
    assert (str(device) in removed) is (status in (404, 410))


async def test_a_long_push_is_cut_where_it_still_fits(world: World) -> None:
    await world.know("b-long")
    await browser(world, "b-long")
    answer, _ = await push(world, "b-long", "web_push", text="가" * 2000)
    assert isinstance(answer, Accepted)
    assert 1000 < len(world.browser.heard[-1]["body"]) < 1300
    assert world.browser.heard[-1]["body"].endswith("가…")


async def test_no_answer_is_unknown_and_nobody_there_is_not(world: World) -> None:
    async with silent() as base:
        for who, at, expected in (("b-silent", base, Unknown), ("b-nowhere", nowhere(), Refused)):
            await world.know(who)
            await has(world, who, {"subscription": world.browser.subscription(at)})
            answer, _ = await push(world, who, "web_push")
            assert isinstance(answer, expected)
            assert isinstance(answer, Unknown) or not answer.reached


async def test_apple_gets_a_signed_push_over_http_2(world: World) -> None:
    await world.know("a-1")
    await has(world, "a-1", {"kind": "apns", "token": "A1" * 32})
    answer, parcel = await push(world, "a-1", "push", url="sori://live/1")
    headers, said = world.apple.pushed[-1]
    assert answer == Accepted(headers["apns-id"])
    assert (headers["apns-topic"], headers["apns-push-type"], headers["apns-priority"]) == (
        "com.sori.app",
        "alert",
        "10",
    )
    assert headers["apns-expiration"] == str(int((world.clock.now() + timedelta(days=1)).timestamp()))
    assert headers["apns-collapse-id"] == said["message"] == parcel.key
    assert (said["aps"]["alert"], said["url"]) == ({"title": "밤의 낭독", "body": "안녕하세요"}, "sori://live/1")
    again = await world.carry(parcel)
    assert again == answer  # the same id: a repeat is known by it
    assert len(world.apple.tokens) == 1  # Apple minds a new token for each


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (410, "Unregistered", Refused("410 Unregistered", permanent=True, gone=True)),
        (400, "BadDeviceToken", Refused("400 BadDeviceToken", permanent=True)),
        (403, "InvalidProviderToken", Refused("403 InvalidProviderToken", permanent=True)),
        (429, "TooManyRequests", Refused("429 TooManyRequests", retry_after=11.0)),
        (503, "Shutdown", Refused("503 Shutdown", retry_after=11.0)),
        (500, "InternalServerError", Unknown("500 InternalServerError")),
    ],
)
async def test_what_apple_answers(world: World, status: int, reason: str, expected: Delivery) -> None:
    who, token = f"a-{status}", f"{status}" * 20
    await world.know(who)
    device = await has(world, who, {"kind": "apns", "token": token})
    world.apple.answers[token] = (status, reason)
    answer, _ = await push(world, who, "push")
    assert answer == expected
    assert bool(await world.reach.devices.targets(world.tenant, [device])) is (status != 410)


async def test_a_token_that_apple_calls_old_is_made_anew_once(world: World) -> None:
    await world.know("a-old")
    await has(world, "a-old", {"kind": "apns", "token": "ab" * 32})
    world.apple.expired.add("ab" * 32)
    answer, _ = await push(world, "a-old", "push")
    assert isinstance(answer, Accepted)


@pytest.mark.parametrize(
    ("status", "code", "wait", "expected"),
    [
        (404, "UNREGISTERED", "", Refused("404 UNREGISTERED no", permanent=True, gone=True)),
        (403, "SENDER_ID_MISMATCH", "", Refused("403 SENDER_ID_MISMATCH no", permanent=True, gone=True)),
        (400, "INVALID_ARGUMENT", "", Refused("400 INVALID_ARGUMENT no", permanent=True)),
        (429, "QUOTA_EXCEEDED", "42", Refused("429 QUOTA_EXCEEDED no", retry_after=42.0, busy=True)),
        (429, "QUOTA_EXCEEDED", "", Refused("429 QUOTA_EXCEEDED no", retry_after=60.0, busy=True)),
        (503, "UNAVAILABLE", "", Refused("503 UNAVAILABLE no", retry_after=30.0, busy=True)),
        (500, "INTERNAL", "", Unknown("500 INTERNAL no")),
    ],
)
async def test_what_firebase_answers(world: World, status: int, code: str, wait: str, expected: Delivery) -> None:
    who, token = f"f-{status}{wait}", f"token-of-{status}-{wait}-phone"
    await world.know(who)
    device = await has(world, who, {"kind": "fcm", "token": token})
    world.google.answers[token] = (status, code, wait)
    answer, parcel = await push(world, who, "push")
    assert answer == expected
    assert world.google.sent[-1]["data"] == {"message": parcel.key}
    gone = isinstance(expected, Refused) and expected.gone
    assert bool(await world.reach.devices.targets(world.tenant, [device])) is not gone


async def test_firebase_tokens_are_kept_and_asked_for_anew_when_refused(world: World) -> None:
    await world.know("f-1")
    await has(world, "f-1", {"kind": "fcm", "token": "token-of-a-good-phone"})
    assert isinstance((await push(world, "f-1", "push"))[0], Accepted)
    before = world.google.issued
    assert isinstance((await push(world, "f-1", "push"))[0], Accepted)
    assert world.google.issued == before
    world.google.valid = "ya29.revoked"
    assert isinstance((await push(world, "f-1", "push"))[0], Accepted)
    assert world.google.issued == before + 1
    assert world.google.sent[-1]["notification"] == {"title": "밤의 낭독", "body": "안녕하세요"}


async def test_all_of_somebodys_devices_are_one_message(world: World) -> None:
    await world.know("all")
    await has(world, "all", {"kind": "apns", "token": "cd" * 32})
    await has(world, "all", {"kind": "fcm", "token": "token-of-another-phone"})
    await browser(world, "all")
    pushed, sent, heard = len(world.apple.pushed), len(world.google.sent), len(world.browser.heard)
    answer, _ = await push(world, "all", "push")
    assert isinstance(answer, Accepted)
    assert (len(world.apple.pushed), len(world.google.sent)) == (pushed + 1, sent + 1)
    assert len(world.browser.heard) == heard  # another channel


def test_what_several_devices_say_together() -> None:
    gone, busy, refused = Refused("gone", gone=True), Refused("busy", retry_after=5), Refused("no", permanent=True)
    taken, unknown = Accepted("1"), Unknown("?")
    assert taken_together([gone, unknown, taken]) == taken
    assert taken_together([busy, unknown]) == unknown  # another try might be the second
    assert taken_together([gone, busy]) == busy
    assert taken_together([gone, refused]) == refused
    assert taken_together([gone, gone]) == gone
