"""An agenda as Markdown: read, added to, carried over. It is the part of a page under a heading that names it.

An item is a box: `- [ ] Look at the new rates <@U0MINA> (2026-12-01) ↪2`. The person, the day and the weeks that it was
carried over are each left out where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from dure.channels.agenda.model import Item

HEADINGS = {"ko": "안건", "en": "Agenda"}
DONE_HEADINGS = {"ko": "끝난 안건", "en": "Done"}
_KEPT_DONE = 50
_HEADING = re.compile(r"^(#{1,6})\s+(.*\S)\s*$")
_AGENDA = re.compile(r"안건|agenda", re.IGNORECASE)
_DONE = re.compile(r"끝난 안건|^done\b", re.IGNORECASE)
_BOX = re.compile(r"^\s*[-*+]\s+\[([ xX])\]\s+(.*\S)\s*$")
_OWNER = re.compile(r"\s*(?:!\[\]\()?<?@([UW][A-Z0-9]{2,})[>)]?")
_DUE = re.compile(r"\s*\((\d{4}-\d\d-\d\d)\)")
_CARRIED = re.compile(r"\s*↪\s?(\d{1,3})")


def heading_of(body: str) -> str | None:
    """The agenda's heading; None where the page has none."""
    at = _section(body.split("\n"))
    return None if at is None else _heading(body.split("\n")[at[0]])[1]


def items_of(body: str) -> list[Item]:
    """The agenda's points in their order, those done and put aside too."""
    lines = body.split("\n")
    at = _section(lines)
    if at is None:
        return []
    return [item for number in range(at[0] + 1, at[1]) if (item := _item(number, lines[number])) is not None]


def added(body: str, text: str, owner: str, due: date | None, lang: str) -> str:
    """The page with one more point, at the end of what is open; an agenda is begun where there is none."""
    lines = body.split("\n") if body.strip() else []
    at = _section(lines)
    if at is None:
        begun = [f"## {HEADINGS[lang]}", "", written(text, owner, due)]
        return "\n".join([*begun, *(["", *lines] if lines else [])])
    end = _open_end(lines, at)
    return "\n".join([*lines[:end], written(text, owner, due), *lines[end:]])


def carried_over(body: str, lang: str) -> str:
    """The page for a new week: what is done goes under a heading of its own, what is open was carried once more."""
    lines = body.split("\n")
    at = _section(lines)
    if at is None:
        return body
    begin, end = at
    aside = next((n for n in range(begin + 1, end) if _is_done_heading(lines[n])), end)
    kept, done = [lines[begin]], []
    for number in range(begin + 1, aside):
        item = _item(number, lines[number])
        if item is None:
            kept.append(lines[number])
        elif item.done:
            done.append(lines[number])
        else:
            kept.append(written(item.text, item.owner, item.due, item.carried + 1))
    before = [line for line in lines[aside + 1 : end] if line.strip()]
    if done or before:
        while kept and not kept[-1].strip():
            kept.pop()
        level = len(_heading(lines[begin])[0])
        title = lines[aside] if aside < end else f"{'#' * min(level + 1, 6)} {DONE_HEADINGS[lang]}"
        kept += ["", title, "", *[*done, *before][:_KEPT_DONE], ""]
    return "\n".join([*lines[:begin], *kept, *lines[end:]])


def written(text: str, owner: str = "", due: date | None = None, carried: int = 0, *, done: bool = False) -> str:
    """A point as a line."""
    parts = [f"- [{'x' if done else ' '}] {text}"]
    parts += [f"<@{owner}>"] if owner else []
    parts += [f"({due.isoformat()})"] if due else []
    parts += [f"↪{carried}"] if carried else []
    return " ".join(parts)


def _section(lines: Sequence[str]) -> tuple[int, int] | None:
    """The agenda's first line and the one after its last."""
    fenced, begin, level = False, None, 0
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else _HEADING.match(line)
        if match is None:
            continue
        if begin is not None and len(match[1]) <= level:
            return begin, number
        if begin is None and _AGENDA.search(match[2]) and not _DONE.search(match[2]):
            begin, level = number, len(match[1])
    return None if begin is None else (begin, len(lines))


def _open_end(lines: Sequence[str], at: tuple[int, int]) -> int:
    """Behind the last point that stands before what was put aside."""
    aside = next((n for n in range(at[0] + 1, at[1]) if _is_done_heading(lines[n])), at[1])
    boxes = [number for number in range(at[0] + 1, aside) if _BOX.match(lines[number])]
    if boxes:
        return boxes[-1] + 1
    end = at[0] + 1
    while end < aside and not lines[end].strip():
        end += 1
    return end if end > at[0] + 1 else at[0] + 1


def _item(number: int, line: str) -> Item | None:
    box = _BOX.match(line)
    if box is None:
        return None
    text, owner, due, carried = box[2], "", None, 0
    if found := _CARRIED.search(text):
        carried, text = int(found[1]), _CARRIED.sub("", text, count=1)
    if (found := _DUE.search(text)) and (day := _day(found[1])):
        due, text = day, _DUE.sub("", text, count=1)
    if found := _OWNER.search(text):
        owner, text = found[1], _OWNER.sub("", text, count=1)
    return Item(number, text.strip(), box[1] != " ", owner, due, carried)


def _heading(line: str) -> tuple[str, str]:
    match = _HEADING.match(line)
    return (match[1], match[2]) if match else ("", "")


def _is_done_heading(line: str) -> bool:
    return bool(_DONE.search(_heading(line)[1]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
