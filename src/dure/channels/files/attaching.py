"""Files in messages: which a message may carry, and what is written when it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.events import FILE_CREATED
from dure.channels.files import store
from dure.channels.files.events import file_event
from dure.channels.files.model import File, Shared
from dure.channels.files.refusals import FileDeleted, FileNotFound
from dure.feed.api import append
from dure.governance.api import Principal, Role
from dure.kernel.errors import Invalid
from dure.state import Tx

MOST = 20


def rights(principal: Principal) -> dict[str, bool]:
    """What the caller sees of conversations that they are not in."""
    return {
        "everything": principal.kind == "system", "open_too": principal.role is not Role.GUEST,
        "program": principal.kind in ("bot", "app"),
    }  # fmt: skip


async def attachable(tx: Tx, principal: Principal, user: str, files: Sequence[str]) -> tuple[File, ...]:
    """The files by id, which the caller owns or sees, with their bytes there. Raises FileNotFound, FileDeleted."""
    if len(files) > MOST:
        raise Invalid(f"A message carries at most {MOST} files.", field="files")
    found = []
    for file in dict.fromkeys(files):
        one = await store.find(tx, principal.tenant.workspace, user, file, **rights(principal), lock=True)
        if one is None:
            raise FileNotFound(field="files")
        if one.state == "deleted":
            raise FileDeleted(field="files")
        found.append(one)
    return tuple(found)


async def keep(tx: Tx, principal: Principal, file: File, now: datetime) -> None:
    """An uploaded file is its owner's from now on; nothing happens to one that was kept before."""
    if file.state == "uploaded":
        await store.keep(tx, principal.tenant, file.id, file.title)
        await append(tx, file_event(principal, now, file, FILE_CREATED, by=file.user))


async def attach(
    tx: Tx, principal: Principal, home: str, channel: str, ts: int, thread: int | None, user: str,
    files: Sequence[File], now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Writes that a message carries files, which are kept from now on; returns what the feed is told of each."""
    acts = []
    for file in files:
        await keep(tx, principal, file, now)
        place = Shared(channel, "", "", False, ts, thread, user, principal.tenant.workspace, now)
        await store.share(tx, file.id, home, place)
        first = not await store.is_open_elsewhere(tx, file.id, channel, ts)
        acts.append(
            {"file": file.id, "owner": file.user, "by": user, "filetype": file.filetype, "size": file.size,
             "first": first}
        )  # fmt: skip
    return acts
