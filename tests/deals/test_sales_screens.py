"""The screens around the board in a real Chromium: one house, each test with records of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.deals.model import LoadedAccount, LoadedDeal, LoadedStage
from dure.governance.api import Principal
from dure.log.api import Log
from tests.databases import copied
from tests.deals.house import House, soon
from tests.deals.pasts import made_deals
from tests.web.browser import Browser

MANY = 1_500


class Sales(House):
    """A house with years of deals behind it, so that there is a win model, and a lane with very many open ones."""

    async def _settle(self, owner: Principal) -> None:
        now = datetime.now(UTC)
        deals = []
        for one in made_deals(1_600, seed=8, now=now):
            ends = [LoadedStage(one.closed_at, "Closed Won" if one.won else "Closed Lost")] if one.closed_at else []
            deals.append(
                LoadedDeal(
                    one.id, f"지난 거래 {one.id}", one.accounts[0].value, one.was[0].amount, "KRW",
                    one.owners[0].value, one.was[-1].close_date, [LoadedStage(one.created_at, "Prospecting"), *ends],
                )
            )  # fmt: skip
        # The many begin with the second lane: the first is small enough to be read.
        begun = now - timedelta(days=1)
        deals += [
            LoadedDeal(f"many-{n}", f"줄줄이 {n:04}", "001many", 1_000_000, "KRW", owner.user, now.date(),
                       [LoadedStage(begun - timedelta(hours=1), "Prospecting"), LoadedStage(begun, "Proposal")])
            for n in range(MANY)
        ]  # fmt: skip
        names = sorted({one.account for one in deals})
        loaded = await self.deals.bulk_load(owner, [LoadedAccount(name, f"고객 {name}") for name in names], deals)
        workspace = owner.tenant.workspace
        async with self._state.begin(
            owner.tenant
        ) as tx:  # what was done about them, as the follower would have kept it
            await tx.many(
                "insert into deals.activity (workspace, opportunity, message, at, kind, customer)"
                " values (%s, %s, %s, %s, 'message', %s)",
                [(workspace, loaded.deals[one.id], f"{one.id}-{n}", act.at, act.customer)
                 for one in made_deals(1_600, seed=8, now=now) for n, act in enumerate(one.acts)],
            )  # fmt: skip
        await self.winning.learn(await self.governance.workspace(owner.tenant))


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str, run_folder: Path) -> Iterator[tuple[Sales, str]]:
    log = Log(f"chdb://{run_folder}/ch", database="sales_screens")
    log.open()
    with copied(postgres_url, template) as database:
        made = Sales(database, log=log)
        with made.served() as url:
            yield made, url
    log.drop()
    log.close()


class Screen:
    """The browser, signed in, and the API as a page's own script uses it."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url

    def open(self, path: str, lang: str = "ko") -> None:
        self.browser.open(self.url + path, lang=lang, theme="light")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return self.browser.js(
            "const [method, path, body] = args; const answer = await fetch('/api/v1' + path, {method, headers:"
            " {'x-dure-client': 'web', 'content-type': 'application/json'}, body: body === null ? undefined :"
            " JSON.stringify(body)}); if (!answer.ok) throw new Error(await answer.text());"
            " return answer.status === 204 ? null : answer.json();",
            method, path, body,
        )  # fmt: skip

    def deal(self, name: str, **more: object) -> dict[str, Any]:
        account = self.ask("POST", "/accounts", {"name": f"{name} 고객사"})["id"]
        known = {"name": name, "account": account, "amount": 5_000_000, "close_date": soon(30), **more}
        return self.ask("POST", "/deals", known)  # type: ignore[no-any-return]


@pytest.fixture
def screen(house: tuple[Sales, str], browser: Browser) -> Screen:
    made, url = house
    browser.size(1500, 950)
    browser.cookie(url, "dure_session", made.session)
    it = Screen(browser, url)
    it.open("/deals/settings")
    return it


def test_a_lane_of_many_deals_draws_only_those_in_sight(screen: Screen) -> None:
    browser = screen.browser
    screen.open("/deals")
    browser.sees(f"{MANY:,}건", '[data-lane="Proposal"] header')
    assert len(browser.all('[data-lane="Proposal"] .deals-card')) < 40
    browser.js("document.querySelector('[data-lane=Proposal] ul').scrollTop = 1e9")
    browser.until(lambda: "줄줄이" in browser.all('[data-lane="Proposal"] .deals-card')[-1].text)
    last = browser.all('[data-lane="Proposal"] .deals-card')[-1]
    bottom = browser.js("const l = document.querySelector('[data-lane=Proposal] ul').getBoundingClientRect();"
                        " return l.bottom")  # fmt: skip
    assert last.rect["y"] + last.rect["height"] <= bottom + 1
    browser.type(".deals-filter", "줄줄이 0777")
    browser.until(lambda: len(browser.all(".deals-card")) == 1)
    assert browser.complaints() == []


def test_what_a_stage_asks_for_is_asked_before_a_deal_moves_there_and_so_is_why_it_was_lost(screen: Screen) -> None:
    browser = screen.browser
    screen.ask("PATCH", "/deals/stages/Qualified", {"required": ["lead_source"]})
    deal = screen.deal("필수 항목")
    screen.open(f"/deals?q={deal['name']}")
    card = f'[data-deal="{deal["id"]}"]'
    browser.one(card)
    browser.js(f"document.querySelector('{card}').focus()")
    browser.press("]")
    browser.sees("이 단계에는 다음이 필요합니다", "dialog")
    browser.type("dialog input[name=lead_source]", "referral")
    browser.click("dialog button[type=submit]")
    browser.until(lambda: browser.all(f'[data-lane="Qualified"] {card}'))
    browser.until(lambda: screen.ask("GET", f"/deals/{deal['id']}")["stage"] == "Qualified")
    assert screen.ask("GET", f"/deals/{deal['id']}")["lead_source"] == "referral"
    screen.open(f"/deals/{deal['id']}")
    browser.click(".deals-stagebar .end button")
    browser.type("dialog input[name=lost_reason]", "예산이 줄었습니다")
    browser.click("dialog button[type=submit]")
    browser.sees("예산이 줄었습니다", ".deals-head")
    screen.ask("PATCH", "/deals/stages/Qualified", {"required": []})


def test_a_deals_page_changes_fields_in_place_keeps_notes_and_tells_both_in_its_timeline(
    screen: Screen,
) -> None:
    browser = screen.browser
    screen.ask(
        "POST", "/record-fields/deal", {"name": "Budget__c", "type": "money", "label_ko": "예산", "label_en": "Budget"}
    )
    deal = screen.deal("거래 페이지")
    screen.open(f"/deals/{deal['id']}")
    for field, text in (("next_step", "금요일 전화"), ("Budget__c", "7000000")):
        browser.click(f"[data-field={field}]")
        browser.type("[data-edit]", text)
        browser.press("enter")
        browser.until(lambda: not browser.all("[data-edit]"))
    browser.sees("7,000,000원", ".deals-props")
    browser.type(".deals-note textarea", "담당자가 예산을 확인했다")
    browser.press("ctrl+enter")
    assert screen.ask("GET", f"/deals/{deal['id']}")["custom"] == {"Budget__c": 7_000_000}
    browser.click(".deals-stagebar button", "검토")
    browser.sees("발굴 → 검토", ".toast, .dt")
    browser.until(lambda: screen.ask("GET", f"/deals/{deal['id']}")["stage"] == "Qualified")
    browser.js("document.activeElement.blur()")
    browser.press("[")
    browser.until(lambda: screen.ask("GET", f"/deals/{deal['id']}")["stage"] == "Prospecting")


def test_a_table_is_filtered_changed_in_place_changed_at_once_and_put_back(screen: Screen) -> None:
    browser = screen.browser
    first, second = screen.deal("표에서 하나"), screen.deal("표에서 둘")
    screen.open("/deals/table?q=표에서")
    browser.sees("2건", ".deals-total")
    row = f'tr[data-key="{first["id"]}"]'
    browser.click(f"{row} [data-field=amount]")
    browser.type(f"{row} [data-edit]", "9900000")
    browser.press("enter")
    browser.sees("9,900,000원", row)
    browser.click("thead input[type=checkbox]")
    browser.click(".bulk .btn", "마감일 바꾸기")
    browser.js("const i = document.querySelector('dialog input[type=date]'); i.value = args[0];"
               " i.dispatchEvent(new Event('input', {bubbles: true}))", soon(90))  # fmt: skip
    browser.click("dialog button[type=submit]")
    browser.sees("2건을 바꿨습니다", ".toast")
    assert screen.ask("GET", f"/deals/{second['id']}")["close_date"] == soon(90)
    browser.click(".toast .btn", "되돌리기")
    browser.until(lambda: screen.ask("GET", f"/deals/{second['id']}")["close_date"] == soon(30))
    browser.click(".deals-tools [aria-label='보기'].btn")
    browser.click(".menu-item", "보기로 저장")
    browser.type("dialog input[name=name]", "표에서만")
    browser.click("dialog button[type=submit]")
    browser.sees("보기를 저장했습니다", ".toast")
    (view,) = [one for one in screen.ask("GET", "/record-views?object=deal")["views"] if one["name"] == "표에서만"]
    assert view["filters"] == [{"prop": "closed_at", "op": "not_set", "value": None}]


def test_the_forecast_stands_by_stage_and_by_model_with_the_models_calibration(screen: Screen) -> None:
    browser = screen.browser
    screen.open("/deals/forecast", lang="en")
    browser.sees("The model beats the stage’s probability", ".fc-card")
    assert len(browser.all(".fc-card circle")) == 8
    figures = browser.text(".fc-measures")
    assert "Brier score" in figures
    assert "Overall win rate" in figures
    assert browser.all(".fc-figures .fc-band")
    browser.sees("What changed in the last 7 days")
    assert browser.complaints() == []


def test_two_of_the_same_are_merged_field_by_field_and_taken_apart_again(screen: Screen) -> None:
    browser = screen.browser
    one = screen.ask("POST", "/accounts", {"name": "물결소프트", "domain": "mulgyeol.example", "phone": "02-1"})
    other = screen.ask("POST", "/accounts", {"name": "(주)물결소프트", "domain": "mulgyeol.example", "country": "KR"})
    screen.open("/deals/duplicates")
    browser.click(".du-list button", "물결소프트")
    browser.sees("도메인이 같음", ".du-list .on")
    browser.click(".du-table tbody tr label", "(주)물결소프트")
    browser.click(".du-merge .btn.pri")
    browser.sees("합쳤습니다", ".toast")
    ids = {one["id"], other["id"]}
    left = [a for a in screen.ask("GET", "/accounts?search=물결소프트")["accounts"] if a["id"] in ids]
    assert [(a["name"], a["phone"], a["country"]) for a in left] == [("(주)물결소프트", "02-1", "KR")]
    browser.click(".du-merges .btn", "도로 나누기")
    browser.until(lambda: len(screen.ask("GET", "/accounts?search=물결소프트")["accounts"]) == 2)


def test_an_account_shows_its_deals_and_its_people_beside_them(screen: Screen) -> None:
    browser = screen.browser
    deal = screen.deal("고객사 화면")
    person = screen.ask("POST", f"/accounts/{deal['account']}/contacts", {"name": "한소희", "email": "so@x.example"})
    screen.open(f"/deals/accounts/{deal['account']}")
    browser.sees("고객사 화면", ".deals-mid")
    browser.click(f'tr[data-key="{person["id"]}"]')
    browser.click(".deals-pane [data-field=title]")
    browser.type(".deals-pane [data-edit]", "마케팅 이사")
    browser.press("enter")
    browser.until(lambda: screen.ask("GET", f"/contacts/{person['id']}")["title"] == "마케팅 이사")
