"""The log's entrance."""

from dure.log.erase import distinct_ids, events_of, forget, old_parts, stated_traits
from dure.log.store import Log, Rows
from dure.log.writer import NAME as LOG_FOLLOWER
from dure.log.writer import LogWriter

__all__ = [
    "LOG_FOLLOWER",
    "Log",
    "LogWriter",
    "Rows",
    "distinct_ids",
    "events_of",
    "forget",
    "old_parts",
    "stated_traits",
]
