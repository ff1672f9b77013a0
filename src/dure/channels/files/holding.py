"""What files and pages hold about a person: a file that names them goes as a whole, a page loses what points at them.

A file is known by its name, title, description and, where it is text, its first lines. A document that names them
further inside stays as it is; what was read of it, for rules and search, loses what points at them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from dure.channels.files import store
from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = "concat_ws(' ', name, title, alt, preview, external_id, external_url)"


async def erase(tx: Tx, whom: Whom) -> int:
    """Deletes the files and blanks the pages; the bytes go at the next sweep, within a minute."""
    gone = 0
    for file, text in await _named(tx, whom):
        if whom.told_in(text):
            await store.remove(tx, file, whom.tenant.workspace, _LONG_AGO)
            gone += 1
    gone += await blank(tx, "channels.file_text", {"text": "text"}, whom)
    columns = {"title": "text", "body": "text"}
    gone += await blank(tx, "channels.canvas", columns, whom)
    return gone + await blank(tx, "channels.canvas_version", columns, whom)


async def _named(tx: Tx, whom: Whom) -> list[tuple[str, str]]:
    if not whom.strong:
        return []
    rows = await tx.rows(
        f"select id, {_TEXT} as text from channels.file where workspace = %s and state <> 'deleted'"
        f" and {_TEXT} ~* %s for update",
        (whom.tenant.workspace, whom.strong),
    )
    return [(row["id"], row["text"]) for row in rows]
