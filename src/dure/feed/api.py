"""The feed's entrance: `append` in a domain transaction, `Collector` for outside events, `Follower` to read."""

from dure.feed.append import Collector, append, append_lines, append_set, lines_of
from dure.feed.follow import (
    Bell,
    Claimed,
    Follower,
    Lag,
    Waiting,
    begin_here,
    drop_passed,
    end,
    forget_followers,
    lags,
    newest_position,
    position_of,
    tail,
    waiting,
)
from dure.feed.model import NOBODY, Batch, Event, Lane, decode, encode, message_key
from dure.feed.size import FeedSize, size
from dure.feed.whisper import Whispers, whisper

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
    "Waiting",
    "Whispers",
    "append",
    "append_lines",
    "append_set",
    "begin_here",
    "decode",
    "drop_passed",
    "encode",
    "end",
    "forget_followers",
    "lags",
    "lines_of",
    "message_key",
    "newest_position",
    "position_of",
    "size",
    "tail",
    "waiting",
    "whisper",
]
