"""How the server is, in one value: what `/readyz`, `/metrics` and the status screen say comes from here."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from dure.feed.api import FeedSize, Lag, lags, size
from dure.ingest.api import Ingest
from dure.kernel.errors import DureError
from dure.log.api import LOG_FOLLOWER, Log
from dure.state import State, Tx

# A follower this far behind is said so, though the server still takes events.
LATE_SECONDS = 60.0
# An export target gathers before it writes; it is late once it has gathered for longer than this.
EXPORT_LATE_SECONDS = 1800.0
# A database that takes longer to say anything does not answer.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things the server stands on: whether it answers, and what it says."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """`accepting`: events are taken and kept; that needs PostgreSQL alone. `answers_behind`: seconds by which what
    questions see is old. `feed` and the followers are None and empty while PostgreSQL does not answer."""

    state: Part
    log: Part
    followers: tuple[Lag, ...]
    feed: FeedSize | None
    waiting: int
    disk_free: int
    disk_total: int

    @property
    def accepting(self) -> bool:
        return self.state.ok

    @property
    def late(self) -> tuple[Lag, ...]:
        return tuple(lag for lag in self.followers if _is_late(lag))

    @property
    def answers_behind(self) -> float:
        return max((lag.seconds for lag in self.followers if lag.name == LOG_FOLLOWER), default=0.0)

    def parts(self) -> dict[str, Any]:
        """The databases and the followers, each `{ok, detail}`."""
        late = ", ".join(f"{lag.name} is {lag.seconds:.0f} s behind" for lag in self.late)
        followers = Part(self.state.ok and not late, late or ("up to date" if self.state.ok else "not known"))
        return {"state": asdict(self.state), "log": asdict(self.log), "followers": asdict(followers)}

    def as_json(self) -> dict[str, Any]:
        return {
            "accepting": self.accepting,
            "ok": self.state.ok and self.log.ok and not self.late,
            "parts": self.parts(),
            "followers": [{**asdict(lag), "late": _is_late(lag)} for lag in self.followers],
            "feed": asdict(self.feed) if self.feed else None,
            "waiting": self.waiting,
            "disk": {"free": self.disk_free, "total": self.disk_total},
            "answers_behind_seconds": self.answers_behind,
        }


class Checkup:
    """Looks at everything; `data` is the folder whose disk is watched."""

    def __init__(self, state: State, log: Log, ingest: Ingest, data: Path) -> None:
        self._state = state
        self._log = log
        self._ingest = ingest
        self._data = data

    async def look(self) -> Health:
        followers: list[Lag] = []
        feed: FeedSize | None = None

        async def ask_state() -> str:
            nonlocal followers, feed
            async with self._state.begin_system() as tx:
                followers, feed = await lags(tx), await size(tx)
                return await _version(tx)

        async def ask_log() -> str:
            await self._log.ready()
            return "answers"

        state, log = await asyncio.gather(_try(ask_state), _try(ask_log))
        disk = shutil.disk_usage(self._data if self._data.exists() else Path.cwd())
        return Health(state, log, tuple(followers), feed, self._ingest.backlog, disk.free, disk.total)


async def _version(tx: Tx) -> str:
    return "PostgreSQL " + str(await tx.value("select current_setting('server_version')"))


async def _try(ask: Callable[[], Awaitable[str]]) -> Part:
    try:
        async with asyncio.timeout(_PATIENCE):
            return Part(True, await ask())
    except TimeoutError:
        return Part(False, f"did not answer within {_PATIENCE:.0f} s")
    except (DureError, psycopg.Error, PoolTimeout, OSError, RuntimeError) as error:
        return Part(False, str(error).strip()[:300])


def _is_late(lag: Lag) -> bool:
    return lag.seconds > (EXPORT_LATE_SECONDS if lag.name.startswith("export:") else LATE_SECONDS)
