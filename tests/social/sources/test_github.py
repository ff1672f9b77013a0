"""GitHub on a local port, which PyGithub, unmodified, reads and writes as Dure does; and its webhook."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from github import Auth, Github

from dure.kernel.errors import NotAllowed
from dure.social.plugs import Call, Post, Refused, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio

API = "https://api.github.example"


def at(ago: float) -> str:
    return (MONDAY_NOON - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")


@dataclass
class Hub:
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    discussions: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: int = 4999

    def issue(self, title: str, text: str, ago: float, **more: Any) -> dict[str, Any]:
        number = len(self.issues) + 1
        url = f"{API}/repos/dure/app/issues/{number}"
        issue = {
            "id": number, "node_id": f"I_{number}", "number": number, "title": title, "body": text, "url": url,
            "repository_url": f"{API}/repos/dure/app", "html_url": f"https://github.example/dure/app/issues/{number}",
            "user": {"login": "nari", "id": 7, "node_id": "U_7", "type": "User", "url": f"{API}/users/nari"},
            "state": "open", "created_at": at(ago), "updated_at": at(ago), "comments": 0, "labels": [], **more,
        }  # fmt: skip
        self.issues.append(issue)
        return issue

    def comment(self, text: str, ago: float, issue: int = 1) -> dict[str, Any]:
        number = len(self.comments) + 1
        comment = {
            "id": number, "node_id": f"IC_{number}", "body": text,
            "url": f"{API}/repos/dure/app/issues/comments/{number}",
            "issue_url": f"{API}/repos/dure/app/issues/{issue}", "user": self.issues[0]["user"],
            "html_url": f"https://github.example/dure/app/issues/{issue}#{number}", "created_at": at(ago),
            "updated_at": at(ago),
        }  # fmt: skip
        self.comments.append(comment)
        return comment

    def discussion(self, title: str, text: str, ago: float) -> dict[str, Any]:
        number = len(self.discussions) + 1
        node = {
            "id": f"D_{number}", "number": number, "title": title, "body": text, "createdAt": at(ago),
            "updatedAt": at(ago), "lastEditedAt": None, "author": {"login": "joa"},
            "url": f"https://github.example/dure/app/discussions/{number}", "comments": {"nodes": []},
        }  # fmt: skip
        self.discussions.append(node)
        return node


def hub_app(held: Hub) -> FastAPI:
    app = FastAPI()

    def changed(found: list[dict[str, Any]], since: str, page: int, size: int) -> list[dict[str, Any]]:
        begin = datetime.fromisoformat(since) if since else MONDAY_NOON - timedelta(days=9)
        rows = sorted((one for one in found if datetime.fromisoformat(one["updated_at"]) >= begin),
                      key=lambda one: one["updated_at"])  # fmt: skip
        return rows[(page - 1) * size : page * size]

    @app.middleware("http")
    async def limits(request: Request, go_on: Any) -> Response:
        held.asked.append(request.url.path)
        told = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": str(max(held.left, 0)),
                "x-ratelimit-reset": str(int((MONDAY_NOON + timedelta(minutes=7)).timestamp()))}  # fmt: skip
        if held.left < 0:
            return Response('{"message": "API rate limit exceeded"}', 403, told, media_type="application/json")
        response: Response = await go_on(request)
        response.headers.update(told)
        return response

    @app.get("/repos/{owner}/{name}")
    async def repository(owner: str, name: str, request: Request) -> Any:
        return {"id": 1, "full_name": f"{owner}/{name}", "name": name, "url": str(request.url)}

    @app.get("/repos/{owner}/{name}/issues")
    async def issues(request: Request, since: str = "", page: int = 1, per_page: int = 30) -> Any:
        found = changed(held.issues, since, page, per_page)
        # A client follows addresses on the server it asked, so they are that server's own.
        return [{**one, "url": one["url"].replace(API, str(request.base_url).rstrip("/"))} for one in found]

    @app.get("/repos/{owner}/{name}/issues/comments")
    async def comments(since: str = "", page: int = 1, per_page: int = 30) -> Any:
        return changed(held.comments, since, page, per_page)

    @app.get("/repos/{owner}/{name}/issues/{number}")
    async def one(number: int) -> Any:
        return held.issues[number - 1]

    @app.post("/repos/{owner}/{name}/issues/{number}/comments", status_code=201)
    async def answer(number: int, request: Request) -> Any:
        return held.comment((await request.json())["body"], 0, number)

    @app.post("/repos/{owner}/{name}/issues", status_code=201)
    async def create(request: Request) -> Any:
        said = await request.json()
        return held.issue(said["title"], said.get("body", ""), 0)

    @app.post("/graphql")
    async def graph(request: Request) -> Any:
        said = await request.json()
        if "addDiscussionComment" in said["query"]:
            node = next(one for one in held.discussions if one["id"] == said["variables"]["discussion"])
            made = {"id": f"DC_{len(node['comments']['nodes'])}", "url": node["url"],
                    "body": said["variables"]["body"], "createdAt": at(0),
                    "updatedAt": at(0), "lastEditedAt": None, "author": {"login": "dure"}}  # fmt: skip
            node["comments"]["nodes"].append(made)
            return {"data": {"addDiscussionComment": {"comment": {"id": made["id"], "url": made["url"]}}}}
        found = sorted(held.discussions, key=lambda one: one["updatedAt"], reverse=True)
        begin = int(said["variables"].get("after") or 0)
        page = {"hasNextPage": begin + 2 < len(found), "endCursor": str(begin + 2)}
        return {"data": {"repository": {"discussions": {"nodes": found[begin : begin + 2], "pageInfo": page}}}}

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Hub, str]]:
    held = Hub()
    with serving(hub_app(held)) as address:
        yield held, address


@pytest.fixture
def hub(served: tuple[Hub, str]) -> tuple[Hub, str]:
    served[0].__init__()  # type: ignore[misc]
    return served


def hook(event: str, said: dict[str, Any], secret: str = "S") -> Call:
    body = json.dumps(said).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Call("POST", "dure.example", "/x", {"x-github-event": event, "x-hub-signature-256": signature}, body)


async def test_pygithub_reads_and_writes_on_the_same_server(hub: tuple[Hub, str]) -> None:
    held, address = hub
    held.issue("소리가 끊겨요", "재생이 자꾸 멈춥니다", 5)

    def ask() -> list[str]:
        with Github(base_url=address, auth=Auth.Token("T")) as client:
            repository = client.get_repo("dure/app")
            (issue,) = repository.get_issues(sort="updated", direction="asc", since=MONDAY_NOON - timedelta(hours=1))
            return [issue.title, issue.create_comment("확인하겠습니다").body, repository.create_issue("새 글").title]

    assert await asyncio.to_thread(ask) == ["소리가 끊겨요", "확인하겠습니다", "새 글"]


async def test_issues_comments_and_discussions_are_read_by_when_they_changed(desk: Desk, hub: tuple[Hub, str]) -> None:
    held, address = hub
    held.issue("소리가 끊겨요", "재생이 자꾸 멈춥니다", 30)
    held.issue("고침", "이 변경은 소리를 고칩니다", 20, pull_request={"url": "x"})
    held.comment("저도 결제 오류가 나요", 10)
    for number in range(3):
        held.discussion(f"제안 {number}", f"{'더 ' * number}좋은 화면을 바랍니다 {number}", 25 - number)
    source = await desk.connect("github", {"repositories": "dure/app", "server": address}, {"token": "T"})
    await desk.ask()
    assert (await desk.health(source)).brought == 5
    found = {one.external: one for one in await desk.mentions()}
    assert (found["I_1"].thread, found["IC_1"].thread, found["D_1"].thread) == ("dure/app#1", "dure/app#1", "D_1")
    held.issues[0] |= {"body": "이제 재생이 잘 됩니다", "updated_at": at(1)}
    held.discussions[0] |= {"body": "좋은 화면입니다", "updatedAt": at(1), "lastEditedAt": at(1)}
    held.issue("새 글", "환불은 어떻게 하나요?", 0)
    await desk.ask(turns=2)
    assert ((await desk.health(source)).brought, len(await desk.events("Mention Edited"))) == (6, 2)


async def test_a_hundred_and_more_that_changed_at_one_moment_are_all_read(desk: Desk, hub: tuple[Hub, str]) -> None:
    held, address = hub
    for number in range(130):
        held.issue(f"옮겨 온 글 {number}", f"옮겨 온 글입니다 {number * 7919}", 30)
    source = await desk.connect("github", {"repositories": "dure/app", "server": address})
    await desk.ask()
    assert (await desk.health(source)).brought == 130


async def test_the_webhook_tells_edits_and_deletions(desk: Desk, hub: tuple[Hub, str]) -> None:
    held, address = hub
    source = await desk.connect("github", {"repositories": "dure/app", "server": address}, {"hook": "S"})
    issue, known = held.issue("소리가 끊겨요", "재생이 자꾸 멈춥니다", 5), source.source.id
    comment = held.comment("저도 결제 오류가 나요", 4)
    assert (await desk.sources.hearing.hear(known, hook("ping", {"zen": "…"}))).added == 0
    assert (await desk.sources.hearing.hear(known, hook("issues", {"action": "opened", "issue": issue}))).added == 1
    told = {"action": "created", "issue": issue, "comment": comment}
    assert (await desk.sources.hearing.hear(known, hook("issue_comment", told))).added == 1
    edited = {**issue, "body": "이제 잘 됩니다", "updated_at": at(1)}
    assert (await desk.sources.hearing.hear(known, hook("issues", {"action": "edited", "issue": edited}))).edited == 1
    assert (await desk.sources.hearing.hear(known, hook("issues", {"action": "labeled", "issue": edited}))).edited == 0
    assert (await desk.sources.hearing.hear(known, hook("issue_comment", {**told, "action": "deleted"}))).deleted == 1
    assert await desk.texts() == ["이제 잘 됩니다"]
    with pytest.raises(NotAllowed):
        await desk.sources.hearing.hear(known, hook("issues", {"action": "opened", "issue": issue}, "another"))


async def test_an_hourly_limit_is_waited_for(desk: Desk, hub: tuple[Hub, str]) -> None:
    held, address = hub
    held.left = -1
    source = await desk.connect("github", {"repositories": "dure/app", "server": address})
    await desk.ask()
    way = await desk.health(source)
    assert (way.trouble["code"], way.due_at - desk.clock.now()) == ("busy", timedelta(minutes=7))


async def test_answers_go_to_issues_and_discussions(desk: Desk, hub: tuple[Hub, str]) -> None:
    held, address = hub
    held.issue("환불", "환불은 어떻게 하나요?", 9)
    held.discussion("제안", "더 좋은 화면을 바랍니다", 8)
    await desk.connect("github", {"repositories": "dure/app", "server": address}, {"token": "T"})
    await desk.ask()
    first, second = await desk.mentions()
    saying = desk.sources.saying
    assert isinstance(await saying.reply(desk.cast.mina, first.id, "안내합니다", "k1"), Said)
    assert held.comments[0]["body"] == "안내합니다"
    assert await saying.reply(desk.cast.mina, second.id, "고맙습니다", "k2") == Said(
        "DC_0", "https://github.example/dure/app/discussions/1"
    )
    assert isinstance(await saying.publish(desk.cast.mina, desk.ids[0], Post("본문", title="공지"), "k3"), Said)
    assert held.issues[-1]["title"] == "공지"
    held.left = -1
    refused = await saying.reply(desk.cast.mina, first.id, "더 안내합니다", "k4")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.wait) == ("busy", 420)
