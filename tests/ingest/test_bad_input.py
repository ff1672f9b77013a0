"""What is wrong is refused with a sentence; what is right beside it is kept."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from dure.ingest.model import Reason
from dure.log.api import Log, LogWriter
from dure.people.api import is_junk
from tests.ingest.conftest import Door, nested, track

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("key", ["", "nobody", "\x00", "k" * 5000])
async def test_a_wrong_key_is_told_so(door: Door, key: str) -> None:
    answer = await door.http.post("/v1/batch", json={"batch": [track()], "writeKey": key})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert "write key" in answer.json()["message"]
    assert await door.events() == []


async def test_a_revoked_key_opens_nothing(door: Door) -> None:
    await door.batch(track())
    await door.ingest.revoke_source(door.cast.mina, door.source.id)
    assert (await door.batch(track())).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"{}", b'{"batch": 1}', b'{"batch": {}}', b'{"batch": [NaN]}',
        b'{"batch": [{"userId": "\xff\xfe"}]}', b'{"batch": [' + b"[" * 5000 + b"]" * 5000 + b"]}", b"\x1f\x8b\x00",
    ],
    ids=["empty", "cut", "list", "null", "text", "no batch", "number", "object", "nan", "utf-8", "nesting", "bytes"],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_400(door: Door, body: bytes) -> None:
    answer = await door.http.post("/v1/batch", content=body, auth=(door.source.write_key, ""))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert await door.events() == []


async def test_limits_are_segments(door: Door) -> None:
    text = "x" * 300
    many = [track(properties={"text": text}) for _ in range(2400)]
    assert (await door.batch(*many)).json()["code"] == "too_large"
    assert (await door.batch(*[{}] * 2501)).status_code == 400
    answer = await door.send("track", userId="u", event="A", properties={"text": "x" * 33_000})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_large")
    assert await door.events() == []


async def test_a_gzip_bomb_goes_off_outside(door: Door) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    for body in (bomb, bomb[:200], b"no gzip at all"):
        answer = await door.http.post(
            "/v1/batch", content=body, headers={"content-encoding": "gzip"}, auth=(door.source.write_key, "")
        )
        assert answer.status_code == 400


async def test_an_encoding_that_is_not_read_is_named(door: Door) -> None:
    answer = await door.http.post("/v1/batch", content=b"x", headers={"content-encoding": "br"})
    assert (answer.status_code, "br" in answer.json()["message"]) == (400, True)


async def test_an_empty_batch_is_no_error(door: Door) -> None:
    assert (await door.batch()).status_code == 200
    assert await door.events() == []


REFUSED: list[tuple[Reason, Any]] = [
    (Reason.MALFORMED, 17),
    (Reason.MALFORMED, track(properties=[1])),
    (Reason.MALFORMED, track(userId={"id": 1})),
    (Reason.TOO_LARGE, track(properties={"text": "x" * 33_000})),
    (Reason.TOO_DEEP, track(properties=nested(65))),
    (Reason.UNKNOWN_TYPE, {"type": "trace", "userId": "u"}),
    (Reason.UNKNOWN_TYPE, {"userId": "u"}),
    (Reason.NO_NAME, track(" ")),
    (Reason.NO_NAME, {"type": "track", "userId": "u"}),
    (Reason.NAME_TOO_LONG, track("x" * 256)),
    (Reason.NO_IDENTITY, track(user=None)),
    (Reason.NO_IDENTITY, {"type": "alias", "userId": "u"}),
    (Reason.NO_IDENTITY, {"type": "group", "userId": "u"}),
    (Reason.JUNK_ID, track(user="undefined")),
    (Reason.JUNK_ID, {"type": "alias", "userId": "u", "previousId": "null"}),
    (Reason.ID_TOO_LONG, track(user="x" * 256)),
    (Reason.ID_TOO_LONG, track(user="a\u0000b")),
    (Reason.TIME_UNREADABLE, track(timestamp="yesterday")),
    (Reason.TIME_UNREADABLE, track(timestamp=1e300)),
    (Reason.TIME_UNREADABLE, track(timestamp="-0044-03-15T00:00:00Z")),
    (Reason.TIME_TOO_EARLY, track(timestamp="1970-01-01T00:00:00Z")),
    (Reason.TIME_TOO_EARLY, track(timestamp=-1)),
    (Reason.TIME_IN_FUTURE, track(timestamp="9999-12-31T23:59:59Z")),
    (Reason.TIME_IN_FUTURE, track(timestamp="2026-11-23T04:00:01Z")),
]


# What a workspace's own rules refuse is tested with them, in test_rules.py.
BY_RULES = {Reason.BREAKS_PLAN, Reason.NOT_IN_PLAN, Reason.BLOCKED_EVENT, Reason.WAITING_FOR_APPROVAL}


@pytest.mark.parametrize(("reason", "call"), REFUSED)
async def test_one_bad_event_is_refused_with_its_reason_and_the_others_are_kept(
    door: Door, reason: Reason, call: Any
) -> None:
    answer = await door.batch(track("Before"), call, track("After"))
    assert answer.status_code == 200
    assert [event.event for event in await door.events()] == ["Before", "After"]
    [reject] = await door.rejects()
    assert (reject.source, reject.reason, reject.count) == ("web", reason, 1)
    assert reject.example


def test_every_reason_is_tested_and_has_a_sentence() -> None:
    assert {reason for reason, _ in REFUSED} | BY_RULES == set(Reason)
    assert all(reason.sentence for reason in Reason)


async def test_a_number_no_store_can_hold_refuses_its_event_only(door: Door) -> None:
    body = b'{"batch":[{"type":"track","userId":"u","event":"A","properties":{"n":1e999}},' + b"]}"
    body = body.replace(b",]", b',{"type":"track","userId":"u","event":"B"}]')
    await door.http.post("/v1/batch", content=body, auth=(door.source.write_key, ""))
    assert [event.event for event in await door.events()] == ["B"]
    assert await door.reason() == "malformed"


async def test_the_same_refusal_again_is_counted_beside_its_newest_example(door: Door) -> None:
    await door.batch(track(user="null"), track(user="undefined"))
    await door.send("track", event="A", userId="0")
    [reject] = await door.rejects()
    assert (reject.count, json.loads(reject.example)["userId"]) == (3, "0")


async def test_a_rival_does_not_see_our_refusals(door: Door) -> None:
    await door.batch(track(user="null"))
    assert await door.ingest.rejects(door.cast.rina) == []


@pytest.mark.parametrize(
    "id",
    ["undefined", "null", "NULL", "0", "-1", "[]", "{}", "anonymous", "anon", "nil", "none", "n/a", "na", "<nil>",
     "true", "false", "unknown", "0000-0000", "00000000-0000-0000-0000-000000000000", " null "],
)  # fmt: skip
def test_placeholders_are_junk(id: str) -> None:
    assert is_junk(id)


@pytest.mark.parametrize("id", ["u-0", "10", "1", "-2", "nullable", "0x1", "김미나"])
def test_ids_that_only_look_odd_are_ids(id: str) -> None:
    assert not is_junk(id)


async def test_a_junk_user_id_leaves_the_device(door: Door) -> None:
    await door.send("track", event="A", userId="null", anonymousId="d-1")
    event = await door.one()
    assert (event.distinct_id, event.properties) == ("d-1", {})


async def test_fields_that_nobody_knows_are_kept(door: Door) -> None:
    await door.send("track", event="A", userId="u", shard=7, properties={"odd": {"": 1, "a.b": [None, {"c": 2}]}})
    assert (await door.one()).properties == {"shard": 7, "odd": {"": 1, "a.b": [None, {"c": 2}]}}


async def test_whatever_is_accepted_the_log_can_read(door: Door, log: Log) -> None:
    """One line that ClickHouse cannot parse would stop the log for everyone."""
    odd = [
        {"a.b": 1, "a": 2}, {"": 1, ".": 2, "...": 3}, {"a": [1, "x", {"b": 2}, None, [[]]]}, {"a": "\u0000\U0001f600"},
        {"a": 18446744073709551616}, {"a": -9223372036854775809}, {"a": 1e308}, {"a\u0000": None}, {"`": "'\\\"\n"},
        nested(64), {"k" * 20_000: 1}, {f"k{n}": n for n in range(1500)}, {"time": "x", "properties": {"org": 1}},
    ]  # fmt: skip
    answer = await door.batch(*(track(properties=properties, messageId=f"m-{n}") for n, properties in enumerate(odd)))
    assert answer.status_code == 200
    while await LogWriter(door.state, log).step():
        pass
    rows = await log.query(
        door.cast.tenant, "select message_id from events where workspace = {workspace:String} and source = 'web'"
    )
    assert len(rows.rows) == len(odd)


async def test_when_nothing_can_be_stored_the_sender_is_asked_to_come_again(door: Door) -> None:
    assert (await door.batch(track())).status_code == 200
    await door.state.close()
    answer = await door.batch(track())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["code"] == "unavailable"


async def test_a_full_disk_keeps_nothing_half(door: Door) -> None:
    """The disk is full from the feed's point of view: its insert fails as PostgreSQL's would."""
    async with door.state.begin_system() as tx:
        await tx.run(
            "create function full_disk() returns trigger language plpgsql as"
            " $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$"
        )
        await tx.run(
            "create trigger full_disk before insert on feed.batch for each row when (new.lane = 1)"
            " execute function full_disk()"
        )
    answer = await door.batch(track(messageId="m-1"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    async with door.state.begin_system() as tx:
        await tx.run("drop trigger full_disk on feed.batch")
    assert (await door.batch(track(messageId="m-1"))).status_code == 200
    assert (await door.one()).message_id == "m-1"
