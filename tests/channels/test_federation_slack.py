"""A channel that two real servers share, by Slack's own client on both sides and on both sides' screens."""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.channels.two_servers import Company, Pair, two_companies
from tests.waiting import waited
from tests.web.browser import Browser


@pytest.fixture(scope="module")
def pair(run_folder: Path) -> Iterator[Pair]:
    folder = run_folder / "federation-slack"
    folder.mkdir(mode=0o755)
    with two_companies(folder) as made:
        yield made


class Seen:
    """A channel as one side's client sees it, with names in the place of ids, which each server has of its own."""

    def __init__(self, company: Company, channel: str) -> None:
        self._slack, self._channel = company.slack, channel
        self._names: dict[str, str] = {}

    def name(self, user: str) -> str:
        if user not in self._names:
            self._names[user] = self._slack.users_info(user=user)["user"]["real_name"]
        return self._names[user]

    def _line(self, one: dict[str, Any]) -> dict[str, Any]:
        text = one["text"]
        for user in re.findall(r"<@(U\w+)>", text):
            text = text.replace(user, self.name(user))
        return {
            "ts": one["ts"], "thread_ts": one.get("thread_ts"), "user": self.name(one["user"]), "text": text,
            "subtype": one.get("subtype"), "edited": "edited" in one, "reply_count": one.get("reply_count", 0),
            "client_msg_id": one.get("client_msg_id"), "blocks": one.get("blocks"),
            "reactions": [(it["name"], it["count"], sorted(map(self.name, it["users"])))
                          for it in one.get("reactions", [])],
            "files": [(it["name"], it["size"], it["mimetype"], self.name(it["user"])) for it in one.get("files", [])],
        }  # fmt: skip

    def everything(self) -> dict[str, Any]:
        said = self._slack.conversations_history(channel=self._channel, limit=200)["messages"]
        threads = {one["ts"]: self._slack.conversations_replies(channel=self._channel, ts=one["ts"])["messages"]
                   for one in said if one.get("reply_count")}  # fmt: skip
        about = self._slack.conversations_info(channel=self._channel)["channel"]
        return {
            "history": [self._line(one) for one in said],
            "threads": {ts: [self._line(one) for one in found] for ts, found in threads.items()},
            "members": sorted(map(self.name, self._slack.conversations_members(channel=self._channel)["members"])),
            "topic": about["topic"]["value"], "shared": (about["is_shared"], about["is_ext_shared"]),
        }  # fmt: skip


def fetched(company: Company, file: dict[str, Any]) -> bytes:
    asked = urllib.request.Request(
        file["url_private_download"], headers={"Authorization": f"Bearer {company.made['user_token']}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bytes(answer.read())


def test_slacks_client_does_on_either_side_what_it_does_on_one(pair: Pair) -> None:
    mina, rina = pair.sori.slack, pair.hanbit.slack
    home, away = Seen(pair.sori, pair.channel), Seen(pair.hanbit, pair.copy)

    first = mina.chat_postMessage(channel=pair.channel, text="from home")
    waited(lambda: any(one["ts"] == first["ts"] for one in pair.hanbit.history(pair.copy)))
    # What is said away has the home's timestamp as soon as it is answered, and can be worked with by that.
    second = rina.chat_postMessage(
        channel=pair.copy, text="from away",
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "from *away*"}}],
    )  # fmt: skip
    assert second["message"]["text"] == "from away"
    assert float(second["ts"]) > float(first["ts"])
    rina.chat_update(channel=pair.copy, ts=second["ts"], text="from away, better")
    rina.reactions_add(channel=pair.copy, timestamp=first["ts"], name="tada")
    with pytest.raises(SlackApiError) as refused:
        rina.reactions_add(channel=pair.copy, timestamp=first["ts"], name="tada")
    assert refused.value.response["error"] == "already_reacted"
    rina.chat_postMessage(channel=pair.copy, text="a reply", thread_ts=first["ts"])
    gone = rina.chat_postMessage(channel=pair.copy, text="a mistake")
    rina.chat_delete(channel=pair.copy, ts=gone["ts"])
    rina.conversations_setTopic(channel=pair.copy, topic="the launch")
    with pytest.raises(SlackApiError) as refused:
        rina.chat_update(channel=pair.copy, ts=first["ts"], text="not mine")
    assert refused.value.response["error"] == "cant_update_message"

    mina.reactions_add(channel=pair.channel, timestamp=second["ts"], name="eyes")
    mina.chat_postMessage(channel=pair.channel, text="a reply from home", thread_ts=first["ts"])
    mina.chat_update(channel=pair.channel, ts=first["ts"], text="from home, better")
    unwanted = mina.chat_postMessage(channel=pair.channel, text="another mistake")
    mina.chat_delete(channel=pair.channel, ts=unwanted["ts"])

    figures, letters = b"figures " * 4000, b"letters " * 3000
    mina.files_upload_v2(channel=pair.channel, content=figures, filename="figures.txt", initial_comment="look")
    rina.files_upload_v2(channel=pair.copy, content=letters, filename="letters.txt", initial_comment="and here")

    def same() -> bool:
        here = home.everything()
        told = [it for one in here["history"] for it in one["files"]]
        return len(told) == 2 and here == away.everything()

    try:
        waited(same, seconds=60)
    except AssertionError:
        assert home.everything() == away.everything()
        raise
    seen = away.everything()
    by_text = {one["text"]: one for one in seen["history"]}
    assert by_text["from home, better"]["reactions"] == [("tada", 1, [away.name(rina.auth_test()["user_id"])])]
    assert [one["text"] for one in seen["threads"][first["ts"]]] == [
        "from home, better",
        "a reply",
        "a reply from home",
    ]
    assert by_text["from away, better"]["edited"]
    assert not {"a mistake", "another mistake"} & set(by_text)
    assert (len(seen["members"]), seen["topic"], seen["shared"]) == (2, "the launch", (True, True))
    for company, channel in ((pair.sori, pair.channel), (pair.hanbit, pair.copy)):
        files = {it["name"]: it for one in company.history(channel) for it in one.get("files", [])}
        assert fetched(company, files["figures.txt"]) == figures
        assert fetched(company, files["letters.txt"]) == letters


def pictured(browser: Browser, name: str) -> None:
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"federation_{name}.png")


def test_a_link_made_on_one_screen_is_opened_on_the_others(browser: Browser, pair: Pair) -> None:
    sori, hanbit = pair.sori, pair.hanbit
    for name in ("launch-plan", "press-kit"):
        sori.slack.conversations_create(name=name)
    sori.enter(browser, "/admin/partners")
    browser.click(".panel button", "채널 초대")
    browser.sees("Hanbit", "dialog")
    browser.one("dialog select").send_keys("#launch-plan")
    pictured(browser, "offer_ko_light")
    browser.click("dialog button.pri")
    browser.sees("/invited/", "dialog code")
    link = browser.text("dialog code")
    pictured(browser, "link_ko_light")
    assert link.startswith(hanbit.url)
    path = link.removeprefix(hanbit.url)

    def opened() -> bool:
        hanbit.enter(browser, path, "en", "dark")
        pictured(browser, "invited_waits")
        return "#launch-plan" in browser.text("main")

    waited(opened, "the invitation did not come")
    pictured(browser, "invited_en_dark")
    hanbit.enter(browser, path, "ko", "light")
    browser.sees("초대했습니다", "main")
    pictured(browser, "invited_ko_light")
    browser.size(1024, 700)
    pictured(browser, "invited_ko_1024")
    browser.size(1360, 860)
    browser.click("main button.pri", "수락")
    browser.until(lambda: "/channels/C" in browser.driver.current_url)
    browser.sees("Sorimaru", ".ch-org")
    hanbit.enter(browser, path, "ko", "light")
    browser.sees("이미 함께 쓰는 채널", "main")
    pictured(browser, "invited_over_ko")
    hanbit.enter(browser, path[:-3] + "AAA", "en", "light")
    browser.sees("not known here", "main")
    pictured(browser, "invited_unknown_en")
    assert all("404 (Not Found)" in one for one in browser.complaints())  # the link that is not known

    # The same button beside what is shared; the e-mail and the letter that this server does not send.
    sori.enter(browser, "/channels/connections", "en", "dark")
    browser.click("button", "Offer a channel")
    browser.one("dialog select").send_keys("#press-kit")
    browser.type("dialog input[type=email]", "rina@hanbit.example")
    pictured(browser, "offer_en_dark")
    browser.click("dialog button.pri")
    browser.sees("give them the link yourself", "dialog")
    pictured(browser, "link_en_dark")
    assert browser.complaints() == []

    # A partner that is not there, in words.
    hanbit.kill()
    sori.slack.chat_postMessage(channel=pair.channel, text="is anybody there?")
    waited(lambda: sori.ask("GET", "/partners")["partners"][0]["problem"] == "unreachable")
    for lang, theme, words in (("ko", "light", "연결할 수 없습니다"), ("en", "dark", "cannot be reached")):
        sori.enter(browser, "/admin/partners", lang, theme)
        browser.sees(words, ".panel")
        assert "Errno" not in browser.text(".panel .notice span")
        pictured(browser, f"unreachable_{lang}_{theme}")
    sori.enter(browser, "/admin/partners", "ko", "light")
    browser.click("header button", "코드 입력")
    browser.type("dialog input[name=address]", "http://127.0.0.1:1")
    browser.type("dialog input[name=code]", "AAAAA-AAAAA-AAAAA-AAAAA")
    browser.click("dialog button.pri")
    browser.sees("상대 서버에 연결할 수 없습니다", "dialog")
    pictured(browser, "pairing_refused_ko")
