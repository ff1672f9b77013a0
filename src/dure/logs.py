"""What is told to whoever runs Dure: structured logs."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog

from dure.settings import Settings


class _Lossy:
    """A stream for lines that may be lost.

    On a full disk, or into a pipe that nobody reads any more, writing fails; who tells of an error, such as a loop that
    is to be tried again, must not end by the telling.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def logging_to(settings: Settings, *, quiet: bool = False) -> None:
    """Structured logs on standard error; `quiet` for commands, whose answer is their output."""
    level = logging.getLevelNamesMapping()["ERROR" if quiet else settings.log_level.upper()]
    text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    stream = cast("TextIO", _Lossy(sys.stderr))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if not text else structlog.processors.StackInfoRenderer(),
            _at_a_terminal() if text else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=stream)


def _at_a_terminal() -> structlog.dev.ConsoleRenderer:
    # The renderer's own way to show an error prints the values of variables too, and those are tokens and passwords.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
