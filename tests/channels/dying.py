"""`dure serve`, which kills itself (-9) at a place of federation that a file names: `place:n`, the nth time from then.

The file is written while it runs, so that only what was killed is started anew; it is gone once it was obeyed. And as
most of a start is reading Dure, servers are forked from one process that has read it: for every line of JSON it says
the process that it began.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import tests.frame.later  # noqa: F401  before anything of Dure
from dure.__main__ import main
from dure.channels.federation.api import Federation
from dure.wiring import federation as composition

_file = Path(os.devnull)
_passed: dict[str, int] = {}
_patience = 10.0


def passing(place: str) -> None:
    try:
        wanted = _file.read_text()
    except FileNotFoundError:
        return
    named, _, times = wanted.partition(":")
    if place != named:
        return
    _passed[wanted] = _passed.get(wanted, 0) + 1
    if _passed[wanted] >= int(times):
        _file.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


class Dying(Federation):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.inward.passing = self.sending.passing = passing
        self.asking._patience = _patience


def serve(folder: str, port: int, dies: str, said: str, errors: str, patience: float) -> None:
    global _file, _patience
    _file, _patience = Path(dies), patience
    for path, number, flags in ((os.devnull, 0, os.O_RDONLY), (said, 1, os.O_WRONLY), (errors, 2, os.O_WRONLY)):
        file = os.open(path, flags | (os.O_CREAT | os.O_APPEND if number else 0), 0o600)
        os.dup2(file, number)
    sys.argv[:] = ["dure", "serve", "--data", folder, "--port", str(port)]
    composition.Federation = Dying  # type: ignore[misc,attr-defined]
    main()


def servers() -> None:
    """Begins servers until its input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for by anybody
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(*json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    servers()
