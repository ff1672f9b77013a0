"""People's only SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.people.links import Claim
from dure.state import Tx


@dataclass(slots=True)
class Identity:
    """A row of `people.identity`."""

    distinct_id: str
    own: UUID
    person: UUID
    is_user: bool
    linked_by: str = ""
    linked_at: datetime | None = None
    version: int = 0


@dataclass(slots=True)
class Profile:
    """A row of `people.person` or `people.account` (whose `distinct_id` is the account's id)."""

    id: UUID
    distinct_id: str
    traits: dict[str, Any]
    changed: dict[str, str]
    account: str
    merged_into: UUID | None
    first_seen: datetime
    changed_at: datetime
    own: dict[str, Any] | None = None


_PROFILE = "id, distinct_id, traits, changed, account, merged_into, first_seen, changed_at, own"


async def lock(tx: Tx, workspace: str) -> None:
    """One writer of a workspace's identities at a time."""
    await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"people:{workspace}",))


async def add_claims(tx: Tx, workspace: str, claims: Collection[Claim]) -> None:
    """Notes claims; of a repeated one the earliest stays."""
    earliest: dict[tuple[str, str], Claim] = {}
    for claim in sorted(claims, reverse=True):
        earliest[claim.distinct_id, claim.user_id] = claim
    rows = [(c.distinct_id, c.user_id, c.at, c.message_id, c.source, c.event) for c in earliest.values()]
    await tx.run(
        "insert into people.claim as c (workspace, distinct_id, user_id, at, message_id, source, event)"
        " select %s, * from unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])"
        " on conflict (workspace, distinct_id, user_id) do update set at = excluded.at,"
        " message_id = excluded.message_id, source = excluded.source, event = excluded.event"
        " where (excluded.at, excluded.message_id) < (c.at, c.message_id)",
        [workspace, *_columns(rows, 6)],
    )


async def claims_about(tx: Tx, workspace: str, distinct_ids: Collection[str]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    rows = await tx.rows(
        "select * from people.claim where workspace = %s and distinct_id = any(%s)", (workspace, list(distinct_ids))
    )
    for row in rows:
        found.setdefault(row["distinct_id"], []).append(_claim(row))
    return found


async def claims_by(tx: Tx, workspace: str, user_ids: Collection[str], limit: int) -> list[Claim]:
    """What was stated to be these users', the latest first."""
    rows = await tx.rows(
        "select * from people.claim where workspace = %s and user_id = any(%s) order by at desc limit %s",
        (workspace, list(user_ids), limit),
    )
    return [_claim(row) for row in rows]


async def identities(tx: Tx, workspace: str, distinct_ids: Collection[str]) -> dict[str, Identity]:
    rows = await tx.rows(
        "select distinct_id, own, person, is_user, linked_by, linked_at, version from people.identity"
        " where workspace = %s and distinct_id = any(%s)", (workspace, list(distinct_ids)),
    )  # fmt: skip
    return {row["distinct_id"]: Identity(**row) for row in rows}


async def identities_of(tx: Tx, workspace: str, people: Collection[UUID]) -> list[Identity]:
    """Every id that is one of these people now, users before devices."""
    rows = await tx.rows(
        "select distinct_id, own, person, is_user, linked_by, linked_at, version from people.identity"
        " where workspace = %s and person = any(%s) order by is_user desc, linked_at, distinct_id",
        (workspace, list(people)),
    )
    return [Identity(**row) for row in rows]


async def joined(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, list[str]]:
    """The ids that became part of these people, beside their first; of those who have more than one."""
    rows = await tx.tuples(
        "select person, distinct_id from people.identity where workspace = %s and person = any(%s) and own <> person"
        " order by is_user desc, linked_at, distinct_id", (workspace, list(people)),
    )  # fmt: skip
    found: dict[UUID, list[str]] = {}
    for person, distinct_id in rows:
        found.setdefault(person, []).append(distinct_id)
    return found


async def moved(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these people, those that are somebody else now, and who."""
    rows = await tx.rows(
        "select own, person from people.identity where workspace = %s and own = any(%s) and own <> person",
        (workspace, list(people)),
    )
    return {row["own"]: row["person"] for row in rows}


async def save_identities(tx: Tx, workspace: str, rows: Iterable[Identity]) -> None:
    columns = _columns(
        [(r.distinct_id, r.own, r.person, r.is_user, r.linked_by, r.linked_at, r.version) for r in rows], 7
    )
    await tx.run(
        "insert into people.identity (workspace, distinct_id, own, person, is_user, linked_by, linked_at, version)"
        " select %s, * from unnest(%s::text[], %s::uuid[], %s::uuid[], %s::bool[], %s::text[], %s::timestamptz[],"
        " %s::bigint[])"
        " on conflict (workspace, distinct_id) do update set person = excluded.person, is_user = excluded.is_user,"
        " linked_by = excluded.linked_by, linked_at = excluded.linked_at, version = excluded.version",
        [workspace, *columns],
    )


async def profiled(tx: Tx, workspace: str, ids: Collection[UUID]) -> set[UUID]:
    """Those among these of whom more than events is known."""
    rows = await tx.rows("select id from people.person where workspace = %s and id = any(%s)", (workspace, list(ids)))
    return {row["id"] for row in rows}


async def profiles(tx: Tx, workspace: str, ids: Collection[UUID]) -> dict[UUID, Profile]:
    rows = await tx.tuples(
        f"select {_PROFILE} from people.person where workspace = %s and id = any(%s)", (workspace, list(ids))
    )
    return {row[0]: Profile(*row) for row in rows}


async def brief(
    tx: Tx, workspace: str, ids: Collection[UUID]
) -> list[tuple[UUID, str, dict[str, Any], str, datetime]]:  # fmt: skip
    """Id, best known distinct id, traits, account and first appearance: what others ask of thousands at a time."""
    return await tx.tuples(
        "select id, distinct_id, traits, account, first_seen from people.person where workspace = %s and id = any(%s)",
        (workspace, list(ids)),
    )


async def parts_of(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, list[Profile]]:
    """The rows of ids that became part of these people, by person."""
    found: dict[UUID, list[Profile]] = {}
    rows = await tx.rows(
        f"select {_PROFILE} from people.person where workspace = %s and merged_into = any(%s)",
        (workspace, list(people)),
    )
    for row in rows:
        found.setdefault(row["merged_into"], []).append(Profile(**row))
    return found


async def save_profiles(tx: Tx, workspace: str, rows: Iterable[Profile]) -> None:
    columns = _columns(
        [
            (r.id, r.distinct_id, _json(r.traits), _json(r.changed), r.account, r.merged_into, r.first_seen,
             r.changed_at, None if r.own is None else _json(r.own))
            for r in rows
        ],
        9,
    )  # fmt: skip
    await tx.run(
        "insert into people.person (workspace, id, distinct_id, traits, changed, account, merged_into, first_seen,"
        " changed_at, own) select %s, * from unnest(%s::uuid[], %s::text[], %s::jsonb[], %s::jsonb[], %s::text[],"
        " %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::jsonb[])"
        " on conflict (workspace, id) do update set traits = excluded.traits, changed = excluded.changed,"
        " account = excluded.account, merged_into = excluded.merged_into, first_seen = excluded.first_seen,"
        " changed_at = excluded.changed_at, own = excluded.own",
        [workspace, *columns],
    )


async def accounts(tx: Tx, workspace: str, ids: Collection[str]) -> dict[str, Profile]:
    rows = await tx.rows(
        "select id as distinct_id, traits, changed, first_seen, changed_at from people.account"
        " where workspace = %s and id = any(%s)", (workspace, list(ids)),
    )  # fmt: skip
    return {row["distinct_id"]: Profile(id=UUID(int=0), account="", merged_into=None, **row) for row in rows}


async def save_accounts(tx: Tx, workspace: str, rows: Iterable[Profile]) -> None:
    columns = _columns(
        [(r.distinct_id, _json(r.traits), _json(r.changed), r.first_seen, r.changed_at) for r in rows], 5
    )
    await tx.run(
        "insert into people.account (workspace, id, traits, changed, first_seen, changed_at)"
        " select %s, * from unnest(%s::text[], %s::jsonb[], %s::jsonb[], %s::timestamptz[], %s::timestamptz[])"
        " on conflict (workspace, id) do update set traits = excluded.traits, changed = excluded.changed,"
        " first_seen = excluded.first_seen, changed_at = excluded.changed_at",
        [workspace, *columns],
    )


async def people_of_account(tx: Tx, workspace: str, account: str, limit: int, offset: int) -> list[Profile]:
    rows = await tx.rows(
        f"select {_PROFILE} from people.person where workspace = %s and account = %s and account <> ''"
        " and merged_into is null order by changed_at desc, id limit %s offset %s",
        (workspace, account, limit, offset),
    )
    return [Profile(**row) for row in rows]


async def count_of_account(tx: Tx, workspace: str, account: str) -> int:
    return int(
        await tx.value(
            "select count(*) from people.person where workspace = %s and account = %s and account <> ''"
            " and merged_into is null",
            (workspace, account),
        )
    )


async def newest(tx: Tx, workspace: str, limit: int) -> list[Profile]:
    rows = await tx.rows(
        f"select {_PROFILE} from people.person where workspace = %s and merged_into is null"
        " order by changed_at desc limit %s",
        (workspace, limit),
    )
    return [Profile(**row) for row in rows]


async def count(tx: Tx, workspace: str) -> int:
    """How many people are known by traits or links."""
    return int(
        await tx.value("select count(*) from people.person where workspace = %s and merged_into is null", (workspace,))
    )


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(row["at"], row["message_id"], row["distinct_id"], row["user_id"], row["source"], row["event"])


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
