"""Calls outside: made after their claim is on disk, many at once; a slow one holds nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dure.automation.advance import Finished, System, Unknown
from dure.automation.plan import fit
from dure.automation.plugs import StepCall, StepKind
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant

AT_ONCE = 128
"""Calls under way in one process; a quarter is kept free of the bulk lane."""


@dataclass
class Calls:
    """The outside calls of this process. `seconds` is the longest one; the lease must be longer."""

    kinds: Mapping[str, StepKind]
    system: System
    clock: Clock
    finished: Callable[[int], None]
    seconds: float
    done: dict[int, list[Finished]] = field(default_factory=lambda: {0: [], 1: []})
    closed: bool = False
    """No more calls begin: the process is about to end."""
    _under_way: dict[asyncio.Task[None], int] = field(default_factory=dict)

    def free(self, lane: int) -> int:
        """How many more calls may begin. An answer that is not on disk yet counts as under way: after a crash its call
        is made again, and this bounds how many are."""
        if self.closed:
            return 0
        taken = {one: len(self.done[one]) + list(self._under_way.values()).count(one) for one in self.done}
        left = AT_ONCE - sum(taken.values())
        return max(0, left if lane == 0 else min(left, AT_ONCE * 3 // 4 - taken[1]))

    def start(self, claims: Sequence[Mapping[str, Any]]) -> None:
        """Begins the calls of claimed steps."""
        for claim in claims:
            task = asyncio.create_task(self._call(claim))
            self._under_way[task] = claim["lane"]
            task.add_done_callback(self._under_way.pop)

    def take(self, lane: int) -> list[Finished]:
        """What came back since the last time."""
        taken, self.done[lane] = self.done[lane], []
        return taken

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    async def wait(self) -> bool:
        """Waits until a call comes back; False where none is under way."""
        if not self._under_way:
            return False
        await asyncio.wait(list(self._under_way), return_when=asyncio.FIRST_COMPLETED)
        return True

    async def drain(self, seconds: float = 8.0) -> None:
        """Waits for the calls under way, not for ever: one that takes longer is left to its step's rule."""
        if self._under_way:
            _, slow = await asyncio.wait(list(self._under_way), timeout=seconds)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    async def _call(self, claim: Mapping[str, Any]) -> None:
        run, visit, attempts = claim["run"], claim["visit"], claim["attempts"]
        try:
            answer = Finished(run, visit, attempts, outputs=await self._made(claim))
        except TimeoutError:
            answer = Finished(run, visit, attempts, error=Unknown(f"No answer within {self.seconds:g} seconds."))
        except Exception as error:
            answer = Finished(run, visit, attempts, error=error)
        self.done[claim["lane"]].append(answer)
        self.finished(claim["lane"])

    async def _made(self, claim: Mapping[str, Any]) -> Any:
        kind = self.kinds.get(claim["kind"])
        if kind is None:
            raise Invalid(f"There is no kind of step named {claim['kind']!r}.")
        tenant = Tenant(claim["org"], claim["workspace"])
        run = str(claim["run"])
        call = StepCall(
            tenant, self.system(tenant, "automation", run), run, claim["automation"],
            f"{run}:{claim['node']}:{claim['visit']}", claim["subject"], self.clock.now(), claim["event"],
        )  # fmt: skip
        async with asyncio.timeout(self.seconds):
            inputs = claim["inputs"]
            # A claim made in the moment of handing out still has its inputs at hand.
            given = inputs if isinstance(inputs, kind.inputs) else fit(inputs, kind.inputs)
            return msgspec.to_builtins(await kind.run(call, given))
