"""Notes and attachments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.deals import events
from dure.deals.notes.model import ATTACHMENT, NOTE, Attachment, Note
from dure.deals.records import store
from dure.deals.records.records import Records
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.state import Tx

_IN_AN_EVENT = 500


class Notes(Records[Note]):
    """What people wrote down."""

    shape = NOTE
    created = events.NOTE_ADDED
    changed = events.NOTE_CHANGED

    async def about_in(self, tx: Tx, principal: Principal, record_id: str) -> list[Note]:
        access(principal, "deals:read")
        return await store.belonging(tx, NOTE, principal.tenant.workspace, "about", record_id)

    def _make(self, principal: Principal, known: Mapping[str, Any], now: datetime) -> Note:
        return super()._make(principal, {**known, "author": principal.actor}, now)

    def _facts(self, record: Note) -> dict[str, Any]:
        return {"about": record.about, "title": record.title, "text": record.text[:_IN_AN_EVENT],
                "author": record.author}  # fmt: skip


class Attachments(Records[Attachment]):
    """Links and files. A file is uploaded first; its id is kept here."""

    shape = ATTACHMENT
    created = events.FILE_ATTACHED
    changed = events.FILE_CHANGED

    async def about_in(self, tx: Tx, principal: Principal, record_id: str) -> list[Attachment]:
        access(principal, "deals:read")
        return await store.belonging(tx, ATTACHMENT, principal.tenant.workspace, "about", record_id)

    def _make(self, principal: Principal, known: Mapping[str, Any], now: datetime) -> Attachment:
        made = super()._make(principal, {**known, "author": principal.actor}, now)
        if bool(made.url) == bool(made.file):
            raise Invalid("An attachment is a link (`url`) or an uploaded file (`file`).", field="url")
        return made

    def _facts(self, record: Attachment) -> dict[str, Any]:
        return {"about": record.about, "name": record.name, "url": record.url, "file": record.file,
                "author": record.author}  # fmt: skip
