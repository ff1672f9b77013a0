"""Chapter 16: an idea that nobody has built is offered to some people, and the funnel says whether they want it."""

from __future__ import annotations

from typing import Any

import numpy as np

from dure.demo import habits, readers
from dure.demo.stage import Stage, eventually, need

_PEOPLE = 240
_WANT = 0.55
"""Of those who saw the page."""


def _ask(people: list[str]) -> dict[str, Any]:
    return {
        "question": {"ko": "잠들기 전에 듣는 낭독 방송을 원할까요?", "en": "Would people like readings at bedtime?"},
        "people": "distinct_id\n" + "\n".join(people) + "\n",
        "channel": "email",
        "text": {
            "ko": {"subject": '{{ person.name | default: "청취자" }}님께 여쭙니다',
                   "body": "밤 열한 시마다 단편 하나를 읽어 드리면 들으실까요?\n\n{{ door }}\n\n소리마루 드림"},
            "en": {"subject": "May we ask you something?",
                   "body": "Would you listen to a short story, read to you at eleven every night?\n\n{{ door }}"},
        },
        "door": {"ko": "잠들기 전 낭독\n밤 열한 시마다 단편 하나를 읽어 드립니다.",
                 "en": "Bedtime readings\nA short story at eleven, every night."},
        "goal": {"event": "Listen Started"}, "window": "1d",
    }  # fmt: skip


async def launch(stage: Stage) -> None:
    """People are picked by hand out of a sheet; half of them get the question."""
    who = stage.company.world.listeners
    rows = np.flatnonzero((who.habit == habits.WEEKLY) & (who.leaves > habits.micros(stage.company.world.end)))
    people = [f"u-{row + 1}" for row in rows[:_PEOPLE]]
    made = await stage.post("/api/v1/demand-tests", _ask(people))
    need(not made["unknown"], f"everybody in the sheet is known: {made['unknown'][:3]}")
    await stage.post(f"/api/v1/demand-tests/{made['id']}/launch")
    stage.told["demand"] = made["id"], made["campaign"], made["dry_run"]["outcomes"]


async def read(stage: Stage) -> None:
    """The letters are in; some are opened, some lead to the page, some press its button."""
    test, campaign, outcomes = stage.told["demand"]

    async def out() -> Any:
        counts = (await stage.get(f"/api/v1/demand-tests/{test}"))["counts"]["states"]
        return counts.get("sent", 0) >= outcomes["send"]

    await eventually(out, "the question is out", 300)
    _, doors = await readers.open_them(stage, readers.letters(stage, campaign).items())
    await readers.at_the_door(stage, doors, lambda address: readers.lot("wants", address) < _WANT)


async def funnel(stage: Stage) -> dict[str, Any]:
    """Sent, opened, clicked, saw the page, interested; and the goal of both halves with what may be said of it."""
    test, _, outcomes = stage.told["demand"]

    async def told() -> Any:
        result = (await stage.get(f"/api/v1/demand-tests/{test}"))["result"]
        return not result["pending"] and result["steps"]["wanted"]["people"] and result

    result = await eventually(told, "the funnel of the demand test", 300)
    steps = {name: step["people"] for name, step in result["steps"].items()}
    need(steps["sent"] > steps["seen"] > steps["clicked"] >= steps["shown"] > steps["wanted"] > 0,
         f"the funnel narrows: {steps}")  # fmt: skip
    return {
        "asked": "잠들기 전에 듣는 낭독 방송을 원할까요?",
        "picked": sum(outcomes.values()),
        "funnel": steps,
        "verdict": result["verdict"],
        "sentence": result["sentence"]["ko"],
    }
