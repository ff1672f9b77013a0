"""Files that messages of other servers carry: known here by what they are, fetched from there when somebody opens one.

The bytes stay with the owner's server and are asked for by a signed request, piece by piece; nothing of them is kept.
Who is no longer a side of the conversation gets nothing, by the rule that cuts files inside one server too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner
from dure.channels.federation.store import names
from dure.channels.federation.wire import several, text
from dure.channels.files import store
from dure.channels.files.model import LARGEST, File
from dure.channels.model import Message
from dure.channels.rules import clean
from dure.kernel.ids import slack_id
from dure.state import Tx

_MOST = 10


async def told_files(tx: Tx, partner: Partner, said: Message, mouth: Interpreter) -> list[dict[str, Any]]:
    """What the other side is told of the files that a message carries."""
    return await told_of(tx, partner, [one for one in said.carried if not one.cut], mouth)


async def told_of(tx: Tx, partner: Partner, files: Sequence[File], mouth: Interpreter) -> list[dict[str, Any]]:
    theirs = await names.theirs_of(tx, partner.id, "file", [one.id for one in files]) if files else {}
    return [
        {
            "id": f"~{theirs[one.id]}" if one.id in theirs else one.id, "name": one.name, "title": one.title,
            "alt": one.alt, "mimetype": one.mimetype, "filetype": one.filetype, "mode": one.mode, "size": one.size,
            "width": one.width, "height": one.height, "user": mouth.out(one.user),
        }
        for one in files if one.mode != "external" and one.state != "deleted"
    ]  # fmt: skip


async def known_files(
    tx: Tx, told: Mapping[str, Any], ear: Interpreter, owner: str, workspace: str, org: str
) -> tuple[str, ...]:
    """The files of a message by our ids, made known where they are new. `owner` is who said it."""
    found: list[str] = []
    for about in several(told, "files", _MOST):
        known = text(about, "id", 40)
        if known.startswith("~"):  # one of ours: whether the speaker may share it is asked where it is attached
            found.append(known[1:])
            continue
        ours = await names.ours(tx, ear.partner.id, "file", known)
        if ours is None:
            ours = slack_id("F")
            await store.add(tx, _file(about, ours, owner, workspace, org))
            await names.keep(tx, ear.partner.id, "file", known, ours)
        found.append(ours)
    return tuple(found)


def _file(about: Mapping[str, Any], id: str, owner: str, workspace: str, org: str) -> File:
    def said(name: str, most: int = 250) -> str:
        return str(clean(about.get(name) or ""))[:most]

    def number(name: str, most: int) -> int:
        value = about.get(name)
        return value if isinstance(value, int) and 0 <= value <= most else 0

    return File(
        id, workspace, org, owner, "", said("name") or "file", said("title"), said("alt", 1000),
        said("mimetype", 100) or "application/octet-stream", said("filetype", 40) or "binary", "hosted", "kept",
        number("size", LARGEST), None, datetime.now(UTC), width=number("width", 100_000) or None,
        height=number("height", 100_000) or None,
    )  # fmt: skip


async def may_have(tx: Tx, partner: Partner, file: str) -> File | None:
    """A file of this server that a conversation carries of which the partner is a side; None where there is none."""
    row = await tx.row(
        "select f.id, f.workspace from channels.file f join channels.file_share fs on fs.file = f.id"
        " join channels.share theirs on theirs.channel = fs.channel and theirs.server = %(partner)s"
        "  and theirs.state = 'connected'"
        " join channels.share own on own.channel = fs.channel and own.workspace = f.workspace"
        "  and own.state = 'connected' and own.server = ''"
        " where f.id = %(file)s and f.state = 'kept' and f.sha256 is not null limit 1",
        {"partner": partner.id, "file": file},
    )
    if row is None:
        return None
    return await store.find(tx, row["workspace"], "", file, everything=True, open_too=True, program=False)
