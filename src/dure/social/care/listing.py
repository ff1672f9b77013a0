"""The SQL of looking at the inbox: what is listed, and what is counted beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.social.care.model import Conversation, Listing
from dure.social.care.store import FIELDS
from dure.social.store import prefixes
from dure.state import Tx

_ORDERS = {
    # Those that came in together are in the order in which they were said.
    "newest": "greatest(c.last_in_at, c.last_out_at, c.opened_at) desc, c.last_in_at desc, c.id desc",
    # Longest unanswered first, whatever else after them.
    "waiting": "(c.last_in_at is null or c.last_out_at >= c.last_in_at), c.last_in_at, c.id",
    "due": "c.due_at nulls last, c.last_in_at, c.id",
}
# As the index `mention_words` has it; a handle's first word finds it there, and its voice says whose it is.
_WORDS = "to_tsvector('simple', m.text || ' ' || m.author || ' ' || m.handle)"
_FIELDS = ", ".join(f"c.{name}" for name in FIELDS.split(", "))
_FOUND = (
    "(strpos(lower(c.author || ' ' || c.handle || ' ' || c.subject), lower(%(text)s)) > 0 or c.id in ("
    " select e.conversation from social.entry e join social.mention m on m.workspace = e.workspace and m.id = e.mention"
    "  where e.workspace = %(w)s and e.kind = 'in'"
    f"  and {_WORDS} @@ to_tsquery('simple', %(words)s)"
    " union select e.conversation from social.entry e where e.workspace = %(w)s and e.kind in ('reply', 'note')"
    "  and strpos(lower(e.text), lower(%(text)s)) > 0))"
)


async def listed(
    tx: Tx, workspace: str, look: Listing, now: datetime
) -> list[tuple[Conversation, Mapping[str, Any]]]:  # fmt: skip
    """Conversations with the last words said in each: text, whose, and how many colleagues' drafts wait."""
    where, params = _where(workspace, look, now)
    rows = await tx.rows(
        f"select {_FIELDS}, said.* from social.conversation c left join lateral ("
        " select case when e.kind = 'in' then coalesce(m.text, '') else e.text end as last_text, e.kind as last_kind,"
        "  e.by as last_by, e.outcome as last_outcome, m.deleted_at is not null as last_gone,"
        "  (select count(*) from social.entry d where d.workspace = c.workspace and d.conversation = c.id"
        "   and d.outcome = 'draft')::int as drafts"
        " from social.entry e left join social.mention m on m.workspace = e.workspace and m.id = e.mention"
        " where e.workspace = c.workspace and e.conversation = c.id and e.kind in ('in', 'reply')"
        " and e.outcome <> 'draft'"
        " order by e.seq desc limit 1) said on true"
        f" where {where} order by {_ORDERS[look.order]} limit %(limit)s offset %(at)s",
        params,
    )
    return [(Conversation(**{name: row[name] for name in FIELDS.split(", ")}), _said(row)) for row in rows]


# A clock of theirs warned, and none is due yet.
_SOON = (
    "c.due_at > %(now)s and exists (select from social.clock k where k.workspace = c.workspace"
    " and k.conversation = c.id and k.stopped_at is null and k.kind <> 'agent' and k.warn_at <= %(now)s)"
)


async def counts(tx: Tx, workspace: str, me: str, now: datetime) -> dict[str, Any]:
    """What the rail says: of those that are not resolved, whose and where they are."""
    row = await tx.row(
        "select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'waiting') as waiting,"
        " count(*) filter (where state = 'snoozed') as snoozed, count(*) as unresolved,"
        " count(*) filter (where assignee = %(me)s and state <> 'snoozed') as mine,"
        " count(*) filter (where assignee = '' and state = 'open') as unassigned,"
        " count(*) filter (where due_at <= %(now)s and state = 'open') as overdue,"
        f" count(*) filter (where state = 'open' and {_SOON}) as soon,"
        " count(*) filter (where exists (select from social.entry e where e.workspace = c.workspace"
        "  and e.conversation = c.id and e.named @> array[%(me)s])) as named"
        " from social.conversation c where workspace = %(w)s and state <> 'resolved'",
        {"w": workspace, "me": me, "now": now},
    )
    teams = await tx.rows(
        "select team, count(*) as count from social.conversation where workspace = %s and state <> 'resolved'"
        " group by team order by count desc, team", (workspace,),
    )  # fmt: skip
    networks = await tx.rows(
        "select network, count(*) as count from social.conversation where workspace = %s and state <> 'resolved'"
        " group by network order by count desc, network", (workspace,),
    )  # fmt: skip
    return {
        **(row or {}), "teams": {one["team"]: one["count"] for one in teams},
        "networks": {one["network"]: one["count"] for one in networks},
    }  # fmt: skip


async def others(tx: Tx, workspace: str, talk: Conversation, limit: int) -> list[Conversation]:
    """What else was talked about with the same person, account or handle, the newest first."""
    rows = await tx.rows(
        f"select {FIELDS} from social.conversation where workspace = %(w)s and id <> %(id)s and ("
        " (%(person)s::uuid is not null and person = %(person)s) or (%(account)s <> '' and account = %(account)s)"
        " or (%(handle)s <> '' and network = %(network)s and lower(handle) = lower(%(handle)s)))"
        " order by greatest(last_in_at, last_out_at, opened_at) desc, id limit %(limit)s",
        {"w": workspace, "id": talk.id, "person": talk.person, "account": talk.account, "network": talk.network,
         "handle": talk.handle, "limit": limit},
    )  # fmt: skip
    return [Conversation(**row) for row in rows]


async def mentions_of(tx: Tx, workspace: str, talk: Conversation, limit: int) -> list[dict[str, Any]]:
    """What the customer wrote outside of this conversation, the newest first."""
    return await tx.rows(
        "select id, network, text, posted_at, sentiment, intent, themes from social.mention m where m.workspace = %(w)s"
        " and deleted_at is null and ((%(person)s::uuid is not null and person = %(person)s)"
        f"  or (network = %(network)s and voice = %(voice)s and {_WORDS} @@ to_tsquery('simple', %(word)s)))"
        " and not exists (select from social.entry e where e.workspace = m.workspace and e.kind = 'in'"
        "  and e.mention = m.id and e.conversation = %(id)s)"
        " order by posted_at desc, id desc limit %(limit)s",
        {"w": workspace, "id": talk.id, "person": talk.person, "network": talk.network,
         "voice": f"{talk.network}:{talk.handle or talk.author}".lower(),
         "word": prefixes(talk.handle or talk.author).partition(" & ")[0] or "''", "limit": limit},
    )  # fmt: skip


def _where(workspace: str, look: Listing, now: datetime) -> tuple[str, dict[str, Any]]:
    made = ["c.workspace = %(w)s"]
    params: dict[str, Any] = {"w": workspace, "limit": look.limit, "at": look.at}
    if look.state == "unresolved":
        made.append("c.state <> 'resolved'")
    elif look.state != "any":
        made.append("c.state = %(state)s")
        params["state"] = look.state
    for name in ("team", "network", "intent", "priority", "account"):
        if value := getattr(look, name):
            made.append(f"c.{name} = %({name})s")
            params[name] = value
    if look.assignee:
        made.append("c.assignee = %(assignee)s")
        params["assignee"] = "" if look.assignee == "none" else look.assignee
    if look.sentiment is not None:
        made.append("c.sentiment = %(sentiment)s")
        params["sentiment"] = look.sentiment
    if look.person:
        made.append("c.person = %(person)s")
        params["person"] = look.person
    if look.overdue:
        made.append("c.due_at <= %(now)s")
        params["now"] = now
    if look.soon:
        made.append(_SOON)
        params["now"] = now
    if look.named:
        made.append(
            "exists (select from social.entry e where e.workspace = c.workspace and e.conversation = c.id"
            " and e.named @> array[%(named)s])"
        )
        params["named"] = look.named
    if look.text:
        made.append(_FOUND)
        params |= {"text": look.text, "words": prefixes(look.text) or "''"}
    return " and ".join(made), params


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": row["last_text"] or "", "kind": row["last_kind"] or "", "by": row["last_by"] or "",
        "outcome": row["last_outcome"] or "", "gone": bool(row["last_gone"]), "drafts": row["drafts"] or 0,
    }  # fmt: skip
