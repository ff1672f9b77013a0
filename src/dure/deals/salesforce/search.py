"""Searches over many objects: `FIND {words} IN NAME FIELDS RETURNING Account(Id, Name WHERE … LIMIT 5)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.catalogue import SObject
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.reading import answered
from dure.deals.salesforce.resources import quoted
from dure.governance.api import access

_FIND = re.compile(r"\s*FIND\s*\{((?:[^{}\\]|\\.)*)\}\s*", re.IGNORECASE | re.DOTALL)
_IN = re.compile(r"IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\s*", re.IGNORECASE)
_RETURNING = re.compile(r"RETURNING\s+", re.IGNORECASE)
_LIMIT = re.compile(r"LIMIT\s+([0-9]{1,5})\s*", re.IGNORECASE)
_OBJECT = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*", re.ASCII)
_MOST = 2000
_DEFAULT = ("Account", "Contact", "Lead", "Opportunity")
_KINDS = {
    "NAME": frozenset({"name"}),
    "SIDEBAR": frozenset({"name", "email", "phone"}),
    "EMAIL": frozenset({"email"}),
    "PHONE": frozenset({"phone"}),
    "ALL": frozenset({"name", "email", "phone", "string", "textarea", "url", "combobox"}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object to be returned: its fields, and what else its part of the search says (WHERE, ORDER BY, LIMIT)."""

    object: str
    fields: str
    rest: str


@dataclass(frozen=True, slots=True)
class Search:
    words: str
    scope: str
    wanted: tuple[Wanted, ...]
    limit: int


async def search(call: Call, text: str) -> Answer:
    """`searchRecords` of every object asked for; nothing for objects without a word of it."""
    access(call.principal, "deals:read")
    asked = parsed(text)
    found: list[dict[str, Any]] = []
    async with call.begin() as tx:
        seen = await call.view(tx)
        for one in asked.wanted:
            query = _query(seen, asked, one)
            found += await answered(call.desk, tx, call.principal, seen, query, call.version)
    return Answer(body={"searchRecords": found[: asked.limit]})


def parsed(text: str) -> Search:
    """MALFORMED_SEARCH for what is not understood."""
    begin = _FIND.match(text)
    if begin is None:
        raise _malformed("A search begins with FIND {words}.")
    words = re.sub(r"\\(.)", r"\1", begin[1]).strip()
    if len(words.replace("*", "").replace("?", "")) < 2:
        raise _malformed("search term must be longer than one character")
    at, scope, limit = begin.end(), "ALL", _MOST
    if match := _IN.match(text, at):
        scope, at = match[1].upper(), match.end()
    wanted: list[Wanted] = []
    if match := _RETURNING.match(text, at):
        at = match.end()
        while True:
            one, at = _returned(text, at)
            wanted.append(one)
            if text[at : at + 1] != ",":
                break
            at += 1
    if match := _LIMIT.match(text, at):
        limit, at = min(int(match[1]), _MOST), match.end()
    if text[at:].strip():
        raise _malformed(f"unexpected token: '{text[at:].strip()[:40]}'")
    return Search(words, scope, tuple(wanted) or tuple(Wanted(one, "", "") for one in _DEFAULT), limit)


def _returned(text: str, at: int) -> tuple[Wanted, int]:
    match = _OBJECT.match(text, at)
    if match is None:
        raise _malformed("RETURNING is followed by the names of objects.")
    at = match.end()
    if text[at : at + 1] != "(":
        return Wanted(match[1], "", ""), at
    inner, at = _bracketed(text, at)
    part = re.search(r"\b(WHERE|ORDER\s+BY|LIMIT|OFFSET)\b", inner, re.IGNORECASE)
    fields = inner[: part.start()] if part else inner
    while text[at : at + 1].isspace():
        at += 1
    return Wanted(match[1], fields.strip(), inner[part.start() :].strip() if part else ""), at


def _bracketed(text: str, at: int) -> tuple[str, int]:
    """What stands between a bracket and its partner; texts may hold brackets of their own."""
    depth, begin, quoted_ = 0, at + 1, False
    while at < len(text):
        char = text[at]
        if quoted_:
            at += char == "\\"
            quoted_ = char != "'"
        elif char == "'":
            quoted_ = True
        elif char in "()":
            depth += 1 if char == "(" else -1
            if not depth:
                return text[begin:at], at + 1
        at += 1
    raise _malformed("a bracket is not closed")


def _query(seen: View, asked: Search, one: Wanted) -> str:
    """The search of one object as a query; what the client wrote in it is read like any other query."""
    of = seen.catalogue.find(one.object)
    if of is None:
        raise Fault("INVALID_TYPE", f"sObject type '{one.object}' is not supported.")
    looked = _looked(of, asked.scope)
    pattern = "".join({"*": "%", "?": "_", "%": "\\%", "_": "\\_"}.get(char, quoted(char)) for char in asked.words)
    tried = " OR ".join(f"{name} LIKE '%{pattern}%'" for name in looked) or "Id = null"
    where = f"({tried})"
    rest = one.rest
    if rest[:5].upper() == "WHERE":
        end = re.search(r"\b(ORDER\s+BY|LIMIT|OFFSET)\b", _without_texts(rest), re.IGNORECASE)
        cut = end.start() if end else len(rest)
        where, rest = f"{where} AND ({rest[5:cut].strip()})", rest[cut:]
    if not re.search(r"\bLIMIT\b", _without_texts(rest), re.IGNORECASE):
        rest = f"{rest} LIMIT {asked.limit}"
    return f"SELECT {one.fields or 'Id'} FROM {of.name} WHERE {where} {rest}"


def _looked(of: SObject, scope: str) -> list[str]:
    kinds = _KINDS[scope]
    return [
        one.name
        for one in of.fields.values()
        if (one.type in kinds or ("name" in kinds and one.name == of.named)) and one.length <= 4000 and one.type != "id"
    ]


def _without_texts(rest: str) -> str:
    """The same length, with every text blanked: its words are no keywords."""
    return re.sub(r"'(?:[^'\\]|\\.)*'", lambda match: " " * len(match[0]), rest)


def _malformed(what: str) -> Fault:
    return Fault("MALFORMED_SEARCH", what)
