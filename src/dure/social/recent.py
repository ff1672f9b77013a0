"""The originals that came lately, by their signatures: what a new post may be a near copy of.

Every arrival writes those of its originals into one row of `social.recent`, numbered in the order of arrivals. A
process keeps what it has read in memory, sorted by band, and reads on before it looks: that it was started just now, or
that others wrote, makes no difference. The newest 250,000 of a workspace are kept, for a week.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dure.social import copies, store
from dure.state import Tx

REMEMBERED = timedelta(days=3)  # how far apart in time a post and its copy are posted at most
KEPT = 250_000
_IN_MEMORY = 1_000_000  # of all workspaces
_FOR = timedelta(days=7)
_BLOCK = 32_768
_MET = 64  # of those that share a band, the newest: a wave of posts from one template all share some
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TIDY_EVERY = 64  # arrivals
_ON_THE_LOOP = 2_000  # originals
_ROW = np.dtype([("id", "V16"), ("posted", "<i8"), ("signature", "<u2", (copies.HASHES,))])

Originals = NDArray[Any]
"""Rows of an id, when it was posted in microseconds, and a signature."""
Pair = tuple[int, uuid.UUID]


def rows_of(many: Iterable[tuple[uuid.UUID, datetime, NDArray[np.uint16]]]) -> Originals:
    rows = [(one.bytes, (posted - _EPOCH) // _MICROSECOND, signature) for one, posted, signature in many]
    return np.array(rows, dtype=_ROW)


class Block:
    """Originals with their bands in order."""

    def __init__(self, originals: Originals) -> None:
        self.originals = originals
        keys = copies.bands(originals["signature"]).ravel()
        # Of equal keys the older come first.
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._owners = (order // (len(keys) // max(len(originals), 1))).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.originals)

    def met(self, asked: Originals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of rows, of `asked` and of these, that are alike and were posted within `REMEMBERED` of each other."""
        keys = copies.bands(asked["signature"]).ravel()
        order = np.argsort(keys)  # what is looked for in order is found in half the time
        ends = np.searchsorted(self._keys, keys[order], "right")
        starts = np.maximum(np.searchsorted(self._keys, keys[order], "left"), ends - _MET)
        counts = ends - starts
        total = int(counts.sum())
        if not total:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        askers = np.repeat(order // (len(keys) // len(asked)), counts)
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        owners = self._owners[np.repeat(starts, counts) + within].astype(np.int64)
        both = np.unique(askers * len(self) + owners)
        askers, owners = both // len(self), both % len(self)
        near = np.abs(asked["posted"][askers] - self.originals["posted"][owners]) <= REMEMBERED // _MICROSECOND
        askers, owners = askers[near], owners[near]
        same = copies.alike(asked["signature"][askers], self.originals["signature"][owners])
        return askers[same], owners[same]


class Shelf:
    """The recent originals of one workspace as this process has read them, up to the arrival of a `number`."""

    def __init__(self) -> None:
        self.number = 0
        self._blocks: list[Block] = []

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    def add(self, block: Block) -> None:
        self._blocks.append(block)
        while len(self._blocks) > 1 and self._is_small(self._blocks[-2], self._blocks[-1]):
            last, before = self._blocks.pop(), self._blocks.pop()
            self._blocks.append(Block(np.concatenate((before.originals, last.originals))))
        while len(self) - len(self._blocks[0]) >= KEPT:
            del self._blocks[0]

    def met(self, asked: Originals) -> list[Pair]:
        """(row of `asked`, the original that it may be a copy of), the oldest first."""
        found: list[Pair] = []
        for block in self._blocks:
            askers, owners = block.met(asked)
            ids = block.originals["id"][owners].tolist()
            found += [(asker, uuid.UUID(bytes=one)) for asker, one in zip(askers.tolist(), ids, strict=True)]
        return found

    @staticmethod
    def _is_small(before: Block, last: Block) -> bool:
        return len(before) <= 2 * len(last) and len(before) + len(last) <= _BLOCK


class Recent:
    """The shelves of the workspaces that were looked at last. The caller holds the lock on a workspace's arrivals."""

    def __init__(self) -> None:
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()

    async def shelf(self, tx: Tx, workspace: str, now: datetime) -> Shelf:
        """The workspace's, read up to its last arrival."""
        shelf = self._shelves.setdefault(workspace, Shelf())
        self._shelves.move_to_end(workspace)
        rows = await store.recent_after(tx, workspace, shelf.number, KEPT)
        if rows:
            await _put(shelf, np.concatenate([np.frombuffer(row["originals"], _ROW) for row in rows]))
            shelf.number = rows[-1]["number"]
        elif not shelf.number:
            # Nothing was written yet, and what is written now is not certain to stay.
            passing = Shelf()
            await _put(passing, await _begin(tx, workspace, now))
            return passing
        while len(self._shelves) > 1 and sum(map(len, self._shelves.values())) > _IN_MEMORY:
            self._shelves.popitem(last=False)
        return shelf


async def _put(shelf: Shelf, originals: Originals) -> None:
    """Adds originals; what a process that starts reads is sorted beside the loop that answers people."""
    for at in range(0, len(originals), _BLOCK):
        part = originals[at : at + _BLOCK]
        shelf.add(await asyncio.to_thread(Block, part) if len(part) > _ON_THE_LOOP else Block(part))


async def remember(tx: Tx, workspace: str, now: datetime, originals: Originals) -> None:
    """Writes originals down for those that come after; they are on no shelf before this transaction has ended well."""
    if len(originals):
        number = await store.add_recent(tx, workspace, now, len(originals), originals.tobytes())
        if number % _TIDY_EVERY == 0:
            await store.tidy_recent(tx, workspace, now - _FOR, KEPT)


async def remember_texts(
    tx: Tx, workspace: str, now: datetime, many: Sequence[tuple[uuid.UUID, datetime, str]]
) -> Originals:
    """The same for texts whose signatures nobody made yet."""
    made = copies.signatures([copies.shingles(text) for _, _, text in many])
    rows = rows_of((one, posted, made[at]) for at, (one, posted, _) in enumerate(many))
    await remember(tx, workspace, now, rows)
    return rows


async def remember_heirs(tx: Tx, workspace: str, now: datetime, heirs: Iterable[uuid.UUID | None]) -> None:
    """The same for copies that stand for their original from now on; what stands no more is passed over."""
    standing = await store.originals(tx, workspace, [heir for heir in heirs if heir])
    await remember_texts(tx, workspace, now, [(row["id"], row["posted_at"], row["text"]) for row in standing])


async def _begin(tx: Tx, workspace: str, now: datetime) -> Originals:
    """Writes down the originals from before there were signatures."""
    before = await store.originals_since(tx, workspace, now - REMEMBERED, KEPT)
    return await remember_texts(tx, workspace, now, [(row["id"], row["posted_at"], row["text"]) for row in before])
