"""A rule in words, for people who did not write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dure.segments.model import Rule
from dure.segments.words_en import english
from dure.segments.words_ko import korean

Named = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Names:
    """What segments and metrics are called, `ko` and `en`, by id. Campaigns are another room's: they go by their id."""

    segments: Named
    metrics: Named

    def of(self, kind: str, id: str, language: str) -> str:
        known = {"segment": self.segments, "metric": self.metrics}.get(kind, {})
        return known.get(id, {}).get(language, id)


def in_words(rule: Rule, names: Names) -> dict[str, str]:
    """The rule in `ko` and `en`."""
    return {"ko": korean(rule, names.of), "en": english(rule, names.of)}
