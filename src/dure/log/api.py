"""The log's entrance."""

from dure.log.erase import distinct_ids, events_of, forget, old_parts, stated_traits
from dure.log.freeze import Frozen, attach, freeze
from dure.log.store import Log, Rows
from dure.log.writer import NAME as LOG_FOLLOWER
from dure.log.writer import LogWriter

__all__ = [
    "LOG_FOLLOWER",
    "Frozen",
    "Log",
    "LogWriter",
    "Rows",
    "attach",
    "distinct_ids",
    "events_of",
    "forget",
    "freeze",
    "old_parts",
    "stated_traits",
]
