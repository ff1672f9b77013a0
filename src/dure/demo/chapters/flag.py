"""Chapter 14: a feature flag asked for at PostHog's door, its exposures, and what its experiment says."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import numpy as np

from dure.demo import habits, readers
from dure.demo.stage import Stage, eventually, need

KEY = "live-first"
_PEOPLE = 700
_ALONE, _WITH = 0.05, 0.30
"""The truth: chance to follow a creator within the day, without and with live broadcasts first."""


async def start(stage: Stage) -> None:
    """Product plans the experiment, starts it and links a flag to it."""
    made = await stage.post("/api/v1/experiments", {"design": {
        "name": {"ko": "첫 화면에 라이브 먼저", "en": "Live first on the home screen"},
        "hypothesis": {"ko": "라이브가 먼저 보이면 크리에이터를 더 팔로우한다",
                       "en": "Seeing live broadcasts first, more people follow a creator"},
        "arms": [{"name": "control", "share": 0.5}, {"name": "live", "share": 0.5}],
        "metrics": [
            {"role": "goal", "kind": "conversion", "event": {"event": "Creator Followed"}, "window": "1d",
             "name": {"ko": "하루 안에 팔로우", "en": "Followed within a day"}},
            {"role": "guardrail", "kind": "conversion", "event": {"event": "Listen Started"}, "window": "1d",
             "margin": 0.15, "name": {"ko": "하루 안에 청취", "en": "Listened within a day"}},
            {"role": "secondary", "kind": "mean", "event": {"event": "Listen Ended"}, "prop": "seconds",
             "window": "1d", "name": {"ko": "하루 청취 시간(초)", "en": "Seconds listened in a day"}},
        ],
    }})  # fmt: skip
    await stage.post("/api/v1/flags", {"key": KEY, "design": {
        "name": {"ko": "라이브 먼저", "en": "Live first"}, "experiment": made["id"], "payloads": {"live": {"rows": 3}},
    }})  # fmt: skip
    await stage.post(f"/api/v1/experiments/{made['id']}/start")
    stage.told["experiment"] = made["id"]


async def ask(stage: Stage) -> None:
    """Apps ask for the flag as PostHog's libraries do, and say that they used it; some people follow by tomorrow."""
    world, key = stage.company.world, stage.company.app_key
    who = world.listeners
    rows = np.flatnonzero((who.habit == habits.DAILY) & (who.leaves > habits.micros(world.end)))[:_PEOPLE]
    people, slots = [f"u-{row + 1}" for row in rows], asyncio.Semaphore(8)

    async def arm_of(user: str) -> Any:
        async with slots:
            answer = await stage.outside.post("/flags/", params={"v": 2}, json={"api_key": key, "distinct_id": user})
        need(answer.is_success, f"/flags/ answered {answer.status_code}: {answer.text[:200]}")
        return answer.json()["flags"][KEY]["variant"]

    async def answered() -> Any:
        return await arm_of(people[0])

    # A change of a flag reaches every server within moments.
    await eventually(answered, "the flag answers by its experiment")
    arms = dict(zip(people, await asyncio.gather(*map(arm_of, people)), strict=True))
    used = [
        {"event": "$feature_flag_called", "distinct_id": user, "timestamp": stage.now().isoformat(),
         "properties": {"$feature_flag": KEY, "$feature_flag_response": arm}}
        for user, arm in arms.items()
    ]  # fmt: skip
    for first in range(0, len(used), 200):
        body = {"api_key": key, "batch": used[first : first + 200], "sent_at": stage.now().isoformat()}
        answer = await stage.outside.post("/batch/", json=body)
        need(answer.is_success, f"/batch/ answered {answer.status_code}: {answer.text[:200]}")
    stage.told["arms"] = arms


async def experiment(stage: Stage) -> dict[str, Any]:
    """Everybody who met the flag is counted in the arm they were told, and the verdict stands in a sentence."""
    planned, arms, company = stage.told["experiment"], stage.told["arms"], stage.company
    creator, at = company.world.creators[0].key, stage.now() - timedelta(hours=12)
    follows = [user for user, arm in arms.items()
               if readers.lot("follows", user) < (_WITH if arm == "live" else _ALONE)]  # fmt: skip
    await stage.happen([
        {"type": "track", "userId": user, "event": "Creator Followed", "messageId": f"flag-{user}",
         "properties": {"creator_id": creator}, "context": {"platform": "ios", "device": {"type": "ios"}},
         "timestamp": (at + timedelta(seconds=number)).isoformat()}
        for number, user in enumerate(follows)
    ])  # fmt: skip

    async def judged() -> Any:
        result = await stage.get(f"/api/v1/experiments/{planned}/result")
        goal = result["metrics"][0]["contrasts"]
        if not goal or result["metrics"][0]["pending"] or not goal[0]["treated"]["value"]:
            return None
        counted = sum(goal[0][half]["people"] * goal[0][half]["value"] for half in ("control", "treated"))
        return counted >= len(follows) and result

    result = await eventually(judged, "the experiment's result", 300)
    counted = {one["name"]: one["people"] for one in result["arms"]}
    need(counted == {arm: list(arms.values()).count(arm) for arm in ("control", "live")},
         f"everybody who met it counts in the arm they were told: {counted}")  # fmt: skip
    seen = result["metrics"][0]["contrasts"][0]
    need(result["verdict"] in ("better", "careful"), f"more follow with live first: {result['verdict']}")
    return {
        "flag": KEY,
        "exposed": counted,
        "followed": [round(seen[half]["value"], 3) for half in ("control", "treated")],
        "difference": [round(seen["difference"][bound], 3) for bound in ("value", "low", "high")],
        "verdict": result["verdict"],
        "sentence": result["sentence"]["ko"],
    }
