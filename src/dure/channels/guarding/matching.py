"""Rules made ready, and what they find in texts. Pure: no I/O, and linear in the text whatever a pattern says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import re2  # type: ignore[import-untyped]

from dure.channels.guarding.detectors import BUILT_IN, Spot
from dure.channels.guarding.folding import Folded, bare
from dure.channels.guarding.model import DETECTORS, Find, Met, Rule
from dure.kernel.errors import Invalid

PATTERNS, LONGEST_PATTERN = 20, 500
WORDS, LONGEST_WORD = 2_000, 100
_FINDS = 200  # of one rule in one piece
_MEMORY = 8 << 20  # bytes that a pattern's machine may take; what needs more is refused or slower, never wrong


class Ready:
    """A rule with its patterns compiled. Raises Invalid for what cannot be looked for."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._detectors = [BUILT_IN[name] for name in rule.detectors]
        self._patterns = [compiled(pattern) for pattern in rule.patterns]
        self._words = [(word, found.isascii()) for found in rule.words if (word := bare(found))]

    def met(self, texts: Sequence[Folded], today: date) -> Met | None:
        finds, different = [], set()
        for number, text in enumerate(texts):
            for start, end in self._spots(text, today):
                finds.append(Find(number, start, end))
                different.add(bare(text.text[start:end]))
        return Met(self.rule, tuple(finds)) if finds and len(different) >= self.rule.least else None

    def _spots(self, text: Folded, today: date) -> Iterator[Spot]:
        for detector in self._detectors:
            yield from _few(detector(text, self.rule.confidence, today))
        for pattern in self._patterns:
            yield from _few(_matches(pattern, text))
        for word, latin in self._words:
            yield from _few(_said(word, latin, text))


def compiled(pattern: str) -> Any:
    """A pattern of RE2: no way back, so its time grows with the text alone."""
    options = re2.Options()
    options.max_mem, options.case_sensitive, options.log_errors = _MEMORY, False, False
    try:
        made = re2.compile(pattern, options)
    except re2.error as error:
        told = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        raise Invalid(f"The pattern cannot be read: {told}.", field="patterns") from error
    if made.search("") is not None:
        raise Invalid("The pattern finds nothing in particular: it fits an empty text.", field="patterns")
    return made


def check(rule: Rule) -> Rule:
    """The rule, or Invalid with the field that is wrong."""
    if not rule.name.strip() or len(rule.name) > 100:
        raise Invalid("A rule has a name of at most 100 characters.", field="name")
    if unknown := set(rule.detectors) - set(DETECTORS):
        raise Invalid(f"There is no detector {min(unknown)!r}; there are {', '.join(DETECTORS)}.", field="detectors")
    if not (rule.detectors or rule.patterns or rule.words):
        raise Invalid("A rule looks for something: detectors, patterns or words.", field="detectors")
    if len(rule.patterns) > PATTERNS or any(len(one) > LONGEST_PATTERN for one in rule.patterns):
        raise Invalid(f"At most {PATTERNS} patterns of {LONGEST_PATTERN} characters.", field="patterns")
    if len(rule.words) > WORDS or any(len(one) > LONGEST_WORD for one in rule.words):
        raise Invalid(f"At most {WORDS:,} words of {LONGEST_WORD} characters.", field="words")
    if short := next((one for one in rule.words if len(bare(one)) < 2), None):
        raise Invalid(f"{short!r} is too short to be looked for.", field="words")
    if not 1 <= rule.least <= 1_000:
        raise Invalid("`least` is 1 to 1,000.", field="least")
    if rule.where == "channels" and not rule.channels:
        raise Invalid("Name the channels.", field="channels")
    Ready(rule)
    return rule


def _few(spots: Iterator[Spot]) -> Iterator[Spot]:
    for number, spot in enumerate(spots):
        if number >= _FINDS:
            return
        yield spot


def _matches(pattern: Any, text: Folded) -> Iterator[Spot]:
    for found in pattern.finditer(text.wide):
        start, end = found.span()
        if end > start:
            yield text.spot("wide", start, end)


def _said(word: str, latin: bool, text: Folded) -> Iterator[Spot]:
    """A word with or without spaces and signs within; one in Latin letters does not begin or end inside another."""
    at = text.bare.find(word)
    while at >= 0:
        start, end = text.spot("bare", at, at + len(word))
        if not latin or not (_joins(text.text, start - 1, start) or _joins(text.text, end - 1, end)):
            yield start, end
        at = text.bare.find(word, at + 1)


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbours are of one Latin word."""
    if left < 0 or right >= len(text):
        return False
    return all(text[n].isascii() and text[n].isalnum() for n in (left, right))
