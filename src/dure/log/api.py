"""The log's entrance."""

from dure.log.store import Log, Rows
from dure.log.writer import NAME as LOG_FOLLOWER
from dure.log.writer import LogWriter

__all__ = ["LOG_FOLLOWER", "Log", "LogWriter", "Rows"]
