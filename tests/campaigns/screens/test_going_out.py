"""Before a campaign goes out, while it does, and what came of it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from dure.campaigns.model import Campaign
from dure.campaigns.plugs import Refused
from tests.campaigns.screens.conftest import Look, Screens

pytestmark = pytest.mark.anyio

PEOPLE = 120


def letter(event: str, **more: Any) -> dict[str, Any]:
    """One e-mail to everybody who did an event of the test's own."""
    return {
        "name": {"ko": "이번 주 추천", "en": "This week"}, "kind": "once", "start": "mail",
        "entry": {"audience": {"kind": "did", "event": event}},
        "nodes": [{"id": "mail", "kind": "message", "channel": "email",
                   "texts": {"ko": {"subject": "{{ person.name }}님, 이번 주 추천", "body": "밤의 낭독"},
                             "en": {"subject": "{{ person.name }}, this week", "body": "Night reading"}}}],
        "goal": {"event": "Listen Started"}, "window": "1d", "holdout": 0.5, **more,
    }  # fmt: skip


def prepared(here: Screens, event: str, rules: dict[str, Any] | None = None, **more: Any) -> Campaign:
    """A draft for people who did the event, in a workspace with these rules for what is sent."""
    here.run(here.studio.campaigns.safety.gate.set_policy(here.studio.cast.mina, rules or {}))
    studio, everybody = here.studio, [f"{event}-{n}" for n in range(PEOPLE)]
    here.run(studio.know(*everybody[:-6]))
    here.run(studio.know(*everybody[-6:], email=None))
    here.run(studio.happen(event, *everybody))
    here.run(studio.settle())
    made: Campaign = here.run(studio.campaigns.create(studio.cast.joon, letter(event, **more)))
    return made


async def test_two_pairs_of_eyes_look_before_it_is_launched(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        made = prepared(here, "Looked", {"approval": {"demanded": "always", "own": "never"}})
        browser = here.open(f"/campaigns/{made.id}?tab=check")
        browser.sees("바꾼 뒤 시험 발송하지 않은 메시지: 메일", ".camp-checks")
        browser.sees("바로 120명이 들어옵니다.", ".camp-will")
        browser.click(".camp-check .btn.pri", "돌려 보기")
        browser.sees("주소 없음", ".camp-three")
        stats = {one.text.split("\n")[0]: one.text.split("\n")[1] for one in browser.all(".camp-check .stat")}
        assert stats["본 사람"] == "120"
        assert stats["못 받을 사람"] == "6"
        assert int(stats["받을 사람"]) + int(stats["보류(대조군)"]) == 114
        browser.click(".camp-sample .badge.ok")
        browser.sees("님, 이번 주 추천", ".camp-letter")
        here.keep("check-ko-light")
        # Without a second person's word it cannot be launched, and nobody gives it to their own.
        launch = ".camp-check-side .btn.pri"
        browser.sees("승인을 받아야 시작할 수 있습니다", ".camp-check-side")
        browser.click(".camp-check-side .btn", "승인 요청")
        browser.type("dialog textarea", "이번 주에 나가야 합니다")
        browser.click("dialog .btn.pri", "승인 요청")
        browser.sees("자기 캠페인은 스스로 승인할 수 없습니다", ".camp-check-side")
        here.sign_in("mina")
        here.browser.size(1600, 900)
        browser = here.open(f"/campaigns/{made.id}?tab=check", lang="en", theme="dark")
        browser.sees("이번 주에 나가야 합니다", ".camp-request")
        browser.sees("Waiting for approval", "h1 .badge")
        browser = here.open("/campaigns", lang="en", theme="dark")
        browser.sees("Waiting for approval", ".table .badge")
        here.keep("waiting-en-dark")
        browser = here.open(f"/campaigns/{made.id}?tab=check", lang="en", theme="dark")
        browser.click(launch, "Approve")
        browser.type("dialog textarea", "Looks right")
        browser.click("dialog .btn.pri", "Approve")
        browser.sees("Approved", ".camp-check-side .badge")
        browser.sees("Looks right", ".camp-said-list")
        here.keep("check-en-dark")
        # A changed word loses it, and what changed is shown.
        changed = letter("Looked")
        changed["nodes"][0]["texts"]["ko"]["subject"] = "이번 주 특가!!"
        here.run(studio.campaigns.change(studio.cast.joon, made.id, changed))
        browser = here.open(f"/campaigns/{made.id}?tab=check", lang="ko", theme="light")
        browser.sees("승인 뒤 바뀌어 승인이 없어졌습니다", ".camp-check-side")
        browser.sees("이번 주 특가!!", ".camp-diff .is")
        browser.sees("님, 이번 주 추천", ".camp-diff .was")
        here.keep("check-lost-ko-light")
        here.run(studio.campaigns.change(studio.cast.joon, made.id, letter("Looked")))
        browser = here.open(f"/campaigns/{made.id}?tab=check")
        browser.sees("승인되었습니다", ".camp-check-side .badge")
        browser.click(launch, "시작")
        browser.sees("바로 120명이 들어옵니다.", "dialog")
        browser.sees("50%쯤은 견주려고 보내지 않고 보류하므로(60명쯤), 받는 사람은 많아야 60명쯤입니다.", "dialog")
        browser.click("dialog .btn.pri", "시작")
        browser.sees("시작했습니다", ".toast")
        assert here.run(studio.campaigns.campaign(studio.cast.joon, made.id))[0].status == "live"

    await look(see)


async def test_home_tells_who_may_approve_and_then_who_asked(look: Look) -> None:
    def see(here: Screens) -> None:
        studio, need = here.studio, ".home-needs"
        made = prepared(here, "Waits", name={"ko": "둘째 눈을 기다림", "en": "Waits for eyes"})
        asked = here.run(studio.campaigns.safety.approvals.submit(studio.cast.joon, made.id))
        browser = here.open("/")
        browser.sees("지금은 급한 일이 없습니다")
        here.sign_in("mina")
        browser = here.open("/", lang="en", theme="dark")
        browser.sees("A campaign waits for a second pair of eyes", need)
        here.keep("home-waits-en-dark")
        browser.click(".home-need", "Waits for eyes")
        browser.sees("Waiting for approval", ".camp-check-side .badge")
        decide = studio.campaigns.safety.approvals.decide
        here.run(decide(studio.cast.mina, str(asked.requests[0].id), asked.hash, False, "제목을 고쳐 주세요"))
        browser = here.open("/", lang="en", theme="dark")
        browser.sees("Nothing is urgent right now")
        here.sign_in("joon")
        browser = here.open("/")
        browser.sees("캠페인 승인이 거절되었습니다", need)
        browser.sees("둘째 눈을 기다림 · 제목을 고쳐 주세요", need)
        here.keep("home-sent-back-ko-light")
        # Other rooms' doors are not open here, which Home bears.
        assert [line for line in browser.complaints() if "404" not in line] == []

    await look(see)


async def test_a_dry_run_shows_both_ways_on_from_a_wait(look: Look) -> None:
    def see(here: Screens) -> None:
        mail = letter("Waited")["nodes"][0]
        wait = {"id": "listen", "kind": "wait", "event": {"event": "Listen Started"}, "within": "2d", "then": "thanks",
                "else": "mail"}  # fmt: skip
        nodes = [wait, {**mail, "id": "thanks"}, mail]
        made = prepared(here, "Waited", start="listen", nodes=nodes)
        name = {"ko": "안 오면 한 번 더", "en": "Once more if they stay away"}
        single = prepared(here, "Waited", start="listen", nodes=[wait | {"then": None}, mail], name=name)
        for lang, theme, campaign, told in (
            ("ko", "light", made.id, [
                ("2일 안에 ‘Listen Started’", ".camp-fork"), ("못 받을 사람 6", ".camp-fork-said"),
            ]),
            ("en", "dark", single.id, [
                ("Depends on a wait", ".stat"), ("Would not 120", ".camp-fork-said"), ("at least 0", ".stat"),
            ]),
        ):  # fmt: skip
            ko = lang == "ko"
            here.browser.size(1600, 1100)
            browser = here.open(f"/campaigns/{campaign}?tab=check", lang=lang, theme=theme)
            browser.click(".camp-check .btn.pri", "돌려 보기" if ko else "Run dry")
            browser.sees("오지 않으면" if ko else "If it does not", ".camp-fork")
            browser.sees("최근 28일 0%" if ko else "0% in the last 28 days", ".camp-fork")
            for text, css in told:
                browser.sees(text, css)
            here.keep(f"dry-run-wait-{lang}-{theme}")

    await look(see)


async def test_sending_is_watched_paused_and_stopped(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        made = prepared(here, "Watched")
        studio.postbox.answers.extend([Refused("550 5.1.1 no such mailbox", permanent=True)] * 3)
        here.run(studio.campaigns.launch(studio.cast.joon, made.id))
        here.run(studio.settle())
        browser = here.open(f"/campaigns/{made.id}?tab=live")
        browser.sees("120 / 120명", ".camp-big")
        browser.sees("550 5.1.1 no such mailbox", ".table")
        browser.sees("주소 없음", ".bars")
        here.keep("live-ko-light")
        browser.click(".camp-key", "실패")
        browser.sees("상대가 거절", ".table")
        assert browser.one(".table tbody tr td:nth-child(2)").text == "메일"  # its step, as the canvas calls it
        browser = here.open(f"/campaigns/{made.id}?tab=check")
        browser.sees("이어서 하려면 복제하세요", ".camp-check-side")
        assert "들어옵니다" not in browser.one(".camp-check-side").text
        here.keep("check-ended-ko-light")
        # One that goes on: paused, resumed, stopped by the switch for all, then for good.
        triggered = letter("Going", kind="triggered") | {"entry": {"trigger": {"event": "Going"}}}
        going = here.run(studio.campaigns.create(studio.cast.joon, triggered))
        here.run(studio.campaigns.launch(studio.cast.joon, going.id))
        here.browser.size(1600, 900)
        browser = here.open(f"/campaigns/{going.id}", lang="en", theme="dark")
        browser.click(".camp-head .btn", "Pause")
        browser.sees("What has left cannot be called back", "dialog")
        browser.click("dialog .btn.pri", "Pause")
        browser.sees("Paused", ".camp-head .badge")
        browser.click(".camp-head .btn.pri", "Resume")
        browser.sees("Live", ".camp-head .badge")
        browser.click(".camp-kill")
        browser.type("dialog textarea", "Wrong link")
        browser.click("dialog .btn.danger")
        browser.sees("All sending is stopped", ".camp-head")
        browser.sees("Wrong link · 박준", ".camp-halted")
        assert here.run(studio.campaigns.safety.gate.halting.stopped(studio.cast.joon)).now.reason == "Wrong link"
        here.keep("live-stopped-en-dark")
        browser.click(".camp-head .btn", "Let it go on")
        browser.type("dialog textarea", "Mended")
        browser.click("dialog .btn.pri")
        browser.click(".camp-head .btn.danger", "Stop")
        browser.sees("they get nothing more", "dialog")
        browser.click("dialog .btn.danger")
        browser.sees("Stopped", "h1 .badge")

    await look(see)


async def test_results_the_calendar_and_what_all_campaigns_do(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        made = prepared(here, "Measured", holdout=0.4)
        here.run(studio.campaigns.launch(studio.cast.joon, made.id))
        here.run(studio.settle())
        messages = here.run(studio.campaigns.messages(studio.cast.joon, made.id, limit=1000))
        arms = {one.person: one.arm for one in messages}
        everybody = [f"Measured-{n}" for n in range(PEOPLE)]
        back = [who for n, who in enumerate(everybody) if n % (2 if arms.get(studio.who(who)) == "treated" else 8) == 0]
        here.run(studio.later(hours=3))
        here.run(studio.happen("Listen Started", *back))
        here.run(studio.later(days=7, hours=4))
        here.run(studio.happen("Listen Started", *back[:40]))
        here.run(studio.later(days=2))
        weekly = letter("Measured", kind="recurring", name={"ko": "월요일 편지", "en": "Monday letter"})
        weekly["entry"] |= {"every": {"time": "09:00", "days": ["mon"]}, "zone": "person", "again": {"after": "6d"}}
        recurring = here.run(studio.campaigns.create(studio.cast.joon, weekly))
        here.run(studio.campaigns.launch(studio.cast.joon, recurring.id))
        day = studio.clock.now().date().isoformat()
        result = here.run(studio.campaigns.result(studio.cast.joon, made.id))
        (week,) = [one for one in result.outcome.metrics if result.days.get(one.number) == 7]
        value = week.contrasts[0].treated.value
        for lang, theme, width in (("ko", "light", 1360), ("en", "dark", 1600)):
            ko = lang == "ko"
            here.browser.size(width, 900)
            browser = here.open(f"/campaigns/{made.id}?tab=result", lang=lang, theme=theme)
            browser.sees(result.outcome.sentence[lang], ".camp-verdict")
            browser.sees("D+1", ".camp-readings")
            browser.sees("D+7", ".camp-readings")
            browser.sees("114명 기다림" if ko else "114 still waiting", ".camp-readings")  # day 30 of all is to come
            browser.sees(f"{value:.1%}", ".camp-readings")
            browser.sees("보냄" if ko else "Sent", ".funnel")
            here.keep(f"result-{lang}-{theme}")
            if not ko and "DURE_PICTURES" not in os.environ:
                break
            browser = here.open(f"/campaigns?view=calendar&day={day}", lang=lang, theme=theme)
            browser.sees("월요일 편지" if ko else "Monday letter", ".camp-slot")
            browser.sees("한 사람에게 24시간에 1통" if ko else "A person gets 1 in 24 hours", ".camp-bar")
            here.keep(f"calendar-{lang}-{theme}")
            browser = here.open("/campaigns?view=effects", lang=lang, theme=theme)
            browser.sees("이번 주 추천" if ko else "This week", ".table")
            here.keep(f"effects-{lang}-{theme}")
            browser = here.open("/campaigns", lang=lang, theme=theme)
            browser.sees("이번 주 추천" if ko else "This week", ".table")
            here.keep(f"list-{lang}-{theme}")
        effects = here.run(studio.campaigns.effects(studio.cast.joon, 7))
        (effect,) = [one for one in effects.campaigns if one.campaign == made.id]
        treated, control = effect.comparison.treated, effect.comparison.control
        # Who has no address is in neither half.
        assert (treated.people + control.people, effect.pending) == (PEOPLE - 6, 0)
        assert treated.successes + control.successes == len(back[:40])
        assert effect.reached == sum(one.state == "sent" for one in messages)
        # The last month is the present one, in which nothing went out yet.
        assert effects.months[-2].one_off >= 1
        assert (effects.months[-1].month.month, effects.months[-1].one_off) == (studio.clock.now().month, 0)
        browser = here.open("/campaigns", lang="ko", theme="light")
        browser.sees("이번 주 추천", ".table")
        browser.type(".camp-bar input[type=search]", "월요일")
        browser.misses("이번 주 추천", ".table")

    await look(see)
