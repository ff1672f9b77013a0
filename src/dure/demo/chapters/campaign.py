"""Chapters 5 and 6: those who tried and left are met, and those about to leave are handed to marketing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import numpy as np

from dure.demo import habits, live, readers
from dure.demo.cast import GENRES
from dure.demo.stage import Stage, eventually, need, said
from dure.kernel.ids import person_id

_PEOPLE = 600
WAIT_HOURS = 2
_SECOND = "dohyun.nam@sorimaru.example"


async def launch(stage: Stage) -> None:
    """The day before: newcomers listen for seconds and leave; half are written to, half are held back."""
    ready = (await stage.get("/api/v1/campaigns/ready"))["designs"][0]["design"]
    campaign = await stage.post("/api/v1/campaigns", {**ready, "wait": f"{WAIT_HOURS}h", "window": "1d"})
    path = f"/api/v1/campaigns/{campaign['id']}"
    await _second_word(stage, path)
    await stage.post(f"{path}/launch")
    tried = _newcomers(stage)
    calls = [call for user in tried for call in _tries(stage, user)]
    await stage.happen(calls)
    stage.told["campaign"] = path, campaign["id"], len(tried)


async def on_their_way(stage: Stage) -> None:
    """Waits until all are past the entrance, which waits for the log: the delay begins there, and time is moved on only
    after it did."""
    path, _, tried = stage.told["campaign"]

    async def waiting() -> Any:
        nodes = (await stage.get(f"{path}/progress"))["nodes"]
        return nodes.get("wait", {}).get("here", 0) >= 0.9 * tried

    await eventually(waiting, "everybody is on their way", 300, every=0.3)


async def met(stage: Stage) -> None:
    """Waits until everybody is written to or held back; the world then draws who will be back."""
    path, ours, tried = stage.told["campaign"]

    async def all_met() -> Any:
        states = (await stage.get(path))["counts"]["states"]
        return states.get("sent", 0) + states.get("held", 0) >= 0.8 * tried and not states.get("claimed")

    await eventually(all_met, "everybody is met or held back", 300, every=0.3)
    sent, held = await messages(stage, path, "sent"), await messages(stage, path, "held")
    stage.told["comebacks"] = comebacks(stage, sent, held)
    await readers.open_them(stage, readers.letters(stage, ours).items())


async def _second_word(stage: Stage, path: str) -> None:
    """Above the workspace's size a second person agrees to exactly this: somebody of marketing who did not write it."""
    approval = await stage.get(f"{path}/approval")
    if not approval["needed"]:
        return
    asked = await stage.post(f"{path}/approval", {"note": "들어 보고 떠난 분께 보내는 첫 편지입니다."})
    await agree(stage, f"/api/v1/approvals/{asked['requests'][0]['id']}", asked["hash"])


async def agree(stage: Stage, request: str, hash: str) -> None:
    """A second person says yes to what the hash stands for."""
    await stage.ask(
        "POST", request, json={"approve": True, "hash": hash, "comment": "좋습니다."},
        headers={"authorization": f"Bearer {await stage.token_of(_SECOND)}"},
    )  # fmt: skip


async def tried_and_left(stage: Stage) -> dict[str, Any]:
    """Who was written to and who was held back, what went through SMTP, and both halves' return a day later."""
    path, ours, tried = stage.told["campaign"]
    calls = stage.told["comebacks"]
    sent, held = await messages(stage, path, "sent"), await messages(stage, path, "held")
    need(0.35 < len(sent) / (len(sent) + len(held)) < 0.65, f"half are held back: {len(sent)} sent, {len(held)} held")
    got = readers.letters(stage, ours)
    need({one["address"] for one in sent} <= set(got), "every message that is told as sent went through SMTP")
    need(not {one["address"] for one in held} & set(got), "nobody held back got anything")
    letter = next(iter(got.values()))
    await stage.happen(calls)
    back = len({call["userId"] for call in calls})

    async def judged() -> Any:
        result = await stage.get(f"{path}/result", retention=False)
        halves, pending = goal_of(result)
        return not pending and reached(halves) >= 0.97 * back and (halves, result)

    # Both halves' return is read from the log, behind a whole quarter and whatever else the machine does.
    halves, result = await eventually(judged, "the result of both halves", 300)
    return {
        "entered": tried,
        "sent": len(sent),
        "held_back": len(held),
        "mails_by_smtp": len(got),
        "subject": str(letter["subject"]),
        "returned_after_message": round(halves["treated"]["value"], 3),
        "returned_alone": round(halves["control"]["value"], 3),
        "difference": round(halves["difference"]["value"], 3),
        "interval": [round(halves["difference"][bound], 3) for bound in ("low", "high")],
        "sentence": result["sentence"]["ko"],
    }


def goal_of(result: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The contrast that a campaign's goal is judged by, and whether some of it is still to be read."""
    (goal,) = result["metrics"]
    (halves,) = goal["contrasts"]
    return halves, goal["pending"]


def reached(halves: dict[str, Any]) -> float:
    """How many of both halves reached the goal."""
    return float(sum(one["people"] * (one["value"] or 0) for one in (halves["treated"], halves["control"])))


async def hand_over(stage: Stage) -> dict[str, Any]:
    """Product hands the people about to leave to marketing: a card, the list, and a control that is kept."""
    computed = await stage.post("/api/v1/segments/about-to-churn/compute")
    need(computed["size"] > 50, f"people are about to leave ({computed['size']})")
    made = await stage.post(
        "/api/v1/segments/about-to-churn/hand-over",
        {"to": "marketing", "purpose": "떠나기 전에 좋아하던 크리에이터의 새 방송을 알린다", "control_share": 0.5},
    )
    need(made["control"] + made["treated"] == made["size"], "everybody is either treated or control")
    slack, room = stage.slack(), stage.company.channels["marketing"]

    def read() -> Any:
        history = said(slack.conversations_history(channel=room, limit=50))
        return next((one for one in history["messages"] if made["purpose"] in str(one)), None)

    card = await eventually(lambda: asyncio.to_thread(read), "marketing's channel has the card")
    listed = (await stage.get(f"/api/v1/handovers/{made['id']}/people", limit=1000))["people"]
    control = (await stage.get(f"/api/v1/handovers/{made['id']}/people", limit=1000, control=True))["people"]
    need(len(listed) == made["treated"] or len(listed) == 1000, "the people to act on are listed")
    need(not {one["person"] for one in listed} & {one["person"] for one in control}, "control and treated share nobody")
    return {
        "size": made["size"], "treated": made["treated"], "control": made["control"], "channel": "#marketing",
        "card": card["text"],
    }  # fmt: skip


def _newcomers(stage: Stage) -> list[str]:
    """Listeners who signed up in the last weeks, tried once and left."""
    who, end = stage.company.world.listeners, habits.micros(stage.company.world.end)
    fits = (who.habit == habits.GONE) & (who.signed_up > end - 26 * habits.DAY) & (who.signed_up < end - habits.DAY)
    return [f"u-{row + 1}" for row in np.flatnonzero(fits)[:_PEOPLE]]


def _tries(stage: Stage, user: str) -> list[dict[str, Any]]:
    world, row = stage.company.world, int(user.removeprefix("u-")) - 1
    genre = GENRES[int(world.listeners.genre[row])]
    broadcast = next(one for one in world.broadcasts if one.genre == genre)
    platform = habits.PLATFORMS[int(world.listeners.platform[row])]
    device = {} if platform == "web" else {"device": {"type": platform}}
    at = stage.now() - timedelta(minutes=3)
    heard = {"broadcast_id": broadcast.key, "creator_id": world.creators[broadcast.creator].key, "genre": genre}

    def track(event: str, more: dict[str, Any], seconds: int) -> dict[str, Any]:
        return {
            "type": "track", "userId": user, "event": event, "properties": {**heard, **more},
            "context": {"platform": platform, **device}, "messageId": f"try-{user}-{event}",
            "timestamp": (at + timedelta(seconds=seconds)).isoformat(),
        }  # fmt: skip

    return [track("Listen Started", {"platform": platform}, 0), track("Listen Ended", {"seconds": 20 + row % 35}, 60)]


async def load_catalogue(stage: Stage) -> None:
    world = stage.company.world
    # A recording is there until its creator's next broadcast.
    nexts = {
        one.key: min((other.started for other in world.broadcasts
                      if other.creator == one.creator and one.started < other.started <= stage.now()), default=None)
        for one in world.broadcasts
    }  # fmt: skip
    items = [
        {"id": one.key, "title": {"ko": one.title_ko, "en": one.title_en}, "creator": world.creators[one.creator].key,
         "genre": one.genre, "url": f"https://sorimaru.example/b/{one.key}", "live_from": one.started.isoformat(),
         "live_to": end.isoformat() if (end := nexts[one.key]) else None}
        for one in world.broadcasts
    ]  # fmt: skip
    stage.told["items"] = {item["id"]: item["genre"] for item in items}
    await stage.post("/api/v1/items", {"items": items})


async def messages(stage: Stage, path: str, state: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await stage.get(f"{path}/messages", state=state, limit=1000))["messages"]
    return found


def comebacks(stage: Stage, sent: list[dict[str, Any]], held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The next day: who is back was drawn by the world, from whom they are and what they were recommended."""
    company, genre = stage.company, stage.told["items"]
    name = {str(person_id(company.tenant.workspace, f"u-{row + 1}")): f"u-{row + 1}"
            for row in range(len(company.world.listeners))}  # fmt: skip
    wrote = [(name[one["person"]], genre.get((one["items"] or [""])[0], "")) for one in sent]
    return live.comebacks(company.world, wrote, [name[one["person"]] for one in held], stage.now())
