"""How large the feed is: it grows while a follower does not read on."""

from __future__ import annotations

from dataclasses import dataclass

from dure.state.database import Tx


@dataclass(frozen=True, slots=True)
class FeedSize:
    """Batches and events that lie in the feed, the disk they take, and the age of the oldest in seconds."""

    batches: int
    events: int
    bytes: int
    oldest_seconds: float


async def size(tx: Tx) -> FeedSize:
    row = await tx.row(
        "select count(*) as batches, coalesce(sum(count), 0)::bigint as events,"
        " coalesce(extract(epoch from clock_timestamp() - min(written_at)), 0)::float8 as oldest,"
        " (select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint from pg_partition_tree('feed.batch')"
        " where isleaf) as bytes from feed.batch"
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return FeedSize(row["batches"], row["events"], row["bytes"], row["oldest"])
