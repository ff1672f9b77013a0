"""What texts can name: person, account, event, items, campaign, journey, unsubscribe_url and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.campaigns.model import Item, Recipient


def scope_of(
    to: Recipient, *, campaign: str, name: Mapping[str, str], now: datetime, items: Sequence[Item] = (),
    unsubscribe_url: str = "", event: Mapping[str, Any] | None = None, account: Mapping[str, Any] | None = None,
    journey: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A scope for one message. Titles and names may be `{ko, en}`: the language of the text decides.

    `event` is the properties of what began the way, with `name`; `journey` is what is known of the way itself (`id`,
    `entered_at`). `now` is in the person's zone. Without an `unsubscribe_url` (a message that is no marketing) there
    is no way out under a letter.
    """
    return {
        "person": {**to.traits, "id": str(to.person), "distinct_id": to.distinct_id},
        "account": dict(account or {}),
        "event": dict(event or {}),
        "items": [
            {"id": one.id, "title": dict(one.title), "creator": one.creator, "genre": one.genre, "url": one.url}
            for one in items
        ],
        "campaign": {"id": campaign, "name": dict(name)},
        "journey": dict(journey or {}),
        "unsubscribe_url": unsubscribe_url,
        "now": now,
    }
