"""Chapter 23: a customer complains in the forum, one agent takes it, and the answer is there within its time."""

from __future__ import annotations

from typing import Any

from dure.demo.chapters import sources
from dure.demo.stage import Stage, eventually, need

_COMPLAINT = "구독료가 이번 달에 두 번 결제됐어요. 환불 부탁드려요, 너무 불편합니다!"
_ANSWER = "불편을 드려 죄송합니다. 두 번째 결제는 오늘 취소했고, 카드사에 따라 3일 안에 환불됩니다."
_FIRST = 60
"""Minutes of opening hours until the first answer."""


async def answered_in_time(stage: Stage) -> dict[str, Any]:
    """The forum's webhook brings it, a second agent hears that it is taken, and the forum has the answer in time."""
    policies = await stage.get("/api/v1/response-policies")
    promise = {"id": "care", "name": "고객 응대", "teams": ["care"], "first": _FIRST, "next": 120, "resolve": 2880}
    await stage.ask(
        "PUT", "/api/v1/response-policies", json={"policies": [promise], "version": policies["version"]}
    )  # fmt: skip
    post = stage.forum.write("jian_song", "송지안", _COMPLAINT, stage.now())
    forum = {"id": stage.told["forum"]}
    await sources.call(stage, forum, {"post": post}, "x-discourse-event-signature", "post_created")

    async def opened() -> Any:
        talks = (await stage.get("/api/v1/conversations", network="discourse", limit=50))["conversations"]
        return next((one for one in talks if one["thread"] == f"{post['topic_id']}/1"), None)

    talk = await eventually(opened, "the complaint is in the inbox")
    need(talk["team"] == "care", f"it is care's: {talk['team']}")
    agents = [stage.company.users[f"{name}@sorimaru.example"].user for name in ("hyuna.do", "subin.cha")]
    tokens = [await stage.token_of(f"{name}@sorimaru.example") for name in ("hyuna.do", "subin.cha")]
    place = f"/api/v1/conversations/{talk['id']}"
    first, second = [
        await stage.outside.put(
            f"{place}/assignee", json={"assignee": agent, "expect": ""}, headers={"authorization": f"Bearer {token}"}
        )
        for agent, token in zip(agents, tokens, strict=True)
    ]  # fmt: skip
    need((first.status_code, second.status_code) == (200, 409), f"one of two has it: {second.text[:200]}")
    stage.pass_time(minutes=12)
    talk = (await stage.get(place))["conversation"]
    said = await stage.ask(
        "POST", f"{place}/replies", headers={"authorization": f"Bearer {tokens[0]}"},
        json={"text": _ANSWER, "key": f"answer-{talk['id']}", "seen": talk["said_seq"], "then": "resolved"},
    )  # fmt: skip
    need(said["entry"]["outcome"] == "said", f"the forum took the answer: {said['entry']}")
    (there,) = stage.forum.answers_in(post["topic_id"])
    need(there["raw"] == _ANSWER, "the forum has the answer, word for word")
    clocks = (await stage.get(f"/api/v1/response-clocks/{talk['id']}"))["clocks"]
    clock = next(one for one in clocks if one["kind"] == "first")
    need(clock["met"] and clock["spent"] < _FIRST * 60, f"the first answer came in time: {clock}")
    return {
        "complaint": _COMPLAINT,
        "taken_by": "hyuna.do",
        "second_hears": second.json()["error"]["code"],
        "answered_by": talk["network"],
        "answer": there["raw"],
        "promised_minutes": _FIRST,
        "answered_after_minutes": round(clock["spent"] / 60, 1),
        "state": said["conversation"]["state"],
    }
