"""Somebody as an erasure and an export know them: their ids, the words that point at them, and what is theirs alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID

from dure.kernel.tenant import Tenant

ERASED = "[erased]"

# Traits whose value points at one person, and those that many may share.
_ADDRESSES = ("email", "e-mail", "email_address", "mail", "$email")
_PHONES = ("phone", "phone_number", "mobile", "tel", "$phone")
_HANDLES = ("handle", "screen_name", "twitter", "instagram", "threads", "mastodon", "bluesky")
_NAMES = ("name", "full_name", "first_name", "last_name", "nickname", "display_name", "firstname", "lastname", "$name",
          "$first_name", "$last_name")  # fmt: skip


@dataclass(frozen=True)
class Whom:
    """`people` are the person ids that their events carry and `ids` the distinct ids behind those; addresses and
    handles are in lower case, handles without the @. `runs` and `objects` are ids of runs that were about them and
    of things that are theirs (a post, a contact): the slices that hold those add them.
    """

    tenant: Tenant
    people: tuple[UUID, ...] = ()
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    def wider(self, **more: Iterable[Any]) -> Whom:
        """With more of something; what is known already is not doubled."""
        known: dict[str, Any] = {name: tuple(dict.fromkeys((*getattr(self, name), *new))) for name, new in more.items()}
        return replace(self, **known)

    def knowing(self, traits: Mapping[str, Any]) -> Whom:
        """With what some traits of theirs tell."""
        texts = {name.lower(): str(value).strip() for name, value in traits.items()
                 if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()}  # fmt: skip
        addresses = [texts[name].lower() for name in _ADDRESSES if "@" in texts.get(name, "")]
        phones = [texts[name] for name in _PHONES if sum(map(str.isdigit, texts.get(name, ""))) >= 8]
        handles = [
            text.lower().lstrip("@") for name, text in texts.items() if name in _HANDLES or name.endswith("_handle")
        ]
        return self.wider(
            addresses=addresses, phones=phones, handles=handles, names=[texts[name] for name in _NAMES if name in texts]
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What points at them and nobody else, longest first.

        A short id or a number of a few digits does not: it would be found in every other text. Nor does a name.
        """
        known = [str(person) for person in self.people]
        known += [one for one in self.ids if len(one) >= (8 if one.isdigit() else 5)]
        known += [*self.addresses, *self.phones, *(one for one in self.handles if len(one) >= 4)]
        known += [address for one in self.ids if "@" in one for address in (one.lower(),)]
        return _longest_first(form for one in known for form in _written(one))

    @property
    def strong(self) -> str:
        """The words as a regular expression of PostgreSQL's kind, to look through rows with `~*`; "" without words."""
        return "|".join(map(re.escape, self.words))

    @cached_property
    def patterns(self) -> tuple[str, str]:
        """Regular expressions (RE2's and Python's kind) of the words, and of words and names: without their numbers.

        Both are "" where there is nothing to look for.
        """
        words = [one for one in self.words if not one.isdigit()]
        names = [form for one in self.names if len(one) >= 2 and not one.isdigit() for form in _written(one)]
        return _pattern(words), _pattern(_longest_first([*words, *names]))

    @cached_property
    def numbers(self) -> str:
        """The same of words that are numbers. These become 0, so that a number in JSON stays one."""
        return _pattern([one for one in self.words if one.isdigit()])

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        strong, all_words = self.patterns
        # Matches nothing where there is nothing to look for.
        return tuple(re.compile(one or r"(?!)", re.ASCII) for one in (strong, all_words, self.numbers))  # type: ignore[return-value]

    def told_in(self, text: str) -> bool:
        """Whether a text points at them."""
        strong, _, numbers = self._compiled
        return strong.search(text) is not None or numbers.search(text) is not None

    def blank(self, text: str, *, about: bool = False) -> str:
        """The text without what points at them. `about`: it is known to be about them, so that names go too."""
        if not about and not self.told_in(text):
            return text
        _, all_words, numbers = self._compiled
        return numbers.sub("0", all_words.sub(ERASED, text))

    def as_json(self) -> dict[str, Any]:
        """For keeping while an erasure runs."""
        told = {spec.name: [str(one) for one in getattr(self, spec.name)] for spec in fields(self)[1:]}
        return {"org": self.tenant.org, "workspace": self.tenant.workspace, **told}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Whom:
        rest = {spec.name: tuple(told.get(spec.name, ())) for spec in fields(cls)[2:]}
        return cls(Tenant(told["org"], told["workspace"]), tuple(map(UUID, told["people"])), **rest)


def _written(word: str) -> set[str]:
    """A word as it is, inside JSON and inside an address of the web."""
    return {word, json.dumps(word, ensure_ascii=False)[1:-1], quote(word), quote(word, safe="")}


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=lambda one: (-len(one), one)))


def _pattern(words: Iterable[str]) -> str:
    bounded = [_edge(one[0]) + re.escape(one) + _edge(one[-1]) for one in words]
    return f"(?i)(?:{'|'.join(bounded)})" if bounded else ""


def _edge(letter: str) -> str:
    # A particle follows a Korean word without a blank, so only Latin letters and digits are held to an edge.
    return r"\b" if letter.isascii() and (letter.isalnum() or letter == "_") else ""
