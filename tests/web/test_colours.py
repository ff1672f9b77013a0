"""The colours of the kit can be told apart by everybody, in light and in dark (WCAG AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dure

TOKENS = (Path(dure.__file__).parent / "web/static/tokens.css").read_text(encoding="utf-8")
PAIRS = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", TOKENS)
TEXT = [
    *((text, ground) for text in ("fg", "fg-2") for ground in ("bg", "bg-2", "bg-3", "soft", "warn-soft", "bad-soft")),
    *((text, ground) for text in ("accent", "ok", "warn", "bad") for ground in ("bg", "bg-2")),
    *(("accent", "soft"), ("on-accent", "accent"), ("bg", "bad")),
    *(("ok", "ok-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("fg-2", "bg-3")),
]
MARKS = [*((f"c{n}", "bg") for n in range(1, 7)), ("field", "bg"), ("accent", "soft")]


def rgb(colour: str) -> list[float]:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    return [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]


def luminance(colour: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: list[float], b: list[float]) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> dict[str, list[float]]:
    return {name: rgb(light if request.param == "light" else dark) for name, light, dark in PAIRS}


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme: dict[str, list[float]], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_lines_and_borders_can_be_seen(theme: dict[str, list[float]], mark: str, ground: str) -> None:
    assert contrast(theme[mark], theme[ground]) >= 3


@pytest.mark.parametrize("strength", [0, 0.2, 0.4, 0.62, 1])
def test_the_number_in_a_heat_cell_can_be_read(theme: dict[str, list[float]], strength: float) -> None:
    cell = [h * strength + b * (1 - strength) for h, b in zip(theme["heat"], theme["bg"], strict=True)]
    assert contrast(theme["bg" if strength > 0.62 else "fg"], cell) >= 4.5
