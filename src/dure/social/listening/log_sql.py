"""What queries ask of the log's `mention` table. `matching` finds the same in Python.

`Said.sure` finds every mention that fits and, where `Said.exact` says so, no other: it is answered by the text index
without reading a text. `Said.whole` is always exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dure.social.listening.query import And, Field, Near, Node, Not, Or, Text, index_tokens

TOKENS = "arrayConcat(ngrams(folded, 2), splitByChar(' ', folded))"
PARTS = 64  # the values of `part`
_SAMPLED = 4  # parts of a sample at most
_ENOUGH = 4_000  # mentions in it

_RANGE = "workspace = {workspace:String} and at >= {since:DateTime('UTC')} and at < {until:DateTime('UTC')}"
BESIDE = ("time", "network", "language", "sentiment")


@dataclass(frozen=True, slots=True)
class Said:
    """A query as conditions of ClickHouse with the values bound in them."""

    sure: str
    whole: str
    exact: bool
    params: Mapping[str, str]


def conditions(node: Node, prefix: str = "q") -> Said:
    words = _Words(prefix)
    sure, exact = _sure(node, words)
    return Said(sure, sure if exact else _whole(node, words), exact, words.values)


def counted(said: Said, step: str, *, only_sure: bool) -> str:
    """Rows of mentions by each of `BESIDE` alone: which of them, its four values, of which that one counts, and
    mentions. `step` is a function of ClickHouse's on `at`. Four sums of few keys cost half of one by all four."""
    where = "" if only_sure or said.exact else f" where {said.whole}"
    which = ", ".join(f"grouping({name}) = 0, '{name}'" for name in BESIDE[:-1])
    sets = ", ".join(f"({name})" for name in BESIDE)
    return (
        f"select multiIf({which}, '{BESIDE[-1]}') as which, {step}(at) as time, network, language, sentiment,"
        f" sum(sign) as mentions from mention prewhere {_RANGE} and not spam and {said.sure}{where}"
        f" group by grouping sets ({sets}) having mentions > 0 order by time"
    )


def sampled(said: Said, found: int) -> str:
    """One row: of the mentions in the sample that the index finds, how many there are and how many fit. Where the index
    finds more in all, fewer parts are enough."""
    parts = min(max(PARTS * _ENOUGH // max(found, 1), 1), _SAMPLED)
    return (
        f"select sum(sign), sumIf(sign, {said.whole}) from mention"
        f" prewhere {_RANGE} and part < {parts} and not spam and {said.sure}"
    )


def newest(said: Said) -> str:
    """Ids of mentions that fit, the newest first."""
    where = "" if said.exact else f" where {said.whole}"
    return (
        f"select mention, max(at) as newest from mention prewhere {_RANGE} and not spam and {said.sure}{where}"
        " group by mention having sum(sign) > 0 order by newest desc, mention limit {limit:UInt32}"
    )


def fitting(said: Said) -> str:
    """Ids of mentions that fit, spam as well, a page at a time in the log's order of ids."""
    where = "" if said.exact else f" where {said.whole}"
    return (
        "select mention from mention prewhere workspace = {workspace:String} and mention > toUUID({after:String})"
        f" and {said.sure}{where} group by mention having sum(sign) > 0 order by mention limit {{limit:UInt32}}"
    )


def number_fitting(said: Said) -> str:
    """How many mentions fit, spam as well."""
    where = "" if said.exact else f" where {said.whole}"
    return f"select sum(sign) from mention prewhere workspace = {{workspace:String}} and {said.sure}{where}"


def compared(many: Mapping[str, Said], step: str) -> str:
    """Of several queries rows of name, `now` (1 from {middle} on), time (None: all of it), mentions, people (estimated
    within about 1 %), reach, negative and positive."""
    one = [
        f"select '{name}' as name, at >= {{middle:DateTime('UTC')}} as now, if(grouping(time) = 1, null, time) as at_,"
        " sum(sign) as mentions, uniq(voice) as people, sum(sign * toInt64(reach)) as reached,"
        f" sumIf(sign, sentiment < 0) as negative, sumIf(sign, sentiment > 0) as positive from (select *,"
        f" {step}(at) as time from mention prewhere {_RANGE} and not spam and {said.sure}"
        f"{'' if said.exact else f' where {said.whole}'}) group by grouping sets ((now, time), (now))"
        for name, said in many.items()
    ]
    return " union all ".join(one)


OF_THESE = """
select * from mention where workspace = {workspace:String} and toDate(at) in {days:Array(Date)}
    and part in {parts:Array(UInt8)} and mention in {mentions:Array(UUID)}
"""


class _Words:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.values: dict[str, Any] = {}

    def text(self, value: str) -> str:
        return self._bound(value, "String")

    def texts(self, values: list[str]) -> str:
        return self._bound(values, "Array(String)")

    def number(self, value: int) -> str:
        return self._bound(value, "UInt64")

    def _bound(self, value: Any, kind: str) -> str:
        name = f"{self._prefix}{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"


def _sure(node: Node, words: _Words) -> tuple[str, bool]:
    match node:
        case Text(want):
            tokens, alone = index_tokens(want)
            return (f"hasAllTokens({TOKENS}, {words.texts(tokens)})", alone) if tokens else ("true", False)
        case Near(left, right, _):
            both = [_sure(Or(tuple(Text(want) for want in side)), words)[0] for side in (left, right)]
            return f"({both[0]} and {both[1]})", False
        case Field(name, op, value):
            return _fact(name, op, value, words), True
        case Not(one):
            inner, exact = _sure(one, words)
            return (f"not ({inner})", True) if exact else ("true", False)
        case And(many) | Or(many):
            parts = [_sure(one, words) for one in many]
            joined = " and " if isinstance(node, And) else " or "
            return f"({joined.join(part for part, _ in parts)})", all(exact for _, exact in parts)


def _whole(node: Node, words: _Words) -> str:
    match node:
        case Text(want):
            return f"position(folded, {words.text(want)}) > 0"
        case Near():
            return f"match(folded, {words.text(node.pattern)})"
        case Field(name, op, value):
            return _fact(name, op, value, words)
        case Not(one):
            return f"not ({_whole(one, words)})"
        case And(many) | Or(many):
            joined = " and " if isinstance(node, And) else " or "
            return f"({joined.join(_whole(one, words) for one in many)})"


def _fact(name: str, op: str, value: str | int, words: _Words) -> str:
    if name == "author":
        return f"position(author, {words.text(str(value))}) > 0"
    if name == "entity":
        return (
            f"arrayExists(one -> one = {words.text(str(value))} or endsWith(one, {words.text(f':{value}')}), entities)"
        )
    if name == "has":
        return "linked" if value == "link" else "rating > 0"
    if name == "sentiment":
        return f"sentiment = {int(value)}"
    if name in ("reach", "rating"):
        return f"({'rating > 0 and ' if name == 'rating' else ''}{name} {op} {words.number(int(value))})"
    return f"{name} = {words.text(str(value))}"
