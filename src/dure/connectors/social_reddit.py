"""Reddit: what is posted and commented about some words, by an application of the company's own.

Reading Reddit for a business beyond its free tier needs a contract with Reddit, so that nothing is asked before
somebody says that there is one. What an author took back has to go here too: the last hundred are
asked again each time.
"""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dure.connectors.pages import newest_first, watched
from dure.connectors.polite import as_form, rest, say, told
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

_PAGE = 100
_TAKEN = frozenset({"[deleted]", "[removed]"})


class Reddit:
    """Fills `Pulls`, `Replies` and `Publishes`."""

    manifest = Manifest(
        name="reddit", network="reddit", title={"ko": "레딧", "en": "Reddit"},
        about={"ko": "서브레딧의 글과 댓글을 읽고, 답하고, 올립니다.",
               "en": "Reads posts and comments of subreddits; replies and posts."},
        basis="terms_restricted", can=frozenset({"pull", "reply", "publish", "edits", "deletions"}),
        settings=(
            Field("agreed", {"ko": "레딧의 약관에 맞습니다", "en": "Reddit's terms allow it"},
                  "switch", required=False,
                  hint={"ko": "켜지 않으면 아무것도 묻지 않습니다", "en": "Nothing is asked before this is on"}),
            Field("subreddits", {"ko": "서브레딧", "en": "Subreddits"}, "list"),
            Field("words", {"ko": "이 낱말이 있는 글만", "en": "Only with these words"}, "list", required=False),
            Field("client", {"ko": "앱 ID", "en": "Client id"}),
            Field("user", {"ko": "우리 계정", "en": "Your user name"}, required=False),
            Field("server", {"ko": "API 주소", "en": "API address"}, "address", default="https://oauth.reddit.com"),
            Field("tokens", {"ko": "토큰 주소", "en": "Token address"}, "address", default="https://www.reddit.com"),
        ),
        secrets=(
            Field("secret", {"ko": "앱 비밀 값", "en": "Client secret"}),
            Field("password", {"ko": "계정 비밀번호", "en": "Account password"}, required=False,
                  hint={"ko": "답하거나 올릴 때", "en": "To reply and post"}),
        ),
        terms={"ko": "상업적 사용은 무료 한도를 넘으면 레딧과의 계약이 필요하고, 지워진 글은 지워야 합니다.",
               "en": "Commercial use beyond the free tier needs a contract, and deletions have to be followed."},
        every=120,
        limits=Limits(40_000, title=300, titled=True),
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web
        self._tokens: dict[bytes, tuple[float, str]] = {}

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of a subreddit's posts or comments, newest first; at the end the last hundred again."""
        if not given.on("agreed"):
            raise Trouble("settings", "Reddit's terms have to be agreed to first.")
        places = [f"/r/{one.removeprefix('r/')}/{kind}" for one in given.several("subreddits")
                  for kind in ("new", "comments")]  # fmt: skip
        at, marks = min(int(cursor.get("at", 0)), len(places)), dict(cursor.get("marks", {}))
        if at == len(places):
            return await self._look_again(given, cursor, marks)
        way = dict(marks.get(places[at], {}))
        url = _server(given) + places[at]
        query = {"limit": _PAGE, "after": way.get("page", ""), "raw_json": 1}
        found, answer = await told(self._web, given, url, headers=await self._headers(given), query=query)
        children = [one["data"] for one in found["data"]["children"]]
        words = [word.lower() for word in given.several("words")]
        items = [(_at(one), _mention(one)) for one in children]
        kept, way, more = newest_first(way, items, found["data"].get("after"), given.since)
        kept = [one for one in kept if not words or any(word in f"{one.title} {one.text}".lower() for word in words)]
        gone = [one.id for one in kept if one.text in _TAKEN]
        kept = [one for one in kept if one.id not in gone]
        marks[places[at]] = way
        following = {"at": at if more else at + 1, "marks": marks, "watch": watched(cursor, kept, gone)}
        raw = [Raw(places[at], answer.text, [one.id for one in kept])] if kept else []
        return Pulled(following, kept, gone, more=True, wait=rest(answer, given.now), raw=raw)

    async def _look_again(self, given: Given, cursor: Mapping[str, Any], marks: Mapping[str, Any]) -> Pulled:
        watch = list(cursor.get("watch", ()))
        if not watch:
            return Pulled({"marks": marks})
        url, query = f"{_server(given)}/api/info", {"id": ",".join(watch), "raw_json": 1}
        found, _ = await told(self._web, given, url, headers=await self._headers(given), query=query)
        there = [_mention(one["data"]) for one in found["data"]["children"]]
        standing = {one.id for one in there if one.text not in _TAKEN}
        gone = [one for one in watch if one not in standing]
        edited = [one for one in there if one.edited_at and one.id in standing]
        return Pulled({"marks": marks, "watch": [one for one in watch if one in standing]}, edited, gone)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        del key  # Reddit knows none: what has no answer stays unknown
        return await self._say(given, "/api/comment", {"api_type": "json", "thing_id": mention.external, "text": text})

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        del key
        place = post.to or next(iter(given.several("subreddits")))
        if not post.title:
            return Refused("settings", "A post on Reddit has a title.")
        fields = {
            "api_type": "json", "sr": place.removeprefix("r/"), "kind": "link" if post.url else "self",
            "title": post.title, "text": "" if post.url else post.text, "url": post.url,
        }  # fmt: skip
        return await self._say(given, "/api/submit", fields)

    async def _say(self, given: Given, path: str, fields: Mapping[str, Any]) -> Outcome:
        if not given.on("agreed"):
            return Refused("settings", "Reddit's terms have to be agreed to first.")
        if not given.secrets.get("password"):
            return Refused("settings", "Name your account and its password.")
        headers, body = as_form(fields)
        headers |= await self._headers(given)
        answer = await say(self._web, given, _server(given) + path, headers=headers, body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        said = (answer.json or {}).get("json", {})
        if said.get("errors"):
            limited = any(one and one[0] == "RATELIMIT" for one in said["errors"])
            detail = "; ".join(" ".join(map(str, one)) for one in said["errors"])
            return Refused("busy" if limited else "answered", detail, 600.0 if limited else 0.0)
        data = said.get("data") or {}
        made = data["things"][0]["data"] if data.get("things") else data
        if "name" not in made:
            return Unknown(answer.text[:200])
        link = made.get("permalink")
        return Said(str(made["name"]), f"https://www.reddit.com{link}" if link else str(made.get("url", "")))

    async def _headers(self, given: Given) -> dict[str, str]:
        return {"authorization": f"bearer {await self._token(given)}"}

    async def _token(self, given: Given) -> str:
        """The application's token, or the account's where a password is given; kept while it holds."""
        client, secret = given.settings["client"], given.secrets["secret"]
        password = given.secrets.get("password", "")
        name = hashlib.sha256("\0".join((given.settings["tokens"], client, secret, password)).encode()).digest()
        until, token = self._tokens.get(name, (0.0, ""))
        if token and time.monotonic() < until:
            return token
        grant = (
            {"grant_type": "password", "username": given.settings.get("user", ""), "password": password}
            if password else {"grant_type": "client_credentials"}
        )  # fmt: skip
        headers, body = as_form(grant)
        headers["authorization"] = f"Basic {b64encode(f'{client}:{secret}'.encode()).decode()}"
        url = given.settings["tokens"].rstrip("/") + "/api/v1/access_token"
        made, _ = await told(self._web, given, url, method="POST", headers=headers, body=body)
        if "access_token" not in made:
            raise Trouble("refused_key", str(made.get("error", "no token")))
        self._tokens[name] = (time.monotonic() + max(60, int(made.get("expires_in", 3600)) - 60), made["access_token"])
        return str(made["access_token"])


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _at(thing: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(thing["created_utc"]), UTC)


def _mention(thing: Mapping[str, Any]) -> NewMention:
    comment = "body" in thing
    edited = thing.get("edited")
    author = str(thing.get("author") or "[deleted]")
    text = str(thing["body"] if comment else thing.get("selftext") or "")
    if author == "[deleted]" and not text:
        text = author
    return NewMention(
        network="reddit", id=str(thing["name"]), text=text or str(thing.get("title", "")),
        title=str(thing.get("title") or ""), author=author, handle=f"u/{author}",
        url=f"https://www.reddit.com{thing.get('permalink', '')}", posted_at=_at(thing),
        edited_at=datetime.fromtimestamp(float(edited), UTC) if edited else None,
        kind="comment" if comment else "post", parent=str(thing.get("parent_id") or ""),
        thread=str(thing.get("link_id") or thing["name"]),
    )  # fmt: skip
