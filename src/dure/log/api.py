"""The log's entrance."""

from dure.log.store import Log, Rows
from dure.log.writer import LogWriter

__all__ = ["Log", "LogWriter", "Rows"]
