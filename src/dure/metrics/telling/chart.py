"""One answer drawn as SVG: lines over time with an axis, or bars with their numbers. All text is escaped; no script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from dure.metrics.boards.picture import FONT, cut
from dure.metrics.boards.written import written
from dure.metrics.model import Unit
from dure.metrics.telling.told import Line, Told

_WIDE, _HIGH, _PAD, _HEAD, _FOOT, _AXIS = 760, 340, 20, 58, 34, 64
_BAR, _LEGEND, _MOST = 34, 24, 6
_COLOURS = ("#1353ba", "#b4530a", "#177a55", "#7a3fb0", "#b42a5c", "#596070")
_DARK = ("#6f8bff", "#f0a050", "#4cc38a", "#b58bf0", "#f07aa0", "#a0a7b4")
_STYLE = f"""
svg {{ font-family: {FONT}; }}
.page {{ fill: #fff; stroke: #e4e6eb; }} .title {{ font-size: 18px; font-weight: 650; fill: #1a1c21; }}
.sub, .tick {{ font-size: 12px; fill: #596070; }} .name {{ font-size: 13px; fill: #1a1c21; }}
.grid {{ stroke: #e4e6eb; }} .line {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
{"".join(f".s{at} {{ stroke: {one}; }} .f{at} {{ fill: {one}; }} " for at, one in enumerate(_COLOURS))}
@media (prefers-color-scheme: dark) {{
.page {{ fill: #1a1c21; stroke: #2b2e36; }} .title, .name {{ fill: #e9eaee; }} .sub, .tick {{ fill: #a0a7b4; }}
.grid {{ stroke: #2b2e36; }}
{"".join(f".s{at} {{ stroke: {one}; }} .f{at} {{ fill: {one}; }} " for at, one in enumerate(_DARK))}
}}"""


def chart(title: str, subtitle: str, told: Told) -> str:
    """The drawing as one SVG document; an answer that has no shape shows its sentence."""
    lines = [line for line in told.lines if any(value is not None for value in line.values)][:_MOST]
    if told.shape == "bars" and lines:
        body, high = _bars(told, lines[0])
    elif told.shape == "lines" and lines:
        body, high = _lines(told, lines)
    else:
        body, high = f'<text class="name" x="{_PAD}" y="{_HEAD + 20}">{escape(cut(told.en, 90))}</text>', 120
    said = escape(f"{title}, {subtitle}: {told.en}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{high}" viewBox="0 0 {_WIDE} {high}"'
        f' role="img" aria-label="{said}"><style>{_STYLE}</style>'
        f'<rect class="page" x=".5" y=".5" width="{_WIDE - 1}" height="{high - 1}" rx="8"/>'
        f'<text class="title" x="{_PAD}" y="34">{escape(cut(title, 48))}</text>'
        f'<text class="sub" x="{_WIDE - _PAD}" y="34" text-anchor="end">{escape(cut(subtitle, 44))}</text>{body}</svg>'
    )


def _lines(told: Told, lines: Sequence[Line]) -> tuple[str, int]:
    named = len(lines) > 1
    high = _HIGH + (_LEGEND if named else 0)
    top, bottom, left, right = _HEAD, high - _FOOT - (_LEGEND if named else 0), _PAD + _AXIS, _WIDE - _PAD
    known = [value for line in lines for value in line.values if value is not None]
    whole = not told.percent and all(float(value).is_integer() for value in known)
    ticks = _ticks(min(0.0, *known), max(0.0, *known), whole=whole)
    low, span = ticks[0], (ticks[-1] - ticks[0]) or 1.0
    count = max(len(line.values) for line in lines)

    def x(at: int) -> float:
        return left + (right - left) * (at / (count - 1) if count > 1 else 0.5)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / span

    unit: Unit = "percent" if told.percent else "count"
    parts = [
        f'<line class="grid" x1="{left}" x2="{right}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text class="tick" x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">'
        f"{escape(written(tick, unit, 'en'))}</text>"
        for tick in ticks
    ]
    shown = sorted({0, (count - 1) // 2, count - 1})
    for at in shown:
        anchor = "start" if at == 0 and count > 1 else "end" if at == count - 1 and count > 1 else "middle"
        label = escape(_when(told.labels[at])) if at < len(told.labels) else ""
        parts.append(f'<text class="tick" x="{x(at):.1f}" y="{bottom + 20}" text-anchor="{anchor}">{label}</text>')
    for number, line in enumerate(lines):
        parts += [
            f'<path class="line s{number}" d="M{"L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in stretch)}"/>'
            if len(stretch) > 1
            else f'<circle class="f{number}" cx="{x(stretch[0][0]):.1f}" cy="{y(stretch[0][1]):.1f}" r="3"/>'
            for stretch in _stretches(line.values)
        ]
    return "".join(parts) + (_legend(lines, high - _PAD + 4) if named else ""), high


def _bars(told: Told, line: Line) -> tuple[str, int]:
    numbers = [value or 0.0 for value in line.values]
    most = max(map(abs, numbers)) or 1.0
    named, left, right = 220, _PAD + 236, _WIDE - _PAD - 84
    parts = []
    for at, (label, value) in enumerate(zip(told.labels, numbers, strict=True)):
        y = _HEAD + at * _BAR
        wide = max((right - left) * abs(value) / most, 1.0)
        parts.append(
            f'<text class="name" x="{_PAD + named}" y="{y + 19}" text-anchor="end">{escape(cut(label, 30))}</text>'
            f'<rect class="f0" x="{left}" y="{y + 4}" width="{wide:.1f}" height="22" rx="3"/>'
            f'<text class="tick" x="{left + wide + 8:.1f}" y="{y + 19}">{escape(written(value))}</text>'
        )
    return "".join(parts), _HEAD + len(numbers) * _BAR + _PAD


def _legend(lines: Sequence[Line], y: int) -> str:
    wide = (_WIDE - 2 * _PAD) / len(lines)
    return "".join(
        f'<rect class="f{at}" x="{_PAD + at * wide:.0f}" y="{y - 10}" width="12" height="12" rx="2"/>'
        f'<text class="tick" x="{_PAD + 18 + at * wide:.0f}" y="{y}">{escape(cut(line.name, int(wide / 8)))}</text>'
        for at, line in enumerate(lines)
    )


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """A missing value is a gap: each stretch between gaps is a line of its own."""
    found: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((at, value))
    return [stretch for stretch in found if stretch]


def _ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Two to six round numbers that hold the values; whole ones where there are no halves of what is counted."""
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * one for one in (1, 2, 2.5, 5, 10) if size * one >= rough)
    step = max(1.0, math.ceil(step)) if whole else step
    return [step * at for at in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _when(label: str) -> str:
    """A day without its midnight."""
    return label[:10] if label[10:13] in ("", "T00") else label[:16].replace("T", " ")
