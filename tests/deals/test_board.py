"""The deals board in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains

from tests.databases import copied
from tests.deals.house import House
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[tuple[House, str]]:
    """One house for all of them: each test moves deals of another lane."""
    with copied(postgres_url, template) as database:
        made = House(database, delivers=False)
        with made.served() as url:
            yield made, url


@pytest.fixture
def board(house: tuple[House, str], browser: Browser) -> Browser:
    made, url = house
    browser.size(1500, 900)
    browser.cookie(url, "dure_session", made.session)
    browser.open(url + "/deals", lang="ko", theme="light")
    browser.one(".deals-card")
    return browser


def cards(browser: Browser, lane: str) -> list[str]:
    return [card.get_attribute("data-deal") for card in browser.all(f'[data-lane="{lane}"] .deals-card')]


def test_a_card_moves_by_bracket_and_comes_back_by_undo(board: Browser) -> None:
    first = cards(board, "Prospecting")[0]
    board.js(f"document.querySelector('[data-deal=\"{first}\"]').focus()")
    board.press("]")
    board.until(lambda: first in cards(board, "Qualified"))
    board.sees("검토", ".toast")
    board.click(".toast .btn", "되돌리기")
    board.until(lambda: first in cards(board, "Prospecting"))


def test_a_card_is_dragged_to_another_lane(board: Browser) -> None:
    first = cards(board, "Qualified")[0]
    card, lane = board.one(f'[data-deal="{first}"]'), board.one('[data-lane="Proposal"] header')
    ActionChains(board.driver, duration=20).click_and_hold(card).move_to_element(lane).release().perform()
    board.until(lambda: first in cards(board, "Proposal"))
    assert not board.all(".deals-pane")


def test_a_deal_opens_beside_the_board_and_its_next_step_is_saved(board: Browser) -> None:
    board.click('[data-lane="Negotiation"] .deals-card')
    board.sees("거래 상태", ".deals-pane")
    board.type(".deals-pane input[name=next_step]", "금요일 계약 미팅")
    board.click(".deals-pane button[type=submit]")
    board.sees("금요일 계약 미팅", '[data-lane="Negotiation"]')
    assert board.complaints() == []


def test_a_deal_is_found_from_anywhere_by_its_first_sounds(board: Browser) -> None:
    board.press("ctrl+k")
    board.type(".palette input", "ㅎㅂㅋㅍ")
    board.sees("한빛커피", ".palette li")
