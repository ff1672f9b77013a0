"""Bluesky: Jetstream tells every post of the network as it is written, search finds those of before, and an account of
one's own replies and posts.

Jetstream is spoken in its second version (`network.bsky.jetstream.subscribeEvents`). The cursor kept is the time at
which an event was witnessed, in microseconds, which every host understands. A line that is opened again begins some
seconds before it: what comes twice is known by its address.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from dure.connectors.pages import newest_first, watched
from dure.connectors.polite import as_json, moment, rest, say, told, with_query
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

_POSTS = "app.bsky.feed.post"
_EVENTS = "network.bsky.jetstream.subscribeEvents"
_REWIND = 5_000_000  # microseconds
_GATHER, _BATCH = 1.0, 500
_SILENCE = 60.0
_PAGE = 100
_LOOK = 25  # posts that are asked for at once
_LINK = re.compile(rb"https?://[^\s]+")
_TAG = re.compile(r"(?<![\w&])#(?!\d+\b)(\w{1,64})")


class Bluesky:
    """Fills `Pulls`, `Streams`, `Replies` and `Publishes`."""

    manifest = Manifest(
        name="bluesky", network="bluesky", title={"ko": "블루스카이", "en": "Bluesky"},
        about={"ko": "네트워크 전체의 새 글에서 낱말을 찾고, 답하고, 올립니다.",
               "en": "Finds words in every new post of the network; replies and posts."},
        basis="official", can=frozenset({"pull", "stream", "reply", "publish", "edits", "deletions"}),
        settings=(
            Field("words", {"ko": "찾을 낱말", "en": "Words to find"}, "list",
                  hint={"ko": "하나라도 있으면 가져옵니다", "en": "A post with any of them is brought"}),
            Field("handle", {"ko": "우리 계정", "en": "Your handle"}, required=False,
                  hint={"ko": "답하거나 올리거나 지난 글을 찾을 때", "en": "To reply, post and search"}),
            Field("server", {"ko": "계정 서버", "en": "Account server"}, "address", default="https://bsky.social"),
            Field("stream", {"ko": "Jetstream 주소", "en": "Jetstream"},
                  default="wss://jetstream.us-east.bsky.network"),
        ),
        secrets=(Field("password", {"ko": "앱 비밀번호", "en": "App password"}, required=False),),
        terms={"ko": "모든 글은 공개입니다. 지운 글은 바로 비웁니다.",
               "en": "All posts are public. What is deleted is emptied at once."},
        every=300,
        limits=Limits(300, graphemes=True, size=3_000),
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web
        self._sessions: dict[tuple[str, str, str], tuple[float, dict[str, Any]]] = {}

    async def stream(self, given: Given, cursor: Mapping[str, Any]) -> AsyncIterator[Pulled]:
        words = [word.lower() for word in given.several("words")]
        address = f"{given.settings['stream'].rstrip('/')}/xrpc/{_EVENTS}"
        parts = urlsplit(address)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise Trouble("settings", "Jetstream has an address with wss://.")
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        host = await self._web.address(given.tenant, parts.hostname, port)
        at = int(cursor.get("at", 0))
        url = with_query(address, {"collections": _POSTS, "kinds": "commit", "cursor": at - _REWIND if at else ""})
        try:
            async with connect(
                url, host=host, port=port, proxy=None, max_size=1 << 20, subprotocols=[Subprotocol("xrpc.v1.json")]
            ) as line:
                heard = time.monotonic()
                while True:
                    ended: ConnectionClosed | None = None
                    frames: list[str | bytes] = []
                    try:
                        async with asyncio.timeout(_GATHER):
                            while len(frames) < _BATCH:
                                frames.append(await line.recv())
                    except TimeoutError:
                        pass
                    except ConnectionClosed as error:
                        ended = error  # what was told before the end counts
                    if frames:
                        heard = time.monotonic()
                    elif time.monotonic() - heard > _SILENCE:
                        raise OSError("Jetstream has said nothing for a minute")
                    pulled = _frames(frames, words, at)
                    at = int(pulled.cursor.get("at", at))
                    yield pulled
                    if ended is not None:
                        raise OSError(f"Jetstream ended: {ended}")
        except WebSocketException as error:
            raise OSError(f"Jetstream: {error}") from error

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of one word's search, newest first; then what was found of late is looked for again. Without an
        account there is no search, and the line alone tells."""
        if not given.secrets.get("password"):
            return Pulled({})
        words = given.several("words")
        at = min(int(cursor.get("word", 0)), len(words))
        marks = dict(cursor.get("marks", {}))
        if at == len(words):
            return await self._look_again(given, cursor, marks)
        way = dict(marks.get(words[at], {}))
        query = {
            "q": words[at], "sort": "latest", "limit": _PAGE, "cursor": way.get("page", ""),
            "since": given.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }  # fmt: skip
        url = f"{_server(given)}/xrpc/app.bsky.feed.searchPosts"
        found, answer = await told(self._web, given, url, headers=await self._headers(given), query=query)
        items = [(one.posted_at or given.now, one) for view in found.get("posts", ()) if (one := _view(view))]
        kept, way, more = newest_first(way, items, found.get("cursor"), given.since)
        marks[words[at]] = way
        following = {"word": at if more else at + 1, "marks": marks, "watch": watched(cursor, kept)}
        raw = [Raw(url, answer.text, [one.id for one in kept])] if kept else []
        return Pulled(following, kept, more=True, wait=rest(answer, given.now), raw=raw)

    async def _look_again(self, given: Given, cursor: Mapping[str, Any], marks: Mapping[str, Any]) -> Pulled:
        watch, there = list(cursor.get("watch", ())), []
        for begin in range(0, len(watch), _LOOK):
            found, _ = await told(
                self._web, given, f"{_server(given)}/xrpc/app.bsky.feed.getPosts",
                headers=await self._headers(given), query={"uris": watch[begin : begin + _LOOK]},
            )  # fmt: skip
            there += [str(view["uri"]) for view in found.get("posts", ())]
        gone = [one for one in watch if one not in there]
        return Pulled({"marks": marks, "watch": [one for one in watch if one in there]}, gone=gone)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        """The parent is looked up first, for the record that an answer must name."""
        found, _ = await told(
            self._web, given, f"{_server(given)}/xrpc/app.bsky.feed.getPosts", headers=await self._headers(given),
            query={"uris": [mention.external]},
        )  # fmt: skip
        views = found.get("posts") or []
        if not views:
            raise Trouble("not_found", "The post is not there any more.")
        parent = {"uri": views[0]["uri"], "cid": views[0]["cid"]}
        root = (views[0].get("record", {}).get("reply") or {}).get("root") or parent
        return await self._post(given, text, key, {"reply": {"root": root, "parent": parent}})

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        text = "\n\n".join(one for one in (post.text, post.url) if one)
        return await self._post(given, text, key, {"langs": [post.language]} if post.language else {})

    async def _post(self, given: Given, text: str, key: str, more: Mapping[str, Any]) -> Outcome:
        """The record's key is made of `key`: a second record of that name is refused by the server itself."""
        session = await self._session(given)
        record = {
            "$type": _POSTS, "text": text, "createdAt": given.now.isoformat().replace("+00:00", "Z"),
            "facets": _facets(text), **more,
        }  # fmt: skip
        headers, body = as_json(
            {"repo": session["did"], "collection": _POSTS, "rkey": _rkey(key), "record": record, "validate": True}
        )
        headers |= {"authorization": f"Bearer {session['accessJwt']}"}
        url = f"{_server(given)}/xrpc/com.atproto.repo.createRecord"
        answer = await say(self._web, given, url, headers=headers, body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        uri = answer.json.get("uri") if isinstance(answer.json, dict) else None
        return Said(uri, _address(uri, session["handle"])) if uri else Unknown(answer.text[:200])

    async def _headers(self, given: Given) -> dict[str, str]:
        return {"authorization": f"Bearer {(await self._session(given))['accessJwt']}"}

    async def _session(self, given: Given) -> dict[str, Any]:
        """A session for the app password, kept in memory while its token holds."""
        handle, password = given.settings.get("handle", ""), given.secrets.get("password", "")
        if not handle or not password:
            raise Trouble("settings", "Name your handle and an app password.")
        name = (_server(given), handle, hashlib.sha256(password.encode()).hexdigest())
        until, session = self._sessions.get(name, (0.0, {}))
        if session and time.monotonic() < until:
            return session
        headers, body = as_json({"identifier": handle, "password": password})
        url = f"{_server(given)}/xrpc/com.atproto.server.createSession"
        made, _ = await told(self._web, given, url, method="POST", headers=headers, body=body)
        self._sessions[name] = (time.monotonic() + 3600, made)
        return dict(made)


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _frames(frames: list[str | bytes], words: list[str], at: int) -> Pulled:
    """What a handful of frames tells, in their order: a post that was taken back in the same breath never was."""
    mentions: dict[str, NewMention] = {}
    gone: dict[str, None] = {}
    kept: list[str] = []
    for frame in frames:
        text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
        try:
            said = json.loads(text)
        except ValueError as error:
            raise Trouble("unreadable", "A frame that is not JSON.") from error
        if said.get("$type") == "error":
            raise Trouble("answered", f"{said.get('error')}: {said.get('message', '')}")
        commit = said.get("payload") or {}
        if commit.get("$type") != f"{_EVENTS}#commit" or commit.get("collection") != _POSTS:
            continue
        witnessed = moment(commit.get("witnessedAt") or commit["time"])
        if witnessed is not None:
            at = max(at, int(witnessed.timestamp() * 1e6))
        uri = f"at://{commit['did']}/{_POSTS}/{commit['rkey']}"
        if commit.get("operation") == "delete":
            mentions.pop(uri, None)
            gone[uri] = None
        elif (one := _record(uri, commit, witnessed, words)) is not None:
            mentions[uri] = one
            kept.append(text)
    raw = [Raw("jetstream", "\n".join(kept), list(mentions))] if kept else []
    return Pulled({"at": at} if at else {}, list(mentions.values()), list(gone), raw=raw)


def _record(uri: str, commit: Mapping[str, Any], at: datetime | None, words: list[str]) -> NewMention | None:
    record = commit.get("record") or {}
    text = str(record.get("text", ""))
    if not any(word in text.lower() for word in words):
        return None
    edited = at if commit.get("operation") == "update" else None
    return _mention(uri, record, handle=str(commit["did"]), author="", edited=edited, at=at)


def _view(view: Mapping[str, Any]) -> NewMention | None:
    record, author = view.get("record") or {}, view.get("author") or {}
    if not record.get("text"):
        return None
    at = moment(view.get("indexedAt"))
    name = str(author.get("displayName") or author.get("handle", ""))
    return _mention(str(view["uri"]), record, handle=f"@{author.get('handle', '')}", author=name, edited=None, at=at)


def _mention(
    uri: str, record: Mapping[str, Any], *, handle: str, author: str, edited: datetime | None, at: datetime | None
) -> NewMention:
    answers = record.get("reply") or {}
    langs = record.get("langs") or [""]
    return NewMention(
        network="bluesky", id=uri, text=str(record.get("text", "")), author=author or handle, handle=handle,
        url=_address(uri, handle.lstrip("@")), language=str(langs[0])[:2],
        posted_at=moment(record.get("createdAt")) or at, edited_at=edited, kind="comment" if answers else "post",
        parent=str((answers.get("parent") or {}).get("uri", "")),
        thread=str((answers.get("root") or {}).get("uri", "")),
    )  # fmt: skip


def _address(uri: str, handle: str) -> str:
    return f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}"


def _facets(text: str) -> list[dict[str, Any]]:
    """Addresses and tags in the text as what they are: their places count in bytes."""
    raw = text.encode()
    links = [
        (found.start(), found.end(), {"$type": "app.bsky.richtext.facet#link", "uri": found[0].decode()})
        for found in _LINK.finditer(raw)
    ]
    tags = [
        (len(text[: found.start()].encode()), len(text[: found.end()].encode()),
         {"$type": "app.bsky.richtext.facet#tag", "tag": found[1]})
        for found in _TAG.finditer(text)
    ]  # fmt: skip
    return [
        {"index": {"byteStart": begin, "byteEnd": end}, "features": [feature]}
        for begin, end, feature in sorted([*links, *tags], key=lambda one: one[:2])
        if feature["$type"].endswith("link") or not any(first <= begin < last for first, last, _ in links)
    ]


def _rkey(key: str) -> str:
    """A record key of the letters that those may have."""
    return "dure" + hashlib.sha256(key.encode()).hexdigest()[:32]
