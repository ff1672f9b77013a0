"""Tokens → query: a recursive descent, one method for each rule of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.soql.ast import (
    Among,
    AmongFound,
    Both,
    Call,
    Child,
    Compare,
    Condition,
    Either,
    Fields,
    Includes,
    Literal,
    Not,
    Order,
    Path,
    Query,
    Relative,
    Selected,
    Text,
    Value,
)
from dure.deals.salesforce.soql.dates import RELATIVE, RELATIVE_N
from dure.deals.salesforce.soql.lex import Token, malformed, tokens, unquoted

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
DATE_PARTS = frozenset(
    {
        "CALENDAR_MONTH", "CALENDAR_QUARTER", "CALENDAR_YEAR", "DAY_IN_MONTH", "DAY_IN_WEEK", "DAY_IN_YEAR", "DAY_ONLY",
        "FISCAL_MONTH", "FISCAL_QUARTER", "FISCAL_YEAR", "HOUR_IN_DAY", "WEEK_IN_MONTH", "WEEK_IN_YEAR",
    }
)  # fmt: skip
_AFTER_SOURCE = frozenset({"WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "USING", "UPDATE"})
_DEEPEST = 50
T = TypeVar("T")
_LARGEST_LIMIT = 2**31 - 1


def parse(text: str) -> Query:
    """The query, read to its end; a Fault MALFORMED_QUERY that points at what is not understood."""
    reader = _Reader(text)
    query = reader.query(depth=0)
    reader.expect_end()
    return query


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0

    # -- moving -----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def next(self) -> Token:
        token = self.here
        if token.kind != "end":
            self.place += 1
        return token

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def at_word(self, *words: str) -> bool:
        return self.here.word() in words

    def take_word(self, *words: str) -> bool:
        if self.at_word(*words):
            self.next()
            return True
        return False

    def take_sign(self, sign: str) -> bool:
        if self.here.kind == "sign" and self.here.text == sign:
            self.next()
            return True
        return False

    def unexpected(self, token: Token | None = None) -> Fault:
        token = token or self.here
        return malformed(self.text, token.at, f"unexpected token: '{token.text}'")

    def need_word(self, word: str) -> None:
        if not self.take_word(word):
            raise self.unexpected()

    def need_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.unexpected()

    def need_name(self) -> Token:
        if self.here.kind != "name":
            raise self.unexpected()
        return self.next()

    def expect_end(self) -> None:
        if self.here.kind != "end":
            raise self.unexpected()

    # -- the query --------------------------------------------------------------------------------------------------

    def query(self, depth: int) -> Query:
        begin = self.here.at
        self.need_word("SELECT")
        select = self.select(depth)
        self.need_word("FROM")
        source = self.need_name()
        alias = self.source_alias()
        if self.take_sign(","):
            raise malformed(self.text, source.at, "a list of objects after FROM is not supported")
        mine = self.scope()
        where = self.condition() if self.take_word("WHERE") else None
        if self.at_word("WITH"):
            self.security()
        group = self.group() if self.take_word("GROUP") else ()
        having = self.condition() if self.take_word("HAVING") else None
        order = self.order() if self.take_word("ORDER") else ()
        limit = self.count() if self.take_word("LIMIT") else None
        offset_at = self.here.at
        offset = self.count() if self.take_word("OFFSET") else 0
        # What is looked at leaves no trace here and nothing is locked for a client: these are read and change nothing.
        if self.take_word("FOR") and not self.take_word("VIEW", "REFERENCE", "UPDATE"):
            raise self.unexpected()
        return Query(
            select, source.text, source.at, alias, where, group, having, order, limit, offset, offset_at, mine, begin
        )

    def source_alias(self) -> str:
        self.take_word("AS")
        if self.here.kind == "name" and self.here.word() not in _AFTER_SOURCE and "." not in self.here.text:
            return self.next().text
        return ""

    def scope(self) -> bool:
        if not self.take_word("USING"):
            return False
        self.need_word("SCOPE")
        token = self.need_name()
        if token.word() not in ("MINE", "EVERYTHING"):
            raise malformed(self.text, token.at, f"the scope '{token.text}' is not supported")
        return token.word() == "MINE"

    def security(self) -> None:
        """WITH SECURITY_ENFORCED and WITH USER_MODE: what is asked here always is."""
        self.next()
        if not self.take_word("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"):
            raise self.unexpected()

    def select(self, depth: int) -> tuple[Selected, ...]:
        found = [self.selected(depth)]
        while self.take_sign(","):
            found.append(self.selected(depth))
        return tuple(found)

    def selected(self, depth: int) -> Selected:
        if self.take_sign("("):
            if depth:
                raise malformed(self.text, self.here.at, "only one level of nested queries is supported")
            inner = self.query(depth + 1)
            self.need_sign(")")
            return Selected(Child(inner))
        if self.at_word("TYPEOF"):
            raise malformed(self.text, self.here.at, "TYPEOF is not supported")
        what: Path | Call | Fields
        if self.at_word("FIELDS") and self.peek().text == "(":
            begin = self.next().at
            self.need_sign("(")
            which = self.need_name()
            if which.word() not in ("ALL", "STANDARD", "CUSTOM"):
                raise self.unexpected(which)
            self.need_sign(")")
            return Selected(Fields(which.word(), begin))
        what = self.expression()
        alias = ""
        if self.here.kind == "name" and not self.at_word("FROM"):
            if "." in self.here.text:
                raise self.unexpected()
            alias = self.next().text
        return Selected(what, alias)

    def expression(self) -> Path | Call:
        """A field, or a function of one."""
        name = self.need_name()
        if not (self.here.kind == "sign" and self.here.text == "("):
            return _path(name)
        function = name.word()
        if function not in AGGREGATES and function not in DATE_PARTS:
            raise malformed(self.text, name.at, f"the function '{name.text}' is not supported")
        self.need_sign("(")
        if function == "COUNT" and self.take_sign(")"):
            return Call(function, None, name.at)
        inner = self.need_name()
        argument = _path(inner)
        if self.here.text == "(" and inner.text.lower() == "converttimezone":
            # Parts of dates are always those of the workspace's zone, which is what this asks for.
            self.need_sign("(")
            argument = _path(self.need_name())
            self.need_sign(")")
        self.need_sign(")")
        return Call(function, argument, name.at)

    def group(self) -> tuple[Path | Call, ...]:
        self.need_word("BY")
        if self.at_word("ROLLUP", "CUBE") and self.peek().text == "(":
            raise malformed(self.text, self.here.at, f"GROUP BY {self.here.word()} is not supported")
        found = [self.expression()]
        while self.take_sign(","):
            found.append(self.expression())
        return tuple(found)

    def order(self) -> tuple[Order, ...]:
        self.need_word("BY")
        found = [self.ordered()]
        while self.take_sign(","):
            found.append(self.ordered())
        return tuple(found)

    def ordered(self) -> Order:
        by = self.expression()
        descending = self.take_word("DESC")
        if not descending:
            self.take_word("ASC")
        last = False
        if self.take_word("NULLS"):
            last = self.at_word("LAST")
            if not self.take_word("FIRST", "LAST"):
                raise self.unexpected()
        return Order(by, descending, last)

    def count(self) -> int:
        token = self.next()
        if token.kind != "number" or not token.text.isdigit() or int(token.text) > _LARGEST_LIMIT:
            raise self.unexpected(token)
        return int(token.text)

    # -- conditions -------------------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        """Salesforce wants brackets where AND and OR meet, and so do we: what it means is not left to be guessed."""
        first = self.negation()
        if self.at_word("AND"):
            return Both(self.row(first, "AND", "OR"))
        if self.at_word("OR"):
            return Either(self.row(first, "OR", "AND"))
        return first

    def row(self, first: Condition, word: str, other: str) -> tuple[Condition, ...]:
        parts = [first]
        while self.take_word(word):
            parts.append(self.negation())
        if self.at_word(other):
            raise self.unexpected()
        return tuple(parts)

    def negation(self) -> Condition:
        return self.deeper(lambda: Not(self.negation())) if self.take_word("NOT") else self.term()

    def term(self) -> Condition:
        if self.take_sign("("):
            inner = self.deeper(self.condition)
            self.need_sign(")")
            return inner
        left = self.expression()
        if self.at_word("IN"):
            self.next()
            return self.among(left, negated=False)
        if self.at_word("NOT"):
            self.next()
            self.need_word("IN")
            return self.among(left, negated=True)
        if self.at_word("INCLUDES", "EXCLUDES"):
            negated = self.next().word() == "EXCLUDES"
            if isinstance(left, Call):
                raise malformed(self.text, left.at, "INCLUDES and EXCLUDES take a field")
            self.need_sign("(")
            return Includes(left, self.values(), negated)
        if self.take_word("LIKE"):
            return Compare(left, "LIKE", self.value())
        sign = self.next()
        op = "!=" if sign.text == "<>" else sign.text
        if sign.kind != "sign" or op not in ("=", "!=", "<", "<=", ">", ">="):
            raise self.unexpected(sign)
        return Compare(left, op, self.value())

    def among(self, left: Path | Call, *, negated: bool) -> Condition:
        if self.take_sign(":"):
            raise malformed(self.text, self.here.at, "bind variables are not supported")
        self.need_sign("(")
        if self.at_word("SELECT"):
            if isinstance(left, Call):
                raise malformed(self.text, left.at, "the left side of a semi-join is a field")
            inner = self.deeper(lambda: self.query(depth=2))
            self.need_sign(")")
            return AmongFound(left, inner, negated)
        return Among(left, self.values(), negated)

    def values(self) -> tuple[Value, ...]:
        found = [self.value()]
        while self.take_sign(","):
            found.append(self.value())
        self.need_sign(")")
        return tuple(found)

    def value(self) -> Value:
        token = self.here
        if token.text == ":":
            raise malformed(self.text, token.at, "bind variables are not supported")
        self.next()
        return Value(self.literal(token), token.at)

    def literal(self, token: Token) -> Literal:
        if token.kind == "text":
            return Text(*unquoted(token.text))
        if token.kind == "number":
            return Decimal(token.text)
        if token.kind in ("date", "datetime"):
            return self.moment(token)
        word = token.word()
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        if word == "NULL":
            return None
        if word in RELATIVE:
            return Relative(word, None, token.at)
        if word in RELATIVE_N:
            self.need_sign(":")
            number = self.next()
            if number.kind != "number" or not re.fullmatch(r"[0-9]{1,4}", number.text):
                raise self.unexpected(number)
            return Relative(word, int(number.text), token.at)
        raise self.unexpected(token)

    def moment(self, token: Token) -> date | datetime:
        try:
            if token.kind == "date":
                return date.fromisoformat(token.text)
            return datetime.fromisoformat(token.text)
        except ValueError:
            raise malformed(self.text, token.at, f"'{token.text}' is not a date") from None

    def deeper(self, read: Callable[[], T]) -> T:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Fault("QUERY_TOO_COMPLICATED", "The query is nested too deeply.")
        found = read()
        self.depth -= 1
        return found


def _path(token: Token) -> Path:
    return Path(tuple(token.text.split(".")), token.at)
