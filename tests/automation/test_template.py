"""Templates: paths, filters, types, and what is missing."""

from __future__ import annotations

import pytest

from dure.automation.template import Missing, money, render

SCOPE = {
    "event": {"properties": {"name": "Hanbit", "amount": 1_250_000, "currency": "KRW", "share": 0.256, "a.b": 7,
                             "when": "2026-11-24T00:30:00+00:00", "tags": ["x", "y"], "zero": 0}},
    "run": {"zone": "Asia/Seoul"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Deal {{ event.properties.name }}!", "Deal Hanbit!"),
        ("{{event.properties.amount}}", 1_250_000),
        ("{{ event.properties.tags }}", ["x", "y"]),
        ("{{ event.properties.tags.1 }}", "y"),
        ("{{ event.properties.a.b }}", 7),
        ("{{ event.properties.zero | default: 5 }}", 0),
        ("{{ event.properties.none | default: 'nobody' }}", "nobody"),
        ("{{ event.properties.none | default: event.properties.name }}", "Hanbit"),
        ("{{ event.properties.amount | money }}", "₩1,250,000"),
        ("{{ event.properties.amount | money: 'USD' }}", "$12,500.00"),
        ("{{ event.properties.share | percent }}", "26%"),
        ("{{ event.properties.share | percent: 1 }}", "25.6%"),
        ("{{ event.properties.when | date }}", "2026-11-24"),
        ("{{ event.properties.when | date: '%m/%d %H:%M' }}", "11/24 09:30"),
        ("{{ event.properties.none | money | default: '-' }}", "-"),
        ("{{ event.properties.name | default: 'a | b' }}", "Hanbit"),
        ("no holes", "no holes"),
    ],
)
def test_a_text_is_filled(text: str, value: object) -> None:
    assert render(text, SCOPE) == value


def test_nested_values_are_filled() -> None:
    assert render({"a": [{"b": "{{ event.properties.name }}"}], "n": 1}, SCOPE) == {"a": [{"b": "Hanbit"}], "n": 1}


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Missing, match=r"event\.properties\.colour"):
        render("The {{ event.properties.colour }} one", SCOPE)


def test_money_has_the_currencys_decimals() -> None:
    assert [money(-1050, "USD"), money(1050, "JPY"), money(1050, "THB")] == ["-$10.50", "¥1,050", "THB 10.50"]
