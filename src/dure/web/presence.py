"""Work that is done for somebody who may leave: it is cancelled when the client closes the connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import Request

from dure.kernel.errors import Cancelled

T = TypeVar("T")


async def while_there(request: Request, work: Awaitable[T]) -> T:
    """The work's result. Its cancelling is waited for; the answer then is for nobody. The body must have been read."""
    task = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_leaves(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Cancelled("The client left.")
    finally:
        left.cancel()
        task.cancel()
        await asyncio.wait({task})


async def _leaves(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
