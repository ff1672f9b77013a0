"""The inbox in a real Chromium, in one long visit of mina's, with joon at another desk."""

from __future__ import annotations

from pathlib import Path

from dure.governance.http import COOKIE
from tests.social.care.screen import Counter
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


def test_a_colleague_is_seen_a_reply_is_stopped_and_what_became_of_it_is_shown(
    browser: Browser, fresh_database: str, run_folder: Path
) -> None:
    counter = Counter(fresh_database, f"chdb://{run_folder}/ch")
    with counter.served() as url:
        browser.cookie(url, COOKIE, counter.sessions["mina"])
        browser.open(url + "/inbox", lang="en")
        browser.until(lambda: len(browser.all(".care-row")) == 4)
        browser.sees("Not sent", ".care-list")
        browser.press("j", "k")
        browser.sees("10월 청구서에 같은 항목이 두 번", ".care-top")
        browser.sees("가을 캠페인", ".care-panel")  # the open deal of whom the address belongs to
        said = f"/conversations/{counter.talks[0]}"

        # Of two who take it, the second hears who was first.
        browser.press("a")
        browser.sees("It is yours", "body")
        browser.press("a")
        browser.sees("Unassigned", "body")

        # A saved reply, with a colleague who writes and sends meanwhile.
        browser.press("/")
        browser.sees("/refund", ".care-suggest")
        browser.press("r", "e", "f", "enter")
        browser.until(lambda: "윤한결님, 환불은" in browser.one(".care-box").get_attribute("value"))
        counter.call("joon", "POST", said + "/doing", {"what": "typing"})
        browser.sees("박준 is writing a reply", ".care-composer")
        seen = counter.call("joon", "GET", said)["conversation"]["said_seq"]
        counter.call(
            "joon", "POST", said + "/replies", {"text": "청구팀에서 취소했습니다.", "key": "joon-1", "seen": seen}
        )
        browser.sees("There is something new since you began to write", ".care-composer")
        browser.press("ctrl+enter")
        browser.sees("Something was said meanwhile", "dialog")
        browser.sees("청구팀에서 취소했습니다.", "dialog")
        browser.click("dialog .btn", "Send anyway")
        browser.until(lambda: [it.text for it in browser.all(".k-reply .care-said")][-1].startswith("윤한결님, 환불은"))
        assert browser.one(".care-box").get_attribute("value") == ""
        assert [text for _, text, _ in counter.square.said][-1].endswith("드림")
        browser.sees("Waiting", ".care-top")

        # A note that calls a colleague; then resolved, and opened again by the key.
        browser.press("escape")
        browser.press("n")
        browser.type(".care-box", "@박")
        browser.press("enter")
        browser.one(".care-box").send_keys("고마워요")
        browser.press("ctrl+enter")
        browser.sees("@박준 고마워요", ".k-note")
        browser.press("escape")
        browser.press("e")
        browser.sees("Resolved", ".care-top")
        assert counter.call("joon", "GET", said)["conversation"]["state"] == "resolved"

        # What was refused is sent again; what nobody knows is settled by hand.
        browser.open(f"{url}/inbox?c={counter.talks[1]}", lang="en")
        browser.click(".care-out .btn", "Send again")
        browser.misses("It was not sent", ".care-entries")
        browser.open(f"{url}/inbox?c={counter.talks[3]}", lang="en")
        browser.click(".care-out .btn", "It is there")
        browser.sees("saw that the reply is there", ".care-entries")

        # Many at once, in Korean.
        browser.open(url + "/inbox?view=all", lang="ko")
        browser.until(lambda: len(browser.all(".care-row")) == 6)
        browser.press("j", "x", "j", "x")
        browser.sees("2건 선택", ".care-bulk")
        marked = [row.get_attribute("data-talk") for row in browser.all(".care-row.marked")]
        browser.press("e")
        browser.sees("2건을 바꾸었습니다", "body")
        for one in marked:
            browser.one(f"[data-talk='{one}'] .s-resolved")
        said = [one for one in browser.complaints() if "/replies" not in one]  # the stop is a 409
        assert said == []
