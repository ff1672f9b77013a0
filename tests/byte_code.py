"""Where a run of the suite keeps what Python compiled: in a folder of its own, where it may not lie beside the sources.

With `PYTHONDONTWRITEBYTECODE` set, as in most containers, each server and command that a test starts would compile some
fourteen hundred files again, for longer than it then runs.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile


def keep() -> None:
    """Lets this process and those it starts keep it, until the run ends. Workers take their runner's folder."""
    if not sys.dont_write_bytecode and "PYTHONDONTWRITEBYTECODE" not in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="dure-byte-code-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
