"""Holes, and nothing but holes."""

from __future__ import annotations

import pytest

from dure.campaigns.template import Missing, check, render
from dure.kernel.errors import Invalid

SCOPE = {"person": {"name": "김미나", "city": ""}, "items": [{"title": "밤의 낭독"}, {"title": "아침"}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ person.name }}님", "김미나님"),
        ("{{items[1].title}}", "아침"),
        ('{{ person.city | default: "서울" }}', "서울"),
        ("no holes { } 100%", "no holes { } 100%"),
    ],
)
def test_holes_are_filled(text: str, expected: str) -> None:
    assert render(text, SCOPE) == expected


@pytest.mark.parametrize("text", ["{{ person.age }}", "{{ items[2].title }}", "{{ person }}", "{{ person.city }}"])
def test_a_missing_value_is_an_error(text: str) -> None:
    with pytest.raises(Missing):
        render(text, SCOPE)


@pytest.mark.parametrize("text", ["{{ person.__class__() }}", "{{ 1 + 1 }}", "{{ other.thing }}", "{{ person.name"])
def test_anything_else_is_refused_when_it_is_written(text: str) -> None:
    with pytest.raises(Invalid):
        check(text, "body")
