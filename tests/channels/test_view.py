"""The view of a channel as people use it all day, in a real Chromium: one house for all that is here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from dure.channels.api import Channels
from dure.channels.store import past
from dure.governance.api import Governance
from dure.kernel.clock import SystemClock
from dure.state import State
from tests.channels.house import House, open_house
from tests.channels.test_screens import pictured, quiet
from tests.databases import copied
from tests.web.browser import Browser

FIELD = ".ch-main .ch-compose textarea"
LONG = 10_000


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as url, open_house(url) as house:
        asyncio.run(_fill(url, house))
        yield house


async def _fill(database: str, house: House) -> None:
    """Adds a channel in which ten thousand messages were said over forty days, straight into its table."""
    state = State(database, connections=2)
    await state.open()
    governance = Governance(state, SystemClock())
    channels = Channels(state, SystemClock(), governance)
    mina = await governance.principal(house.tokens["mina"])
    made = await channels.create(mina, "만-메시지", members=[house.users["joon"]])
    house.rooms["만-메시지"] = made.id
    async with state.begin_system() as tx:
        await tx.run(
            "insert into channels.message (channel, ts, workspace, account, team, text)"
            " select %(channel)s, %(newest)s - (%(long)s - n) * 342000000::bigint, %(workspace)s,"
            " case n %% 3 when 0 then %(mina)s else %(joon)s end, %(workspace)s,"
            " '말 ' || n || repeat(' 단가표 확인 부탁드려요', (n %% 13)::int) from generate_series(0, %(long)s - 1) n",
            {"channel": made.id, "workspace": mina.tenant.workspace, "long": LONG, "newest": ts_now(),
             "mina": mina.user, "joon": house.users["joon"]},
        )  # fmt: skip
        await past.finish(tx, made.id, ts_now())
    await state.close()


def ts_now() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def enter(house: House, browser: Browser, room: str, who: str = "mina", lang: str = "ko", theme: str = "light") -> None:
    house.enter(browser, who, f"/channels/{house.rooms[room]}", lang, theme)
    browser.one(FIELD)
    browser.until(lambda: browser.all(".state.live"))


def said(house: House, room: str) -> list[str]:
    listed = house.ask("mina", "GET", f"/channels/{house.rooms[room]}/messages")["messages"]
    return [message["text"] for message in listed]


def test_ten_thousand_messages_scroll_in_both_directions_and_little_of_them_is_drawn(
    browser: Browser, house: House
) -> None:
    enter(house, browser, "만-메시지")
    browser.sees(f"말 {LONG - 1}", ".ch-list")
    told: dict[str, Any] = browser.js("""
        const list = document.querySelector('.ch-list');
        const topOf = it => it.getBoundingClientRect().top, edge = topOf(list) + 60;
        const inSight = () => [...list.querySelectorAll('.ch-msg[data-ts]')].find(it => topOf(it) > edge);
        let drawn = 0, moved = 0, same = 0, last = '';
        const frame = () => new Promise(requestAnimationFrame);
        for (let i = 0; i < 100; i++) {
            list.scrollTop -= 500;
            const it = inSight(), top = it?.getBoundingClientRect().top;
            await frame();
            if (it?.isConnected) moved = Math.max(moved, Math.abs(it.getBoundingClientRect().top - top));
            drawn = Math.max(drawn, list.querySelectorAll('.ch-slot').length);
        }
        const reached = Number(/말 (\\d+)/.exec(inSight().textContent)[1]);
        for (let i = 0; i < 40; i++) { list.scrollTop += 500; await frame(); }
        return { drawn, moved, reached, back: Number(/말 (\\d+)/.exec(inSight().textContent)[1]) };
    """)
    assert told["drawn"] < 90
    assert told["reached"] < LONG - 500
    assert told["back"] > told["reached"] + 100
    assert told["moved"] < 3, "what one reads stays where it is while pages come in above it"
    quiet(browser)


def test_one_jumps_to_the_first_message_to_a_day_and_to_the_newest(browser: Browser, house: House) -> None:
    enter(house, browser, "만-메시지")
    browser.sees(f"말 {LONG - 1}", ".ch-list")
    browser.js("document.querySelector('.ch-list').scrollTop -= 600")
    browser.click(".ch-stuck button")
    browser.click(".menu [role=menuitem]", "맨 처음으로")
    browser.sees("만-메시지 채널의 시작입니다", ".ch-begin")
    browser.sees("말 0", ".ch-msg")
    browser.js("document.querySelector('.ch-list').scrollTop += 900")
    browser.click(".ch-stuck button")
    browser.click(".menu [role=menuitem]", "지난주")
    wanted = (datetime.now(UTC) + timedelta(hours=9) - timedelta(days=7)).day
    browser.sees(f"월 {wanted}일", ".ch-day")
    browser.click(".ch-latest")
    browser.sees(f"말 {LONG - 1}", ".ch-list")
    ts = house.ask("mina", "GET", f"/channels/{house.rooms['만-메시지']}/messages?after=1&limit=200")["messages"][150][
        "ts"
    ]
    house.enter(browser, "mina", f"/channels/{house.rooms['만-메시지']}?ts={ts}")
    browser.sees("말 150 ", ".ch-msg.lit")
    quiet(browser)


def test_korean_that_is_being_composed_is_never_sent_by_halves(browser: Browser, house: House) -> None:
    enter(house, browser, "q4-launch")
    browser.one(FIELD).click()
    cdp = browser.driver.execute_cdp_cmd
    enter_key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}

    for half in ("ㅎ", "하", "한"):
        cdp("Input.imeSetComposition", {"text": half, "selectionStart": 1, "selectionEnd": 1})
    cdp("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter_key, "windowsVirtualKeyCode": 229})
    assert browser.one(FIELD).get_attribute("value") == "한"
    assert not browser.all(".ch-pending")
    assert "한" not in said(house, "q4-launch")

    cdp("Input.insertText", {"text": "한"})
    for half in ("ㄱ", "그", "글"):
        cdp("Input.imeSetComposition", {"text": half, "selectionStart": 1, "selectionEnd": 1})
    cdp("Input.insertText", {"text": "글"})
    cdp("Input.dispatchKeyEvent", {"type": "keyDown", **enter_key})
    browser.sees("한글", ".ch-msg")
    assert said(house, "q4-launch")[-1] == "한글"
    quiet(browser)


def test_people_emoji_and_channels_are_completed_and_text_is_formatted(browser: Browser, house: House) -> None:
    enter(house, browser, "q4-launch")
    field = browser.one(FIELD)
    field.send_keys("@ㅂㅈ")
    browser.sees("박준", ".ch-mentions")
    browser.press("ENTER")
    field.send_keys(":축하")
    browser.sees(":tada:", ".ch-mentions")
    browser.press("TAB")
    field.send_keys("#deal")
    browser.sees("deal-한빛커피", ".ch-mentions")
    pictured(browser, "completion_ko_light")
    browser.press("ENTER")
    field.send_keys("중요")
    browser.press("shift+LEFT", "shift+LEFT", "ctrl+b", "ENTER")
    browser.sees("중요", ".ch-msg strong")
    assert said(house, "q4-launch")[-1] == f"<@{house.users['joon']}> :tada: <#{house.rooms['deal-한빛커피']}> *중요*"
    quiet(browser)


def test_the_last_message_is_changed_with_the_arrow_and_a_deleted_one_can_be_had_back(
    browser: Browser, house: House
) -> None:
    enter(house, browser, "q4-launch")
    browser.one(FIELD).send_keys("처음 말", Keys.ENTER)
    browser.sees("처음 말", ".ch-msg")
    browser.until(lambda: said(house, "q4-launch")[-1] == "처음 말")
    browser.press("UP")
    browser.one(".ch-edit textarea").send_keys(" 고침", Keys.ENTER)
    browser.sees("처음 말 고침 (수정됨)", ".ch-msg")
    article = next(it for it in browser.all(".ch-msg") if "처음 말 고침" in it.text)
    browser.js("args[0].focus()", article)
    browser.press("DELETE")
    browser.misses("처음 말 고침", ".ch-list")
    browser.click(".toast .btn", "되돌리기")
    browser.sees("처음 말 고침", ".ch-list")
    assert said(house, "q4-launch")[-1] == "처음 말 고침"
    quiet(browser)


def test_what_was_written_offline_goes_out_once_and_the_draft_is_on_the_other_device(
    browser: Browser, house: House
) -> None:
    enter(house, browser, "q4-launch")
    cdp = browser.driver.execute_cdp_cmd
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    cdp("Network.enable", {})
    cdp("Network.emulateNetworkConditions", {"offline": True, **offline})
    browser.one(FIELD).send_keys("끊긴 동안 쓴 말", Keys.ENTER)
    browser.sees("연결되면 보냅니다", ".ch-pending")
    browser.one(FIELD).send_keys("아직 쓰는 중")
    pictured(browser, "offline_ko_light")
    house.say("joon", "q4-launch", "그동안 온 말")
    cdp("Network.emulateNetworkConditions", {"offline": False, **offline})
    browser.sees("그동안 온 말", ".ch-msg")
    browser.until(lambda: not browser.all(".ch-pending"))
    assert browser.one(FIELD).get_attribute("value") == "아직 쓰는 중"
    assert said(house, "q4-launch")[-2:] in (["그동안 온 말", "끊긴 동안 쓴 말"], ["끊긴 동안 쓴 말", "그동안 온 말"])
    shown = [it.text for it in browser.all(".ch-list .ch-text")][-2:]
    assert shown == said(house, "q4-launch")[-2:]

    browser.until(lambda: house.ask("mina", "GET", "/drafts")["drafts"][0]["text"] == "아직 쓰는 중")
    browser.complaints()
    browser.js("localStorage.clear()")  # another device
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.until(lambda: browser.one(FIELD).get_attribute("value") == "아직 쓰는 중")
    browser.type(FIELD, "x")
    browser.press("BACKSPACE")
    browser.until(lambda: not house.ask("mina", "GET", "/drafts")["drafts"][0]["text"])


def test_a_server_that_starts_again_is_joined_without_a_reload(
    browser: Browser, postgres_url: str, template: str
) -> None:
    with copied(postgres_url, template) as url:
        with open_house(url) as house:
            enter(house, browser, "q4-launch")
            browser.sees("주말 전에 증액", ".ch-list")
            browser.js("window.stayed = true")
        browser.until(lambda: browser.all(".state.waiting"))
        browser.one(FIELD).send_keys("꺼진 동안 쓴 말", Keys.ENTER)
        browser.sees("연결되면 보냅니다", ".ch-pending")
        browser.one(FIELD).send_keys("쓰다 만 글")
        with open_house(url, house):
            house.say("joon", "q4-launch", "다시 켜진 뒤의 말")
            browser.sees("다시 켜진 뒤의 말", ".ch-msg")
            browser.until(lambda: not browser.all(".ch-pending"))
            assert said(house, "q4-launch").count("꺼진 동안 쓴 말") == 1
            browser.until(
                lambda: [it.text for it in browser.all(".ch-list .ch-text")][-2:] == said(house, "q4-launch")[-2:]
            )
            assert browser.one(FIELD).get_attribute("value") == "쓰다 만 글"
            assert browser.js("return window.stayed")


def test_ctrl_k_finds_conversations_by_initials_and_what_is_used_comes_first(browser: Browser, house: House) -> None:
    enter(house, browser, "광고주-라이벌")
    browser.press("ctrl+k")
    browser.type(".palette input", "ㅎㅂㅋㅍ")
    browser.sees("deal-한빛커피", ".palette [aria-selected=true]")
    browser.type(".palette input", "q4l")
    browser.sees("q4-launch", ".palette [aria-selected=true]")
    browser.type(".palette input", "박ㅈ")
    browser.sees("박준", ".palette [aria-selected=true]")
    browser.type(".palette input", "라이벌")
    browser.sees("광고주-라이벌", ".palette [aria-selected=true]")
    browser.press("ESCAPE")
    enter(house, browser, "q4-launch")
    browser.press("ctrl+k")
    browser.sees("광고주-라이벌", ".palette li")
    pictured(browser, "switcher_ko_light")
    browser.press("ESCAPE", "alt+DOWN")
    browser.misses("q4-launch", ".top h1")
    quiet(browser)


def test_sections_are_kept_for_every_device(browser: Browser, house: House) -> None:
    enter(house, browser, "q4-launch")
    more = f".ch-nav[data-room={house.rooms['q4-launch']}] .ch-nav-more"
    browser.until(lambda: browser.all(more))
    browser.js(f"document.querySelector('{more}').click()")
    browser.click(".menu [role=menuitem]", "새 섹션으로 옮기기")
    browser.type("dialog input[name=name]", "이번 분기")
    browser.click("dialog .btn.pri")
    browser.sees("q4-launch", "section[aria-label='이번 분기']")
    browser.until(lambda: house.ask("mina", "GET", "/sidebar")["version"] == 1)
    browser.js(
        """const [room, section] = args, data = new DataTransfer();
        const from = document.querySelector(`.ch-nav[data-room=${room}]`);
        const to = document.querySelector(`section[aria-label='${section}']`);
        from.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: data }));
        to.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: data }));
        to.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));""",
        house.rooms["deal-한빛커피"], "이번 분기",
    )  # fmt: skip
    browser.sees("deal-한빛커피", "section[aria-label='이번 분기']")
    browser.click("section[aria-label='다이렉트 메시지'] .ch-fold")
    browser.until(lambda: house.ask("mina", "GET", "/sidebar")["version"] == 3)
    browser.js("localStorage.clear()")
    enter(house, browser, "광고주-라이벌")
    browser.sees("deal-한빛커피", "section[aria-label='이번 분기']")
    assert browser.one("section[aria-label='다이렉트 메시지'] .ch-fold").get_attribute("aria-expanded") == "false"
    pictured(browser, "sections_ko_light")
    quiet(browser)


def test_threads_one_follows_are_read_and_answered_in_one_place(browser: Browser, house: House) -> None:
    for lang, theme in (("en", "dark"), ("ko", "light")):
        house.enter(browser, "mina", "/channels/threads", lang, theme)
        browser.sees("제안서 v3 공유드립니다", ".ch-followed")
        pictured(browser, f"threads_{lang}_{theme}")
    browser.one(".ch-followed textarea").send_keys("여기서 답합니다", Keys.ENTER)
    browser.sees("여기서 답합니다", ".ch-followed .ch-msg")
    # What comes in while one looks is read after a moment, and its notice seen.
    root = next(m for m in house.ask("mina", "GET", "/threads")["threads"] if "v3" in m["root"]["text"])["root"]["ts"]
    browser.js("document.activeElement.blur()")
    house.say("joon", "deal-한빛커피", f"<@{house.users['mina']}> 방금 온 답", thread_ts=root)
    browser.sees("방금 온 답", ".ch-followed .ch-msg")
    browser.until(lambda: not any(one["unread"] for one in house.ask("mina", "GET", "/threads")["threads"]))
    browser.until(lambda: not house.ask("mina", "GET", "/channels/notices?unread=true&limit=50")["unread"])
    browser.click(".ch-followed header a", "스레드 열기")
    browser.sees("여기서 답합니다", ".ch-pane .ch-msg")
    quiet(browser)


def test_two_people_see_the_same_in_the_same_order(browser: Browser, house: House) -> None:
    """Mina looks on in the browser while both write as fast as they can."""
    enter(house, browser, "direct")
    first = len(said(house, "direct"))
    for n in range(6):
        browser.one(FIELD).send_keys(f"미나 {n}", Keys.ENTER)
        house.say("joon", "direct", f"준 {n}")
    browser.until(lambda: len(said(house, "direct")) == first + 12 and not browser.all(".ch-pending"))
    browser.sees("준 5", ".ch-list")
    browser.until(lambda: [it.text for it in browser.all(".ch-list .ch-text")][-12:] == said(house, "direct")[-12:])
    quiet(browser)


def test_who_is_sent_out_while_looking_is_told_so(browser: Browser, house: House) -> None:
    made = house.ask("mina", "POST", "/channels", name="잠깐", private=True, members=[house.users["joon"]])["channel"]
    house.rooms["잠깐"] = made["id"]
    enter(house, browser, "잠깐", "joon")
    house.ask("mina", "DELETE", f"/channels/{made['id']}/members/{house.users['joon']}")
    browser.sees("더는 이 채널의 멤버가 아닙니다")
    pictured(browser, "removed_ko_light")


def test_parts_without_a_screen_do_what_they_say(browser: Browser, house: House) -> None:
    enter(house, browser, "q4-launch")
    base = browser.js(
        "return document.querySelector('link[href*=\"/channels/channels.css\"]').href.replace(/channels.css.*/, '')"
    )
    told = browser.js(
        """const at = name => import(args[0] + name);
        const { score } = await at('matching.js'), { encode, decode } = await at('encoding.js');
        const { emoji, findEmoji } = await at('emoji.js'), { looksLikeCode } = await at('formatting.js');
        const { wantedAt } = await at('completion.js');
        const pairs = [['@김미나', '<@U1>'], ['@김', '<@U2>']];
        const round = decode('<@U1> &lt;b&gt; <#C1> <!here>', { U1: { name: '김미나' } }, { C1: 'q4' });
        return {
          scores: ['한빛', 'ㅎㅂ', '하', '커피', 'dh'].map(typed => score('deal-한빛커피', typed) > 0),
          none: score('q4-launch', '한'),
          names: encode('@김미나 그리고 @김 <b>', pairs), round: round.text, back: encode(round.text, round.mentions),
          emoji: ['tada', '+1::skin-tone-3', 'flag-kr', '없는것'].map(emoji),
          found: findEmoji('축하')[0].name, english: findEmoji('rock')[0].name,
          code: ['def f():\\n    return 1\\n\\nprint(f())', '안녕하세요\\n오늘은\\n금요일입니다'].map(looksLikeCode),
          wanted: [wantedAt('12:30', 5), wantedAt('메일 a@b', 6), wantedAt('@준', 2).typed, wantedAt('/rem', 4).kind],
        };""",
        base,
    )  # fmt: skip
    assert told["scores"] == [True, True, True, True, False]
    assert told["none"] == 0
    assert told["names"] == "<@U1> 그리고 <@U2> &lt;b&gt;"
    assert (told["round"], told["back"]) == ("@김미나 <b> #q4 @here", "<@U1> &lt;b&gt; <#C1> <!here>")
    assert told["emoji"] == ["🎉", "👍🏼", "🇰🇷", ":없는것:"]
    assert (told["found"], told["english"]) == ("tada", "rocket")
    assert told["code"] == [True, False]
    assert told["wanted"] == [None, None, "준", "/"]
