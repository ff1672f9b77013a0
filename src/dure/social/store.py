"""Social's only SQL on mentions and routing rules; counting is in `counts.py`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.social.model import Look, Mention, Rule
from dure.state import Tx

_FIELDS = (
    "id, network, external, author, handle, text, url, reach, posted_at, arrived_at, language, intent, topic,"
    " sentiment, confidence, original, copies, state, function, channel, corrected_by, version, source, kind, title,"
    " parent, thread, rating, email, direct, feeling, spam, entities, themes, edited_at, deleted_at, person, account"
)


def mention_of(row: Mapping[str, Any]) -> Mention:
    """A mention from its row of `_FIELDS`."""
    return Mention(**{**row, "entities": tuple(row["entities"]), "themes": tuple(row["themes"])})


async def lock_arrivals(tx: Tx, workspace: str) -> None:
    """Arrivals of a workspace go one after the other, so that copies that come at once find each other."""
    await tx.run("select pg_advisory_xact_lock(hashtext('social.arrive'), hashtext(%s))", (workspace,))


async def known(tx: Tx, workspace: str, networks: Sequence[str], externals: Sequence[str]) -> set[tuple[str, str]]:
    """Which (network, id) pairs are stored already."""
    rows = await tx.rows(
        "select network, external from social.mention m"
        " join unnest(%s::text[], %s::text[]) as asked (network, external) using (network, external)"
        " where m.workspace = %s",
        (list(networks), list(externals), workspace),
    )
    return {(row["network"], row["external"]) for row in rows}


async def candidates(tx: Tx, workspace: str, bands: Sequence[int], since: Any) -> list[dict[str, Any]]:
    """Originals since a time that share a band with one of `bands`, with what is needed to compare and to inherit."""
    return await tx.rows(
        "select id, text, posted_at, bands, language, intent, topic, sentiment, corrected_by from social.mention"
        " where workspace = %s and bands && %s::bigint[] and original = id and posted_at >= %s",
        (workspace, list(bands), since),
    )


async def add(tx: Tx, workspace: str, org: str, rows: Iterable[tuple[Mention, str, list[int]]]) -> None:
    """Stores mentions with their voice and bands."""
    await tx.many(
        "insert into social.mention (workspace, org, voice, bands, id, network, external, author, handle, text, url,"
        " reach, posted_at, arrived_at, language, intent, topic, sentiment, confidence, original, copies, state,"
        " function, channel, corrected_by, version, source, kind, title, parent, thread, rating, email, direct,"
        " feeling, spam, entities, themes, edited_at, deleted_at, person, account)"
        f" values ({', '.join(['%s'] * 42)})",
        [
            (workspace, org, voice, bands, m.id, m.network, m.external, m.author, m.handle, m.text, m.url, m.reach,
             m.posted_at, m.arrived_at, m.language, m.intent, m.topic, m.sentiment, m.confidence, m.original, m.copies,
             m.state, m.function, m.channel, m.corrected_by, m.version, m.source, m.kind, m.title, m.parent,
             m.thread, m.rating, m.email, m.direct, m.feeling, m.spam, list(m.entities), list(m.themes), m.edited_at,
             m.deleted_at, m.person, m.account)
            for m, voice, bands in rows
        ],
    )  # fmt: skip


async def count_copies(tx: Tx, workspace: str, more: Mapping[uuid.UUID, int]) -> None:
    """Adds to originals how many new copies each has."""
    await tx.many(
        "update social.mention set copies = copies + %s where workspace = %s and id = %s",
        [(count, workspace, original) for original, count in more.items()],
    )


async def mention(tx: Tx, workspace: str, mention_id: uuid.UUID, *, lock: bool = False) -> Mention | None:
    row = await tx.row(
        f"select {_FIELDS} from social.mention where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, mention_id),
    )
    return None if row is None else mention_of(row)


async def these(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> list[Mention]:
    """Those of the mentions that are there."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.mention where workspace = %s and id = any(%s)", (workspace, list(ids))
    )
    return [mention_of(row) for row in rows]


async def mentions(tx: Tx, workspace: str, look: Look) -> list[Mention]:
    """The newest first, by time posted."""
    conditions = ["workspace = %(workspace)s"]
    params: dict[str, Any] = {"workspace": workspace, "limit": look.limit}
    for field in ("network", "intent", "topic", "language", "state", "function"):
        if value := getattr(look, field):
            conditions.append(f"{field} = %({field})s")
            params[field] = value
    if look.sentiment is not None:
        conditions.append("sentiment = %(sentiment)s")
        params["sentiment"] = look.sentiment
    if look.text:
        conditions.append("strpos(lower(text || ' ' || author || ' ' || handle), lower(%(text)s)) > 0")
        params["text"] = look.text
    if look.since:
        conditions.append("posted_at >= %(since)s")
        params["since"] = look.since
    if look.until:
        conditions.append("posted_at < %(until)s")
        params["until"] = look.until
    if look.copies_of:
        conditions.append("original = %(original)s and id <> original")
        params["original"] = look.copies_of
    else:
        conditions.append("original = id")
    if look.before:
        conditions.append("(posted_at, id) < (%(before_at)s, %(before_id)s)")
        params["before_at"], params["before_id"] = look.before
    rows = await tx.rows(
        f"select {_FIELDS} from social.mention where {' and '.join(conditions)}"
        " order by posted_at desc, id desc limit %(limit)s",
        params,
    )
    return [mention_of(row) for row in rows]


async def keep(tx: Tx, workspace: str, kept: Mention) -> None:
    """Writes every field that may change."""
    await tx.run(
        "update social.mention set language = %s, intent = %s, topic = %s, sentiment = %s, confidence = %s, state = %s,"
        " function = %s, channel = %s, corrected_by = %s, version = %s, feeling = %s, spam = %s, entities = %s,"
        " themes = %s, person = %s, account = %s where workspace = %s and id = %s",
        (kept.language, kept.intent, kept.topic, kept.sentiment, kept.confidence, kept.state, kept.function,
         kept.channel, kept.corrected_by, kept.version, kept.feeling, kept.spam, list(kept.entities),
         list(kept.themes), kept.person, kept.account, workspace, kept.id),
    )  # fmt: skip


async def networks(tx: Tx, workspace: str) -> list[str]:
    """The networks that mentions came from, by a walk over the index instead of over the mentions."""
    rows = await tx.rows(
        "with recursive seen as ("
        " (select network from social.mention where workspace = %(workspace)s order by network limit 1)"
        " union all select (select m.network from social.mention m where m.workspace = %(workspace)s"
        "   and m.network > seen.network order by m.network limit 1) from seen where seen.network is not null)"
        " select network from seen where network is not null",
        {"workspace": workspace},
    )
    return [row["network"] for row in rows]


async def rules(tx: Tx, workspace: str) -> list[Rule]:
    rows = await tx.rows("select * from social.rule where workspace = %s order by position", (workspace,))
    return [
        msgspec.convert({"where": row["conditions"], "function": row["function"], "channel": row["channel"]}, Rule)
        for row in rows
    ]


async def set_rules(tx: Tx, workspace: str, rules: Sequence[Rule]) -> None:
    """Puts these in the place of what was there."""
    await tx.run("delete from social.rule where workspace = %s", (workspace,))
    await tx.many(
        "insert into social.rule (workspace, position, conditions, function, channel) values (%s, %s, %s, %s, %s)",
        [
            (workspace, number, Jsonb(msgspec.to_builtins(rule.where)), rule.function, rule.channel)
            for number, rule in enumerate(rules)
        ],
    )
