"""Taking a person out of batches that are not dropped yet, so that no follower and no writer notices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import zstandard

from dure.feed.follow import _FINAL
from dure.kernel.whom import Whom
from dure.state.database import State, Tx

_A_LOOK = 300
_PATIENCE = 40


class _Line(msgspec.Struct):
    person: str = ""
    distinct_id: str = ""
    object: str = ""
    run: str = ""


_read = msgspec.json.Decoder(_Line).decode


async def forget(state: State, whom: Whom, outside: str, write_on: Callable[[], Awaitable[object]]) -> int:
    """Removes the person's lines and blanks their words in the rest; returns how many lines changed or went.

    Most is looked through beforehand. What changes, changes while every cursor is locked: then no follower is in the
    middle of what it read before, and `outside`, the follower that writes to a store of its own, holds no range
    (`write_on` makes it finish one that a crash left behind). A batch keeps its position and counts its lines anew; one
    without lines goes.
    """
    touched, seen = await _look(state, whom)
    while True:
        async with state.begin_system() as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"feed:{outside}",))
            if await _quiet(tx, outside):
                await tx.run("select name from feed.cursor order by name for update")
                rest, _ = await _find(tx, whom, seen, None)
                return sum([await _rewrite(tx, whom, position) for position in (*touched, *rest)])
        await write_on()


async def _look(state: State, whom: Whom) -> tuple[list[int], int]:
    touched: list[int] = []
    seen = -1
    while True:
        async with state.begin_system() as tx:
            # Below this no batch can still appear.
            until = await tx.value(_FINAL)
            found, last = await _find(tx, whom, seen, until, _A_LOOK)
        touched += found
        if last is None:
            return touched, max(seen, until - 1)
        seen = last


async def _find(
    tx: Tx, whom: Whom, after: int, until: int | None, limit: int | None = None
) -> tuple[list[int], int | None]:
    """Positions of batches that tell of the person, and the last one looked at."""
    rows = await tx.rows(
        "select position, body from feed.batch where workspace = %(workspace)s and position > %(after)s"
        " and (%(until)s::bigint is null or position < %(until)s) order by position limit %(limit)s",
        {"workspace": whom.tenant.workspace, "after": after, "until": until, "limit": limit},
    )
    found = await asyncio.to_thread(
        lambda: [row["position"] for row in rows if _kept(_unpack(row["body"]), b"", whom)[2]]
    )
    return found, rows[-1]["position"] if rows else None


async def _rewrite(tx: Tx, whom: Whom, position: int) -> int:
    row = await tx.row("select body, keys from feed.batch where position = %s for update", (position,))
    if row is None:
        return 0  # dropped meanwhile
    lines, keys, changed = _kept(_unpack(row["body"]), row["keys"], whom)
    if not lines:
        await tx.run("delete from feed.batch where position = %s", (position,))
    elif changed:
        body = zstandard.ZstdCompressor(level=1).compress(b"\n".join(lines))
        await tx.run(
            "update feed.batch set body = %s, keys = %s, count = %s where position = %s",
            (body, keys, len(lines), position),
        )
    return changed


def _kept(body: bytes, keys: bytes, whom: Whom) -> tuple[list[bytes], bytes, int]:
    """The lines that stay, blanked, with their keys, and how many went or changed."""
    kept, places, changed = [], [], 0
    people, ids, objects, runs = (
        {str(one) for one in whom.people}, set(whom.ids), set(whom.objects), set(whom.runs)
    )  # fmt: skip
    for place, line in enumerate(body.split(b"\n")):
        what: Any = _read(line)
        if what.person in people or what.distinct_id in ids or what.object in objects:
            changed += 1
            continue
        text = line.decode()
        blanked = whom.blank(text, about=what.run in runs)
        changed += blanked != text
        kept.append(blanked.encode())
        places.append(place)
    return kept, b"".join(keys[place * 8 : place * 8 + 8] for place in places), changed


async def _quiet(tx: Tx, outside: str) -> bool:
    """Whether the writer outside has no range in hand; it is given a moment to finish one."""
    for _ in range(_PATIENCE):
        if await tx.value("select claim from feed.cursor where name = %s", (outside,)) is None:
            return True
        await asyncio.sleep(0.05)
    return False


def _unpack(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(body, max_output_size=256 << 20)
