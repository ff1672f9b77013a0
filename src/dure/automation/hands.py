"""What carries out inside steps: the real hands, each step in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.state import Leaves, Tx

T = TypeVar("T")
Outcome = msgspec.Struct | Exception


# From so many on, a savepoint for each costs more than doing all again when one fails.
_TOGETHER = 4


class Hands(Protocol):
    """Carries out one kind of step for several runs; one answer a call, in order."""

    async def inside(
        self, tx: Tx, kind: StepKind, calls: Sequence[StepCall], inputs: Sequence[msgspec.Struct]
    ) -> list[Outcome]: ...


class RealHands:
    """Does it. A step that fails is rolled back to its savepoint and spoils nothing beside it.

    Many share one savepoint, since most never fail; where one does, all are rolled back and done again, each in its
    own.
    """

    async def inside(
        self, tx: Tx, kind: StepKind, calls: Sequence[StepCall], inputs: Sequence[msgspec.Struct]
    ) -> list[Outcome]:
        if kind.run_many is not None and len(calls) > 1:
            together = await self._guarded(tx, kind.run_many(tx, calls, inputs))
            if not isinstance(together, Exception):
                return list(together)
        elif len(calls) >= _TOGETHER:
            each = await self._guarded(tx, _one_by_one(tx, kind, calls, inputs))
            if not isinstance(each, Exception):
                return each
        return [await self._guarded(tx, kind.run(tx, call, given)) for call, given in zip(calls, inputs, strict=True)]

    async def _guarded(self, tx: Tx, doing: Awaitable[T]) -> T | Exception:
        try:
            async with tx.part():
                return await doing
        except Exception as error:
            if tx.connection.broken:
                raise
            if isinstance(error, Leaves):
                await error.leave(tx)
            return error


async def _one_by_one(
    tx: Tx, kind: StepKind, calls: Sequence[StepCall], inputs: Sequence[msgspec.Struct]
) -> list[Outcome]:
    return [await kind.run(tx, call, given) for call, given in zip(calls, inputs, strict=True)]
