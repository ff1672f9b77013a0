"""Whom a run of the suite trusts: one authority in place of everybody's, whose papers each new client would read.

Nothing here leaves the machine, and what speaks TLS brings its own papers; but a client that is made for one question
spends most of its time on reading a hundred and forty certificates.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

import certifi

_END = "-----END CERTIFICATE-----\n"


def trust() -> None:
    """For this process and those it starts."""
    one = Path(certifi.where()).read_text(encoding="utf-8")
    with tempfile.NamedTemporaryFile("w", prefix="dure-papers-", suffix=".pem", delete=False) as file:
        file.write(one[: one.index(_END) + len(_END)])
    os.environ["SSL_CERT_FILE"] = file.name
    atexit.register(Path(file.name).unlink, missing_ok=True)
