"""Slack's own clients, unmodified, send files, look at them, hand them on and delete them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.files.door import file_door
from dure.channels.slack.door import slack_router
from dure.web import front
from dure.web.routing import include
from tests.channels.room import room_of
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def door(postgres_url: str, template: str) -> AsyncIterator[Door]:
    async with room_of(postgres_url, template) as room:
        app = FastAPI()
        front.install(app, larger={"/slack/upload/": 64 << 20})
        app.state.governance = room.cast.governance
        include(app, file_door(room.files))
        include(app, slack_router(room.services()))
        async with serving(app) as base:
            yield Door(room, base)


async def got(url: str, token: str = "", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.get(url, headers={**({"authorization": f"Bearer {token}"} if token else {}), **headers})


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (30, 90, 200)).save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_sent_shown_had_and_deleted(door: Door, tmp_path: Path) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    channel = (await door.call(slack.conversations_create, name="design"))["channel"]["id"]
    path = tmp_path / "로고 v2.png"
    path.write_bytes(picture())
    sent = await door.call(
        slack.files_upload_v2, file=str(path), title="Logo", alt_txt="A blue box", channel=channel,
        initial_comment="The new one",
    )  # fmt: skip
    file = sent["file"]
    assert (file["name"], file["title"], file["alt_txt"]) == ("로고 v2.png", "Logo", "A blue box")
    assert (file["mimetype"], file["filetype"], file["pretty_type"]) == ("image/png", "png", "PNG")
    assert (file["size"], file["original_w"], file["original_h"]) == (path.stat().st_size, 900, 600)
    assert (file["thumb_360_w"], file["thumb_360_h"], file["thumb_720_w"]) == (360, 240, 720)
    assert file["channels"] == [channel]
    assert file["is_public"]

    said = (await door.call(slack.conversations_history, channel=channel))["messages"][0]
    assert (said["text"], [one["id"] for one in said["files"]]) == ("The new one", [file["id"]])
    info = (await door.call(slack.files_info, file=file["id"]))["file"]
    assert info["shares"]["public"][channel][0]["ts"] == said["ts"]
    assert (await got(info["url_private"], cast.token)).content == path.read_bytes()
    saved = await got(info["url_private_download"], cast.bot_token)
    assert saved.headers["content-disposition"].startswith("attachment")
    small = await got(info["thumb_64"], cast.token)
    assert Image.open(io.BytesIO(small.content)).size == (64, 64)
    assert (await got(info["url_private"])).status_code == 401
    assert (await got(info["url_private"], cast.rival_token)).status_code == 404

    listed = await door.call(slack.files_list, channel=channel, types="images", count=1)
    assert ([one["id"] for one in listed["files"]], listed["paging"]) == (
        [file["id"]], {"count": 1, "total": 1, "page": 1, "pages": 1},
    )  # fmt: skip
    assert (await door.call(slack.files_list, types="pdfs"))["files"] == []
    assert (await door.call(slack.files_list, user=cast.users["joon"].id))["files"] == []
    assert (await door.call(slack.files_list, ts_to="1"))["files"] == []
    assert await door.error(slack.files_list, types="pictures") == "unknown_type"
    await door.call(slack.files_delete, file=file["id"])
    assert await door.error(slack.files_info, file=file["id"]) == "file_deleted"
    assert (await got(info["url_private"], cast.token)).status_code == 404
    said = (await door.call(slack.conversations_history, channel=channel))["messages"][0]
    assert said["files"] == [{"id": file["id"], "mode": "tombstone"}]


async def test_several_files_make_one_message_in_each_channel_and_in_a_thread(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    one = (await door.call(slack.conversations_create, name="one"))["channel"]["id"]
    two = (await door.call(slack.conversations_create, name="two", is_private=True))["channel"]["id"]
    uploads = [
        {"content": b"\x00\x01binary", "filename": "a.bin"},
        {"content": "col\n1\n2\n", "filename": "b.csv", "title": "Numbers"},
    ]
    sent = await door.call(slack.files_upload_v2, file_uploads=uploads, channels=[one, two])
    assert "file" not in sent
    assert [file["title"] for file in sent["files"]] == ["a.bin", "Numbers"]
    assert (sent["files"][1]["channels"], sent["files"][1]["groups"]) == ([one], [two])
    for channel in (one, two):
        history = (await door.call(slack.conversations_history, channel=channel))["messages"]
        assert [[file["name"] for file in said["files"]] for said in history if "files" in said] == [["a.bin", "b.csv"]]
    root = (await door.call(slack.chat_postMessage, channel=one, text="root"))["ts"]
    await door.call(slack.files_upload_v2, content="in a thread", channel=one, thread_ts=root)
    reply = (await door.call(slack.conversations_replies, channel=one, ts=root))["messages"][1]
    assert (reply["thread_ts"], reply["files"][0]["name"]) == (root, "Uploaded file")
    # Slack's own integration tests hand over `channels` as one bare text.
    file = await door.call(slack.files_getUploadURLExternal, filename="c.txt", length=3)
    async with httpx.AsyncClient() as http:
        await http.post(file["upload_url"], content=b"abc")
    done = await door.call(
        slack.api_call, api_method="files.completeUploadExternal",
        params={"files": json.dumps([{"id": file["file_id"]}]), "channels": one},
    )  # fmt: skip
    assert done["files"][0]["channels"] == [one]


async def test_a_snippet_shows_its_first_lines(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    code = "\n".join(f"print({n})  # <script>" for n in range(40))
    sent = (await door.call(slack.files_upload_v2, content=code, filename="", snippet_type="python"))["file"]
    assert (sent["mode"], sent["filetype"], sent["pretty_type"]) == ("snippet", "python", "Python")
    assert (sent["lines"], sent["lines_more"], sent["preview_is_truncated"]) == (40, 35, True)
    assert sent["preview"].startswith("print(0)  # <script>\nprint(1)")
    assert (sent["name"], sent["channels"], sent["is_public"]) == ("Uploaded file", [], False)
    info = await door.call(slack.files_info, file=sent["id"])
    assert (info["content"], info["is_truncated"]) == (code, False)


async def test_the_asynchronous_client_sends_and_deletes(door: Door) -> None:
    cast = door.room.cast
    slack = AsyncWebClient(cast.bot_token, base_url=f"{door.base}/slack/api/")
    channel = (await slack.conversations_create(name="reports"))["channel"]["id"]
    sent = await slack.files_upload_v2(
        file=io.BytesIO(b"%PDF-1.7 not much"), filename="report.pdf", channel=channel, initial_comment="Weekly"
    )
    bot = await cast.governance.principal(cast.bot_token)
    assert (sent["file"]["filetype"], sent["file"]["user"], sent["file"]["app_id"]) == ("pdf", bot.user, bot.app)
    assert (await slack.files_info(file=sent["file"]["id"]))["file"]["title"] == "report.pdf"
    assert [one["id"] for one in (await slack.files_list(channel=channel))["files"]] == [sent["file"]["id"]]
    await slack.files_delete(file=sent["file"]["id"])
    assert (await slack.files_list(channel=channel))["files"] == []


async def test_an_upload_address_works_once_and_for_exactly_what_was_announced(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    given = await door.call(slack.files_getUploadURLExternal, filename="x.bin", length=10)
    async with httpx.AsyncClient() as http:
        for body in (b"short", b"far too long for it"):
            assert (await http.post(given["upload_url"], content=body)).status_code == 400
        # What no form can be, under the type of a form, as urllib sends it.
        form = {"content-type": "application/x-www-form-urlencoded"}
        sent = await http.post(given["upload_url"], content=b"%zz&&==\xff\x00!", headers=form)
        assert (sent.status_code, sent.text, sent.headers["content-type"]) == (
            200, "OK - 10", "text/plain; charset=utf-8",
        )  # fmt: skip
        assert (await http.post(given["upload_url"], content=b"0123456789")).status_code == 404
        assert (await http.post(f"{door.base}/slack/upload/v1/guessed", content=b"x")).status_code == 404
        curl = await door.call(slack.files_getUploadURLExternal, filename="y.bin", length=4)
        assert (await http.post(curl["upload_url"], files={"filename": ("y.bin", b"four")})).text == "OK - 4"
    done = await door.call(slack.files_completeUploadExternal, files=[{"id": given["file_id"]}])
    assert (await got(done["files"][0]["url_private"], door.room.cast.token)).content == b"%zz&&==\xff\x00!"


async def test_what_cannot_be_is_refused_by_slacks_names(door: Door) -> None:
    cast = door.room.cast
    slack, joon = door.client(cast.token), door.client(await door.room.cast.governance.create_token(
        cast.mina, "user", cast.joon.user, ["*"]
    ))  # fmt: skip
    ask = slack.files_getUploadURLExternal
    assert await door.error(ask, filename="x", length=0) == "missing_argument"
    assert await door.error(ask, filename="x", length=-1) == "invalid_arguments"
    assert await door.error(ask, filename="x", length=1 << 40) == "file_upload_size_restricted"
    assert await door.error(ask, filename="x", length=2 << 20, snippet_type="python") == "snippet_too_large"
    assert await door.error(ask, filename="x", length=2, snippet_type="klingon") == "unknown_snippet_type"
    assert await door.error(ask, filename="x", length=2, alt_txt="a" * 1001) == "alt_txt_too_large"
    complete = slack.files_completeUploadExternal
    assert await door.error(complete, files=[{"id": "F0NOWHERE00"}]) == "file_not_found"
    waiting = await door.call(ask, filename="x", length=3)
    assert await door.error(complete, files=[{"id": waiting["file_id"]}]) == "file_not_found"
    private = (await door.call(slack.conversations_create, name="board", is_private=True))["channel"]["id"]
    mine = (await door.call(slack.files_upload_v2, content="x", channel=private))["file"]["id"]
    open_ = (await door.call(joon.conversations_create, name="open"))["channel"]["id"]
    assert await door.error(joon.files_upload_v2, content="x", channel=private) == "channel_not_found"
    assert await door.error(slack.files_upload_v2, content="x", channel=open_) == "not_in_channel"
    assert await door.error(joon.files_info, file=mine) == "file_not_found"
    assert await door.error(joon.files_delete, file=mine) == "file_not_found"
    assert await door.error(joon.files_completeUploadExternal, files=[{"id": mine}]) == "file_not_found"
    raw = await door.raw(
        "files.completeUploadExternal", headers={"authorization": f"Bearer {cast.token}"}, data={"files": "[1]"}
    )
    assert raw.json()["error"] == "invalid_arguments"
    assert await door.error(slack.files_comments_delete, file=mine, id="Fc1") == "method_deprecated"


async def test_a_partner_has_the_files_of_a_shared_channel_until_it_is_disconnected(door: Door) -> None:
    room = door.room
    channel = await room.shared()
    ours = door.client(room.cast.token)
    theirs = door.client(room.cast.rival_token)
    file = (await door.call(ours.files_upload_v2, content="brief", filename="brief.txt", channel=channel))["file"]
    seen = (await door.call(theirs.files_info, file=file["id"]))["file"]
    assert (seen["user_team"], list(seen["shares"]["public"])) == (room.cast.tenant.workspace, [channel])
    assert (await got(seen["url_private"], room.cast.rival_token)).text == "brief"
    answer = (await door.call(theirs.files_upload_v2, content="answer", filename="answer.txt", channel=channel))["file"]
    assert (await got(answer["url_private"], room.cast.token)).text == "answer"
    await room.channels.disconnect(room.cast.mina, channel, room.cast.rina.tenant.workspace)
    assert (await got(file["url_private"], room.cast.rival_token)).status_code == 404
    assert (await got(answer["url_private"], room.cast.token)).status_code == 404
    assert await door.error(theirs.files_info, file=file["id"]) == "file_not_found"
    history = (await door.call(ours.conversations_history, channel=channel))["messages"]
    stubs = [one for said in history for one in said.get("files", [])]
    assert [(one["id"], one["file_access"]) for one in stubs] == [
        (answer["id"], "access_denied"), (file["id"], "visible"),
    ]  # fmt: skip
    # Each keeps what is theirs.
    assert (await got(answer["url_private"], room.cast.rival_token)).text == "answer"


async def test_a_file_is_made_public_and_taken_back(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    file = (await door.call(slack.files_upload_v2, content="<b>hello</b>", filename="a.html"))["file"]
    shared = (await door.call(slack.files_sharedPublicURL, file=file["id"]))["file"]
    assert shared["public_url_shared"]
    answer = await got(shared["permalink_public"])
    assert (answer.status_code, answer.text) == (200, "<b>hello</b>")
    # What somebody uploaded never runs here.
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    secret = shared["permalink_public"].rpartition("-")[2]
    assert (await got(f"{shared['url_private']}?pub_secret={secret}")).text == "<b>hello</b>"
    await door.call(slack.files_revokePublicURL, file=file["id"])
    assert (await got(shared["permalink_public"])).status_code == 404
    assert (await got(f"{shared['url_private']}?pub_secret={secret}")).status_code == 404
    bot = door.client(cast.bot_token)
    assert await door.error(bot.files_sharedPublicURL, file=file["id"]) == "not_allowed_token_type"


async def test_parts_of_a_file_are_had_on_demand(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    sound = bytes(range(256)) * 4_000
    url = (await door.call(slack.files_upload_v2, content=sound, filename="a.mp3"))["file"]["url_private"]
    for asked, start, end in (("bytes=0-9", 0, 10), ("bytes=1000000-", 1_000_000, 1_024_000), ("bytes=-6", -6, None)):
        part = await got(url, cast.token, range=asked)
        assert (part.status_code, part.content) == (206, sound[start:end])
        assert part.headers["content-range"].endswith("/1024000")
    assert (await got(url, cast.token, range="bytes=1024000-")).status_code == 416
    assert (await got(url, cast.token, range="bytes=0-1, 4-5")).status_code == 200
    whole = await got(url, cast.token)
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("audio/mpeg", "bytes")
    assert (await got(url, cast.token, **{"if-none-match": whole.headers["etag"]})).status_code == 304
    assert (await got(url, cast.token, range="bytes=0-9", **{"if-range": '"old"'})).status_code == 200


async def test_a_bot_shares_what_lies_elsewhere(door: Door) -> None:
    bot = door.client(door.room.cast.bot_token)
    channel = (await door.call(bot.conversations_create, name="docs"))["channel"]["id"]
    asked: dict[str, Any] = {"external_id": "plan-1", "external_url": "https://docs.example/plan", "title": "Plan"}
    made = (await door.call(bot.files_remote_add, **asked))["file"]
    assert (made["mode"], made["is_external"], made["url_private"]) == ("external", True, "https://docs.example/plan")
    await door.call(bot.files_remote_share, external_id="plan-1", channels=channel)
    said = (await door.call(bot.conversations_history, channel=channel))["messages"][0]
    assert said["files"][0]["external_id"] == "plan-1"
    changed = (await door.call(bot.files_remote_update, external_id="plan-1", title="Plan B"))["file"]
    assert (changed["title"], changed["external_url"]) == ("Plan B", "https://docs.example/plan")
    again = (await door.call(bot.files_remote_add, **asked))["file"]
    assert (again["id"], again["title"]) == (made["id"], "Plan")
    assert [one["id"] for one in (await door.call(bot.files_remote_list))["files"]] == [made["id"]]
    slack = door.client(door.room.cast.token)
    assert (await door.call(slack.files_remote_info, file=made["id"]))["file"]["channels"] == [channel]
    assert await door.error(slack.files_remote_add, **asked) == "not_allowed_token_type"
    await door.call(bot.files_remote_remove, external_id="plan-1")
    assert await door.error(bot.files_remote_info, external_id="plan-1") == "file_not_found"


async def test_asking_twice_to_complete_shares_once(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    channel = (await door.call(slack.conversations_create, name="once"))["channel"]["id"]
    given = await door.call(slack.files_getUploadURLExternal, filename="x.txt", length=1)
    async with httpx.AsyncClient() as http:
        await http.post(given["upload_url"], content=b"x")
    wanted = {"files": [{"id": given["file_id"], "title": "X"}], "channel_id": channel}
    both = await asyncio.gather(*(door.call(slack.files_completeUploadExternal, **wanted) for _ in range(2)))
    assert [one["files"][0]["id"] for one in both] == [given["file_id"]] * 2
    history = (await door.call(slack.conversations_history, channel=channel))["messages"]
    assert len([said for said in history if "files" in said]) == 1


async def test_a_channels_canvas_is_made_found_changed_and_deleted(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    channel = (await door.call(slack.conversations_create, name="pinned"))["channel"]["id"]
    content = {"type": "markdown", "markdown": "# Agenda\n\n- [ ] Budget\n\n## Manners\n\nBe kind."}
    make = slack.conversations_canvases_create
    canvas = (await door.call(make, channel_id=channel, document_content=content))["canvas_id"]
    assert canvas.startswith("F")
    assert await door.error(make, channel_id=channel, document_content=content) == "channel_canvas_already_exists"
    info = (await door.call(slack.conversations_info, channel=channel))["channel"]
    assert info["properties"]["canvas"] == {"file_id": canvas, "is_empty": False, "quip_thread_id": ""}
    criteria = {"section_types": ["h2"], "contains_text": "manners"}
    found = (await door.call(slack.canvases_sections_lookup, canvas_id=canvas, criteria=criteria))["sections"]
    assert len(found) == 1
    new = {"type": "markdown", "markdown": "And short."}
    after = [{"operation": "insert_after", "section_id": found[0]["id"], "document_content": new}]
    await door.call(slack.canvases_edit, canvas_id=canvas, changes=after)
    page = await door.room.pages.of_channel(door.room.cast.mina, channel)
    assert page is not None
    assert page.body.endswith("## Manners\n\nAnd short.\n\nBe kind.")
    lost = [{"operation": "delete", "section_id": "temp:C:nowhere"}]
    assert await door.error(slack.canvases_edit, canvas_id=canvas, changes=lost) == "canvas_editing_failed"
    bad = [{"operation": "insert_at_end", "document_content": {"type": "html", "markdown": "x"}}]
    assert await door.error(slack.canvases_edit, canvas_id=canvas, changes=bad) == "canvas_editing_failed"
    file = (await door.call(slack.files_info, file=canvas))["file"]
    assert (file["filetype"], file["linked_channel_id"]) == ("quip", channel)
    await door.call(slack.canvases_delete, canvas_id=canvas)
    assert await door.error(slack.files_info, file=canvas) == "file_deleted"
    assert await door.error(slack.canvases_edit, canvas_id=canvas, changes=after) == "canvas_deleted"


async def test_a_canvas_stands_alone_and_others_are_let_in(door: Door) -> None:
    cast = door.room.cast
    slack = AsyncWebClient(cast.token, base_url=f"{door.base}/slack/api/")
    joon = door.client(await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["canvases:read"]))
    content = {"type": "markdown", "markdown": "> alone"}
    canvas = (await slack.canvases_create(title="Mine", document_content=content))["canvas_id"]
    look = {"canvas_id": canvas, "criteria": {"contains_text": "alone"}}
    assert await door.error(joon.canvases_sections_lookup, **look) == "canvas_not_found"
    await slack.canvases_access_set(canvas_id=canvas, access_level="read", user_ids=[cast.joon.user])
    assert len((await door.call(joon.canvases_sections_lookup, **look))["sections"]) == 1
    assert await door.error(joon.canvases_delete, canvas_id=canvas) == "missing_scope"
    await slack.canvases_access_delete(canvas_id=canvas, user_ids=[cast.joon.user])
    assert await door.error(joon.canvases_sections_lookup, **look) == "canvas_not_found"
    mina = door.client(cast.token)
    both = {"canvas_id": canvas, "access_level": "read", "user_ids": ["U1"], "channel_ids": ["C1"]}
    assert await door.error(mina.canvases_access_set, **both) == "invalid_parameters"
