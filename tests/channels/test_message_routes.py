"""Dure's own door to messages in depth, as the screens use it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.channels.test_routes import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.anyio


async def room(door: Door, name: str = "work") -> str:
    made = await door.ask("POST", "/channels", status=201, name=name, members=[door.room.cast.joon.user])
    return str(made["channel"]["id"])


async def test_threads_are_listed_read_followed_and_let_go(door: Door) -> None:
    joon, channel = door.room.cast.joon, await room(door)
    path = f"/channels/{channel}"
    root = (await door.ask("POST", f"{path}/messages", status=201, text="root"))["messages"][0]["ts"]
    said = await door.room.say(joon, channel, f"<@{door.room.cast.mina.user}> a reply", _micros(root))
    got = await door.ask("GET", "/threads")
    [one] = got["threads"]
    assert (one["channel"], one["root"]["ts"], one["unread"], got["unread"], got["more"]) == (
        channel,
        root,
        1,
        1,
        False,
    )
    assert (one["replies"][0]["mentions"], got["people"][joon.user]["name"]) == ([door.room.cast.mina.user], "박준")
    await door.ask("POST", f"{path}/threads/{root}/read", status=204, ts=_text(said.ts))
    assert (await door.ask("GET", "/threads"))["unread"] == 0
    await door.ask("POST", f"{path}/threads/{root}/unfollow", status=204)
    assert (await door.ask("GET", "/threads"))["threads"] == []
    await door.ask("POST", f"{path}/threads/{root}/follow", status=204)
    page = await door.ask("GET", f"{path}/messages")
    assert (page["messages"][-1]["following"], page["messages"][-1]["thread_unread"]) == (True, 0)
    assert (await door.ask("POST", f"{path}/threads/1.000001/follow", status=404))["error"][
        "code"
    ] == "thread_not_found"
    assert (await door.ask("GET", "/threads?limit=0", status=422))["error"]["field"] == "limit"


async def test_mentions_are_shown_beside_unread_and_reading_may_go_back(door: Door) -> None:
    joon, mina, channel = door.room.cast.joon, door.room.cast.mina, await room(door)
    first = await door.room.say(joon, channel, "one")
    await door.room.say(joon, channel, f"<@{mina.user}> two")

    async def counts() -> tuple[int, int]:
        [found] = (await door.ask("GET", "/channels?mine=true"))["channels"]
        return found["unread"], found["mentions"]

    assert await counts() == (2, 1)
    newest = (await door.ask("GET", f"/channels/{channel}/messages"))["messages"][-1]["ts"]
    await door.ask("POST", f"/channels/{channel}/read", ts=newest)
    await door.ask("POST", f"/channels/{channel}/read", ts=_text(first.ts), back=False)
    assert await counts() == (0, 0)
    await door.ask("POST", f"/channels/{channel}/read", ts=_text(first.ts))
    assert await counts() == (1, 1)
    late = await door.ask("POST", f"/channels/{channel}/read", status=422, ts="9999999999.000000")
    assert late["error"]["code"] == "invalid_timestamp"


async def test_pins_bookmarks_edits_and_what_is_sent_later(door: Door) -> None:
    path = f"/channels/{await room(door)}"
    ts = (await door.ask("POST", f"{path}/messages", status=201, text="one"))["messages"][0]["ts"]
    await door.ask("PATCH", f"{path}/messages/{ts}", text="two")
    edits = await door.ask("GET", f"{path}/messages/{ts}/edits")
    assert [(one["text"], one["by"] in edits["people"]) for one in edits["edits"]] == [("one", True)]
    await door.ask("PUT", f"{path}/messages/{ts}/pin", status=204)
    assert (await door.ask("PUT", f"{path}/messages/{ts}/pin", status=409))["error"]["code"] == "already_pinned"
    pins = await door.ask("GET", f"{path}/pins")
    assert [(pin["message"]["text"], pin["by"]) for pin in pins["pins"]] == [("two", door.room.cast.mina.user)]
    await door.ask("DELETE", f"{path}/messages/{ts}/pin", status=204)
    made = await door.ask("POST", f"{path}/bookmarks", status=201, title="Brief", link="https://example.com")
    mark = f"{path}/bookmarks/{made['bookmark']['id']}"
    assert (await door.ask("PATCH", mark, title="Plan"))["bookmark"]["link"] == "https://example.com"
    assert (await door.ask("PATCH", mark, status=422, link="javascript:x"))["error"]["field"] == "link"
    await door.ask("DELETE", mark, status=204)
    assert (await door.ask("GET", f"{path}/bookmarks"))["bookmarks"] == []
    later = await door.ask("POST", f"{path}/scheduled", status=201, text="x", post_at="2026-11-30T09:00:00+09:00")
    assert later["scheduled"]["post_at"] == "2026-11-30T00:00:00Z"
    naive = await door.ask("POST", f"{path}/scheduled", status=422, text="x", post_at="2026-11-30T09:00:00")
    assert naive["error"]["field"] == "post_at"
    [kept] = (await door.ask("GET", "/channels/scheduled"))["scheduled"]
    await door.ask("DELETE", f"{path}/scheduled/{kept['id']}", status=204)
    assert (await door.ask("GET", "/channels/scheduled"))["scheduled"] == []


async def test_wrong_blocks_say_where_and_posting_is_an_administrators_to_say(door: Door) -> None:
    path = f"/channels/{await room(door)}"
    wrong = await door.ask("POST", f"{path}/messages", status=422, blocks=[{"type": "section"}])
    assert (wrong["error"]["code"], wrong["error"]["field"]) == ("invalid_blocks", "blocks")
    assert wrong["error"]["data"]["problems"] == ["must define either `text` or `fields` [json-pointer:/blocks/0/type]"]
    assert (await door.ask("PATCH", path, posting="admins"))["channel"]["posting"] == "admins"
    assert (await door.ask("PATCH", path, status=422, posting="nobody"))["error"]["field"] == "posting"
    token = await door.room.cast.governance.create_token(door.room.cast.mina, "user", "joon@sorimaru.example", ["*"])
    refused = await door.ask("POST", f"{path}/messages", token, 403, text="x")
    assert refused["error"]["code"] == "restricted_action_read_only_channel"


async def test_emoji_are_pictures_that_run_nothing(door: Door) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 50
    await door.ask("PUT", "/emoji/sori", status=204, picture=base64.b64encode(png).decode())
    await door.ask("PUT", "/emoji/sound", status=204, alias="sori")
    listed = (await door.ask("GET", "/emoji"))["emoji"]
    assert [(one["name"], one["alias"], one["url"]) for one in listed] == [
        ("sori", "", "/api/v1/emoji/sori"), ("sound", "sori", ""),
    ]  # fmt: skip
    headers = {"authorization": f"Bearer {door.room.cast.token}"}
    picture = await door.http.get("/emoji/sori", headers=headers)
    assert (picture.content, picture.headers["content-type"]) == (png, "image/png")
    assert picture.headers["content-security-policy"] == "default-src 'none'"
    svg = base64.b64encode(b"<svg/>").decode()
    assert (await door.ask("PUT", "/emoji/bad", status=422, picture=svg))["error"]["field"] == "picture"
    assert (await door.ask("PUT", "/emoji/bad", status=422, picture="?"))["error"]["field"] == "picture"
    await door.ask("DELETE", "/emoji/sori", status=204)
    assert (await door.ask("GET", "/emoji"))["emoji"] == []


async def test_another_organisation_reaches_nothing(door: Door) -> None:
    path = f"/channels/{await room(door)}"
    ts = (await door.ask("POST", f"{path}/messages", status=201, text="one"))["messages"][0]["ts"]
    rival: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", f"{path}/pins", {}),
        ("PUT", f"{path}/messages/{ts}/pin", {}),
        ("GET", f"{path}/bookmarks", {}),
        ("POST", f"{path}/bookmarks", {"title": "x", "link": "https://example.com"}),
        ("GET", f"{path}/messages/{ts}/edits", {}),
        ("GET", f"{path}/ephemeral", {}),
        ("POST", f"{path}/threads/{ts}/follow", {}),
        ("POST", f"{path}/threads/{ts}/read", {"ts": ts}),
        ("POST", f"{path}/scheduled", {"text": "x", "post_at": "2026-11-30T09:00:00+09:00"}),
        ("GET", f"/channels/scheduled?channel={path.rsplit('/', 1)[1]}", {}),
    )
    for method, where, body in rival:
        answer = await door.ask(method, where, door.room.cast.rival_token, 404, **body)
        assert answer["error"]["code"] == "channel_not_found", where


def _micros(ts: str) -> int:
    return int(ts.replace(".", ""))


def _text(ts: int) -> str:
    return f"{ts // 1_000_000}.{ts % 1_000_000:06d}"
