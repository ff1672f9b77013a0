"""A page in sections, as Slack's methods name them: headings, and what stands between two empty lines.

A section's id is made of what it says, so that nothing need be kept: it holds until the section is changed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dure.channels.canvas.model import Change
from dure.channels.canvas.refusals import CanvasEditingFailed

TYPES = ("any_header", "h1", "h2", "h3")
_HEADING = re.compile(r"(#{1,6})\s+\S")


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    kind: str  # h1 … h6, or "" for what is no heading
    text: str


def sections_of(canvas: str, body: str) -> list[Section]:
    seen: Counter[str] = Counter()
    found = []
    for text in _blocks(body):
        seen[text] += 1
        heading = _HEADING.match(text)
        mark = hashlib.sha256(f"{canvas}\0{seen[text]}\0{text}".encode()).hexdigest()[:28]
        found.append(Section(f"temp:C:{mark}", f"h{len(heading[1])}" if heading else "", text))
    return found


def found_in(sections: Sequence[Section], kinds: Sequence[str], contains: str) -> list[Section]:
    """Those of any of these kinds (none: of every) that hold a text, whatever its case."""
    return [
        one for one in sections
        if (not kinds or one.kind in kinds or ("any_header" in kinds and one.kind))
        and contains.lower() in one.text.lower()
    ]  # fmt: skip


def changed(canvas: str, body: str, change: Change) -> str:
    """The text after one change. Raises CanvasEditingFailed for a section that is not there (any more)."""
    texts = [one.text for one in sections_of(canvas, body)]
    new = change.text.strip("\n")
    if change.operation == "insert_at_start":
        return _joined([new, *texts])
    if change.operation == "insert_at_end":
        return _joined([*texts, new])
    if change.operation == "replace" and not change.section:
        return new
    ids = [one.id for one in sections_of(canvas, body)]
    if change.section not in ids:
        raise CanvasEditingFailed(f"There is no section {change.section or 'without an id'}.", field="section_id")
    at = ids.index(change.section)
    if change.operation == "insert_before":
        texts[at:at] = [new]
    elif change.operation == "insert_after":
        texts[at + 1 : at + 1] = [new]
    elif change.operation == "replace":
        texts[at] = new
    else:
        del texts[at]
    return _joined(texts)


def _joined(texts: Sequence[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _blocks(body: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    fenced = False
    for line in body.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if not fenced and not line.strip():
            blocks.append([])
        elif not fenced and _HEADING.match(line):
            blocks += [[line], []]
        else:
            blocks[-1].append(line)
    return ["\n".join(lines) for lines in blocks if any(line.strip() for line in lines)]
