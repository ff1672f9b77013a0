"""Files and a channel's page in a real Chromium."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw

from tests.channels.house import House, open_house
from tests.channels.test_screens import pictured, quiet
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as url, open_house(url) as house:
        yield house


def picture(width: int = 1200, height: int = 700, colour: str = "#4263eb") -> bytes:
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill="#ffd43b")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def dropped(browser: Browser, css: str, name: str, kind: str, content: bytes) -> None:
    """Drops a file onto an element, as a hand would."""
    browser.js(
        """const [css, name, type, data] = args, on = document.querySelector(css), carried = new DataTransfer();
        const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
        carried.items.add(new File([bytes], name, { type }));
        for (const what of ['dragenter', 'dragover', 'drop'])
          on.dispatchEvent(new DragEvent(what, { bubbles: true, cancelable: true, dataTransfer: carried }));""",
        css, name, kind, base64.b64encode(content).decode(),
    )  # fmt: skip


def sent(house: House, who: str, room: str, *files: tuple[str, bytes], text: str = "") -> list[str]:
    headers = {"authorization": f"Bearer {house.tokens[who]}"}
    ids = [
        httpx.put(f"{house.url}/api/v1/files/upload", params={"name": name}, content=content, headers=headers)
        .raise_for_status().json()["file"]["id"]
        for name, content in files
    ]  # fmt: skip
    house.say(who, room, text, files=ids)
    return ids


def test_a_picture_is_dropped_in_sent_looked_at_and_deleted(browser: Browser, house: House, tmp_path: Path) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.one(".ch-compose")
    browser.one(".ch-list .ch-msg")
    dropped(browser, ".ch-list", "<b>배너.jpg", "image/jpeg", picture())
    browser.sees("<b>배너.jpg", ".fl-tray li.done")
    path = tmp_path / "지출.csv"
    path.write_text("날짜,금액\n" + "\n".join(f"11/{n},{n * 1000}" for n in range(1, 31)), encoding="utf-8")
    browser.driver.find_element("css selector", ".fl-input").send_keys(str(path))
    browser.sees("지출.csv", ".fl-tray li.done")
    pictured(browser, "files_tray_ko_light")
    browser.js(
        """const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array([1, 2, 3])], 'image.png', { type: 'image/png' }));
        const pasted = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: carried });
        document.querySelector('.ch-compose textarea').dispatchEvent(pasted);"""
    )
    browser.sees("image.png", ".fl-tray li.done")
    browser.js("[...document.querySelectorAll('.fl-tray li')].at(-1).querySelector('.btn').click()")
    browser.misses("image.png", ".fl-tray")
    browser.one(".ch-compose textarea").send_keys("새 배너와 지출입니다")
    browser.press("ENTER")
    browser.sees("<b>배너.jpg", ".ch-msg .fl-picture")
    browser.sees("11/1,1000", ".ch-msg .fl-text")
    assert not browser.all(".fl-tray")
    browser.until(lambda: browser.js("return document.querySelector('.fl-picture img').naturalWidth") == 720)
    browser.click(".fl-text > .btn")
    browser.sees("11/30,30000", ".ch-msg .fl-text pre")
    said = house.ask("joon", "GET", f"/channels/{house.rooms['q4-launch']}/messages")["messages"][-1]
    assert (said["text"], [one["filetype"] for one in said["files"]]) == ("새 배너와 지출입니다", ["jpg", "csv"])

    browser.click(".fl-picture .fl-open")
    browser.until(lambda: browser.js("return document.querySelector('.fl-stage img')?.naturalWidth") == 1200)
    browser.press("ESCAPE")
    browser.until(lambda: not browser.all(".fl-stage"))
    browser.press("ESCAPE")
    browser.js("document.activeElement.blur()")
    browser.press("f")
    browser.sees("지출.csv", ".fl-pane")
    browser.click(".fl-kinds .btn", "그림")
    browser.misses("지출.csv", ".fl-pane")
    house.ask("mina", "DELETE", f"/files/{said['files'][0]['id']}")
    browser.sees("삭제된 파일입니다", ".ch-msg")
    browser.sees("이 종류의 파일이 없습니다", ".fl-pane")
    quiet(browser)


def test_files_of_all_kinds_are_shown_and_one_that_fails_says_why(browser: Browser, house: House) -> None:
    room = house.rooms["deal-한빛커피"]
    room_name, colours = "deal-한빛커피", ("#e03131", "#2f9e44", "#1971c2")
    sent(house, "joon", room_name, ("제안서 v3 최종_진짜최종.pdf", b"%PDF-1.7" + bytes(300_000)), text="제안서")
    drafts = [(f"시안 {n}.jpg", picture(900, 900 - n * 200, colour)) for n, colour in enumerate(colours)]
    sent(house, "joon", room_name, *drafts)
    sent(house, "joon", room_name, ("광고.mp3", b"ID3" + bytes(50_000)), ("견적.xlsx", b"PK\x03\x04" + bytes(9_000)))
    code = "def pace(spent, goal):\n    return spent / goal  # <script>alert(1)</script>\n" * 12
    sent(house, "mina", room_name, ("pace.py", code.encode()), ("page.html", b"<script>alert(1)</script>"))
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "mina", f"/channels/{room}", lang, theme)
        browser.sees("제안서 v3 최종_진짜최종.pdf", ".fl-card")
        browser.one(".fl-media audio")
        browser.sees("<script>alert(1)</script>", ".fl-text")
        browser.js("document.activeElement.blur()")
        browser.press("f")
        browser.sees("견적.xlsx", ".fl-pane")
        browser.js("const list = document.querySelector('.ch-list'); list.scrollTop = list.scrollHeight - 1000")
        pictured(browser, f"files_{lang}_{theme}")
    quiet(browser)
    # The door says no in words; what was chosen stays, and can be taken away or tried again.
    dropped(browser, ".ch-main .ch-list", "empty.txt", "text/plain", b"")
    browser.sees("The file is empty", ".fl-tray li.failed")
    browser.click(".fl-tray li .btn")
    browser.until(lambda: not browser.all(".fl-tray"))


def test_a_page_is_begun_ticked_and_written_by_two_at_once(browser: Browser, house: House) -> None:
    room = house.rooms["광고주-라이벌"]
    house.enter(browser, "mina", f"/channels/{room}")
    browser.sees("실시간", ".state")
    browser.click(".top button[aria-label='채널 페이지']")
    browser.click(".pg-starts .btn.pri", "안건 · 주제 · 지킬 것")
    browser.one(".pg-edit textarea")
    browser.click(".pg-edit .btn.pri")
    browser.sees("서로 지킬 것", ".pg-text .pg-h2")
    browser.one(".pg-table table")
    # The other side comes in for the first time and is shown it, ticks a box, and this side sees it.
    seen = house.ask("rina", "GET", f"/channels/{room}/page")
    assert (seen["seen"], seen["page"]["version"]) == (False, 1)
    house.ask("rina", "POST", f"/channels/{room}/page/ticks", line=3, text="이번 주에 정할 것", done=True)
    browser.click(".pg-done summary", "끝난 것 1개")  # what is done folds away in an agenda
    browser.sees("이번 주에 정할 것", ".pg-box.done")
    browser.click(".pg-box label", "지난주 결과 함께 보기")
    browser.sees("지난주 결과 함께 보기", ".pg-box.done")
    pictured(browser, "page_ko_light")

    browser.click(".pg-pane header .btn.sm")
    mine = browser.one(".pg-edit textarea")
    mine.send_keys("맨 위에 쓴 말\n")
    theirs = house.ask("rina", "GET", f"/channels/{room}/page")["page"]
    body = theirs["body"].replace("- 소재와 문구 검토", "- 소재와 **문구** 검토, <img src=x onerror=alert(1)>")
    house.ask("rina", "PUT", f"/channels/{room}/page", title=theirs["title"], body=body, version=theirs["version"])
    browser.sees("저장하면 둘을 합칩니다", ".pg-edit")
    browser.click(".pg-edit .btn.pri")
    browser.sees("맨 위에 쓴 말", ".pg-text p")
    browser.sees("소재와 문구 검토, <img src=x onerror=alert(1)>", ".pg-text li")

    browser.click(".pg-pane header .btn.sm")
    browser.one(".pg-edit textarea").send_keys("내가 고친 ")
    now = house.ask("rina", "GET", f"/channels/{room}/page")["page"]
    house.ask("rina", "PUT", f"/channels/{room}/page", title=now["title"], version=now["version"],
              body=now["body"].replace("맨 위에 쓴 말", "그쪽에서 고친 말"))  # fmt: skip
    browser.click(".pg-edit .btn.pri")
    browser.sees("아무것도 사라지지 않았습니다", ".pg-edit")
    browser.sees("그쪽에서 고친 말", ".pg-theirs")
    pictured(browser, "page_conflict_ko_light")
    browser.click(".pg-edit .btn.pri")
    browser.sees("내가 고친 맨 위에 쓴 말", ".pg-text p")
    browser.click(".pg-pane header .btn.ico[aria-label='지난 내용']")
    browser.click(".pg-past .btn", "1번째 판")
    browser.sees("지난주 결과 함께 보기", ".pg-text")
    assert not browser.all(".pg-text .done")
    assert not browser.all(".pg-pane img")
    assert [said for said in browser.complaints() if "409 (Conflict)" not in said] == []

    house.enter(browser, "rina", f"/channels/{room}", "en", "dark")
    browser.sees("Welcome. This is how we work together", ".pg-pane")
    pictured(browser, "page_en_dark")
    browser.click(".pg-pane .notice .btn.pri")
    browser.until(lambda: not browser.all(".pg-pane"))
    house.enter(browser, "rina", f"/channels/{room}", "en", "dark")
    browser.sees("Live", ".state")
    assert not browser.all(".pg-pane")
