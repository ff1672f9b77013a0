"""Playing the story: chapter after chapter with what came of each, then life goes on."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import structlog
from slack_sdk.errors import SlackApiError

from dure.demo import live, mentions, talk
from dure.demo.chapters import score
from dure.demo.stage import Stage, Untrue
from dure.demo.story import CHAPTERS, Chapter
from dure.kernel.clock import Clock

log = structlog.get_logger("demo")

# Ready automations that the company works with.
RECIPES = (
    "deal-room", "pitch-brief", "proposal-approval", "won-handover", "io-checklist", "lost-reason", "stage-card",
    "team-follows", "stale-deal", "single-contact", "creative-received", "creative-checked", "creative-missing",
    "creative-escalation", "trafficking-qa", "launch-check", "first-48-hours", "daily-digest", "pacing-alert",
    "risk-unanswered", "make-good", "mid-flight-report", "renewal", "flight-end", "wrap-up", "data-stale",
    "segment-handover-card", "experiment-decided", "customer-waiting", "spike-alert", "mention-open-deal",
    "run-failed",
)  # fmt: skip
# What goes by the week is turned on when the past is in: it would tell of what is not there yet.
_WEEKLY = "board-weekly"
_OWNERS = {
    "weekly-listeners": "serin.oh", "weekly-listening-time": "serin.oh", "sign-ups": "mirae.seo",
    "cost-per-lead": "dohyun.nam", "win-rate": "woojin.jang", "delivered-in-full": "jaeha.lim",
    "mention-sentiment": "chaewon.yang", "response-seconds": "subin.cha",
}  # fmt: skip
# What of a metric a person writes.
_WRITTEN = ("name_ko", "name_en", "about_ko", "about_en", "function", "question", "reading", "unit", "currency",
            "direction", "target", "tags")  # fmt: skip
_FORUM = 0.3  # how much of what is said while life goes on is said in the forum
# How long before now the story begins, so that the time its chapters let pass has passed when it ends.
BEGINS_BEFORE = timedelta(minutes=90)


@dataclass
class Told:
    """A chapter after it was told: whether all of it was read back, and the facts."""

    chapter: Chapter
    ok: bool
    seconds: float
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "number": self.chapter.number,
            "title": self.chapter.title,
            "ok": self.ok,
            "seconds": round(self.seconds, 2),
            "facts": self.facts,
        }
        return shown if self.ok else {**shown, "error": self.error}


async def switch_on(stage: Stage) -> None:
    """Turns the company's recipes on and puts the first metrics on a board."""
    await stage.post("/api/v1/metrics/starters")
    for recipe in RECIPES:
        await stage.post("/api/v1/automations", {"recipe": recipe, "enabled": True})


async def furnish(stage: Stage) -> None:
    """What people at the company made for themselves: who answers for which metric, a score, and the weekly board,
    posted once by hand."""
    await score.begin(stage)
    weekly = await stage.post("/api/v1/automations", {"recipe": _WEEKLY, "enabled": True})
    await stage.post(f"/api/v1/automations/{weekly['id']}/runs", {})
    for name, given in _OWNERS.items():
        metric = await stage.get(f"/api/v1/metrics/{name}")
        owner = stage.company.users[f"{given}@sorimaru.example"].user
        written = {field: metric[field] for field in _WRITTEN}
        await stage.ask(
            "PUT", f"/api/v1/metrics/{name}", json={**written, "owner": owner, "version": metric["version"]}
        )
        await stage.post(f"/api/v1/metrics/{name}/verify")


async def tell(stage: Stage) -> AsyncIterator[Told]:
    """Every chapter in order; one that fails does not keep the next from being told."""
    for chapter in CHAPTERS:
        began = time.perf_counter()
        try:
            facts = await chapter.tell(stage)
            yield Told(chapter, True, time.perf_counter() - began, facts)
        except (Untrue, SlackApiError, TimeoutError, KeyError, IndexError, TypeError) as error:
            log.exception("demo.chapter_failed", chapter=chapter.number)
            sentence = str(error) if isinstance(error, Untrue) else f"{type(error).__name__}: {error}"
            yield Told(chapter, False, time.perf_counter() - began, error=sentence)


async def go_on(stage: Stage, clock: Clock) -> None:
    """Life after the story, until cancelled: listens by the second, a message or a mention now and then."""
    await asyncio.gather(_listens(stage, clock), _words(stage))


async def _listens(stage: Stage, clock: Clock) -> None:
    company, at = stage.company, clock.now().replace(second=0, microsecond=0)
    while True:
        calls = live.minute(company.world, at)
        for second in range(0, 60, 2):
            due = [call for call in calls if second <= _second(call) < second + 2]
            for source, key in (("web", company.web_key), ("app", company.app_key)):
                own = [call for call in due if live.source_of(call) == source]
                if own:
                    await _heard(stage.send_events(key, own))
            await asyncio.sleep(max(0.0, (at + timedelta(seconds=second + 2) - clock.now()).total_seconds()))
        at += timedelta(minutes=1)


async def _words(stage: Stage) -> None:
    world = stage.company.world
    said = [post for post in talk.talk(world).posts if not post.thread]
    outside = [one for one in mentions.mentions(world) if one.network == "community"]
    rng = random.Random(world.seed)
    while True:
        await asyncio.sleep(rng.uniform(15, 60))
        if rng.random() < _FORUM:
            one = rng.choice(outside)
            stage.forum.write(one.handle, one.author, one.text, stage.now())
            continue
        post = rng.choice(said)
        author = stage.company.users.get(post.author)
        # Not in the name of the owner: that is who looks around in the demo.
        if author is None or author.tenant != stage.company.tenant or author.user == stage.company.owner.user:
            continue
        token = stage.told.get(post.author) or await stage.token_of(post.author)
        stage.told[post.author] = token
        say = stage.slack(token).chat_postMessage
        await _heard(asyncio.to_thread(say, channel=stage.company.channels[post.room], text=post.text))


async def _heard(act: Awaitable[object]) -> None:
    """A machine that is busy elsewhere is late with an answer; life goes on without it."""
    try:
        await act
    except (httpx.TimeoutException, TimeoutError) as late:
        log.warning("demo.late", error=type(late).__name__)


def _second(call: live.Call) -> int:
    return int(str(call["timestamp"])[17:19])
