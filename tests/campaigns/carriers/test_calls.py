"""SMS through any provider, webhooks, and posts: what is sent, that it is signed, what the answers mean."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest
from starlette.responses import JSONResponse, Response

from dure.automation.plugs import sign
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.numbers import international, number
from dure.campaigns.plugs import Accepted, Delivery, Refused, Unknown
from dure.kernel.errors import Invalid, NotAllowed
from tests.campaigns.carriers.services import nowhere, silent
from tests.campaigns.carriers.world import KEY, World

pytestmark = pytest.mark.anyio

SMS = {
    "body": '{"messages": [{"to": "{{ to }}", "content": "{{ text }}", "ref": "{{ key }}"}], "from": "{{ sender }}"}',
    "headers": '{"Authorization": "Bearer {{ secret }}"}', "sender": "0212345678", "country": "+82",
    "reference": "messages.0.id", "code": "messages.0.code", "ok": "2000", "gone": "3040, 3041", "retry": "4290",
}  # fmt: skip


async def text_to(world: World, number: str, *answers: Response, text: str = '안녕 "민아"') -> Delivery:
    world.endpoint.answers = list(answers)
    return await world.carry(world.parcel(number, "sms", text=text))


async def test_an_sms_is_what_the_providers_settings_say(world: World) -> None:
    await world.provide("sms", {**SMS, "url": f"{world.provider}/sms"}, "s3cret")
    taken = JSONResponse({"messages": [{"id": "M1", "code": "2000"}]})
    assert await text_to(world, "01012345678", taken) == Accepted("M1")
    headers, body = world.endpoint.calls[-1]
    said = json.loads(body)
    assert said["from"] == "0212345678"
    assert (said["messages"][0]["to"], said["messages"][0]["content"]) == ("+821012345678", '안녕 "민아"')
    assert headers["authorization"] == "Bearer s3cret"
    assert headers["idempotency-key"] == said["messages"][0]["ref"]
    seconds, signature = (part.partition("=")[2] for part in headers["dure-signature"].split(","))
    assert hmac.compare_digest(signature, sign(KEY, world.tenant.workspace, seconds, body))
    assert hashlib.sha256(body).digest()  # the very bytes


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (JSONResponse({"messages": [{"code": "3040"}]}), {"permanent": True, "gone": True}),
        (JSONResponse({"messages": [{"code": 4290}]}), {"retry_after": 30.0}),
        (JSONResponse({"messages": [{"code": "9999"}]}), {"permanent": True}),
        (JSONResponse({}), {"permanent": True}),  # 200, and not a word that it was taken
        (Response("slow down", 429, headers={"retry-after": "3"}), {"retry_after": 3.0}),
        (Response("no", 401), {"permanent": True}),
    ],
)
async def test_what_an_sms_provider_answers(world: World, answer: Response, expected: dict[str, object]) -> None:
    await world.provide("sms", {**SMS, "url": f"{world.provider}/sms"}, "s3cret")
    refused = await text_to(world, "+821012345678", answer)
    assert isinstance(refused, Refused)
    assert {name: getattr(refused, name) for name in ("permanent", "gone", "retry_after")} == {
        "permanent": False, "gone": False, "retry_after": None, **expected
    }  # fmt: skip


async def test_a_provider_that_takes_forms_gets_one(world: World) -> None:
    body = '{"To": "{{ to }}", "Body": "{{ text }}"}'
    await world.provide("sms", {"url": f"{world.provider}/sms", "body": body, "form": "yes"}, "s3cret")
    assert await text_to(world, "+15551234567", text="a&b=c") == Accepted("200")
    headers, sent = world.endpoint.calls[-1]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(sent.decode()) == {"To": ["+15551234567"], "Body": ["a&b=c"]}
    short = await text_to(world, "01012345678")
    assert isinstance(short, Refused)
    assert not short.reached  # no country is set


async def test_a_webhook_is_unknown_where_nobody_can_say(world: World) -> None:
    parcel = world.parcel("mina", "webhook", text='{"who": "mina"}')
    missing = await world.carry(parcel)
    assert missing == Refused("No provider is set for webhooks.", reached=False)
    await world.provide("webhook", {"url": f"{world.provider}/hook", "headers": '{"X-Key": "{{ secret }}"}'}, "k")
    assert await world.carry(parcel) == Accepted("200")
    headers, body = world.endpoint.calls[-1]
    assert (headers["content-type"], headers["x-key"], body) == ("application/json", "k", b'{"who": "mina"}')
    world.endpoint.answers = [Response("boom", 500)]
    assert await world.carry(parcel) == Unknown("500 boom")
    async with silent() as base:
        await world.provide("webhook", {"url": base})
        assert isinstance(await world.carry(parcel), Unknown)
    await world.provide("webhook", {"url": nowhere()})
    away = await world.carry(parcel)
    assert isinstance(away, Refused)
    assert not away.reached
    await world.provide("webhook", {"url": "http://10.0.0.1/inside"})
    inside = await world.carry(parcel)
    assert isinstance(inside, Refused)
    assert "private network" in inside.message


async def test_a_post_goes_to_the_channel_it_names_or_the_workspaces(world: World) -> None:
    parcel = world.parcel("team", "post", text="VIP 이탈", more={"to": "#care"})
    assert await world.carry(parcel) == Accepted("said")
    assert world.team.said[-1] == ("#care", "VIP 이탈", parcel.key)
    assert isinstance(await world.carry(world.parcel("team", "post")), Refused)
    await world.provide("post", {"to": "crm"})
    await world.carry(world.parcel("team", "post"))
    assert world.team.said[-1][0] == "crm"


@pytest.mark.parametrize(
    ("kind", "settings", "secret", "field"),
    [
        ("pigeon", {}, None, "kind"),
        ("sms", {}, None, "settings.url"),
        ("sms", {"url": "ftp://x"}, None, "settings.url"),
        ("sms", {"url": "https://x.example", "body": "{{ to }}"}, None, "settings.body"),
        ("sms", {"url": "https://x.example", "body": '{"a": "{{ person }}"}'}, None, "settings.body"),
        ("sms", {"url": "https://x.example", "headers": "[1]"}, None, "settings.headers"),
        ("sms", {"url": "https://x.example", "colour": "red"}, None, "settings.colour"),
        ("email", {"sender": "nobody"}, None, "settings.sender"),
        ("email", {"sender": "a <a@x.example>\nBcc: b@x.example"}, None, "settings.sender"),
        ("email", {}, "s", "secret"),
        ("apns", {"key_id": "k", "team_id": "t"}, "x", "settings.topic"),
        ("apns", {"key_id": "k", "team_id": "t", "topic": "a.b"}, "x", "secret"),
        ("fcm", {}, '{"project_id": "x"}', "secret"),
    ],
)
async def test_settings_that_reach_nobody_are_refused_by_field(
    world: World, kind: str, settings: dict[str, str], secret: str | None, field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        await world.provide(kind, settings, secret)
    assert raised.value.field == field


async def test_secrets_are_sealed_shown_to_nobody_and_set_by_administrators(world: World) -> None:
    await world.provide("sms", {**SMS, "url": f"{world.provider}/sms"}, "the secret word")
    await world.provide("sms", {"url": f"{world.provider}/other"})  # without one: the secret stays
    assert await text_to(world, "+821012345678") == Accepted("200")
    async with world.state.begin(world.tenant) as tx:
        row = await tx.row("select * from campaigns.provider where kind = 'sms'")
    assert row is not None
    assert b"secret word" not in bytes(row["sealed"])
    shown = {one.kind: one for one in await world.reach.providers.shown(world.cast.joon)}
    assert shown["sms"].has_secret
    assert "secret word" not in repr(shown)
    with pytest.raises(NotAllowed):
        await world.reach.providers.put(world.cast.joon, "post", {"to": "x"}, None)
    assert await world.reach.providers.shown(world.cast.rina) == []
    told = [one.properties for one in await world.events("Provider Set") if one.object == "sms"]
    assert "secret word" not in repr(told)
    # With another signing key than it was sealed with, nothing goes out by it.
    assert await Providers(world.state, world.clock, b"another key").of(world.tenant, "sms") is None


def test_numbers_are_read_as_people_write_them() -> None:
    assert [number(one) for one in ("010-1234-5678", "+82 (10) 1234.5678", "0082101234567", 821012345678)] == [
        "01012345678", "+821012345678", "+82101234567", "821012345678"
    ]  # fmt: skip
    assert [number(one) for one in ("hello", "123", None, True, "")] == [""] * 5
    assert international("01012345678", "+82") == "+821012345678"
    assert international("+4912345678", "+82") == "+4912345678"
