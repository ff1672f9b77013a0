"""What is told to whoever runs Dure: structured logs."""

from __future__ import annotations

import logging
import sys

import structlog

from dure.settings import Settings


def logging_to(settings: Settings, *, quiet: bool = False) -> None:
    """Structured logs on standard error; `quiet` for commands, whose answer is their output."""
    level = logging.getLevelNamesMapping()["ERROR" if quiet else settings.log_level.upper()]
    text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if not text else structlog.processors.StackInfoRenderer(),
            _at_a_terminal() if text else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr)


def _at_a_terminal() -> structlog.dev.ConsoleRenderer:
    # The renderer's own way to show an error prints the values of variables too, and those are tokens and passwords.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
