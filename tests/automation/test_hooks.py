"""Inbound webhooks: an address, a request, a run."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.hook_door import HookDoor
from dure.automation.hooks import PREFIX
from dure.automation.routes import router
from dure.web import front
from dure.web.first import First
from dure.web.routing import include
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio
WRITE = {"id": "w", "kind": "book.write", "with": {"text": "{{ event.properties.name | default: 'nobody' }}"}}


@pytest.fixture
async def door(shop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = shop.cast.governance
    front.install(app)
    include(app, router(shop.automation))
    first = First(app, PREFIX, HookDoor(shop.automation.hooks))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(first), base_url="http://dure") as client:
        yield client


async def address(shop: Workshop, *nodes: dict[str, Any], hook: dict[str, Any] | None = None, **doc: Any) -> str:
    trigger = {"hook": hook or {}, **doc.pop("trigger", {})}
    made = await shop.make(list(nodes or (WRITE,)), trigger=trigger, **doc)
    return str((await shop.automation.hook_address(shop.cast.mina, made))["path"])


async def test_json_becomes_an_event_and_a_run(shop: Workshop, door: httpx.AsyncClient) -> None:
    answer = await door.post(await address(shop), json={"name": "mina", "amount": 3})
    await shop.settle()
    (run,) = await shop.runs()
    assert (answer.status_code, answer.json()) == (202, {"ok": True, "runs": [run.id]})
    assert await shop.book() == ["mina"]
    (event,) = await shop.events("Webhook Received")
    assert (event.properties, event.object) == ({"name": "mina", "amount": 3}, run.automation)


async def test_a_form_text_and_the_query(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(shop)
    await door.post(path, data={"name": "form", "tag": ["a", "b"]})
    await door.post(path + "?name=query", json={"amount": 1})
    await door.post(path, json=[1, 2])
    await door.post(path, content="just text", headers={"content-type": "text/plain"})
    await shop.settle()
    assert sorted(await shop.book()) == ["form", "nobody", "nobody", "query"]
    told = [event.properties for event in await shop.events("Webhook Received")]
    assert told == [
        {"name": "form", "tag": ["a", "b"]}, {"name": "query", "amount": "1"} | {"amount": 1}, {"body": [1, 2]},
        {"body": "just text"},
    ]  # fmt: skip


async def test_the_same_key_never_starts_two_and_gets_the_same_answer(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(shop)
    answers = [await door.post(path, json={}, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    answers += await asyncio.gather(
        *(door.post(path, json={}, headers={"Idempotency-Key": "k2"}) for _ in range(3)),
    )
    assert len({answer.json()["runs"][0] for answer in answers}) == 2
    await shop.settle()
    assert len(await shop.runs()) == 2
    assert len({event.message_id for event in await shop.events("Webhook Received")}) == 2
    await door.post(path, json={})
    await door.post(path, json={})
    assert len(await shop.runs()) == 4, "without a key every call is one"


async def test_the_first_call_is_made_of_the_same_transaction(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(
        shop, {"id": "s", "kind": "set", "with": {"values": {"to": "{{ event.properties.to }}"}}, "next": "call"},
        {"id": "call", "kind": "far.call", "with": {"to": "{{ steps.s.to }}"}, "next": "w"}, WRITE,
    )  # fmt: skip
    await door.post(path, json={"to": "Busan", "name": "mina"})
    await shop.automation.engine.calls.wait()
    (run,) = await shop.runs()
    assert shop.service.keys == [f"{run.id}:call:2"], "before any beat"
    await shop.settle()
    assert await shop.book() == ["mina"]
    assert [step.status for step in await shop.steps()] == ["done"] * 3


async def test_filters_conditions_and_keys_hold_as_for_events(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(
        shop, WRITE, trigger={"where": [{"prop": "name", "op": "set"}], "key": "event.properties.name"},
        conditions=[{"prop": "amount", "op": ">", "value": 10}],
    )  # fmt: skip
    for sent in ({"amount": 50}, {"name": "a", "amount": 5}, {"name": "b", "amount": 50}, {"name": "b", "amount": 60}):
        await door.post(path, json=sent)
    await shop.settle()
    assert await shop.book() == ["b"]


async def test_a_signature_is_checked(shop: Workshop, door: httpx.AsyncClient) -> None:
    made = await shop.make([WRITE], trigger={"hook": {"signature": "X-Hub-Signature-256"}})
    told = await shop.automation.hook_address(shop.cast.mina, made)
    body = b'{"name": "signed"}'
    signature = "sha256=" + hmac.new(told["key"].encode(), body, hashlib.sha256).hexdigest()
    json = {"content-type": "application/json"}
    assert (await door.post(told["path"], content=body, headers=json)).status_code == 401
    for given, status in ((signature, 202), (signature[:-1] + "x", 401)):
        answer = await door.post(told["path"], content=body, headers={**json, "X-Hub-Signature-256": given})
        assert answer.status_code == status
    await shop.settle()
    assert await shop.book() == ["signed"]


async def test_what_is_no_address_and_what_cannot_be_read(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(shop)
    json = {"content-type": "application/json"}
    for answer, status in (
        (await door.post(path[:-1] + ("0" if path[-1] != "0" else "1"), json={}), 404),
        (await door.post(PREFIX + "nothing", json={}), 404),
        (await door.get(path), 405),
        (await door.post(path, content=b"{", headers=json), 400),
        (await door.post(path, content=b"[" * 100_000, headers=json), 400),
        (await door.post(path, content=b'{"a":"' + b"x" * (1 << 20) + b'"}', headers=json), 413),
        (await door.post(path, content=b"<a/>", headers={"content-type": "application/xml"}), 422),
        (await door.post(path, json={}, headers={"Idempotency-Key": "k" * 300}), 422),
    ):
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]["message"]
    assert await shop.runs() == []


async def test_a_renewed_address_ends_the_old_one_and_a_switch_ends_both(
    shop: Workshop, door: httpx.AsyncClient
) -> None:
    made = await shop.make([WRITE], trigger={"hook": {}})
    door.headers["Authorization"] = f"Bearer {shop.cast.token}"
    old = (await door.get(f"/api/v1/automations/{made}/hook")).json()["path"]
    new = (await door.post(f"/api/v1/automations/{made}/hook/renew")).json()["path"]
    assert (await door.post(old, json={})).status_code == 404
    assert (await door.post(new, json={})).status_code == 202
    await door.patch(f"/api/v1/automations/{made}", json={"enabled": False})
    assert (await door.post(new, json={})).status_code == 409


async def test_a_paused_workspace_takes_the_call_and_makes_none(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(shop, {"id": "call", "kind": "far.call"})
    await shop.automation.pause_all(shop.cast.mina)
    assert (await door.post(path, json={})).status_code == 202
    await shop.settle()
    assert shop.service.keys == []
    await shop.automation.resume_all(shop.cast.mina)
    await shop.settle()
    assert len(shop.service.keys) == 1


async def test_limits_hold_for_webhooks_too(shop: Workshop, door: httpx.AsyncClient) -> None:
    path = await address(shop, {"id": "call", "kind": "far.call"}, limits={"runs_per_hour": 1})
    for _ in range(3):
        await door.post(path, json={})
    await shop.settle()
    assert len(shop.service.keys) == 1
    assert sorted(run.status for run in await shop.runs()) == ["done", "queued", "queued"]
