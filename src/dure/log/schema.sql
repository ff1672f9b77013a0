-- The log's tables. Statements end with a semicolon at a line's end and may be run again.
create table if not exists events (
    org LowCardinality(String),
    workspace LowCardinality(String),
    event LowCardinality(String),
    time DateTime64(6, 'UTC') codec(Delta, ZSTD(1)),
    person UUID,
    distinct_id String,
    account String,
    object_type LowCardinality(String),
    object String,
    source LowCardinality(String),
    message_id String,
    actor LowCardinality(String),
    run String,
    properties JSON(max_dynamic_paths = 256),
    received_at DateTime64(6, 'UTC') codec(Delta, ZSTD(1)),
    index by_object object type bloom_filter(0.01) granularity 4,
    -- Which messages came in the last days, asked at every start.
    index by_received received_at type minmax granularity 1,
    -- Where a person's events lie: a timeline of one among millions reads a few granules instead of every tenth.
    projection by_person (select _part_offset order by workspace, person, time)
) engine = MergeTree
partition by toYYYYMM(time)
order by (workspace, event, toDate(time), person, time)
settings non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
    -- Parts that were merged or rewritten leave the disk within seconds, not within a minute: with them goes what was
    -- erased.
    cleanup_delay_period = 2, max_cleanup_delay_period = 2, cleanup_delay_period_random_add = 0;
alter table events add index if not exists by_received received_at type minmax granularity 1;

-- Whose events are whose after merges: the newest row of a person says who they are now.
create table if not exists person_override (
    workspace LowCardinality(String),
    from_person UUID,
    to_person UUID,
    version UInt64
) engine = ReplacingMergeTree(version)
order by (workspace, from_person)
settings cleanup_delay_period = 2, max_cleanup_delay_period = 2, cleanup_delay_period_random_add = 0;

create materialized view if not exists person_override_from_events to person_override as
select workspace,
       toUUID(properties.from_person.:String) as from_person,
       toUUID(properties.to_person.:String) as to_person,
       toUInt64(properties.version.:Int64) as version
from events
where source = 'people' and event = 'Person Linked';

-- Whom an erasure looks for while it runs. In memory: nothing of it reaches the disk, and after a crash it is empty.
create table if not exists erasing (kind LowCardinality(String), value String) engine = Memory;

-- For tables that were made before.
alter table events modify setting cleanup_delay_period = 2, max_cleanup_delay_period = 2,
    cleanup_delay_period_random_add = 0;
alter table person_override modify setting cleanup_delay_period = 2, max_cleanup_delay_period = 2,
    cleanup_delay_period_random_add = 0;

-- Mentions as listening asks for them: narrow, one row each, the text folded (`kernel.folding`). A mention that changed
-- is taken back by a row with sign -1 and told anew, so sums of signs count it once without looking for the newest.
-- `part` is chance: the rows of a part are a sample. `said` knows whole runs of the text and each two letters beside
-- each other, so most words are counted without reading a text.
create table if not exists mention (
    workspace LowCardinality(String),
    at DateTime('UTC') codec(Delta, LZ4),
    part UInt8,
    mention UUID codec(LZ4),
    sign Int8,
    network LowCardinality(String),
    language LowCardinality(String),
    intent LowCardinality(String),
    topic LowCardinality(String),
    kind LowCardinality(String),
    sentiment Int8,
    rating UInt8,
    reach UInt64 codec(LZ4),
    linked Bool,
    spam Bool,
    voice UInt64 codec(LZ4),
    author String codec(LZ4),
    handle String codec(LZ4),
    entities Array(LowCardinality(String)),
    folded String codec(LZ4),
    index said arrayConcat(ngrams(folded, 2), splitByChar(' ', folded)) type text(tokenizer = array)
) engine = CollapsingMergeTree(sign)
partition by toYYYYMM(at)
order by (workspace, toDate(at), part, mention)
settings index_granularity = 2048, non_replicated_deduplication_window = 10000, fsync_after_insert = 1,
    fsync_part_directory = 1, cleanup_delay_period = 2, max_cleanup_delay_period = 2,
    cleanup_delay_period_random_add = 0;
