"""The process that reads one document: bytes come in, JSON goes out. It may use little, write nothing and call nobody.

Run as `python -m dure.channels.documents.process`.
"""

from __future__ import annotations

import json
import logging
import resource
import sys

from dure.channels.documents.model import MEMORY, SECONDS
from dure.channels.documents.words import words_of


def main() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    logging.disable(logging.CRITICAL)  # what a library says of a stranger's file is of no use to anybody
    read = words_of(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps({"text": read.text, "why": read.why}).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
