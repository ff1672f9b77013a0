"""Stage map, overlaps, a score's card and a handover in a real Chromium. `DURE_PICTURES=DIR` keeps what was seen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

import dure
from dure import screens
from dure.experiments.halves import compare_halves
from dure.exports.api import Exports
from dure.governance.http import COOKIE
from dure.kernel.clock import StillClock, SystemClock
from dure.kernel.ids import person_id
from dure.log.api import Log
from dure.people.api import Known, People
from dure.segments import routes
from dure.segments.api import Segments
from dure.segments.handover import routes as handover_routes
from dure.segments.handover.api import Handovers
from dure.segments.page import PAGES
from dure.segments.scores import routes as score_routes
from dure.segments.scores.api import Scores
from dure.segments.stages import routes as stage_routes
from dure.segments.stages.api import Stages
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.segments.handover.test_handovers import Address
from tests.segments.scores.histories import rhythms
from tests.segments.writing import happened, write
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]

pytestmark = pytest.mark.anyio


class Rooms:
    """Five hundred people of whom many have left, with everything that segments show."""

    def __init__(self, state: State, log: Log, cast: Cast, folder: Path) -> None:
        # The screens ask for spans up to the browser's now, so it is the real one, but it stands still.
        self.clock = StillClock(SystemClock().now())
        self.cast, self.log, governance = cast, log, cast.governance
        self.people = People(state, log, self.clock)
        self.segments = Segments(state, log, self.clock, governance, people=self.people)
        self.stages = Stages(state, log, self.clock, governance)
        self.scores = Scores(state, log, self.clock, governance)
        exports = Exports(state, log, self.clock, {}, b"key" * 20)
        self.handovers = Handovers(
            state, log, self.clock, governance, self.people, Address(), exports, consents=None,
            comparing=compare_halves,
        )  # fmt: skip

    async def with_a_past(self) -> None:
        told, end = rhythms(500)
        now, tenant = self.clock.now(), self.cast.tenant
        acts = [
            happened(tenant, f"u-{who}", "Listen Started" if n % 5 else "Gift Sent", now - timedelta(seconds=end - at))
            for n, (who, at) in enumerate(zip(told.person.tolist(), told.time.tolist(), strict=True))
        ]
        await write(self.log, acts)
        known = [Known(f"u-{n}", {"name": f"이름 {n}", "email": f"u{n}@x.example"}, now) for n in range(500)]
        await self.people.bulk_people(tenant, known)
        joon = self.cast.joon
        self.made = {}
        for name, rule in (
            ("선물한 사람 Gave a gift", {"kind": "did", "event": "Gift Sent", "within": "28d"}),
            (
                "자주 듣는 사람 Listens often",
                {"kind": "did", "event": "Listen Started", "within": "28d", "at_least": 8},
            ),
            ("두 달 조용 Quiet for two months", {"kind": "last_seen", "over": "60d"}),
        ):  # fmt: skip
            made = await self.segments.create(joon, name, rule)
            await self.segments.compute(joon, made.id)
            self.made[name.split()[0]] = made.id
        await self.stages.compute(joon)
        there = await self.segments.segments(joon)
        self.stage = next(one.id for one in there if one.built_in.startswith("stage-"))
        settings = {"kind": "churn", "horizon_days": 20, "eligible_days": 60, "history_days": 120}
        named = {"ko": "20일 안에 떠날 사람", "en": "Gone within 20 days"}
        self.score = (await self.scores.create(joon, named, settings)).id
        assert await self.scores.working.tick() == 1
        given = await self.segments.hand_over(
            joon, self.made["두"], "marketing", "되찾기 편지 Win-back letter", now + timedelta(days=14), 0.5,
            goal={"event": "Listen Started"}, score=self.score,
        )  # fmt: skip
        self.given = given.id
        treated = await self.segments.handover_people(joon, given.id, control=False, limit=1000)
        control = await self.segments.handover_people(joon, given.id, control=True, limit=1000)
        self.clock.advance(timedelta(seconds=1))
        names = {person_id(tenant.workspace, f"u-{n}"): f"u-{n}" for n in range(500)}
        back = [names[one] for one in [*treated[: len(treated) // 3], *control[: len(control) // 9]]]
        await write(self.log, [happened(tenant, one, "Listen Started", self.clock.now()) for one in back])

    def app(self) -> FastAPI:
        app, governance = FastAPI(), self.cast.governance
        app.state.governance = governance
        front.install(app)
        for router in (
            routes.router(self.segments), stage_routes.router(self.stages, self.segments),
            score_routes.router(self.scores, self.segments), handover_routes.router(self.handovers, self.segments),
        ):  # fmt: skip
            include(app, router)

        async def heard(principal: object, topic: str) -> bool:
            return True

        screens.install(
            app, Assets(gather(Path(dure.__file__).parent)), in_order(PAGES), governance, Hub(), heard
        )  # fmt: skip
        return app


async def test_stages_overlaps_scores_and_handovers_are_seen(
    state: State, log: Log, browser: Browser, tmp_path: Path
) -> None:
    cast = await found_sori(state)
    rooms = Rooms(state, log, cast, tmp_path)
    await rooms.with_a_past()
    async with serving_here(rooms.app()) as url:
        session = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
        await asyncio.to_thread(look, browser, url, session, rooms, _pictures(browser))


def look(b: Browser, url: str, session: str, rooms: Rooms, picture: Callable[[str], None]) -> None:
    b.cookie(url, COOKIE, session)
    for lang, theme in (("ko", "light"), ("en", "dark")):
        korean = lang == "ko"
        b.open(f"{url}/stages", lang=lang, theme=theme)
        b.sees("이탈 위험" if korean else "At risk", ".stg-card")
        b.until(lambda: b.all(".stg-band"), "no flows were drawn")
        picture(f"stages-{lang}-{theme}")
        b.size(1360, 2100)
        b.open(f"{url}/scores/{rooms.score}", lang=lang, theme=theme)
        b.sees("모델이" if korean else "The model beats", ".notice")
        b.until(lambda: len(b.all(".sco-dot")) == 10, "no reliability was drawn")
        assert len(b.all(".sco-card tbody")) == 3
        b.sees("마지막 활동" if korean else "last active", ".sco-why")
        picture(f"score-{lang}-{theme}")
        b.size(1360, 860)
        b.open(f"{url}/handovers/{rooms.given}", lang=lang, theme=theme)
        b.sees("대상은" if korean else "to act on against", ".panel")
        b.misses("받은 쪽" if korean else "got it", ".panel")
        picture(f"handover-{lang}-{theme}")
        for page in ("scores", "handovers"):
            b.open(f"{url}/{page}", lang=lang, theme=theme)
            b.until(lambda: b.all("tbody tr"), "an empty list")
            picture(f"{page}-{lang}-{theme}")
    # A flow, a matrix, a cell: each leads to the people in it.
    b.open(f"{url}/stages", lang="en", theme="light")
    band = b.until(lambda: next(iter(b.all(".stg-band:not(.same)")), None))
    many = band.get_attribute("aria-label").split(": ")[1].split()[0]
    b.driver.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", band)
    b.until(lambda: str(len(b.all(".seg-people tbody tr"))) == many, "the flow's people are not all here")
    picture("stage-people-en")
    b.open(f"{url}/stages", lang="en", theme="light")
    b.click(".tabs button", "Overlaps and gaps")
    b.until(lambda: b.all(".stg-matrix tbody td button"), "no matrix")
    # The eight stages first: everybody is in exactly one.
    b.sees("Everybody is in exactly one", ".notice")
    picture("overlap-stages-en-light")
    b.click(".seg button", "Your segments")
    b.until(lambda: b.all(".stg-matrix td:not(.self) button:enabled"), "no overlap of one's own segments")
    picture("overlap-en-light")

    def opened() -> int:
        """How many are in the first cell that has some, which is pressed; again where it is drawn anew meanwhile."""
        cell = next((it for it in b.all(".stg-matrix td:not(.self) button:enabled") if it.text != "0"), None)
        if cell is None:
            return 0
        held = int(cell.text)
        cell.click()
        return held

    both = min(b.until(opened, "no cell with people"), 100)  # a page
    b.until(lambda: len(b.all(".seg-people tbody tr")) == both, "the cell's people are not all here")
    b.open(f"{url}/segments/{rooms.made['선물한']}", lang="ko", theme="light")
    b.click("button.pri", "인계")
    b.sees("목표 이벤트", "dialog")
    b.misses("아직 열려", "dialog")
    picture("hand-over-dialog-ko")
    hand_over_again(b, url, rooms, picture)
    b.open(f"{url}/stages", lang="ko", theme="dark")
    b.click(".tabs button", "겹침과 빈틈")
    b.until(lambda: b.all(".stg-matrix tbody td button"), "no matrix")
    picture("overlap-ko-dark")
    # No hand fills a stage's list, so nothing offers one to.
    b.open(f"{url}/segments/{rooms.stage}", lang="en", theme="light")
    b.sees("Filled when stages are computed", ".seg-about")
    assert not any(it.text.strip() == "CSV" for it in b.all(".tools button"))
    # The page of a segment asks for campaigns' names, and its forms for events'; here are none of either.
    elsewhere = ("live", "/campaigns", "/events/names")
    assert [line for line in b.complaints() if not any(it in line for it in elsewhere)] == []


def hand_over_again(b: Browser, url: str, rooms: Rooms, picture: Callable[[str], None]) -> None:
    """The people of an open handover have names; handing the segment over anew says that it is open."""
    b.open(f"{url}/handovers/{rooms.given}", lang="ko", theme="light")
    for control, name in (("대상", "treated"), ("대조군", "control")):
        b.click(".panel .actions button", control)
        cells = "return [...document.querySelectorAll('.seg-people tbody td')].map(one => one.textContent.trim())"
        seen = b.until(lambda: [it for it in b.js(cells) if it], "nobody is on the list")  # noqa: B023
        assert all(name.startswith("이름 ") for name in seen[::2])
        assert all(known.startswith("u-") for known in seen[1::2])
        picture(f"handover-people-{name}-ko")
        b.press("escape")
        b.until(lambda: not b.all("dialog"))
    for lang, said in (("ko", "50%를 남겨 두었습니다"), ("en", "with 50% held back there")):
        b.open(f"{url}/segments/{rooms.made['두']}", lang=lang, theme="light")
        b.click("button.pri", "인계" if lang == "ko" else "Hand over")
        b.sees(said, "dialog .notice.warn")
        picture(f"hand-over-again-{lang}")


def _pictures(b: Browser) -> Callable[[str], None]:
    """Keeps a picture of the whole page where `DURE_PICTURES` says, and otherwise none."""

    def picture(name: str) -> None:
        if folder := os.environ.get("DURE_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            b.picture(Path(folder) / f"{name}.png")

    return picture
