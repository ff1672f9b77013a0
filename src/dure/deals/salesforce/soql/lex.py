"""A query's text as tokens, and the errors that point into it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dure.deals.salesforce.faults import Fault

LONGEST = 100_000

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2}))
  | (?P<date>\d{4}-\d{2}-\d{2}(?![\w:-]))
  | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<sign><=|>=|!=|<>|[=<>(),:])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is text, datetime, date, number, name, sign, or end."""

    kind: str
    text: str
    at: int

    def word(self) -> str:
        """As keywords are compared: they have no case."""
        return self.text.upper() if self.kind == "name" else ""


def tokens(query: str) -> list[Token]:
    """All tokens and one for the end; a Fault where a character begins none."""
    if len(query) > LONGEST:
        raise Fault("QUERY_TOO_COMPLICATED", f"SOQL statements cannot be longer than {LONGEST} characters.")
    found, at = [], 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            if query[at] == "'":
                raise malformed(query, at, "line breaks not allowed in string literals or the string has no end")
            raise malformed(query, at, f"unexpected token: '{query[at]}'")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match.group(), at))
        at = match.end()
    found.append(Token("end", "<EOF>", len(query)))
    return found


def malformed(query: str, at: int, what: str) -> Fault:
    return pointing(query, at, "MALFORMED_QUERY", what)


def pointing(query: str, at: int, code: str, what: str) -> Fault:
    """A Fault as Salesforce words it: the place in the text, a caret below it, row and column."""
    begin = query.rfind("\n", 0, at) + 1
    end = query.find("\n", at)
    line = query[begin : end if end >= 0 else len(query)]
    column = at - begin
    start = max(column - 60, 0)
    excerpt = line[start : column + 40].replace("\t", " ")
    row = query.count("\n", 0, at) + 1
    return Fault(code, f"\n{excerpt}\n{' ' * (column - start)}^\nERROR at Row:{row}:Column:{column + 1}\n{what}")


def unquoted(raw: str) -> tuple[str, str]:
    """A text literal's meaning, and the same with `%` and `_` that were escaped still escaped, as LIKE wants it."""
    plain, pattern, at = [], [], 1
    while at < len(raw) - 1:
        char = raw[at]
        if char == "\\":
            at += 1
            char = raw[at]
            if char in "uU" and re.fullmatch("[0-9a-fA-F]{4}", raw[at + 1 : at + 5]) and at + 5 <= len(raw) - 1:
                code = int(raw[at + 1 : at + 5], 16)
                char = chr(code) if not 0xD800 <= code <= 0xDFFF and code else "\ufffd"
                at += 4
                plain.append(char)
                pattern.append(char)
            elif char in "%_":
                plain.append(char)
                pattern.append("\\" + char)
            else:
                char = _ESCAPES.get(char, char)
                plain.append(char)
                pattern.append("\\\\" if char == "\\" else char)
        else:
            plain.append(char)
            pattern.append(char)
        at += 1
    return "".join(plain).replace("\0", ""), "".join(pattern).replace("\0", "")
