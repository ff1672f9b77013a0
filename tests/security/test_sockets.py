"""The screens' socket, and bodies that are made to hurt."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.types import Message

from dure.governance.http import COOKIE
from tests.security.house import Two

pytestmark = pytest.mark.anyio
NORMAL_CLOSE, NOT_SIGNED_IN, ANOTHER_SITE = 1000, 4401, 4403


async def _opened(two: Two, headers: dict[str, str]) -> Message:
    """The first thing that the server says to who knocks."""
    said: list[Message] = []
    heard = anyio.Event()

    async def receive() -> Message:
        if not heard.is_set():
            heard.set()
            return {"type": "websocket.connect"}
        return {"type": "websocket.disconnect", "code": NORMAL_CLOSE}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": "/api/live",
        "raw_path": b"/api/live", "query_string": b"", "root_path": "", "subprotocols": [], "state": {},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("dure", 80),
    }  # fmt: skip
    with anyio.fail_after(10):
        await two.house.front_door(scope, receive, send)
    return said[0]


async def test_a_page_of_another_site_opens_no_socket(two: Two) -> None:
    rina = two.cast.rina
    async with two.house.state.begin(rina.tenant) as tx:
        session = await two.house.governance.sessions.begin_in(tx, rina.tenant, rina.user)
    cookie = {"host": "dure", "cookie": f"{COOKIE}={session}"}
    assert (await _opened(two, {**cookie, "origin": "http://dure"}))["type"] == "websocket.accept"
    for origin in (
        "https://evil.example",
        "null",
        "http://dure.evil.example",
        "http://evil.example/dure",
        "http://dure:81",
    ):
        refused = await _opened(two, {**cookie, "origin": origin})
        assert (refused["type"], refused["code"]) == ("websocket.close", ANOTHER_SITE), origin
    stranger = await _opened(two, {"host": "dure", "origin": "http://dure", "cookie": f"{COOKIE}=guessed"})
    assert (stranger["type"], stranger["code"]) == ("websocket.close", NOT_SIGNED_IN)


async def test_a_text_that_no_column_can_hold_is_refused_by_every_door(two: Two) -> None:
    channel, text, wrong = two.made["channel"], "a\x00b", []
    doors = [
        ("POST", f"/api/v1/channels/{channel}/messages", {"text": text}), ("POST", "/api/v1/channels", {"name": text}),
        ("POST", "/api/v1/deals", {"name": text}), ("POST", "/api/v1/accounts", {"name": text}),
        ("POST", "/api/v1/roles", {"name": text, "rights": []}), ("POST", "/api/v1/ideas", {"title": text}),
        ("POST", "/api/v1/holds", {"name": text}),
        ("POST", "/api/v1/boards", {"id": "nul", "name_ko": text, "name_en": text}),
        ("POST", "/slack/api/chat.postMessage", {"channel": channel, "text": text}),
        ("POST", "/slack/api/conversations.create", {"name": text}),
        ("POST", "/slack/api/conversations.info", {"channel": text}),
        ("POST", "/slack/api/conversations.setTopic", {"channel": channel, "topic": text}),
        ("POST", "/slack/api/usergroups.create", {"name": text, "handle": text}),
        ("POST", "/slack/api/search.messages", {"query": text}), ("POST", "/slack/api/users.info", {"user": text}),
        ("POST", "/slack/scim/v2/Users", {"userName": text, "emails": [{"value": "nul@sorimaru.example"}]}),
        ("POST", "/slack/scim/v2/Groups", {"displayName": text}),
        ("POST", "/services/data/v60.0/sobjects/Account", {"Name": text}),
        ("GET", "/services/data/v60.0/sobjects/Account/a%00b", None), ("GET", "/api/v1/accounts/a%00b", None),
        ("GET", "/api/v1/channels/a%00b/messages", None), ("GET", "/s/a%00b", None), ("GET", "/hooks/a%00b", None),
        ("GET", "/api/v1/search?q=a%00b", None), ("GET", "/slack/audit/v1/logs?actor=a%00b", None),
        ("POST", "/hooks/a%00b", {}), ("GET", "/shared/a%00b", None), ("GET", "/invitation/a%00b", None),
        ("POST", "/api/v1/session", {"email": text, "password": text}),
    ]  # fmt: skip
    for method, path, body in doors:
        answer = await two.ask(two.cast.token, method, path, body)
        if answer.status_code >= 500 or "internal_error" in answer.text:
            wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:160]}")
    assert wrong == [], "\n".join(wrong)


DEEP = 100_000
NESTED = {
    "lists": "[" * DEEP, "closed lists": "[" * DEEP + "]" * DEEP, "objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "a field": '{"text": ' + "[" * DEEP + "]" * DEEP + "}", "a long number": '{"limit": ' + "9" * DEEP + "}",
    "not text": b'{"text": "\xff\xfe"}', "half a letter": '{"text": "\\ud800"}', "a null": '{"text": "a\\u0000b"}',
}  # fmt: skip


@pytest.mark.parametrize("kind", NESTED)
async def test_a_body_nested_without_end_is_refused_and_nothing_stops(two: Two, kind: str) -> None:
    headers = {"authorization": f"Bearer {two.cast.token}", "content-type": "application/json"}
    wrong = []
    doors = [
        ("POST", f"/api/v1/channels/{two.made['channel']}/messages"), ("POST", "/api/v1/deals"),
        ("POST", "/api/v1/query"),
        ("POST", "/api/v1/automations"), ("POST", "/api/v1/segments"), ("POST", "/api/v1/mentions"),
        ("POST", "/api/v1/apps"), ("POST", "/slack/api/chat.postMessage"), ("POST", "/slack/api/blocks.validate"),
        ("POST", "/v1/track"), ("POST", "/v1/batch"), ("POST", "/api/v1/session"), ("POST", "/hooks/nobody"),
        ("POST", "/slack/scim/v2/Users"), ("POST", "/federation/v1/inbox"),
        ("POST", "/services/data/v60.0/sobjects/Account"),
        ("POST", "/flags"), ("POST", "/decide"),
    ]  # fmt: skip
    for method, path in doors:
        answer: httpx.Response = await two.http.request(method, path, content=NESTED[kind], headers=headers)
        if answer.status_code >= 500 or "internal_error" in answer.text:
            wrong.append(f"{path}: {answer.status_code} {answer.text[:120]}")
    assert wrong == []
    assert (await two.ask(two.cast.token, "GET", "/api/v1/me")).status_code == 200
