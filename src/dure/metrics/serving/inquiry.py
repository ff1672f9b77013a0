"""Questions that are being answered: who asked each, how far it is, and stopping it.

An asker may name a question (`X-Query-Id`), and only the asker can look at it or stop it by that name. The name is part
of the mark under which ClickHouse runs it, so a process that did not take the question can do both too.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from dure.governance.api import Principal
from dure.kernel.errors import Cancelled, Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log, kill, progress
from dure.metrics.serving.reading import Reading

T = TypeVar("T")
_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
_NONE = "No question of yours runs under this id."


@dataclass(slots=True, eq=False)
class Inquiry:
    """One ask of one person. `reading` is what answers it, which may be somebody else's question that is the same."""

    tenant: Tenant
    mark: str
    began: float = field(default_factory=time.perf_counter)
    reading: Reading | None = None
    task: asyncio.Future[Any] | None = None
    stopped: bool = False


class Inquiries:
    """Those of this process."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._named: dict[tuple[Tenant, str], Inquiry] = {}

    def unnamed(self, principal: Principal) -> Inquiry:
        """One that nobody can find."""
        return Inquiry(principal.tenant, _mark(principal, uuid7().hex))

    async def run(self, principal: Principal, name: str, work: Callable[[Inquiry], Awaitable[T]]) -> T:
        """Does the work of answering. Conflict where a question of that name runs, Cancelled where it was stopped."""
        if not name:
            return await work(self.unnamed(principal))
        if not _NAME.fullmatch(name):
            raise Invalid("`X-Query-Id` has up to 64 letters, digits, dots, dashes or underscores.", field="X-Query-Id")
        key = (principal.tenant, name)
        if key in self._named:
            raise Conflict("A question with this id is being answered.", field="X-Query-Id")
        inquiry = self._named[key] = Inquiry(principal.tenant, _mark(principal, name))
        try:
            inquiry.task = task = asyncio.ensure_future(work(inquiry))
            return await task
        except asyncio.CancelledError:
            asker = asyncio.current_task()
            if inquiry.stopped and not (asker and asker.cancelling()):
                raise Cancelled("The question was cancelled.") from None
            raise
        finally:
            del self._named[key]

    async def stop(self, principal: Principal, name: str) -> None:
        """Stops a question; when this returns, nothing of it runs unless somebody else asked the same."""
        mark = _mark(principal, name)
        inquiry = self._named.get((principal.tenant, name))
        if inquiry is not None and inquiry.mark == mark and inquiry.task is not None:
            inquiry.stopped = True
            inquiry.task.cancel()
            await asyncio.wait({inquiry.task})
        elif not await kill(self._log, mark):
            raise NotFound(_NONE)

    async def progress(self, principal: Principal, name: str) -> dict[str, Any]:
        """`{state, rows_read, rows_total, elapsed_ms}`: rows of all its statements so far, and what is known of all."""
        mark = _mark(principal, name)
        inquiry = self._named.get((principal.tenant, name))
        if inquiry is not None and inquiry.mark == mark:
            reading = inquiry.reading
            now = await progress(self._log, reading.mark) if reading is not None else None
            before, elapsed = reading.rows if reading is not None else 0, time.perf_counter() - inquiry.began
        else:
            now, before = await progress(self._log, mark), 0
            if now is None:
                raise NotFound(_NONE)
            elapsed = now.elapsed
        state: Literal["waiting", "running"] = "running" if now is not None else "waiting"
        return {
            "state": state,
            "rows_read": before + (now.rows_read if now else 0),
            "rows_total": before + (max(now.rows_total, now.rows_read) if now else 0),
            "elapsed_ms": round(elapsed * 1000, 1),
        }


def _mark(principal: Principal, name: str) -> str:
    # Quoted, so that no part can hold the slash between them.
    parts = (principal.tenant.org, principal.tenant.workspace, principal.actor, name)
    return "/".join(quote(part, safe="") for part in ("dure", *parts))
