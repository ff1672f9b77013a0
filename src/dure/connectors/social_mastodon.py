"""Mastodon and what speaks its API (Pleroma, Akkoma, GoToSocial): tags, mentions of one's account, and its streams.

Statuses are asked for upwards by id, so a page that was read once is never missed; the streams tell at once and tell
edits and deletions too. The last hundred are asked again at each pull, for what happened while no line was open.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dure.connectors.pages import watched
from dure.connectors.plain import plain
from dure.connectors.polite import as_form, moment, rest, say, told, with_query
from dure.social.model import Mention, NewMention
from dure.social.plugs import (
    Field,
    Given,
    Limits,
    Manifest,
    Outcome,
    Post,
    Pulled,
    Raw,
    Refused,
    Said,
    Trouble,
    Unknown,
    Web,
)

_PAGE = 40
_SILENCE = 90.0  # a Mastodon sends a sign of life every fifteen seconds
_BATCH = 100
_GATHER = 1.0


class Mastodon:
    """Fills `Pulls`, `Streams`, `Replies` and `Publishes`."""

    manifest = Manifest(
        name="mastodon", network="mastodon", title={"ko": "마스토돈", "en": "Mastodon"},
        about={"ko": "해시태그와 우리 계정을 부른 글을 읽고, 답하고, 올립니다.",
               "en": "Reads hashtags and what mentions your account; replies and posts."},
        basis="official",
        can=frozenset({"pull", "stream", "reply", "publish", "edits", "deletions"}),
        settings=(
            Field("server", {"ko": "서버 주소", "en": "Server"}, "address", default="https://mastodon.social"),
            Field("tags", {"ko": "해시태그", "en": "Hashtags"}, "list", required=False,
                  hint={"ko": "# 없이, 쉼표로 나눔", "en": "Without #, parted by commas"}),
            Field("mentions", {"ko": "우리 계정을 부른 글", "en": "Mentions of you"}, "switch", required=False),
        ),
        secrets=(
            Field("token", {"ko": "접근 토큰", "en": "Access token"}, required=False,
                  hint={"ko": "답하거나 올리거나 우리를 부른 글을 읽을 때", "en": "To reply, post, be mentioned"}),
        ),
        terms={"ko": "서버마다 정한 규칙과 삭제 요청을 따릅니다. 공개 글만 읽습니다.",
               "en": "Each server's rules hold, and deletions are followed. Only public posts are read."},
        every=60,
        limits=Limits(500, graphemes=True, link=23, handles=True),
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of one place: each tag, then the mentions, then what was seen of late, asked again."""
        places = _places(given)
        at = min(int(cursor.get("at", 0)), len(places))
        last = dict(cursor.get("last", {}))
        if at == len(places):
            return await self._look_again(given, cursor, last)
        place = places[at]
        since = last.get(place) or str(int(given.since.timestamp() * 1000) << 16)
        if place == "@":
            url, query = "/api/v1/notifications", {"types[]": "mention", "min_id": last.get("@", ""), "limit": _PAGE}
        else:
            url, query = f"/api/v1/timelines/tag/{quote(place)}", {"min_id": since, "limit": _PAGE}
        found, answer = await told(self._web, given, _server(given) + url, headers=_headers(given), query=query)
        if not isinstance(found, list):
            raise Trouble("unreadable", "No list of statuses.")
        if found:
            last[place] = max((str(one["id"]) for one in found), key=lambda one: (len(one), one))
        statuses = [one["status"] for one in found if one.get("status")] if place == "@" else found
        mentions = [_mention(one) for one in statuses]
        mentions = [one for one in mentions if one.posted_at is None or one.posted_at >= given.since]
        whole = len(found) >= _PAGE
        following = {"at": at if whole else at + 1, "last": last, "watch": watched(cursor, mentions)}
        raw = [Raw(url, answer.text, [one.id for one in mentions])] if mentions else []
        return Pulled(following, mentions, more=True, wait=rest(answer, given.now), raw=raw)

    async def _look_again(self, given: Given, cursor: Mapping[str, Any], last: Mapping[str, Any]) -> Pulled:
        watch = list(cursor.get("watch", ()))
        if not watch:
            return Pulled({"last": last})
        # Servers before 4.3 do not know statuses by list; there the streams alone tell of changes.
        try:
            found, _ = await told(
                self._web, given, _server(given) + "/api/v1/statuses", headers=_headers(given), query={"id[]": watch}
            )
        except Trouble as error:
            if error.code != "not_found":
                raise
            return Pulled({"last": last, "watch": watch})
        there = [_mention(one) for one in found]
        gone = sorted(set(watch) - {one.id for one in there})
        kept = [one for one in watch if one not in gone]
        return Pulled({"last": last, "watch": kept}, [one for one in there if one.edited_at], gone)

    async def stream(self, given: Given, cursor: Mapping[str, Any]) -> AsyncIterator[Pulled]:
        """Every tag's stream and that of the account, as they tell. What was said while nobody heard, pulls bring."""
        queue: asyncio.Queue[Pulled | Exception] = asyncio.Queue(1000)
        places = _places(given)
        if not places:
            raise Trouble("settings", "Name a hashtag, or switch mentions on.")
        lines = [asyncio.create_task(self._hear(given, place, queue)) for place in places]
        try:
            while True:
                mentions: list[NewMention] = []
                said: list[str] = []
                gone: list[str] = []
                ended: Exception | None = None
                try:
                    async with asyncio.timeout(_GATHER):
                        while len(mentions) + len(gone) < _BATCH and ended is None:
                            one = await queue.get()
                            if isinstance(one, Exception):
                                ended = one
                            else:
                                mentions += one.mentions
                                gone += one.gone
                                said += [raw.body for raw in one.raw]
                except TimeoutError:
                    pass
                raw = [Raw("stream", "\n".join(said), [one.id for one in mentions])] if mentions else []
                yield Pulled(cursor, mentions, gone, raw=raw)
                if ended is not None:
                    raise ended
        finally:
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)

    async def _hear(self, given: Given, place: str, queue: asyncio.Queue[Pulled | Exception]) -> None:
        """One stream of server-sent events."""
        path = "/api/v1/streaming/user/notification" if place == "@" else "/api/v1/streaming/hashtag"
        url = with_query(_server(given) + path, {} if place == "@" else {"tag": place})
        try:
            headers = {**_headers(given), "accept": "text/event-stream"}
            async with self._web.lines(given.tenant, url, headers, _SILENCE) as lines:
                event = data = ""
                async for line in lines:
                    if line.startswith("event:"):
                        event = line[6:].strip()
                    elif line.startswith("data:"):
                        data += line[5:].strip()
                    elif not line and data:
                        if (one := _told(event, data)) is not None:
                            await queue.put(one)
                        event = data = ""
            await queue.put(OSError(f"{place} ended"))
        except (OSError, Trouble) as error:
            await queue.put(error)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        handle = mention.handle if mention.handle.startswith("@") else f"@{mention.handle}"
        said = text if handle.lower() in text.lower() or handle == "@" else f"{handle} {text}"
        return await self._post(given, {"status": said, "in_reply_to_id": mention.external}, key)

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        text = "\n\n".join(one for one in (post.text, post.url) if one)
        return await self._post(given, {"status": text, "language": post.language}, key)

    async def _post(self, given: Given, fields: Mapping[str, Any], key: str) -> Outcome:
        """Mastodon keeps an Idempotency-Key for an hour, so that the same answer would stand there once anyway."""
        headers, body = as_form(fields)
        headers |= {**_headers(given), "idempotency-key": key}
        answer = await say(self._web, given, _server(given) + "/api/v1/statuses", headers=headers, body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        if not isinstance(answer.json, dict) or "id" not in answer.json:
            return Unknown(answer.text[:200])
        return Said(str(answer.json["id"]), str(answer.json.get("url") or ""))


def _places(given: Given) -> list[str]:
    tags = [tag.lstrip("#") for tag in given.several("tags")]
    return [*tags, *(["@"] if given.on("mentions") else [])]


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _headers(given: Given) -> dict[str, str]:
    token = given.secrets.get("token")
    return {"authorization": f"Bearer {token}"} if token else {}


def _told(event: str, data: str) -> Pulled | None:
    """What an event of a stream means; None for those that are none of ours."""
    if event == "delete":
        return Pulled({}, gone=[data])
    try:
        said = json.loads(data)
    except ValueError as error:
        raise Trouble("unreadable", "An event that is not JSON.") from error
    if event in ("update", "status.update"):
        return Pulled({}, [_mention(said)], raw=[Raw(event, data)])
    if event == "notification" and said.get("type") == "mention" and said.get("status"):
        return Pulled({}, [_mention(said["status"])], raw=[Raw(event, data)])
    return None


def _mention(status: Mapping[str, Any]) -> NewMention:
    account = status.get("account") or {}
    handle = str(account.get("acct", ""))
    edited: datetime | None = moment(status.get("edited_at"))
    parent = str(status.get("in_reply_to_id") or "")
    text = plain(str(status.get("content", "")))
    return NewMention(
        network="mastodon", id=str(status["id"]), text=text or str(status.get("spoiler_text", "")),
        author=str(account.get("display_name") or handle), handle=f"@{handle}", url=str(status.get("url") or ""),
        reach=int(account.get("followers_count") or 0), language=str(status.get("language") or ""),
        posted_at=moment(status.get("created_at")), edited_at=edited, kind="comment" if parent else "post",
        parent=parent, direct=status.get("visibility") == "direct",
    )  # fmt: skip
