"""Finding people and accounts: what somebody typed as terms, and the terms as SQL that an index answers.

`김민준`, `mina@`, `u-10` are words: a part of a name, or the beginning of a name, e-mail or id. `plan:pro`,
`city="New York"`, `amount>100` are traits. All terms have to hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log2
from typing import Any, Literal
from uuid import UUID

import msgspec

from dure.kernel.errors import Invalid
from dure.people.store import Profile
from dure.people.whose import is_uuid
from dure.state import Tx

_TERM = re.compile(r"""([\w$.-]+)(>=|<=|:|=|>|<)("[^"]*"|\S+)|"([^"]*)"|(\S+)""")
_MOST_TERMS = 10
# Of one word no more are looked at: `u` begins a million ids, and nobody reads on that far.
_CANDIDATES = 5000
_SMALLEST, _LARGEST = -40, 80

Compared = Literal[":", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a name, or the beginning of an id or e-mail."""

    text: str


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait's value; `:` is equal (a list holds it), the others compare numbers. `typed` is the term as it was."""

    name: str
    op: Compared
    value: str
    typed: str


Term = Word | Trait


def terms(text: str) -> list[Term]:
    """What was typed, as terms. Invalid for too many, and for a comparison with what is no number."""
    found: list[Term] = []
    for name, op, value, quoted, word in _TERM.findall(text.replace("\0", "")):
        if not name:
            if typed := (quoted or word).strip():
                found.append(Word(typed.lower()))
            continue
        compared: Compared = ":" if op == "=" else op
        bare = value[1:-1] if value.startswith('"') and value.endswith('"') and len(value) > 1 else value
        if compared != ":" and _number(bare) is None:
            raise Invalid(f"`{name}{op}{value}` compares with what is no number.", field="q")
        found.append(Trait(name, compared, bare, f"{name}{op}{value}"))
    if len(found) > _MOST_TERMS:
        raise Invalid(f"At most {_MOST_TERMS} terms are looked for at once.", field="q")
    return found


async def people(tx: Tx, workspace: str, asked: Sequence[Term], limit: int, offset: int) -> list[Profile]:
    """People for whom every term holds: who is named exactly first, then who begins so, then by latest news."""
    sql, params = people_sql(workspace, asked, limit, offset)
    return [Profile(**row) for row in await tx.rows(sql, params)]


async def count(tx: Tx, workspace: str, asked: Sequence[Term], most: int) -> int:
    """For how many every term holds; no more than `most` are counted."""
    sql, params = people_sql(workspace, asked, most, 0)
    row = await tx.row(f"select count(*) as n from ({sql}) as found", params)
    return int(row["n"]) if row else 0


async def ids_among(tx: Tx, workspace: str, asked: Sequence[Term]) -> list[Term]:
    """The terms, with those that look like a trait and are an id's beginning (`auth0:17`) as words."""
    told: list[Term] = []
    for term in asked:
        if isinstance(term, Trait) and term.op == ":" and await _is_id(tx, workspace, term.typed.lower()):
            term = Word(term.typed.lower())
        told.append(term)
    return told


async def _is_id(tx: Tx, workspace: str, text: str) -> bool:
    ways = (
        f"select 1 from people.{table} where workspace = %(w)s and lower(distinct_id) like %(b)s limit 1"
        for table in ("person", "identity")
    )
    sql = " union all ".join(f"({way})" for way in ways)
    return await tx.row(sql, {"w": workspace, "b": begins(text)}) is not None


def people_sql(workspace: str, asked: Sequence[Term], limit: int, offset: int) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"w": workspace, "n": limit, "o": offset, "c": _CANDIDATES}
    held = [_person_holds(term, f"t{number}", params) for number, term in enumerate(asked)]
    return (
        "select id, distinct_id, traits, changed, account, merged_into, first_seen, changed_at, own"
        f" from people.person where workspace = %(w)s and merged_into is null and {' and '.join(held)}"
        f" order by {_rank(asked, params, 'distinct_id')}changed_at desc, id limit %(n)s offset %(o)s",
        params,
    )


async def accounts(tx: Tx, workspace: str, asked: Sequence[Term], limit: int, offset: int) -> list[dict[str, Any]]:
    """Accounts for which every term holds, with how many people are in each; without terms the latest changed."""
    params: dict[str, Any] = {"w": workspace, "n": limit, "o": offset, "c": _CANDIDATES}
    held = [_account_holds(term, f"t{number}", params) for number, term in enumerate(asked)]
    return await tx.rows(
        "select id, traits, first_seen, changed_at, (select count(*) from people.person as p"
        "  where p.workspace = a.workspace and p.account = a.id and p.account <> '' and p.merged_into is null)"
        "  as people"
        f" from people.account as a where {' and '.join(['workspace = %(w)s', *held])}"
        f" order by {_rank(asked, params, 'id')}changed_at desc, id limit %(n)s offset %(o)s",
        params,
    )


def matched(term: Term, ids: Sequence[str], traits: Mapping[str, Any]) -> tuple[str, str]:
    """What of somebody answers a term: `name`, `email`, `id` or a trait's name, and its value."""
    if isinstance(term, Trait) and term.name in traits:
        return term.name, _shown(traits[term.name])
    text = term.text if isinstance(term, Word) else term.typed.lower()
    for name in ("name", "email"):
        value = str(traits.get(name) or "")
        if value.lower().startswith(text) or (name == "name" and text in value.lower()):
            return name, value
    return "id", next((one for one in ids if one.lower().startswith(text)), text)


def _person_holds(term: Term, key: str, params: dict[str, Any]) -> str:
    if isinstance(term, Trait):
        held = _trait_holds(term, key, params)
        if term.op != ":":
            return held
        if term.name == "account":
            params[f"{key}a"] = term.value
            return f"({held} or account = %({key}a)s)"
        return held
    return _named(term.text, key, params)


def _named(text: str, key: str, params: dict[str, Any]) -> str:
    params[f"{key}b"] = begins(text)
    ways = [
        f"select id from people.person where workspace = %(w)s and merged_into is null and {what} like %({key}b)s"
        for what in ("lower(traits ->> 'email')", "lower(traits ->> 'name')", "lower(distinct_id)")
    ]
    ways.append(f"select person from people.identity where workspace = %(w)s and lower(distinct_id) like %({key}b)s")
    if len(text) > 1:
        params[f"{key}p"], params[f"{key}l"] = text, "%" + begins(text)
        ways.append(
            "select id from people.person where workspace = %(w)s and merged_into is null and"
            f" people.pairs(traits ->> 'name') @> people.pairs(%({key}p)s::text)"
            f" and lower(traits ->> 'name') like %({key}l)s"
        )
    if is_uuid(text):
        params[f"{key}u"] = UUID(text)
        ways.append(f"select %({key}u)s::uuid")
    return f"id in ({' union '.join(f'({way} limit %(c)s)' for way in ways)})"


def _account_holds(term: Term, key: str, params: dict[str, Any]) -> str:
    if isinstance(term, Trait):
        return _trait_holds(term, key, params)
    params[f"{key}b"], params[f"{key}l"] = begins(term.text), "%" + begins(term.text)
    named = f"lower(id) like %({key}b)s or lower(traits ->> 'name') like %({key}b)s"
    if len(term.text) > 1:
        params[f"{key}p"] = term.text
        named = (
            f"lower(id) like %({key}b)s or (people.pairs(traits ->> 'name') @> people.pairs(%({key}p)s::text)"
            f" and lower(traits ->> 'name') like %({key}l)s)"
        )
    return f"({named})"


def _trait_holds(term: Trait, key: str, params: dict[str, Any]) -> str:
    if term.op != ":":
        number = _number(term.value)
        assert number is not None  # noqa: S101 - `terms` refuses what is no number
        params[f"{key}s"], params[f"{key}k"], params[f"{key}v"] = sizes(term.name, term.op, number), term.name, number
        value = f"(traits -> %({key}k)s)"
        return (
            f"people.sizes(traits) && %({key}s)s::text[] and jsonb_typeof{value} = 'number'"
            f" and {value}::text::float8 {term.op} %({key}v)s"
        )
    values: list[Any] = [term.value]
    if (read := _json(term.value)) is not None:
        values.append(read)
    asked = [{term.name: shape} for value in values for shape in (value, [value])]
    for number, one in enumerate(asked):
        params[f"{key}j{number}"] = msgspec.json.encode(one).decode()
    return "(" + " or ".join(f"traits @> %({key}j{number})s::jsonb" for number in range(len(asked))) + ")"


def sizes(name: str, op: Compared, number: float) -> list[str]:
    """The keys of `people.sizes` among which every number lies that compares so; one more at the edge, because the
    database's logarithm may round the other way."""
    edge = _SMALLEST if number == 0 else max(_SMALLEST, min(_LARGEST, floor(log2(abs(number)))))
    up = op in (">", ">=")
    toward = "+" if up else "-"
    if (number >= 0) == up:
        return [f"{name}:{toward}{size}" for size in range(max(_SMALLEST, edge - 1), _LARGEST + 1)] + (
            [f"{name}:0"] if number == 0 else []
        )
    away = "-" if up else "+"
    near = [f"{name}:{away}{size}" for size in range(_SMALLEST, min(_LARGEST, edge + 1) + 1)]
    return [*near, f"{name}:0", *(f"{name}:{toward}{size}" for size in range(_SMALLEST, _LARGEST + 1))]


def begins(text: str) -> str:
    """A pattern of LIKE for texts that begin so."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _rank(asked: Sequence[Term], params: dict[str, Any], id: str) -> str:
    words = [term.text for term in asked if isinstance(term, Word)]
    if not words:
        return ""
    params["exact"], params["first"] = words, begins(" ".join(words))
    exact = f"lower({id}) = any(%(exact)s) or lower(traits ->> 'email') = any(%(exact)s)"
    return (
        f"case when {exact} then 0"
        f" when lower(traits ->> 'name') like %(first)s or lower({id}) like %(first)s then 1 else 2 end, "
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def having(
    tx: Tx, workspace: str, traits: Collection[tuple[str, str]], emails: Collection[str]
) -> list[tuple[str, str, UUID]]:  # fmt: skip
    """(trait, value, person) of those who have one of these; by the index over traits, and that of addresses."""
    found = []
    if traits:
        rows = await tx.rows(
            "select t.key as trait, t.value, p.id from people.person p, jsonb_each_text(p.traits) t"
            " where p.workspace = %(w)s and p.merged_into is null and p.traits @> any(%(asked)s::jsonb[])"
            " and (t.key, t.value) in (select * from unnest(%(keys)s::text[], %(values)s::text[]))",
            {"w": workspace, "asked": [json.dumps({trait: value}) for trait, value in traits],
             "keys": [trait for trait, _ in traits], "values": [value for _, value in traits]},
        )  # fmt: skip
        found += [(row["trait"], row["value"], row["id"]) for row in rows]
    if emails:
        rows = await tx.rows(
            "select lower(traits ->> 'email') as email, id from people.person where workspace = %s"
            " and merged_into is null and lower(traits ->> 'email') = any(%s)",
            (workspace, list(emails)),
        )
        found += [("email", row["email"], row["id"]) for row in rows]
    return found


async def accounts_of_domain(tx: Tx, workspace: str, domain: str) -> list[str]:
    rows = await tx.rows(
        "select id from people.account where workspace = %s and (lower(id) = %s or traits @> any(%s::jsonb[]))"
        " order by id limit 5",
        (workspace, domain, [json.dumps({name: domain}) for name in ("domain", "website", "email_domain")]),
    )
    return [row["id"] for row in rows]
