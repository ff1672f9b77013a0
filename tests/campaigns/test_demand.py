"""A demand test from a question to a sentence: people by hand, half held back, a page for what is not there yet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from dure.campaigns.demand import judging
from dure.campaigns.demand.api import read_ask
from dure.campaigns.demand.picking import lines_of
from dure.experiments.api import Arm
from dure.feed.api import Bell
from dure.kernel.errors import Invalid
from dure.log.api import LogWriter
from tests.campaigns.demand_house import app_of, assets, demand_of
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio

ASK: dict[str, Any] = {
    "question": {"ko": "잠들기 전 낭독을 들으실까요?", "en": "Would you listen to bedtime readings?"},
    "people": "", "channel": "email",
    "text": {"ko": "{{ person.name }}님, 밤마다 낭독을 들려드리면 어떨까요?", "en": "Readings at night?"},
    "door": {"ko": "잠들기 전 낭독\n밤 열한 시마다 단편 하나.", "en": "Bedtime readings\nA short story at eleven."},
    "goal": {"event": "Listen Started"}, "window": "3d",
}  # fmt: skip


@pytest.fixture
async def http(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app_of(studio, demand_of(studio), assets()))
    token = {"authorization": f"Bearer {studio.cast.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://dure", headers=token) as client:
        yield client


async def test_from_a_question_to_a_sentence(studio: Studio, http: httpx.AsyncClient) -> None:
    everybody = [f"u-{n}" for n in range(60)]
    await studio.know(*everybody)
    written = "distinct_id,name\n" + "\n".join(f"{who},x" for who in everybody[:40]) + "\nnobody,y\n"
    by_address = [f"{who}@listeners.example" for who in everybody[40:]]
    people = [*(line.split(",")[0] for line in written.splitlines()[1:]), *by_address]
    size = (await http.post("/api/v1/demand-tests/size", json={"people": written})).json()
    assert size == {"size": 40, "unknown": ["nobody"]}
    async with writing(studio):  # the list that is made is found by rules once the log has it
        made = await http.post("/api/v1/demand-tests", json={**ASK, "people": people})
    assert made.status_code == 201, made.text
    draft = made.json()
    assert draft["unknown"] == ["nobody"]
    assert draft["status"] == "draft"
    outcomes = draft["dry_run"]["outcomes"]
    assert outcomes["send"] + outcomes["hold"] == 60
    shown = {"test": {**ASK, "people": people}, "person": str(studio.who("u-1"))}
    preview = (await http.post("/api/v1/demand-tests/preview", json=shown)).json()
    assert "이름 u-1님" in preview.get("text", ""), preview
    assert "https://dure.example/d/preview" in preview["text"]
    assert studio.postbox.taken == []
    path = f"/api/v1/demand-tests/{draft['id']}"
    assert (await http.post(f"{path}/launch")).json()["status"] == "live"
    await studio.settle()
    sent = len(studio.postbox.taken)
    assert 15 <= sent <= 45
    assert sent == outcomes["send"]
    doors = {letter.to.split("@")[0]: _door(letter.text) for letter in studio.postbox.taken}
    nobody = httpx.AsyncClient(transport=http._transport, base_url="http://dure")
    looked, wanted = sorted(doors)[:9], sorted(doors)[:5]
    for who in looked:
        page = await nobody.get(doors[who], headers={"accept-language": "ko"})
        assert "밤 열한 시마다 단편 하나." in page.text
    await studio.settle()
    assert await studio.events("Demand Shown", "Demand Wanted") == []  # opening a link tells nothing
    for who in looked:
        assert (await nobody.get(f"{doors[who]}/seen.gif")).headers["content-type"] == "image/gif"
    for who in (*wanted, wanted[0]):
        assert (await nobody.post(doors[who])).status_code == 303
    assert "고맙습니다" in (await nobody.get(doors[wanted[0]])).text
    assert (await nobody.get("/d/made-up")).status_code == 404
    assert (await nobody.post("/d/made-up")).status_code == 404
    assert "관심 있어요" in (await nobody.get("/d/preview", headers={"accept-language": "ko"})).text
    held = [who for who in everybody if who not in doors]
    await studio.later(hours=2)
    await studio.happen("Listen Started", *sorted(doors)[: sent - 2], held[0], object="b-1")
    await studio.settle()
    shown = (await http.get(path)).json()
    early = shown["result"]
    assert shown["counting"]
    assert (await http.get("/api/v1/demand-tests")).json()["tests"][0]["counting"]
    assert early["pending"] == 60
    assert early["verdict"] == "nothing"
    await studio.later(days=3)
    told = (await http.get(path)).json()["result"]
    steps = {name: (each["people"], each["of"]) for name, each in told["steps"].items()}
    assert steps["sent"] == (sent, sent)
    assert steps["shown"] == (9, sent)
    assert steps["wanted"] == (5, sent)
    assert (told["treated"]["people"], told["control"]["people"]) == (sent - 2, 1)
    assert told["pending"] == 0
    assert told["verdict"] == "better"
    assert told["interval"]["low"] > 0 < told["difference"]
    assert told["p"] < 0.001
    assert f"{sent}명 중 5명" in told["sentence"]["ko"]
    assert "did it more" in told["sentence"]["en"]
    assert [event.object for event in await studio.events("Demand Test Created")] == [draft["id"]]
    assert len(await studio.events("Demand Wanted")) == 5
    (listed,) = (await http.get("/api/v1/demand-tests")).json()["tests"]
    assert (listed["id"], listed["counting"]) == (draft["id"], False)
    assert (await http.post(f"{path}/stop")).json()["status"] == "stopped"


@asynccontextmanager
async def writing(studio: Studio) -> AsyncIterator[None]:
    """The log is written beside, as in a server."""
    writer = asyncio.create_task(LogWriter(studio.state, studio.log).run(Bell(studio.state)))
    try:
        yield
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


def _door(text: str) -> str:
    found = re.search(r"https://dure\.example(/d/\S+)", text)
    assert found is not None
    return found[1]


async def test_a_rule_names_people_and_what_cannot_be_meant_is_refused(studio: Studio, http: httpx.AsyncClient) -> None:
    await studio.know("u-1", "u-2")
    await studio.happen("Listen Started", "u-1", "u-2", "u-3", object="b-1")
    await studio.settle()
    rule = {"kind": "did", "event": "Listen Started", "within": "7d"}
    assert (await http.post("/api/v1/demand-tests/size", json={"rule": rule})).json()["size"] == 3
    by_rule = {name: value for name, value in ASK.items() if name != "people"} | {"rule": rule}
    made = (await http.post("/api/v1/demand-tests", json=by_rule)).json()
    assert made["segment"] == ""
    assert made["dry_run"]["looked_at"] == 3
    assert made["dry_run"]["reasons"] == {"no_address": 1}
    for wrong, field in (
        ({"question": " "}, "question"), ({"people": "nobody"}, "people"), ({"people": ""}, "people"),
        ({"text": ""}, "text"), ({"holdout": 0}, "holdout"), ({"channel": "post"}, "channel"),
        ({"window": "soon"}, "window"), ({"goal": None, "door": None}, "goal"), ({"door": {"fr": "x"}}, "door"),
        ({"text": "{{ person.name"}, "text.ko.body"), ({"txt": 1}, "question"),
    ):  # fmt: skip
        given = {**ASK, "people": "u-1", **wrong}
        answer = await http.post("/api/v1/demand-tests", json=given)
        assert (answer.status_code, answer.json()["error"].get("field")) == (422, field), answer.text
    assert len((await http.get("/api/v1/demand-tests")).json()["tests"]) == 1


def test_a_list_is_read_as_one_copies_it() -> None:
    assert lines_of("u-1\nu-2\n\nu-1") == ["u-1", "u-2"]
    assert lines_of("u-1, u-2, u-3") == ["u-1", "u-2", "u-3"]
    assert lines_of("\ufeffname;email\nMina;mina@a.example\n;\n") == ["mina@a.example"]
    assert lines_of('이메일\t이름\n"a@b.example"\t미나') == ["a@b.example"]
    assert lines_of(["u-1", " u-2 ", ""]) == ["u-1", "u-2"]
    with pytest.raises(Invalid):
        lines_of([f"u-{n}" for n in range(20_001)])


def test_small_numbers_say_no_more_than_they_hold() -> None:
    """Cases C11: 18 of 200 against 7 of 200."""
    wide = dict.fromkeys(judging.STEPS, (200, 200))
    told = judging.judged(
        Arm(200, 18), Arm(200, 7), wide, assigned=(200, 200), pending=0, share=0.5, goal=True, door=False
    )
    assert told.p == pytest.approx(0.03695243, abs=1e-8)
    assert told.interval is not None
    assert (told.interval.low, told.interval.high) == (
        pytest.approx(0.00701807, abs=1e-6), pytest.approx(0.10602516, abs=1e-6),
    )  # fmt: skip
    assert told.control.interval is not None
    assert told.control.interval.low == pytest.approx(0.01705554, abs=1e-6)
    assert told.verdict == "better"

    def verdict(treated: Arm, control: Arm, **more: Any) -> str:
        given = {"assigned": (control.people, treated.people), "pending": 0, "share": 0.5, "goal": True, "door": True}
        return judging.judged(treated, control, wide, **{**given, **more}).verdict

    assert verdict(Arm(20, 4), Arm(20, 3)) == "none"
    assert verdict(Arm(5, 5), Arm(5, 0)) == "nothing"
    assert verdict(Arm(40, 1), Arm(40, 12)) == "worse"
    assert verdict(Arm(90, 20), Arm(20, 1), assigned=(20, 90)) == "unbalanced"
    assert verdict(Arm(0, 0), Arm(0, 0), goal=False) == "asked"
    assert "18" in judging.judged(
        Arm(0, 0), Arm(0, 0), {**wide, "wanted": (18, 200)}, assigned=(9, 9), pending=18, share=0.5, goal=False,
        door=True,
    ).sentence["en"]  # fmt: skip


def test_without_a_goal_the_page_is_what_counts() -> None:
    assert read_ask({**ASK, "people": ["u-1"], "goal": None}).goal is None
