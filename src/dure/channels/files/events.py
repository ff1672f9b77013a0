"""What happens to a file itself, as the feed is told; where it is shared is a conversation's event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.channels.files.model import File
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.ids import uuid7


def file_event(principal: Principal, now: datetime, file: File, name: str, **properties: Any) -> Event:
    """Never with the file's name: the whole workspace reads the log."""
    told = {"file": file.id, "owner": file.user, "filetype": file.filetype, "size": file.size}
    return Event(
        org=file.org,
        workspace=file.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type="file",
        object=file.id,
        actor=principal.actor,
        run=principal.run,
        properties={**told, **properties},
    )
