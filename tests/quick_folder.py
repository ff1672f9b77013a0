"""Where a run of the suite keeps its databases and folders: in memory, where there is enough of it.

A test's own database is a copy of fifteen hundred small files. On a disk that is a third of a second each, in memory a
twentieth, and nothing here outlives the run. `DURE_TEST_FOLDER` names another place; an empty one means the system's.
"""

from __future__ import annotations

import os
import shutil
import tempfile

import psutil

_MEMORY = "/dev/shm"
_ROOM = 6 * 2**30  # free in the folder and of the machine's memory


def settle() -> None:
    """Makes it the place of temporary files for this process and for those it starts."""
    chosen = os.environ.get("DURE_TEST_FOLDER", _in_memory())
    if chosen:
        os.environ["DURE_TEST_FOLDER"] = os.environ["TMPDIR"] = tempfile.tempdir = chosen


def _in_memory() -> str:
    if not os.access(_MEMORY, os.W_OK):
        return ""
    room = min(shutil.disk_usage(_MEMORY).free, psutil.virtual_memory().available)
    return _MEMORY if room >= _ROOM else ""
