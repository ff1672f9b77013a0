"""The log's entrance."""

from dure.log.erase import (
    ONE_AT_A_TIME,
    distinct_ids,
    events_of,
    forget,
    forget_words,
    old_parts,
    redact,
    stated_traits,
)
from dure.log.freeze import Frozen, attach, freeze
from dure.log.running import Progress, kill, progress, to_the_end
from dure.log.store import Log, Rows
from dure.log.writer import NAME as LOG_FOLLOWER
from dure.log.writer import LogWriter

__all__ = [
    "LOG_FOLLOWER",
    "ONE_AT_A_TIME",
    "Frozen",
    "Log",
    "LogWriter",
    "Progress",
    "Rows",
    "attach",
    "distinct_ids",
    "events_of",
    "forget",
    "forget_words",
    "freeze",
    "kill",
    "old_parts",
    "progress",
    "redact",
    "stated_traits",
    "to_the_end",
]
