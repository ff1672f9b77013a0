"""Which of people's events are proven for ever: who asked for a person's data, and that it was erased; never whose."""

from __future__ import annotations

from dure.feed.api import Event
from dure.governance.plugs import Audited, AuditTable, left_out
from dure.people import events


def _here(event: Event) -> tuple[str, str]:
    return "workspace", event.workspace


AUDITED: AuditTable = {
    "Person Exported": Audited("person_exported", _here, of="workspace"),
    "Person Erased": Audited("person_erased", _here, ("erasure", "rows"), of="workspace"),
    "Erasure Asked": Audited("erasure_asked", _here, ("erasure",), of="workspace"),
    "Erasure Cancelled": Audited("erasure_cancelled", _here, ("erasure",), of="workspace"),
    **left_out(
        "which ids are one person; an entry would point at a customer for ever",
        events.PERSON_LINKED, events.IDS_SPLIT, events.IDS_JOINED, events.SPLIT_UNDONE, events.JOIN_UNDONE,
    ),
}  # fmt: skip
