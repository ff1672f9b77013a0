"""Every kind of answer as a picture, as tables and as CSV, in a real Chromium, from answers that are made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from selenium import webdriver

from tests.metrics.made_up import EVERY, answer
from tests.web.browser import Browser, serving
from tests.web.gallery import Gallery

_MOUNT = """
const [base, answer, look] = args;
const { createApp } = await import(base + 'vendor/vue.js'), { html } = await import(base + 'web/html.js');
const { Answer } = await import(base + 'metrics/answer.js');
window.drawn?.unmount();
window.asked = [];
const fetched = window.fetched ??= window.fetch;
window.fetch = (url, options) => {
  if (!String(url).includes('/query')) return fetched(url, options);
  window.asked.push(JSON.parse(options.body));
  return Promise.resolve(new Response('{"people": [], "events": [], "total": 0, "rows": []}', { status: 200 }));
};
const place = document.getElementById('drawn')
  ?? document.querySelector('.view').appendChild(Object.assign(document.createElement('div'), { id: 'drawn' }));
window.drawn = createApp({ render: () => html`<${Answer} answer=${answer} look=${look} />` });
window.drawn.mount(place);
"""


class Drawing:
    """One page on which answers are drawn, one after the other."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser = browser
        self._base = base

    def draw(self, answer: dict[str, Any], look: str = "chart") -> None:
        self.browser.js(_MOUNT, self._base, answer, look)
        self.browser.one("#drawn .mx-answer")

    def csv(self, answer: dict[str, Any]) -> list[list[str]]:
        script = "return (await import(args[0] + 'metrics/answer.js')).asCsv(args[1])"
        return list(csv.reader(io.StringIO(self.browser.js(script, self._base, answer))))

    def opened(self) -> dict[str, Any]:
        """The cell whose people and events were asked for; closes what shows them."""
        self.browser.one("dialog")
        self.browser.press("ESCAPE")
        self.browser.until(lambda: not self.browser.all("dialog"))
        cell: dict[str, Any] = self.browser.js("return window.asked.at(-1).cell")
        return cell


@pytest.fixture(scope="module")
def drawing(chromium: webdriver.Chrome) -> Iterator[Drawing]:
    gallery = Gallery()
    with serving(gallery.app) as url:
        browser = Browser(chromium)
        browser.clean()
        browser.size(1440, 900)
        browser.open(url + "/channels/C1", lang="en", theme="light")
        browser.one("#channel")
        yield Drawing(browser, f"/s/{gallery.assets.version}/")
        gallery.release()


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_is_drawn_and_its_numbers_stand_in_its_tables_and_its_csv(drawing: Drawing, kind: str) -> None:
    made = EVERY[kind]()
    drawing.draw(made)
    assert drawing.browser.all("#drawn .chart svg, #drawn .funnel, #drawn .rank, #drawn .bars")
    drawing.draw(made, "table")
    shown = [row.text for row in drawing.browser.all("#drawn tbody tr")]
    written = [row for row in drawing.csv(made) if row]
    assert len(shown) > 3
    headings = 2 * len(drawing.browser.all("#drawn table"))
    assert len(shown) <= len(written) <= len(shown) + headings
    assert drawing.browser.complaints() == []


def test_a_funnel_shows_its_drop_its_groups_and_how_long_it_took(drawing: Drawing) -> None:
    drawing.draw(EVERY["funnel"]())
    browser = drawing.browser
    assert len(browser.all(".funnel-col")) == 4
    assert len(browser.all(".funnel-fill")) == 12
    browser.sees("140 of the 4,790 who began", ".mx-sum")
    browser.sees("usually 1m 12s", ".funnel-step")
    browser.sees("90th percentile", ".a-facts")
    browser.click(".funnel-col:last-child .funnel-step button")
    assert drawing.opened() == {"step": 3, "dropped": True}


def test_the_bar_of_a_group_opens_the_people_of_that_group(drawing: Drawing) -> None:
    drawing.draw(EVERY["funnel"]())
    drawing.browser.js("document.querySelectorAll('.funnel-col')[1].querySelectorAll('.funnel-fill')[2].click()")
    assert drawing.opened() == {"step": 1, "dropped": False, "grouped": True, "value": None}


def test_paths_are_walked_with_arrows_and_opened_with_enter(drawing: Drawing) -> None:
    drawing.draw(EVERY["paths"]())
    browser = drawing.browser
    browser.js("document.querySelector('#drawn .svgc svg').focus()")
    browser.press("RIGHT", "RIGHT")
    browser.sees("App Opened → Listen Started", ".tip")
    browser.press("UP", "DOWN", "ENTER")
    assert drawing.opened() == {"edge": {"from": "1_App Opened", "to": "2_Listen Started"}}


def test_a_line_is_opened_at_a_point_with_the_keyboard(drawing: Drawing) -> None:
    drawing.draw(EVERY["trend"]())
    browser = drawing.browser
    browser.js("document.querySelector('#drawn .svgc svg').focus()")
    browser.press("RIGHT", "RIGHT", "ENTER")
    assert drawing.opened() == {"series": 0, "interval": 1}


def test_a_formula_over_metrics_is_a_line_that_opens_nothing(drawing: Drawing) -> None:
    line = {"label": "A/B", "values": [0.5, 0.25], "total": 0.4}
    asked = {"kind": "formula", "formula": "A/B", "metrics": {"A": "x", "B": "y"}, "interval": "day"}
    drawing.draw(answer(asked, intervals=["2026-11-01T00:00:00+09:00", "2026-11-02T00:00:00+09:00"], series=[line]))
    drawing.browser.sees("0.4", "#drawn .table")
    assert drawing.browser.all("#drawn .table .link") == []


def test_dormant_people_hang_below_zero(drawing: Drawing) -> None:
    drawing.draw(EVERY["lifecycle"]())
    below = drawing.browser.js(
        "const zero = document.querySelector('#drawn .zero').getBoundingClientRect().top;"
        "const tops = [...document.querySelectorAll('#drawn rect')].map(r => r.getBoundingClientRect().top);"
        "return tops.filter(top => top >= zero - 1).length"
    )
    assert below == 10


def test_incomplete_cells_are_hatched_and_the_pooled_row_opens_nothing(drawing: Drawing) -> None:
    drawing.draw(EVERY["retention"]())
    assert len(drawing.browser.all("#drawn .heat td.part")) == 8
    assert drawing.browser.all("#drawn .heat .total button") == []


def test_what_cannot_be_told_from_chance_is_pale_and_nothing_is_called_a_cause(drawing: Drawing) -> None:
    drawing.draw(EVERY["correlation"]())
    browser = drawing.browser
    browser.sees("association, not cause", ".mx-answer")
    assert [row.text.split("\n")[0].split(" event")[0] for row in browser.all(".rank .pale th")] == [
        "Push Opened",
        "Page Viewed.path = /pricing",
    ]


def test_an_empty_answer_says_so_and_a_warning_is_seen(drawing: Drawing) -> None:
    nothing = answer({"kind": "paths", "steps": 5}, edges=[])
    nothing["meta"]["warnings"] = ["3 more edges are not shown."]
    drawing.draw(nothing)
    drawing.browser.sees("No such events in this range", ".empty")
    drawing.browser.sees("3 more edges", ".notice")


def test_a_text_that_a_spreadsheet_would_run_stays_a_text(drawing: Drawing) -> None:
    made = answer(
        {"kind": "sql", "sql": "select 1"}, columns=["event", "n"], rows=[["=HYPERLINK(1)", -3], ['a "b", c', 2]]
    )
    assert drawing.csv(made) == [["event", "n"], ["'=HYPERLINK(1)", "-3"], ['a "b", c', "2"]]
