"""The query language by itself: what is read, what days a literal means, and that nothing breaks it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.deals.api import Deals
from dure.deals.salesforce.desk import View, view
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.reading import query
from dure.deals.salesforce.soql.ast import Compare, Text
from dure.deals.salesforce.soql.dates import RELATIVE, RELATIVE_N, days_of
from dure.deals.salesforce.soql.parse import parse
from dure.deals.salesforce.soql.plan import plan
from dure.deals.salesforce.soql.sql import statement
from dure.kernel.clock import StillClock
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

WEDNESDAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("name", "number", "first", "end"),
    [
        ("TODAY", None, date(2026, 5, 20), date(2026, 5, 21)),
        ("YESTERDAY", None, date(2026, 5, 19), date(2026, 5, 20)),
        ("THIS_WEEK", None, date(2026, 5, 17), date(2026, 5, 24)),
        ("LAST_WEEK", None, date(2026, 5, 10), date(2026, 5, 17)),
        ("NEXT_MONTH", None, date(2026, 6, 1), date(2026, 7, 1)),
        ("LAST_QUARTER", None, date(2026, 1, 1), date(2026, 4, 1)),
        ("THIS_FISCAL_YEAR", None, date(2026, 1, 1), date(2027, 1, 1)),
        ("LAST_90_DAYS", None, date(2026, 2, 19), date(2026, 5, 21)),
        ("NEXT_90_DAYS", None, date(2026, 5, 21), date(2026, 8, 19)),
        ("LAST_N_DAYS", 7, date(2026, 5, 13), date(2026, 5, 21)),
        ("NEXT_N_DAYS", 7, date(2026, 5, 21), date(2026, 5, 28)),
        ("LAST_N_WEEKS", 2, date(2026, 5, 3), date(2026, 5, 17)),
        ("LAST_N_MONTHS", 5, date(2025, 12, 1), date(2026, 5, 1)),
        ("NEXT_N_QUARTERS", 2, date(2026, 7, 1), date(2027, 1, 1)),
        ("N_DAYS_AGO", 3, date(2026, 5, 17), date(2026, 5, 18)),
        ("N_YEARS_AGO", 1, date(2025, 1, 1), date(2026, 1, 1)),
        ("LAST_N_YEARS", 9999, date(1700, 1, 1), date(2026, 1, 1)),
    ],
)
def test_the_days_that_a_literal_means(name: str, number: int | None, first: date, end: date) -> None:
    assert days_of(name, number, WEDNESDAY) == (first, end)


def test_every_literal_means_days_in_order() -> None:
    for name, number in [*((name, None) for name in RELATIVE), *((name, 4) for name in RELATIVE_N)]:
        first, end = days_of(name, number, WEDNESDAY)
        assert first < end, name


@pytest.mark.parametrize(
    ("raw", "value", "pattern"),
    [
        (r"it\'s", "it's", "it's"),
        (r"a\\b", "a\\b", "a\\\\b"),
        (r"50\%", "50%", "50\\%"),
        (r"line\nbreak", "line\nbreak", "line\nbreak"),
        (r"\u00e9", "é", "é"),
    ],
)
def test_a_texts_escapes(raw: str, value: str, pattern: str) -> None:
    where = parse(f"SELECT Id FROM Account WHERE Name = '{raw}'").where
    assert isinstance(where, Compare)
    assert where.value.literal == Text(value, pattern)


# -- nothing breaks it -------------------------------------------------------------------------------------------------

_KEYWORDS = (
    "SELECT FROM WHERE AND OR NOT IN LIKE GROUP BY HAVING ORDER LIMIT OFFSET NULLS LAST ASC DESC INCLUDES EXCLUDES"
    " TYPEOF FIELDS(ALL) COUNT() COUNT(Id) SUM(Amount) MAX(CloseDate) CALENDAR_YEAR(CloseDate) USING SCOPE mine"
    " FOR VIEW ( ) , = != < <= > >= Id Name Amount CloseDate CreatedDate StageName Account.Name Account.Owner.Name"
    " OwnerId IsWon Channels__c Account Opportunity OpportunityTeamMembers Contacts User Task null true 1 0 -5 1e3"
    " 9999999999999999999 2026-01-01 2026-13-45 2026-01-01T00:00:00Z TODAY LAST_N_DAYS:3 LAST_N_DAYS:9999"
    " NEXT_N_YEARS:9999 THIS_WEEK 'x' '%' '\\'' '006000000000001' 'a\\\\' ' ; %s %(v1)s {t} $1 \\ \0 한"
)
_WORDS = st.sampled_from([*_KEYWORDS.split(" "), "'; drop table deals.account; --'", "'%(workspace)s'", "'{t}'"])
_TEXT = st.text(max_size=12).map(lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'")
_NUMBER = st.one_of(st.integers(-(10**20), 10**20).map(str), st.floats(-1e99, 1e99).map(str), st.just("1e400"))
_DAY = st.one_of(st.dates(date(1700, 1, 1)).map(str), st.sampled_from(["TODAY", "LAST_N_DAYS:7", "NEXT_N_YEARS:9999"]))
_MOMENT = st.sampled_from(["2026-01-01T00:00:00+09:00", "0001-01-01T00:00:00Z", "THIS_WEEK", "LAST_N_MONTHS:0"])
_ID = st.sampled_from(["'006000000000001AAA'", "'005000000000001'", "null", "''"])
_BY_TYPE = {
    "Name": _TEXT, "Account.Name": _TEXT, "StageName": _TEXT, "Amount": _NUMBER, "Probability": _NUMBER,
    "CloseDate": _DAY, "CreatedDate": _MOMENT, "OwnerId": _ID, "Account.Owner.Email": _TEXT, "AccountId": _ID,
}  # fmt: skip
_SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "LIKE"])


def _typed(name: str) -> st.SearchStrategy[str]:
    value = _BY_TYPE[name]
    return st.one_of(
        st.builds(lambda op, told: f"{name} {op} {told}", _SIGNS, value),
        st.builds(lambda op, told: f"{name} {op} ({', '.join(told)})", st.sampled_from(["IN", "NOT IN"]),
                  st.lists(value, min_size=1, max_size=3)),
    )  # fmt: skip


_TERMS = st.sampled_from(sorted(_BY_TYPE))
_CONDITIONS = st.recursive(
    _TERMS.flatmap(_typed) | st.builds(lambda told: f"Channels__c INCLUDES ({told})", _TEXT),
    lambda inner: st.builds(lambda a, op, b: f"({a}) {op} (NOT ({b}))", inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=3,
)
_QUERIES = st.one_of(
    st.lists(_WORDS, max_size=14).map(" ".join),
    st.lists(_WORDS, max_size=8).map(lambda words: "SELECT Id FROM Opportunity WHERE " + " ".join(words)),
    st.builds(
        lambda where, order, more: f"SELECT Id, Name FROM Opportunity WHERE {where} ORDER BY {order} {more}",
        _CONDITIONS, _TERMS, st.sampled_from(["", "DESC NULLS LAST", "LIMIT 0", "LIMIT 5 OFFSET 2000"]),
    ),
    st.builds(lambda by, where: f"SELECT {by} x, COUNT(Id) n FROM Opportunity WHERE {where} GROUP BY {by} ORDER BY"
              " COUNT(Id) DESC", _TERMS, _CONDITIONS),
)  # fmt: skip


class Table:
    def __init__(self, state: State, cast: Cast, deals: Deals, seen: View) -> None:
        self.state, self.cast, self.deals, self.seen = state, cast, deals, seen

    async def ask(self, text: str) -> Any:
        async with self.state.begin(self.cast.tenant) as tx:
            return await query(self.deals.desk, tx, self.cast.mina, self.seen, text, "59.0")


@pytest.fixture
async def table(state: State) -> Table:
    cast = await found_sori(state)
    deals = Deals(state, StillClock(MONDAY_NOON), cast.governance)
    await deals.fields.add(cast.mina, "deal", "Channels__c", "multi_picklist", options=["a", "b"])
    await deals.create(cast.mina, "Ours", "", 5, date(2026, 12, 1), custom={"Channels__c": ["a", "b"]})
    await deals.create(cast.rina, "Theirs", "", 7, date(2026, 12, 1))
    async with state.begin(cast.tenant) as tx:
        seen = await view(deals.desk, tx, cast.mina)
    return Table(state, cast, deals, seen)


@pytest.mark.anyio
async def test_whatever_is_asked_is_answered_or_refused_and_never_more_than_ones_own(table: Table) -> None:
    """Every text either answers with rows of one's own or is a Fault: never another error, never another's row."""
    asked: list[str] = []

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(_QUERIES)
    def gather(text: str) -> None:
        asked.append(text)

    gather()
    answered = 0
    for text in asked:
        try:
            found = await table.ask(text)
        except Fault:
            continue
        answered += 1
        assert "Theirs" not in str(found.records), text
    assert answered > 40
    assert (await table.ask("SELECT COUNT() FROM Opportunity")).total == 1


@pytest.mark.anyio
async def test_no_text_of_a_query_becomes_sql(table: Table) -> None:
    """Whatever stands in a literal is bound; what is left of the statement is the catalogue's own words."""
    evil = "x'; drop table deals.account; --"
    escaped = evil.replace("'", "\\'")
    text = (
        f"SELECT Name, (SELECT Subject FROM Tasks WHERE Subject = '{escaped}') FROM Opportunity WHERE Name ="
        f" '{escaped}' OR Name LIKE '%{escaped}%' OR Name IN ('{escaped}') OR Channels__c INCLUDES ('{escaped}')"
    )
    made = statement(plan(parse(text), table.seen.catalogue, text), table.seen.seat)
    assert "drop" not in made.sql
    assert evil in made.values.values()
    assert set(re.findall(r"workspace = (\S+)", made.sql)) <= {"%(workspace)s", "o.workspace", "%(workspace)s)"}
    assert (await table.ask(text)).total == 0
