"""`dure` in processes of its own that need not read Dure first, which is most of what a command takes.

`Born` is one: it has what a test needs of `subprocess.Popen`. One process in the background, begun with the first, has
read Dure and is forked for each; it ends with the process that began it.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_MOST = 1 << 20


class Born:
    """`dure ARGUMENTS` with the environment given, its three files open for it."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], stdin: IO[str], stdout: IO[str], stderr: IO[str]
    ) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.connect(_nursery())
        told = json.dumps({"arguments": list(arguments), "environment": dict(environment), "folder": str(Path.cwd())})
        socket.send_fds(self._line, [told.encode() + b"\n"], [one.fileno() for one in (stdin, stdout, stderr)])
        self._told = self._line.makefile()
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, as `subprocess` says it; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired("dure", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, how: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, how)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            with selectors.DefaultSelector() as waiting:
                waiting.register(self._line, selectors.EVENT_READ)
                if waiting.select(seconds):
                    self.returncode = int(self._told.readline())
                    self._told.close()
                    self._line.close()
        return self.returncode


@functools.cache
def _nursery() -> str:
    """Where the nursery of this process listens."""
    folder = tempfile.TemporaryDirectory(prefix="dure-born-", ignore_cleanup_errors=True)
    path = f"{folder.name}/nursery"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def end() -> None:
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    return path


def _serve(path: str) -> tuple[dict[str, Any], Sequence[int]] | None:
    """Forks for every line that is called, and says on it the child's id and in the end its status. In a child it
    returns what was asked for and the files; otherwise when its input ends."""
    gc.disable()
    from tests.frame import later  # noqa: F401

    gc.freeze()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(16)
    died, dies = os.pipe()
    os.set_blocking(dies, False)
    signal.set_wakeup_fd(dies)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a terminal sends to the suite is not for it
    lines: dict[int, socket.socket] = {}
    waiting = selectors.DefaultSelector()
    for one in (sys.stdin.fileno(), listener.fileno(), died):
        waiting.register(one, selectors.EVENT_READ)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for key, _ in waiting.select():
            if key.fd == died:
                os.read(died, _MOST)
                _bury(lines)
            elif key.fd == listener.fileno():
                line, _ = listener.accept()
                told, files, _, _ = socket.recv_fds(line, _MOST, 3)
                while not told.endswith(b"\n"):
                    told += line.recv(_MOST)
                child = os.fork()
                if child == 0:
                    signal.set_wakeup_fd(-1)
                    waiting.close()
                    for other in (listener, line, *lines.values()):
                        other.close()
                    os.close(died)
                    os.close(dies)
                    return json.loads(told), files
                for file in files:
                    os.close(file)
                lines[child] = line
                line.sendall(f"{child}\n".encode())
            else:
                return None


def _bury(lines: dict[int, socket.socket]) -> None:
    while lines:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        with lines.pop(child) as line:
            line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _live(told: Mapping[str, Any], files: Sequence[int]) -> None:
    """A child's life, from here on that of `python -m dure`."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    sys.argv[:] = ["dure", *told["arguments"]]
    random.seed()
    gc.unfreeze()
    from dure.__main__ import main

    main()


if __name__ == "__main__":
    born = _serve(sys.argv[1])
    if born is not None:
        _live(*born)
