"""The turnstile before each provider: who waits there goes through as tokens come, whichever process took them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from dure.campaigns.gate.model import Rate
from dure.campaigns.gate.rates import Rates
from dure.kernel.tenant import Tenant


@dataclass(slots=True)
class _Queue:
    """Who waits for one provider, and the task that takes tokens for them. A turn's value is until when it is good."""

    rate: Rate
    turns: deque[asyncio.Future[float]] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Turnstile:
    """Tokens are taken for all who wait in this process at once, so that a limit costs one statement for many."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._queues: dict[tuple[str, str], _Queue] = {}

    async def go_through(self, tenant: Tenant, provider: str, rate: Rate) -> None:
        """Returns when one message may be handed over, which must then be done at once."""
        if not rate.second and not rate.minute:
            return
        while True:
            queue = self._queues.setdefault((tenant.workspace, provider), _Queue(rate))
            queue.rate = rate
            turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            queue.turns.append(turn)
            if queue.task is None:
                queue.task = asyncio.create_task(self._serve(tenant, provider, queue))
            # A loop that was held up wakes too late: the token is dropped and another is asked for.
            if time.monotonic() < await turn:
                return

    async def _serve(self, tenant: Tenant, provider: str, queue: _Queue) -> None:
        """Takes tokens until nobody waits. What goes wrong goes wrong for all who do."""
        turns = queue.turns
        try:
            while turns:
                permit = await self._rates.take(tenant, provider, queue.rate, len(turns))
                for _ in range(permit.count):
                    while turns and (turn := turns.popleft()).done():
                        pass  # whoever waited gave up
                    if not turn.done():
                        turn.set_result(permit.until)
                await asyncio.sleep(permit.wait)
        except BaseException as error:
            for turn in turns:
                if not turn.done():
                    turn.set_exception(error) if isinstance(error, Exception) else turn.cancel()
            raise
        finally:
            del self._queues[tenant.workspace, provider]
