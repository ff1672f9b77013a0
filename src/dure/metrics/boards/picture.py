"""A board drawn as SVG from its numbers: what a channel shows beside the words. All text is escaped; no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDE, _HIGH, _GAP, _COLUMNS = 300, 132, 12, 3
_PAD, _HEAD = 20, 58
FONT = "Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', system-ui, sans-serif"
_STYLE = f"""
svg {{ font-family: {FONT}; }}
.page {{ fill: #f8f8fa; }} .card {{ fill: #fff; stroke: #e4e6eb; }} .name, .change, .sub {{ fill: #596070; }}
.name, .change {{ font-size: 13px; }} .sub {{ font-size: 12px; }} .value, .title {{ fill: #1a1c21; font-weight: 650; }}
.value {{ font-size: 26px; }} .title {{ font-size: 18px; }} .good {{ fill: #177a55; }} .poor {{ fill: #b42a2a; }}
.line {{ fill: none; stroke: #1353ba; stroke-width: 2; stroke-linejoin: round; }}
.area {{ fill: #1353ba; opacity: .12; }}
@media (prefers-color-scheme: dark) {{
.page {{ fill: #141519; }} .card {{ fill: #1a1c21; stroke: #2b2e36; }} .name, .change, .sub {{ fill: #a0a7b4; }}
.value, .title {{ fill: #e9eaee; }} .good {{ fill: #4cc38a; }} .poor {{ fill: #f07070; }}
.line {{ stroke: #6f8bff; }} .area {{ fill: #6f8bff; }}
}}"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a board as it is shown: name, value and change as texts, `good` None where it says nothing."""

    name: str
    value: str
    change: str = ""
    good: bool | None = None
    line: Sequence[float | None] = ()


def drawn(title: str, subtitle: str, figures: Sequence[Figure]) -> str:
    """The board as one SVG document, three figures a row."""
    rows = max(1, -(-len(figures) // _COLUMNS))
    width = 2 * _PAD + _COLUMNS * _WIDE + (_COLUMNS - 1) * _GAP
    height = _HEAD + rows * (_HIGH + _GAP) - _GAP + _PAD
    cards = "".join(
        _card(figure, _PAD + at % _COLUMNS * (_WIDE + _GAP), _HEAD + at // _COLUMNS * (_HIGH + _GAP))
        for at, figure in enumerate(figures)
    )
    said = escape(f"{title}, {subtitle}: " + "; ".join(f"{one.name} {one.value} {one.change}" for one in figures))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{said}"><style>{_STYLE}</style>'
        f'<rect class="page" width="{width}" height="{height}"/>'
        f'<text class="title" x="{_PAD}" y="34">{escape(cut(title, 40))}</text>'
        f'<text class="sub" x="{width - _PAD}" y="34" text-anchor="end">{escape(cut(subtitle, 60))}</text>'
        f"{cards}</svg>"
    )


def _card(figure: Figure, x: int, y: int) -> str:
    tone = "" if figure.good is None else " good" if figure.good else " poor"
    return (
        f'<g transform="translate({x} {y})"><rect class="card" x=".5" y=".5" width="{_WIDE - 1}" height="{_HIGH - 1}"'
        f' rx="8"/><text class="name" x="14" y="26">{escape(cut(figure.name, 38))}</text>'
        f'<text class="value" x="14" y="60">{escape(cut(figure.value, 18))}</text>'
        f'<text class="change{tone}" x="{_WIDE - 14}" y="60" text-anchor="end">{escape(figure.change)}</text>'
        f"{_curve(figure.line)}</g>"
    )


def _curve(line: Sequence[float | None]) -> str:
    known = [value for value in line if value is not None]
    if len(known) < 2:
        return ""
    left, right, top, bottom = 14.0, _WIDE - 14.0, 74.0, _HIGH - 14.0
    low, high = min(0.0, *known), max(*known, 0.0)
    span = (high - low) or 1.0

    def point(at: int, value: float) -> str:
        return (
            f"{left + (right - left) * at / (len(line) - 1):.1f} {bottom - (bottom - top) * (value - low) / span:.1f}"
        )

    # A missing value is a gap: each stretch between gaps is a line of its own.
    stretches: list[list[str]] = [[]]
    for at, value in enumerate(line):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append(point(at, value))
    drawn_lines = "".join(f'<path class="line" d="M{"L".join(part)}"/>' for part in stretches if len(part) > 1)
    whole = stretches[0] if len(stretches) == 1 else []
    base = bottom - (bottom - top) * (0 - low) / span
    area = f'<path class="area" d="M{left} {base:.1f}L{"L".join(whole)}L{right} {base:.1f}Z"/>' if whole else ""
    return area + drawn_lines


def cut(text: str, most: int) -> str:
    """Hangul is about twice as wide as a letter; what is too wide ends in an ellipsis."""
    width = 0
    for at, letter in enumerate(text):
        width += 2 if ord(letter) > 0x1100 else 1
        if width > most:
            return text[:at] + "…"
    return text
