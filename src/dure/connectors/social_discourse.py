"""Discourse: the newest posts of a forum, its calls when something is written, edited or deleted, and answers."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from dure.connectors.plain import plain
from dure.connectors.polite import as_json, moment, rest, say, told
from dure.social.model import Mention, NewMention
from dure.social.plugs import (
    Call,
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

_DELETED = frozenset({"post_destroyed"})


class Discourse:
    """Fills `Pulls`, `Hears`, `Replies` and `Publishes`."""

    manifest = Manifest(
        name="discourse", network="discourse", title={"ko": "디스코스 포럼", "en": "Discourse"},
        about={"ko": "포럼의 새 글을 읽고 답하며, 웹훅으로 수정과 삭제를 바로 압니다.",
               "en": "Reads a forum's new posts and answers; its webhook tells edits and deletions at once."},
        basis="official", can=frozenset({"pull", "hear", "reply", "publish", "edits", "deletions"}),
        settings=(
            Field("server", {"ko": "포럼 주소", "en": "Forum"}, "address"),
            Field("user", {"ko": "API 사용자", "en": "API user"}, required=False, default="system"),
            Field("category", {"ko": "글을 올릴 카테고리 번호", "en": "Category for posts"}, "number", required=False),
        ),
        secrets=(
            Field("key", {"ko": "API 키", "en": "API key"}, required=False,
                  hint={"ko": "공개 포럼을 읽기만 하면 없어도 됩니다", "en": "Not needed to read a public forum"}),
            Field("hook", {"ko": "웹훅 비밀 값", "en": "Webhook secret"}, required=False),
        ),
        terms={"ko": "포럼 운영자의 API로 읽습니다.", "en": "Read by the forum's own API."}, every=120,
        limits=Limits(32_000, title=255, titled=True),
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of the newest posts, downwards by id to the last one known."""
        mark, top = int(cursor.get("mark", 0)), int(cursor.get("top", 0))
        before = cursor.get("before", "")
        found, answer = await told(
            self._web, given, f"{_server(given)}/posts.json", headers=_headers(given), query={"before": before}
        )
        posts = [post for post in found.get("latest_posts", ()) if int(post["id"]) > mark]
        mentions = [_mention(given, post) for post in posts]
        kept = [one for one in mentions if one.posted_at is None or one.posted_at >= given.since]
        top = max([top, mark, *(int(post["id"]) for post in posts)])
        raw = [Raw("/posts.json", answer.text, [one.id for one in kept])] if kept else []
        wait = rest(answer, given.now)
        oldest = min((int(post["id"]) for post in found.get("latest_posts", ())), default=0)
        if kept and len(kept) == len(found["latest_posts"]) and oldest > 1:
            return Pulled({"mark": mark, "top": top, "before": oldest}, kept, more=True, wait=wait, raw=raw)
        return Pulled({"mark": top}, kept, wait=wait, raw=raw)

    async def hear(self, given: Given, call: Call) -> Pulled:
        secret = given.secrets.get("hook", "")
        signature = "sha256=" + hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
        if not secret or not hmac.compare_digest(signature, call.headers.get("x-discourse-event-signature", "")):
            raise Trouble("unsigned")
        event, post = call.headers.get("x-discourse-event", ""), _read(call.body).get("post")
        if not isinstance(post, dict):
            return Pulled({})
        known = str(post["id"])
        raw = [Raw(event, call.body.decode("utf-8", "replace"), [known])]
        return Pulled({}, gone=[known]) if event in _DELETED else Pulled({}, [_mention(given, post)], raw=raw)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        del key  # Discourse refuses the same text from the same user by itself
        topic, _, number = mention.thread.partition("/")
        return await self._post(given, {"raw": text, "topic_id": topic, "reply_to_post_number": number or None})

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        del key
        fields = {"title": post.title, "raw": "\n\n".join(one for one in (post.text, post.url) if one),
                  "category": post.to or given.settings.get("category")}  # fmt: skip
        return await self._post(given, fields)

    async def _post(self, given: Given, fields: Mapping[str, Any]) -> Outcome:
        if not given.secrets.get("key"):
            return Refused("settings", "Answers need an API key.")
        headers, body = as_json({name: value for name, value in fields.items() if value})
        url = f"{_server(given)}/posts.json"
        answer = await say(self._web, given, url, headers=headers | _headers(given), body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        made = answer.json or {}
        if "id" not in made:
            return Unknown(answer.text[:200])
        return Said(str(made["id"]), _address(given, made))


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _headers(given: Given) -> dict[str, str]:
    key = given.secrets.get("key")
    return {"api-key": key, "api-username": given.settings.get("user", "system")} if key else {}


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Trouble("unreadable", "The call is not JSON.") from error
    return said if isinstance(said, dict) else {}


def _address(given: Given, post: Mapping[str, Any]) -> str:
    return f"{_server(given)}/t/{post.get('topic_slug', '-')}/{post.get('topic_id')}/{post.get('post_number', 1)}"


def _mention(given: Given, post: Mapping[str, Any]) -> NewMention:
    """A post. Its thread names the topic and the number by which it is answered."""
    posted, updated = moment(post.get("created_at")), moment(post.get("updated_at"))
    number, answered = int(post.get("post_number", 1)), post.get("reply_to_post_number")
    return NewMention(
        network="discourse", id=str(post["id"]), text=str(post.get("raw") or plain(str(post.get("cooked", "")))),
        title=str(post.get("topic_title") or ""), author=str(post.get("name") or post.get("username", "")),
        handle=f"@{post.get('username', '')}", url=_address(given, post), posted_at=posted,
        edited_at=updated if int(post.get("version", 1)) > 1 else None, kind="post" if number == 1 else "comment",
        parent=f"{post['topic_id']}/{answered}" if answered else "", thread=f"{post['topic_id']}/{number}",
    )  # fmt: skip
