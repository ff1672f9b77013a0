"""Routing, links, ideas and what mentions became over HTTP; every function reads and searches, guests do not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from dure.governance.model import FUNCTIONS, Principal, Role
from dure.kernel.errors import NotAllowed
from dure.segments import routes as segment_routes
from dure.segments.api import Segments
from dure.social import routes as social_routes
from dure.social.api import Look
from dure.social.becoming import routes as becoming_routes
from dure.social.ideas import routes as idea_routes
from dure.social.linking import routes as linking_routes
from dure.social.routing import routes as routing_routes
from dure.web import front
from dure.web.routing import include
from tests.social.routing.conftest import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    for router in (
        routing_routes.router(desk.routing), linking_routes.router(desk.linking), idea_routes.router(desk.ideas),
        becoming_routes.router(desk.becoming), social_routes.router(desk.social),
        segment_routes.router(Segments(desk.state, desk.log, desk.clock, desk.cast.governance, people=desk.people)),
    ):  # fmt: skip
        include(app, router)
    headers = {"authorization": f"Bearer {desk.cast.token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure.example/api/v1", headers=headers
    ) as client:
        yield client


async def test_the_queue_is_read_and_a_verdict_is_given(desk: Desk, http: httpx.AsyncClient) -> None:
    one = await desk.arrived("음 이거 뭔가 이상한데 다들 어떻게 생각하세요 흠흠 글쎄")
    (waiting, *_) = (await http.get("/mention-routing/waiting")).json()["waiting"]
    assert (waiting["mention"]["id"], len(waiting["decided"]["ranking"])) == (str(one.id), 3)
    sent = await http.post(f"/mentions/{one.id}/verdict", json={"verdict": "moved", "function": "marketing"})
    assert (sent.json()["function"], sent.json()["state"]) == ("marketing", "routed")
    told = (await http.get(f"/mentions/{one.id}/routing")).json()
    assert (told["decided"]["verdict"], told["decided"]["answer"]) == ("moved", "marketing")
    wrong = await http.post(f"/mentions/{one.id}/verdict", json={"verdict": "moved", "function": "kitchen"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "function")


async def test_settings_a_replay_and_figures(http: httpx.AsyncClient) -> None:
    setup = (await http.get("/mention-routing")).json()
    assert (setup["gate"], setup["channels"]["ad_ops"], setup["functions"]["people"]["ko"]) == (0.5, "ad-ops", "피플")
    kept = await http.put("/mention-routing/settings", json={"gate": 0.6, "channels": {"care": "#help"}})
    assert (kept.json()["gate"], kept.json()["channels"]["care"]) == (0.6, "help")
    tried = (
        await http.post("/mention-routing/replay", json={"rules": [{"words": ["이상한데"], "function": "press"}]})
    ).json()
    assert tried["moved"][0]["now"] == "press"
    bad = await http.post("/mention-routing/replay", json={"rules": [{"words": "이상", "function": "press"}]})
    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "rules")
    assert (await http.post("/mention-routing/replay", json={"rules": [{"function": "press"}]})).status_code == 422
    assert (await http.get("/mention-routing/figures")).json()["mentions"] >= 1
    assert (await http.post("/mention-routing/learn")).json() == {"version": 0}
    assert (await http.put("/mention-routing/active", json={"version": 7})).status_code == 404
    assert (await http.get("/mention-routing/models")).json() == {"models": []}


async def test_a_mention_becomes_something_once_and_links_back(desk: Desk, http: httpx.AsyncClient) -> None:
    one = await desk.arrived("이번 주 광고 성과표를 자동으로 받고 싶어요 부탁드려요")
    made = {"what": "task", "ref": "00T1", "title": "<b>보고서</b>", "path": "/deals/006A"}
    for _ in range(2):
        became = (await http.post(f"/mentions/{one.id}/became", json=made)).json()["became"]
    assert [(row["what"], row["title"], row["path"]) for row in became] == [("task", "<b>보고서</b>", "/deals/006A")]
    (told,) = await desk.told("Mention Became")
    assert (told.properties["what"], told.properties["became_path"]) == ("task", "/deals/006A")
    outside = await http.post(f"/mentions/{one.id}/became", json={**made, "path": "//evil.example"})
    assert (outside.status_code, outside.json()["error"]["field"]) == (422, "path")
    assert (await http.get(f"/mentions/{one.id}/whose")).json()["candidates"] == []
    unknown = await http.put(f"/mentions/{one.id}/whose", json={"account": "nobody"})
    assert unknown.json()["error"]["field"] == "account"


async def test_whoever_wrote_a_mention_is_put_into_a_segment(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.known("u-88", name="한결", x_handle="hangyeol_88")
    one = await desk.arrived("다음 기능 인터뷰가 있으면 꼭 하고 싶어요", handle="hangyeol_88")
    assert one.person is not None
    made = await http.post("/segments", json={"name": "인터뷰할 사람", "rule": {"kind": "listed"}})
    segment = made.json()["id"]
    (offered,) = [row for row in (await http.get("/segments")).json()["segments"] if row["id"] == segment]
    assert (offered["rule"]["kind"], offered["filled"]) == ("listed", "")
    put = await http.post(f"/segments/{segment}/people", json={"add": [str(one.person)], "remove": []})
    assert put.json() == {"entered": 1, "left": 0}
    noted = {"what": "segment", "ref": segment, "title": "인터뷰할 사람", "path": f"/segments/{segment}"}
    assert (await http.post(f"/mentions/{one.id}/became", json=noted)).json()["became"][0]["ref"] == segment
    (listed,) = (await http.get(f"/segments/{segment}/people")).json()["people"]
    assert (listed["person"], listed["name"]) == (str(one.person), "한결")
    (told,) = [event for event in await desk.told("Mention Became") if event.properties["what"] == "segment"]
    assert (told.person, told.properties["ref"]) == (one.person, segment)


async def test_ideas_are_made_of_a_mention_and_merged_and_taken_out(desk: Desk, http: httpx.AsyncClient) -> None:
    one = await desk.arrived("가족이 같이 쓰는 요금제가 있으면 좋겠습니다 정말로")
    made = (await http.post("/ideas", json={"title": "가족 요금제", "mention": str(one.id)})).json()
    assert (made["asked"], made["demand"]) == (1, {"mention": 1})
    other = (await http.post("/ideas", json={"title": "가족 요금제 할인"})).json()
    near = (await http.get("/ideas/similar", params={"title": "가족 요금제"})).json()["similar"]
    assert [row["id"] for row in near] == [made["id"], other["id"]]
    assert (await http.put(f"/ideas/{made['id']}/vote")).json()["votes"] == 1
    merge = (await http.post(f"/ideas/{other['id']}/merge", json={"into": made["id"]})).json()
    assert [row["id"] for row in (await http.get("/ideas")).json()["ideas"]] == [made["id"]]
    assert (await http.post(f"/ideas/merges/{merge['id']}/undo")).json()["id"] == other["id"]
    whole = (await http.get(f"/ideas/{made['id']}")).json()
    assert (whole["askings"][0]["ref"], whole["similar"][0]["id"]) == (str(one.id), other["id"])
    sheet = await http.get("/ideas/csv")
    assert (sheet.headers["content-type"], "가족 요금제" in sheet.text) == ("text/csv; charset=utf-8", True)
    gone = await http.delete(f"/ideas/{made['id']}/askings/{whole['askings'][0]['id']}")
    assert gone.status_code == 204


async def test_members_of_every_function_read_and_search_and_guests_do_not(desk: Desk) -> None:
    one = await desk.arrived("재생목록 공유버튼이 안 눌려요 답답", network="x")
    for function in FUNCTIONS:
        user = await desk.cast.governance.create_user(
            desk.cast.mina, f"{function}@sorimaru.example", function, function=function
        )
        member = Principal(desk.cast.tenant, user.id, Role.MEMBER)
        for text in ("재생목록", "공유버튼이 안", "공유", "유버튼"):  # the last in the middle of a word
            found = await desk.social.mentions(member, Look(text=text, network="x"))
            assert [mention.id for mention in found] == [one.id], text
        await desk.routing.waiting(member)
        await desk.ideas.ideas(member)
    for look in (Look(), Look(text="재생목록")):
        with pytest.raises(NotAllowed):
            await desk.social.mentions(desk.cast.gil, look)
    for asked in (desk.routing.waiting, desk.ideas.ideas, desk.routing.setup):
        with pytest.raises(NotAllowed):
            await asked(desk.cast.gil)
    assert await desk.social.mentions(desk.cast.mina, Look(text="%")) == []
    assert await desk.social.mentions(desk.cast.mina, Look(text="재생목록' & | !")) != []


async def test_the_search_box_is_answered_by_the_index(desk: Desk) -> None:
    async with desk.state.begin(desk.cast.tenant) as tx:
        await tx.run("set local enable_seqscan = off")
        plan = await tx.rows(
            "explain select id from social.mention where to_tsvector('simple', text || ' ' || author || ' ' || handle)"
            " @@ to_tsquery('simple', '''재생'':*')"
        )
    assert any("mention_words" in str(row) for row in plan)
