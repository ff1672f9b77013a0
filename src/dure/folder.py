"""The data folder: one owner at a time, where its server is reached, and the databases that live in it."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from dure.kernel.errors import Conflict, Unavailable
from dure.settings import Settings
from dure.state.embedded import EmbeddedPostgres

log = structlog.get_logger("folder")

# Lies in a folder while a backup is being restored into it.
RESTORING = "restoring"


@dataclass(frozen=True)
class Running:
    """A server at work on a folder: where it is reached and the secret that commands on this machine show it.

    `certificate` is the file with the certificate it shows, "" for one without TLS.
    """

    pid: int
    url: str
    secret: str
    certificate: str = ""


class Folder:
    """Holds the folder's lock from `__enter__` to `__exit__`; the databases start and stop inside."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data
        self.secret = secrets.token_urlsafe(32)
        self._settings = settings
        self._lock: int | None = None
        self._postgres: EmbeddedPostgres | None = None

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        # PostgreSQL refuses to run as root and then runs as a user of its own, who has to be let through.
        self.path.chmod(0o711)
        lock = os.open(self.path / "dure.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            owner = running(self.path)
            where = f"the server at {owner.url} (process {owner.pid})" if owner else "another Dure process"
            raise Conflict(f"The data folder {self.path} is in use by {where}.") from error
        self._lock = lock
        if (self.path / RESTORING).exists():
            self.__exit__(None, None, None)
            raise Conflict(f"A restore into {self.path} did not finish. Empty the folder and restore again.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self.path / "server.json").unlink(missing_ok=True)
        if self._postgres is not None:
            self._postgres.stop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def databases(self) -> tuple[str, str]:
        """URLs of PostgreSQL and ClickHouse: the settings', or embedded ones started here."""
        postgres = self._settings.postgres_url
        if not postgres:
            self._postgres = EmbeddedPostgres(self.path / "postgres")
            try:
                postgres = self._postgres.start()
            except Exception as error:
                raise Unavailable(
                    f"The embedded PostgreSQL under {self.path / 'postgres'} did not start: {error}. "
                    f"Its own words are in {self.path / 'postgres' / 'log'}."
                ) from error
        if self._settings.clickhouse_url:
            return postgres, self._settings.clickhouse_url
        log_folder = self.path / "clickhouse"
        log_folder.mkdir(mode=0o700, exist_ok=True)
        return postgres, f"chdb://{log_folder.resolve()}"

    @property
    def postgres(self) -> EmbeddedPostgres | None:
        """The PostgreSQL that lives here, once it was started; None where it is elsewhere."""
        return self._postgres

    def signing_key(self) -> bytes:
        """What outgoing calls are signed with: the setting's, or one made for this folder once."""
        if self._settings.signing_key:
            return self._settings.signing_key.encode()
        file = self.path / "signing.key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32))
        return bytes.fromhex(file.read_text())

    async def keep(self) -> None:
        """Watches the embedded PostgreSQL until cancelled, and starts it again when it has died.

        It dies when the disk is full (its journal must not have a gap) and when something kills it; what was
        committed is there again once it can start.
        """
        if self._postgres is None:
            return
        while True:
            await asyncio.sleep(1)
            if not await asyncio.to_thread(self._postgres.alive):
                log.error("state.postgres_died", folder=str(self.path))
                await asyncio.to_thread(self._postgres.start)
                log.warning("state.postgres_started_again")

    def announce(self, url: str, certificate: str = "") -> None:
        """Lets commands on this machine find the server, and know it by its certificate."""
        file = self.path / "server.json"
        draft = file.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(
            json.dumps({"pid": os.getpid(), "url": url, "secret": self.secret, "certificate": certificate})
        )
        draft.replace(file)


def holds_dure(path: Path) -> bool:
    """Whether a Dure was opened in this folder before, or restored into it."""
    return any((path / name).exists() for name in ("dure.lock", "postgres", "clickhouse"))


def running(path: Path) -> Running | None:
    """The server at work on a folder, or None. What a killed one left behind is not believed."""
    try:
        lock = os.open(path / "dure.lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pass  # held: somebody is at work
    else:
        return None
    finally:
        os.close(lock)
    try:
        return Running(**json.loads((path / "server.json").read_text()))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None
