"""The feed's entrance: `append` in a domain transaction, `Collector` for outside events, `Follower` to read."""

from dure.feed.append import Collector, append, append_lines, lines_of
from dure.feed.follow import Bell, Claimed, Follower, Lag, drop_passed, end, lags, newest_position, position_of, tail
from dure.feed.model import NOBODY, Batch, Event, Lane, decode, encode, message_key
from dure.feed.size import FeedSize, size

__all__ = [
    "NOBODY",
    "Batch",
    "Bell",
    "Claimed",
    "Collector",
    "Event",
    "FeedSize",
    "Follower",
    "Lag",
    "Lane",
    "append",
    "append_lines",
    "decode",
    "drop_passed",
    "encode",
    "end",
    "lags",
    "lines_of",
    "message_key",
    "newest_position",
    "position_of",
    "size",
    "tail",
]
