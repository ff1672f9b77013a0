"""Social's only SQL on mentions and routing rules; counting is in `counts.py`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.model import Look, Mention, Rule
from dure.social.reading.spam import HIDDEN
from dure.state import Tx

FIELDS = (
    "id, network, external, author, handle, text, url, reach, posted_at, arrived_at, language, intent, topic,"
    " sentiment, confidence, original, copies, state, function, channel, corrected_by, version, source, kind, title,"
    " parent, thread, rating, email, direct, feeling, spam, entities, themes, edited_at, deleted_at, person, account,"
    " spam_why, own"
)


# As the index `mention_words` has it.
_WORDS = "to_tsvector('simple', text || ' ' || author || ' ' || handle)"
_WORD = re.compile(r"\w+")


def prefixes(text: str) -> str:
    """What was typed as a question for the index: every word begins so. Korean endings stand behind a word, so a noun
    finds it in whatever case. Empty where there is no letter in it."""
    return " & ".join(f"'{word}':*" for word in _WORD.findall(text.replace("'", " ").lower())[:10])


def mention_of(row: Mapping[str, Any]) -> Mention:
    """A mention from its row of `FIELDS`."""
    return Mention(**{**row, "entities": tuple(row["entities"]), "themes": tuple(row["themes"]),
                      "spam_why": tuple(row["spam_why"])})  # fmt: skip


async def lock_arrivals(tx: Tx, workspace: str) -> None:
    """Arrivals of a workspace go one after the other, so that copies that come at once find each other."""
    await tx.run("select pg_advisory_xact_lock(hashtext('social.arrive'), hashtext(%s))", (workspace,))


async def known(
    tx: Tx, workspace: str, keys: Sequence[tuple[str, str]], *, lock: bool = False
) -> dict[tuple[str, str], dict[str, Any]]:
    """What is stored already of (network, id) pairs, with what says whether it was edited since."""
    if not keys:
        return {}
    rows = await tx.rows(
        "select m.id, network, external, text, title, rating, url, posted_at, edited_at, deleted_at, original"
        " from social.mention m join unnest(%s::text[], %s::text[]) as asked (network, external)"
        f" using (network, external) where m.workspace = %s{' for update of m' if lock else ''}",
        ([network for network, _ in keys], [external for _, external in keys], workspace),
    )
    return {(row["network"], row["external"]): row for row in rows}


async def originals(tx: Tx, workspace: str, ids: Iterable[uuid.UUID]) -> list[dict[str, Any]]:
    """Those of the ids that are originals still, with what is needed to compare and to inherit."""
    return await tx.rows(
        "select id, text, posted_at, language, intent, topic, sentiment, corrected_by from social.mention"
        " where workspace = %s and id = any(%s) and original = id and deleted_at is null and not own",
        (workspace, list(ids)),
    )


async def originals_since(tx: Tx, workspace: str, since: datetime, most: int) -> list[dict[str, Any]]:
    """The newest originals since a time, the oldest of them first."""
    rows = await tx.rows(
        "select id, posted_at, text from social.mention where workspace = %s and posted_at >= %s and original = id"
        " and deleted_at is null and not own order by posted_at desc, id desc limit %s",
        (workspace, since, most),
    )
    return rows[::-1]


async def recent_after(tx: Tx, workspace: str, number: int, most: int) -> list[dict[str, Any]]:
    """Signatures of the arrivals after one, as far as the newest `most` originals go."""
    return await tx.rows(
        "select number, originals from social.recent where workspace = %(w)s and number > %(number)s and passed >"
        " (select coalesce(max(passed), 0) from social.recent where workspace = %(w)s and number ="
        "  (select max(number) from social.recent where workspace = %(w)s)) - %(most)s order by number",
        {"w": workspace, "number": number, "most": most}, binary=True,
    )  # fmt: skip


async def add_recent(tx: Tx, workspace: str, now: datetime, count: int, originals_: bytes) -> int:
    """An arrival's originals; the arrival's number."""
    return int(
        await tx.value(
            "insert into social.recent (workspace, number, at, passed, originals)"
            " select %(w)s, coalesce(max(number), 0) + 1, %(now)s, coalesce(max(passed), 0) + %(count)s, %(bytes)b"
            " from (select number, passed from social.recent where workspace = %(w)s order by number desc limit 1) last"
            " returning number",
            {"w": workspace, "now": now, "count": count, "bytes": originals_},
        )
    )


async def tidy_recent(tx: Tx, workspace: str, before: datetime, most: int) -> None:
    """Lets go of what came before a time, and of more than the newest `most` originals."""
    await tx.run(
        "delete from social.recent where workspace = %(w)s and (at < %(before)s or passed <="
        " (select max(passed) from social.recent where workspace = %(w)s) - %(most)s) and number <"
        " (select max(number) from social.recent where workspace = %(w)s)",
        {"w": workspace, "before": before, "most": most},
    )


async def own(
    tx: Tx, workspace: str, sources: Iterable[uuid.UUID], posts: Sequence[tuple[uuid.UUID | None, str]]
) -> dict[str, Any]:  # fmt: skip
    """The company's `names` (network:handle), the `settings` of sources by id, and which of the posts, (source, the
    network's id) pairs, were `said` through a source. Two networks may have the same id; one connector's do not."""
    row = await tx.row(
        "select (select own from social.care_setting where workspace = %(w)s) as names,"
        " (select jsonb_object_agg(id, settings) from social.source where workspace = %(w)s and id = any(%(sources)s))"
        "   as settings,"
        " (select array_agg(p.external) from unnest(%(of)s::uuid[], %(externals)s::text[]) as p (source, external)"
        "   join social.saying s on s.workspace = %(w)s and s.state = 'said' and s.outcome ->> 'reference' = p.external"
        "   left join social.source by on by.workspace = %(w)s and by.id = s.source"
        "   left join social.source came on came.workspace = %(w)s and came.id = p.source"
        "   where by.connector is null or came.connector is null or by.connector = came.connector) as said",
        {"w": workspace, "sources": list(sources), "of": [source for source, _ in posts],
         "externals": [external for _, external in posts]},
    )  # fmt: skip
    return row or {}


async def add(tx: Tx, workspace: str, org: str, rows: Iterable[tuple[Mention, str]]) -> None:
    """Stores mentions with their voice, in one stream of rows."""
    async with (
        tx.connection.cursor() as cursor,
        cursor.copy(f"copy social.mention (workspace, org, voice, {FIELDS}) from stdin") as copy,
    ):
        for m, voice in rows:
            await copy.write_row(
                (workspace, org, voice, m.id, m.network, m.external, m.author,
                 m.handle, m.text, m.url, m.reach, m.posted_at, m.arrived_at, m.language, m.intent, m.topic,
                 m.sentiment, m.confidence, m.original, m.copies, m.state, m.function, m.channel, m.corrected_by,
                 m.version, m.source, m.kind, m.title, m.parent, m.thread, m.rating, m.email, m.direct, m.feeling,
                 m.spam, list(m.entities), list(m.themes), m.edited_at, m.deleted_at, m.person, m.account,
                 list(m.spam_why), m.own)
            )  # fmt: skip


async def count_copies(tx: Tx, workspace: str, more: Mapping[uuid.UUID, int]) -> None:
    """Adds to originals how many new copies each has."""
    await tx.many(
        "update social.mention set copies = copies + %s where workspace = %s and id = %s",
        [(count, workspace, original) for original, count in more.items()],
    )


async def mention(tx: Tx, workspace: str, mention_id: uuid.UUID, *, lock: bool = False) -> Mention | None:
    row = await tx.row(
        f"select {FIELDS} from social.mention where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, mention_id),
    )
    return None if row is None else mention_of(row)


async def several(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> list[Mention]:
    """Those of the ids that are there, in their order."""
    rows = await tx.rows(f"select {FIELDS} from social.mention where workspace = %s and id = any(%s)",
                         (workspace, list(ids)))  # fmt: skip
    found = {row["id"]: mention_of(row) for row in rows}
    return [found[one] for one in ids if one in found]


async def mentions(tx: Tx, workspace: str, look: Look) -> list[Mention]:
    """The newest first, by time posted."""
    conditions = ["workspace = %(workspace)s", "deleted_at is null"]
    params: dict[str, Any] = {"workspace": workspace, "limit": look.limit}
    for field in ("network", "intent", "topic", "language", "state", "function", "account"):
        if value := getattr(look, field):
            conditions.append(f"{field} = %({field})s")
            params[field] = value
    if look.sentiment is not None:
        conditions.append("sentiment = %(sentiment)s")
        params["sentiment"] = look.sentiment
    if look.spam != "all":
        conditions.append("spam >= %(hidden)s" if look.spam == "only" else "spam < %(hidden)s")
        params["hidden"] = HIDDEN
    if look.own != "all":
        conditions.append("own" if look.own == "only" else "not own")
    words = prefixes(look.text)
    if words and not look.anywhere:
        conditions.append(f"{_WORDS} @@ to_tsquery('simple', %(words)s)")
        params["words"] = words
    elif look.text:
        conditions.append("strpos(lower(text || ' ' || author || ' ' || handle), lower(%(text)s)) > 0")
        params["text"] = look.text
    if look.theme:
        conditions.append("themes @> array[%(theme)s]")
        params["theme"] = str(look.theme)
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
        f"select {FIELDS} from social.mention where {' and '.join(conditions)}"
        " order by posted_at desc, id desc limit %(limit)s",
        params,
    )
    return [mention_of(row) for row in rows]


async def keep(tx: Tx, workspace: str, kept: Mention) -> None:
    """Writes every field that may change."""
    await tx.run(
        "update social.mention set language = %s, intent = %s, topic = %s, sentiment = %s, confidence = %s, state = %s,"
        " function = %s, channel = %s, corrected_by = %s, version = %s, feeling = %s, spam = %s, entities = %s,"
        " themes = %s, person = %s, account = %s, spam_why = %s, own = %s where workspace = %s and id = %s",
        (kept.language, kept.intent, kept.topic, kept.sentiment, kept.confidence, kept.state, kept.function,
         kept.channel, kept.corrected_by, kept.version, kept.feeling, kept.spam, list(kept.entities),
         list(kept.themes), kept.person, kept.account, list(kept.spam_why), kept.own, workspace, kept.id),
    )  # fmt: skip


async def rewrite(tx: Tx, workspace: str, kept: Mention, voice: str) -> None:
    """Writes what an edit changed: the text, where it stands and how it was read."""
    await tx.run(
        "update social.mention set text = %s, title = %s, url = %s, author = %s, handle = %s, rating = %s, reach = %s,"
        " edited_at = %s, original = %s, voice = %s, copies = %s where workspace = %s and id = %s",
        (kept.text, kept.title, kept.url, kept.author, kept.handle, kept.rating, kept.reach, kept.edited_at,
         kept.original, voice, kept.copies, workspace, kept.id),
    )  # fmt: skip
    await keep(tx, workspace, kept)


async def of_ids(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Mention]:
    """Mentions by their ids, locked in one order."""
    rows = await tx.rows(
        f"select {FIELDS} from social.mention where workspace = %s and id = any(%s) order by id for update",
        (workspace, list(ids)),
    )
    return {row["id"]: mention_of(row) for row in rows}


async def empty(tx: Tx, workspace: str, ids: Sequence[uuid.UUID], at: datetime) -> None:
    """Takes out of mentions everything that somebody wrote; that they were there stays."""
    await tx.run(
        "update social.mention set text = '', title = '', url = '', author = '', handle = '', email = '', voice = '',"
        " entities = '{}', reach = 0, person = null, account = '', copies = 0, original = id,"
        " deleted_at = %s, version = version + 1 where workspace = %s and id = any(%s)",
        (at, workspace, list(ids)),
    )


async def note_taken_back(
    tx: Tx, tenant: Tenant, at: datetime, gone: Iterable[tuple[uuid.UUID, str]]
) -> None:  # fmt: skip
    """Keeps mentions whose words the log still has, with how cards of them begin."""
    await tx.many(
        "insert into social.taken_back (workspace, org, mention, said, at) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        [(tenant.workspace, tenant.org, mention, said, at) for mention, said in gone],
    )


async def inherit(tx: Tx, workspace: str, original: uuid.UUID) -> uuid.UUID | None:
    """The oldest of an original's copies stands for the rest from now on; which one that is."""
    rows = await tx.rows(
        "with copies as (select id from social.mention where workspace = %(w)s and original = %(id)s and id <> %(id)s),"
        " heir as (select min(id::text)::uuid as id from copies)"
        " update social.mention m set original = heir.id, copies = case when m.id = heir.id"
        " then (select count(*) - 1 from copies) else 0 end from heir"
        " where m.workspace = %(w)s and m.original = %(id)s and m.id <> %(id)s returning heir.id",
        {"w": workspace, "id": original},
    )
    return rows[0]["id"] if rows else None


async def forget_payloads(tx: Tx, workspace: str, externals: Sequence[str]) -> None:
    """Lets go of payloads that hold mentions by the network's ids."""
    await tx.run("delete from social.payload where workspace = %s and ids && %s", (workspace, list(externals)))


async def forget_examples(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> None:
    """Takes mentions out of the examples that spikes keep."""
    await tx.run(
        "update social.spike s set examples = coalesce((select jsonb_agg(e) from jsonb_array_elements(s.examples) e"
        " where coalesce(e ->> 'mention', '') <> all(%(ids)s)), '[]') where workspace = %(w)s and exists (select from"
        " jsonb_array_elements(s.examples) e where e ->> 'mention' = any(%(ids)s))",
        {"w": workspace, "ids": [str(one) for one in ids]},
    )


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


async def set_rules(tx: Tx, workspace: str, rules: Sequence[Rule]) -> None:
    """Puts these in the place of what was there."""
    await tx.run("delete from social.rule where workspace = %s", (workspace,))
    await tx.many(
        "insert into social.rule (workspace, position, conditions, function, channel, words, also)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, number, Jsonb(msgspec.to_builtins(rule.where)), rule.function, rule.channel, list(rule.words),
             list(rule.also))
            for number, rule in enumerate(rules)
        ],
    )  # fmt: skip
