"""Ways through lists of a network that can be gone on with at any page, by anybody.

A cursor holds the `mark` (up to where all is known), and while pages are gone through, newest first, the `top` that
becomes the mark at the end and the next `page`. A little is asked twice: what is listed late is not missed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.connectors.polite import moment
from dure.social.model import NewMention

AGAIN = timedelta(minutes=15)
WATCHED = 100


def newest_first(
    cursor: Mapping[str, Any], items: Sequence[tuple[datetime, NewMention]], following: Any, since: datetime
) -> tuple[list[NewMention], dict[str, Any], bool]:
    """What is new of a page, the cursor after it, and whether there is a page to go on with."""
    mark = moment(cursor.get("mark")) or since
    until = mark - AGAIN if "mark" in cursor else since
    times = [at for at, _ in items]
    top = max([*times, moment(cursor.get("top")) or mark])
    kept = [one for at, one in items if at >= until]
    if following and items and min(times) >= until:
        begun = {"mark": mark.isoformat()} if "mark" in cursor else {}
        return kept, {**begun, "top": top.isoformat(), "page": following}, True
    return kept, {"mark": top.isoformat()}, False


def watched(cursor: Mapping[str, Any], mentions: Sequence[NewMention], gone: Collection[str] = ()) -> list[str]:
    """The ids that are asked again, the newest: whether they were changed or taken back."""
    ids = [*cursor.get("watch", ()), *(one.id for one in reversed(mentions))]
    return [one for one in list(dict.fromkeys(reversed(ids)))[:WATCHED][::-1] if one not in set(gone)]
