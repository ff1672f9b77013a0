"""GitHub: issues, discussions and their comments, by its API and by its webhook; and answers to them.

Both are asked by when they were last changed, so that an edit comes as what is new does. What was deleted is told by
the webhook alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

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

_PAGE = 100
_AGAIN = timedelta(seconds=5)
_KINDS = ("issues", "comments", "discussions")
_DISCUSSIONS = """query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: 25, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { id number title body url createdAt updatedAt lastEditedAt author { login }
        comments(last: 25) { nodes { id body url createdAt updatedAt lastEditedAt author { login } } } } } } }"""
_ANSWER = """mutation($discussion: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $discussion, body: $body}) { comment { id url } } }"""


class GitHub:
    """Fills `Pulls`, `Hears`, `Replies` and `Publishes`."""

    manifest = Manifest(
        name="github", network="github", title={"ko": "깃허브", "en": "GitHub"},
        about={"ko": "이슈와 토론, 그 댓글을 읽고 답하며, 웹훅으로 수정과 삭제를 바로 압니다.",
               "en": "Reads issues, discussions and comments and answers; its webhook tells changes at once."},
        basis="official", can=frozenset({"pull", "hear", "reply", "publish", "edits", "deletions"}),
        settings=(
            Field("repositories", {"ko": "저장소", "en": "Repositories"}, "list", hint={"ko": "소유자/이름",
                                                                                 "en": "owner/name"}),
            Field("server", {"ko": "API 주소", "en": "API address"}, "address", default="https://api.github.com"),
        ),
        secrets=(
            Field("token", {"ko": "접근 토큰", "en": "Access token"}, required=False,
                  hint={"ko": "토론을 읽거나 답할 때", "en": "For discussions, and to answer"}),
            Field("hook", {"ko": "웹훅 비밀 값", "en": "Webhook secret"}, required=False),
        ),
        terms={"ko": "깃허브의 API 약관과 시간당 한도를 따릅니다.", "en": "GitHub's API terms and hourly limits hold."},
        every=120,
        limits=Limits(65_536, title=256),
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of one repository's issues, comments or discussions."""
        kinds = _KINDS if given.secrets.get("token") else _KINDS[:2]
        places = [f"{repository}#{kind}" for repository in given.several("repositories") for kind in kinds]
        at, marks = int(cursor.get("at", 0)) % len(places), dict(cursor.get("marks", {}))
        repository, _, kind = places[at].partition("#")
        way = dict(marks.get(places[at], {}))
        read = self._discussions if kind == "discussions" else self._changed
        mentions, way, more, raw, wait = await read(given, repository, kind, way)
        marks[places[at]] = way
        following = at if more else at + 1
        last = following == len(places)
        return Pulled(
            {"marks": marks} if last else {"at": following, "marks": marks}, mentions, more=not last, wait=wait,
            raw=raw, done=at, total=len(places),
        )  # fmt: skip

    async def _changed(
        self, given: Given, repository: str, kind: str, way: dict[str, Any]
    ) -> tuple[list[NewMention], dict[str, Any], bool, list[Raw], float]:
        """Issues or comments upwards by when they were changed; the page begins where the last one ended."""
        path = "issues" if kind == "issues" else "issues/comments"
        url = f"{_server(given)}/repos/{repository}/{path}"
        begin = moment(way.get("mark")) or given.since
        query = {
            "state": "all" if kind == "issues" else "", "sort": "updated", "direction": "asc", "per_page": _PAGE,
            "since": begin.strftime("%Y-%m-%dT%H:%M:%SZ"), "page": way.get("page", ""),
        }  # fmt: skip
        found, answer = await told(self._web, given, url, headers=_headers(given), query=query)
        if not isinstance(found, list):
            raise Trouble("unreadable", "No list.")
        mentions = [_issue(one) if kind == "issues" else _comment(one) for one in found if "pull_request" not in one]
        raw = [Raw(url, answer.text, [one.id for one in mentions])] if mentions else []
        whole = len(found) == _PAGE
        newest = max((moment(one["updated_at"]) or begin for one in found), default=begin)
        if whole and newest - _AGAIN <= begin:
            way = {"mark": begin.isoformat(), "page": int(way.get("page", 1)) + 1}  # a page of one moment
        else:
            way = {"mark": max(newest - _AGAIN, begin).isoformat()}
        return mentions, way, whole, raw, rest(answer, given.now)

    async def _discussions(
        self, given: Given, repository: str, kind: str, way: dict[str, Any]
    ) -> tuple[list[NewMention], dict[str, Any], bool, list[Raw], float]:
        """Discussions with their last comments downwards by when they were changed, to where all is known."""
        owner, _, name = repository.partition("/")
        variables = {"owner": owner, "name": name, "after": way.get("page")}
        found, answer = await self._graph(given, _DISCUSSIONS, variables)
        nodes = found["repository"]["discussions"]["nodes"]
        mark = moment(way.get("mark")) or given.since
        fresh = [node for node in nodes if (moment(node["updatedAt"]) or mark) >= mark]
        mentions = [one for node in fresh for one in _discussion(node) if one.posted_at is None
                    or (one.edited_at or one.posted_at) >= mark - _AGAIN]  # fmt: skip
        top = max([way.get("top", ""), mark.isoformat(), *((moment(node["updatedAt"]) or mark).isoformat()
                                                           for node in fresh)])  # fmt: skip
        page = found["repository"]["discussions"]["pageInfo"]
        raw = [Raw(f"{repository} {kind}", answer.text, [one.id for one in mentions])] if mentions else []
        if page["hasNextPage"] and len(fresh) == len(nodes):
            following = {**({"mark": way["mark"]} if "mark" in way else {}), "top": top, "page": page["endCursor"]}
            return mentions, following, True, raw, rest(answer, given.now)
        return mentions, {"mark": top}, False, raw, rest(answer, given.now)

    async def _graph(self, given: Given, query: str, variables: Mapping[str, Any]) -> tuple[Any, Any]:
        headers, body = as_json({"query": query, "variables": variables})
        found, answer = await told(
            self._web, given, f"{_server(given)}/graphql", method="POST", headers=headers | _headers(given), body=body
        )
        if found.get("errors"):
            raise Trouble("answered", "; ".join(str(one.get("message")) for one in found["errors"]))
        return found["data"], answer

    async def hear(self, given: Given, call: Call) -> Pulled:
        secret = given.secrets.get("hook", "")
        signature = "sha256=" + hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
        if not secret or not hmac.compare_digest(signature, call.headers.get("x-hub-signature-256", "")):
            raise Trouble("unsigned")
        try:
            said = json.loads(call.body)
        except ValueError as error:
            raise Trouble("unreadable", "The call is not JSON; set its content type so.") from error
        event, action = call.headers.get("x-github-event", ""), said.get("action")
        one = _event(event, said)
        if one is None:
            return Pulled({})
        if action in ("deleted", "transferred"):
            return Pulled({}, gone=[one.id])
        if action not in ("opened", "created", "edited"):
            return Pulled({})
        return Pulled({}, [one], raw=[Raw(event, call.body.decode("utf-8", "replace"), [one.id])])

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        del key  # GitHub knows none: what has no answer stays unknown
        if mention.thread.startswith("D_"):
            headers, body = as_json({"query": _ANSWER, "variables": {"discussion": mention.thread, "body": text}})
            url = f"{_server(given)}/graphql"
        else:
            headers, body = as_json({"body": text})
            url = f"{_server(given)}/repos/{mention.thread.replace('#', '/issues/')}/comments"
        return await self._say(given, url, headers, body)

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        """A new issue; `to` names the repository."""
        del key
        repository = post.to or given.several("repositories")[0]
        text = "\n\n".join(one for one in (post.text, post.url) if one)
        headers, body = as_json({"title": post.title or post.text.splitlines()[0][:120], "body": text})
        return await self._say(given, f"{_server(given)}/repos/{repository}/issues", headers, body)

    async def _say(self, given: Given, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        if not given.secrets.get("token"):
            return Refused("settings", "Answers need a token.")
        answer = await say(self._web, given, url, headers=headers | _headers(given), body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        made = answer.json or {}
        if made.get("errors"):
            return Refused("answered", "; ".join(str(one.get("message")) for one in made["errors"]))
        if "data" in made:
            made = made["data"]["addDiscussionComment"]["comment"]
        known = made.get("node_id") or made.get("id")
        return (
            Said(str(known), str(made.get("html_url") or made.get("url", ""))) if known else Unknown(answer.text[:200])
        )


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _headers(given: Given) -> dict[str, str]:
    token = given.secrets.get("token")
    headers = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
    return {**headers, "authorization": f"Bearer {token}"} if token else headers


def _event(event: str, said: Mapping[str, Any]) -> NewMention | None:
    if event == "issues":
        return _issue(said["issue"])
    if event == "issue_comment":
        return _comment(said["comment"])
    if event == "discussion":
        return _hooked(said["discussion"], said["discussion"])
    if event == "discussion_comment":
        return _hooked(said["comment"], said["discussion"])
    return None


def _issue(issue: Mapping[str, Any]) -> NewMention:
    # `…/repos/owner/name/issues/7`: an issue is answered under repository and number.
    repository = str(issue["repository_url"] if "repository_url" in issue else issue["url"].rpartition("/issues/")[0])
    return _mention(issue, thread=f"{repository.partition('/repos/')[2]}#{issue['number']}", title=issue["title"])


def _comment(comment: Mapping[str, Any]) -> NewMention:
    place = str(comment["issue_url"]).partition("/repos/")[2].replace("/issues/", "#")
    return _mention(comment, thread=place, parent=place)


def _mention(one: Mapping[str, Any], *, thread: str, title: str = "", parent: str = "") -> NewMention:
    """GitHub says when a thing was changed, for whatever reason; that its text was is seen where it is compared."""
    posted, updated = moment(one.get("created_at")), moment(one.get("updated_at"))
    login = str((one.get("user") or {}).get("login", "ghost"))
    return NewMention(
        network="github", id=str(one["node_id"]), text=str(one.get("body") or title), title=title, author=login,
        handle=f"@{login}", url=str(one.get("html_url", "")), posted_at=posted,
        edited_at=updated if updated and posted and updated > posted else None, kind="comment" if parent else "post",
        parent=parent, thread=thread,
    )  # fmt: skip


def _hooked(one: Mapping[str, Any], discussion: Mapping[str, Any]) -> NewMention:
    comment = one is not discussion
    return _mention(
        one, thread=str(discussion["node_id"]), title="" if comment else str(discussion.get("title", "")),
        parent=str(discussion["node_id"]) if comment else "",
    )  # fmt: skip


def _discussion(node: Mapping[str, Any]) -> list[NewMention]:
    comments = (node.get("comments") or {}).get("nodes", ())
    return [_node(node, str(node["id"])), *(_node(one, str(node["id"])) for one in comments)]


def _node(node: Mapping[str, Any], discussion: str) -> NewMention:
    login, comment = str((node.get("author") or {}).get("login", "ghost")), node["id"] != discussion
    return NewMention(
        network="github", id=str(node["id"]), text=str(node.get("body") or node.get("title", "")),
        title=str(node.get("title") or ""), author=login, handle=f"@{login}", url=str(node.get("url", "")),
        posted_at=moment(node.get("createdAt")), edited_at=moment(node.get("lastEditedAt")),
        kind="comment" if comment else "post", parent=discussion if comment else "", thread=discussion,
    )  # fmt: skip
