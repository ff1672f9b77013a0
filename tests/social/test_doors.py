"""Social over HTTP, and what it offers automations."""

from __future__ import annotations

import uuid
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.automation import template
from dure.automation.plugs import StepCall
from dure.automation.recipe import fill
from dure.kernel.clock import StillClock
from dure.social.api import NewMention, Social
from dure.social.recipes import RECIPES
from dure.social.routes import router
from dure.social.steps import RouteInputs, RouteOutputs, steps
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.people_of import Cast
from tests.social.conftest import Post
from tests.social.test_social import written

pytestmark = pytest.mark.anyio

BROKEN = "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요"


@pytest.fixture
def http(social: Social, cast: Cast) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, router(social))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://dure.example/api/v1",
        headers={"authorization": f"Bearer {cast.token}"},
    )


async def test_a_webhook_brings_one_or_many_and_repeats_itself_safely(http: httpx.AsyncClient) -> None:
    one = {
        "network": "X",
        "id": "1",
        "text": BROKEN,
        "author": "달토끼",
        "posted_at": "2026-11-23T02:50:00Z",
        "more": 1,
    }
    many = [one, {"network": "blog", "id": 7, "text": "안녕"}]
    first = await http.post("/mentions", json=one)
    assert (first.status_code, first.json()["added"]) == (200, 1)
    wrong = await http.post("/mentions", json=many)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "invalid")
    again = await http.post("/mentions", json={"mentions": [one, {"network": "blog", "id": "7", "text": "안녕"}]})
    assert (again.json()["added"], again.json()["known"]) == (1, 1)
    shown = (await http.get("/mentions", params={"network": "x"})).json()["mentions"]
    assert [(row["text"], row["topic"], row["function"], row["author"]) for row in shown] == [
        (BROKEN, "payment", "care", "달토끼")
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'"text"', 422), (b"\xff", 400), (b'{"network":"x","id":"1"}', 422), (b"[[]]", 422), (b"[]", 200)],
)
async def test_a_body_that_is_no_mention_is_refused(http: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await http.post("/mentions", content=body)).status_code == status


async def test_the_list_goes_on_with_its_cursor(
    http: httpx.AsyncClient, social: Social, cast: Cast, post: Post
) -> None:
    words = ("바다", "하늘", "구름", "별빛", "달빛")
    await social.arrive(cast.mina, [post(f"{word} 이야기 {word}", ago=n) for n, word in enumerate(words)])
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = (await http.get("/mentions", params={"limit": 2, "cursor": cursor})).json()
        seen += [row["text"][:2] for row in page["mentions"]]
        cursor = page["cursor"]
    assert (tuple(seen), cursor) == (words, "")
    assert (await http.get("/mentions", params={"cursor": "?"})).status_code == 422


async def test_a_mention_is_corrected_routed_and_closed(
    http: httpx.AsyncClient, social: Social, cast: Cast, post: Post
) -> None:
    found = await social.arrive(cast.mina, [post("흠 글쎄요")])
    path = f"/mentions/{found.ids[0]}"
    corrected = await http.patch(path, json={"topic": "refund", "intent": "complaint", "sentiment": -1, "version": 1})
    assert (corrected.json()["topic"], corrected.json()["function"]) == ("refund", "care")
    stale = await http.patch(path, json={"state": "done", "version": 1})
    assert (stale.status_code, stale.json()["error"]["field"]) == (409, "version")
    done = await http.patch(path, json={"function": "product", "state": "done", "version": 2})
    assert (done.json()["function"], done.json()["state"]) == ("product", "done")
    assert (await http.get(path)).json() == done.json()
    assert (await http.get(f"/mentions/{uuid.uuid4()}")).status_code == 404
    assert (await http.patch(path, json={"sentiment": 4})).status_code == 422


async def test_counts_spikes_and_words_are_read(http: httpx.AsyncClient, social: Social, cast: Cast) -> None:
    assert (await http.get("/mentions/volume")).json() == {**(await http.get("/mentions/volume")).json(), "spikes": []}
    assert (await http.get("/mentions/topics")).json() == {"topics": []}
    assert (await http.get("/spikes")).json() == {"spikes": []}
    words = (await http.get("/mentions/vocabulary")).json()
    assert words["labels"] == []
    assert words["topics"]["payment"] == {"ko": "결제", "en": "Payment"}
    assert words["functions"] == ["product", "marketing", "sales", "ad_ops", "social", "care", "people", "press",
                                  "executives"]  # fmt: skip


async def test_rules_are_read_and_replaced(http: httpx.AsyncClient) -> None:
    first = (await http.get("/mention-rules")).json()["rules"]
    assert (first[0]["function"], first[0]["also"]) == ("executives", ["press"])
    own = [{"where": [{"prop": "network", "op": "=", "value": "x"}], "function": "social", "channel": "x-desk"}]
    assert (await http.put("/mention-rules", json={"rules": own})).json() == {
        "rules": [{**own[0], "words": [], "also": []}]
    }
    assert (await http.get("/mention-rules")).json() == {"rules": [{**own[0], "words": [], "also": []}]}
    wrong = await http.put("/mention-rules", json={"rules": [{"function": "kitchen"}]})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "function")


async def test_nobody_gets_in_without_a_token(http: httpx.AsyncClient) -> None:
    assert (await http.get("/mentions", headers={"authorization": "Bearer nonsense"})).status_code == 401


async def test_the_spike_s_card_says_what_was_seen_expected_and_said(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Post
) -> None:
    past = [
        NewMention(network="x", id=f"o{n}", text=f"라이브 {n}", posted_at=clock.now() - timedelta(hours=n + 2))
        for n in range(400)
    ]
    await social.bulk_load(cast.mina, past)
    said = ("하얀 화면", "무한 로딩", "승인 거절", "세 번 실패", "돈만 나감", "충전 불가", "카드 오류", "결제창 먹통")
    await social.arrive(cast.mina, [post(f"결제 {one} 결제 오류 짜증", reach=n) for n, one in enumerate(said)])
    [spiked] = [event for event in await written(state) if event.event == "Mentions Spiked"]
    [recipe] = [recipe for recipe in RECIPES if recipe.id == "spike-alert"]
    _, doc = fill(recipe, {})
    cards = [template.render(node["with"], {"event": {"properties": spiked.properties}}) for node in doc["nodes"]]
    assert [card["channel"] for card in cards] == ["product", "care"]
    assert "결제 언급 급증 · Payment is spiking" in cards[0]["text"]
    said_so = str(cards[0]["blocks"])
    assert "8명 · 8 people" in said_so
    assert "1명 미만 · fewer than 1" in said_so
    assert said_so.count("• “") == 3


async def test_the_route_step_hands_a_mention_over_for_its_run(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Post
) -> None:
    found = await social.arrive(cast.mina, [post("ㅋㅋㅋ")])
    acting = cast.governance.system(cast.tenant, "automation", run="run-1")
    call = StepCall(cast.tenant, acting, "run-1", "a", "k", str(found.ids[0]), clock.now())
    [kind] = steps(social)
    async with state.begin(cast.tenant) as tx:
        answer = await kind.run(tx, call, RouteInputs(str(found.ids[0]), "care"))
    assert answer == RouteOutputs("care", "care")
    last = (await written(state))[-1]
    assert (last.event, last.run, last.properties["by"]) == ("Mention Routed", "run-1", "automation")
