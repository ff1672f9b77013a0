"""What texts can name: person, account, event, items, campaign, journey, unsubscribe_url and now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.campaigns.model import Item, Recipient
from dure.campaigns.writing.language import filled

LANGUAGES = ("ko", "en")
_SPOKEN = frozenset(LANGUAGES)


def scope_of(
    to: Recipient, *, campaign: str, name: Mapping[str, str], now: datetime, items: Sequence[Item] = (),
    unsubscribe_url: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A scope for one message. Titles and names may be `{ko, en}`: the language of the text decides.

    `event` is the properties of what began the way and `journey` what is known of the way itself (`id`, `entered_at`),
    where `to.about` has them. `now` is in the person's zone. Without an `unsubscribe_url` (a message that is no
    marketing) there is no way out under a letter.
    """
    return {
        "person": {**to.traits, "id": str(to.person), "distinct_id": to.distinct_id},
        "account": {},
        "event": {},
        "items": [
            {"id": one.id, "title": one.title, "creator": one.creator, "genre": one.genre, "url": one.url}
            for one in items
        ],
        "campaign": {"id": campaign, "name": name},
        "journey": {},
        "unsubscribe_url": unsubscribe_url,
        "now": now,
        **to.about,
    }


def spoken_in(scope: Mapping[str, Any], language: str, roots: Collection[str] | None = None) -> dict[str, Any]:
    """A scope as a text in one language names it: without the others, and without what is empty. Only what stands
    under `roots` where they are given."""
    return {name: filled(_spoken(value, language)) for name, value in scope.items() if roots is None or name in roots}


def _spoken(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | Mapping):
        if value and value.keys() <= _SPOKEN:
            return value.get(language) or next(iter(value.values()))
        return {key: _spoken(one, language) for key, one in value.items()}
    return [_spoken(one, language) for one in value] if isinstance(value, list) else value
