"""What a query means: every name resolved through the catalogue, every rule that Salesforce has for queries checked.

A name that is not in the catalogue goes no further than here, so no text of a query ever becomes SQL.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from dure.deals.salesforce.catalogue import NUMBERS, TEXTS, Catalogue, Field, SObject
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
    Not,
    Path,
    Query,
)
from dure.deals.salesforce.soql.lex import malformed, pointing
from dure.deals.salesforce.soql.meaning import Column, Join, Parent, Plan, SortTerm, Term
from dure.deals.salesforce.soql.parse import AGGREGATES

MOST_OFFSET = 2000
_DEEPEST = 5
_FIELDS_LIMIT = 200


def plan(query: Query, catalogue: Catalogue, text: str) -> Plan:
    """INVALID_TYPE and INVALID_FIELD for what there is not, MALFORMED_QUERY for what cannot be asked so."""
    return _Planner(catalogue, text, itertools.count()).whole(query)


class _Planner:
    def __init__(self, catalogue: Catalogue, text: str, numbers: Iterator[int]) -> None:
        self.catalogue = catalogue
        self.text = text
        self.numbers = numbers

    def whole(self, query: Query) -> Plan:
        made = self.begin(query, self.object(query))
        self.read(made)
        return made

    def object(self, query: Query) -> SObject:
        found = self.catalogue.find(query.source)
        if found is None:
            raise pointing(
                self.text, query.source_at, "INVALID_TYPE",
                f"sObject type '{query.source}' is not supported. If you are attempting to use a custom object, be sure"
                " to append the '__c' after the entity name. Please reference your WSDL or the describe call for the"
                " appropriate names.",
            )  # fmt: skip
        return found

    def begin(self, query: Query, of: SObject) -> Plan:
        return Plan(of, f"t{next(self.numbers)}", query, self.text)

    def read(self, made: Plan) -> None:
        query = made.query
        if query.offset > MOST_OFFSET:
            raise Fault("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {MOST_OFFSET}")
        calls = [one for one in query.select if isinstance(one.what, Call) and one.what.function in AGGREGATES]
        made.aggregate = bool(calls or query.group)
        made.count_only = bool(calls) and calls[0].what.argument is None and not calls[0].alias  # type: ignore[union-attr]
        if made.count_only and (len(query.select) > 1 or query.group):
            if not query.group:
                raise malformed(self.text, query.at, "COUNT() must be the only element in the select list")
            made.count_only = False
        for by in query.group:
            term = self.term(made, by)
            if term.aggregate:
                raise malformed(self.text, by.at, "an aggregate cannot be grouped by")
            made.group.append(term)
        if not made.aggregate:
            made.parents.append(Parent((), made.object, self.resolved(made, Path(("Id",), query.at))))
        if not made.count_only:
            self.select(made)
        if query.where is not None:
            self.condition(made, query.where, aggregates=False)
        if query.having is not None:
            if not made.aggregate:
                raise malformed(self.text, query.at, "HAVING needs an aggregate or a GROUP BY")
            self.condition(made, query.having, aggregates=True)
        for one in query.order:
            term = self.sorted_by(made, one.by)
            made.order.append(SortTerm(term, one.descending, one.nulls_last))

    # -- the select list --------------------------------------------------------------------------------------------

    def select(self, made: Plan) -> None:
        seen: set[tuple[str, ...]] = set()
        number = 0
        for one in made.query.select:
            if isinstance(one.what, Child):
                self.child(made, one.what)
            elif isinstance(one.what, Fields):
                self.all_fields(made, one.what, seen)
            elif isinstance(one.what, Path):
                self.selected_field(made, one.what, one.alias, seen)
            else:
                name = one.alias
                if not name:
                    name, number = f"expr{number}", number + 1
                self.selected_call(made, one.what, name, seen)

    def selected_field(self, made: Plan, path: Path, alias: str, seen: set[tuple[str, ...]]) -> None:
        term = self.term(made, path)
        names = self.canonical(made, path)
        if made.aggregate:
            if term not in made.group:
                raise malformed(self.text, path.at, f"Field must be grouped or aggregated: {path.names[-1]}")
            names = (alias or names[-1],)
        elif alias:
            raise malformed(self.text, path.at, "only aggregate expressions use field aliasing")
        self.add(made, names, term, path.at, seen)
        if not made.aggregate:
            self.parents_of(made, path)

    def selected_call(self, made: Plan, call: Call, name: str, seen: set[tuple[str, ...]]) -> None:
        term = self.term(made, call)
        if not term.aggregate and term not in made.group:
            raise malformed(self.text, call.at, f"Field must be grouped or aggregated: {call.function}")
        self.add(made, (name,), term, call.at, seen)

    def add(self, made: Plan, names: tuple[str, ...], term: Term, at: int, seen: set[tuple[str, ...]]) -> None:
        key = tuple(name.lower() for name in names)
        if key in seen:
            raise malformed(self.text, at, f"duplicate field selected: {'.'.join(names)}")
        seen.add(key)
        made.columns.append(Column(names, term))

    def all_fields(self, made: Plan, asked: Fields, seen: set[tuple[str, ...]]) -> None:
        limit = made.query.limit
        if asked.which != "STANDARD" and (limit is None or limit > _FIELDS_LIMIT):
            raise malformed(
                self.text, asked.at, f"The SOQL FIELDS function must have a LIMIT of at most {_FIELDS_LIMIT}"
            )
        if made.aggregate:
            raise malformed(self.text, asked.at, "FIELDS() is not allowed where records are grouped")
        for one in made.object.fields.values():
            if asked.which == "ALL" or one.custom == (asked.which == "CUSTOM"):
                self.add(made, (one.name,), _term(one, made.alias), asked.at, seen)

    def child(self, made: Plan, asked: Child) -> None:
        query = asked.query
        if made.aggregate:
            raise malformed(self.text, query.at, "a nested query is not allowed where records are grouped")
        found = made.object.child(query.source)
        if found is None:
            raise pointing(
                self.text, query.source_at, "INVALID_TYPE",
                f"Didn't understand relationship '{query.source}' in FROM part of query call. If you are attempting to"
                " use a custom relationship, be sure to append the '__r' after the custom relationship name. Please"
                " reference your WSDL or the describe call for the appropriate names.",
            )  # fmt: skip
        of = self.catalogue.find(found.object)
        assert of is not None  # noqa: S101 - the catalogue's own
        if any(child.relationship == found.relationship for child, _ in made.children):
            raise malformed(self.text, query.source_at, f"duplicate field selected: {found.relationship}")
        inner = self.begin(query, of)
        self.read(inner)
        if inner.aggregate:
            raise malformed(self.text, query.at, "a nested query cannot group or aggregate")
        via = of.field(found.field)
        assert via is not None  # noqa: S101 - as above
        inner.link = _term(via, inner.alias)
        made.children.append((found, inner))

    def parents_of(self, made: Plan, path: Path) -> None:
        """The nested records that a dotted path goes through."""
        names = self.relative(made, path)
        of = made.object
        alias = made.alias
        for depth, name in enumerate(names[:-1], start=1):
            via = of.parent(name)
            assert via is not None  # noqa: S101 - resolved before
            join = self.join(made, alias, via)
            of, alias = join.object, join.alias
            key = self.canonical(made, Path((*names[:depth], "Id"), path.at))[:-1]
            if all(parent.path != key for parent in made.parents):
                ident = of.field("Id")
                assert ident is not None  # noqa: S101 - every object has one
                made.parents.append(Parent(key, of, _term(ident, alias)))

    # -- conditions -------------------------------------------------------------------------------------------------

    def condition(self, made: Plan, of: Condition, *, aggregates: bool) -> None:
        if isinstance(of, Both | Either):
            for part in of.parts:
                self.condition(made, part, aggregates=aggregates)
        elif isinstance(of, Not):
            self.condition(made, of.of, aggregates=aggregates)
        else:
            term = self.term(made, of.left)
            if term.aggregate and not aggregates:
                raise malformed(self.text, of.left.at, "an aggregate is not allowed in WHERE")
            if aggregates and not term.aggregate and term not in made.group:
                raise malformed(self.text, of.left.at, "Field must be grouped or aggregated")
            self.fits(of, term)
            if isinstance(of, AmongFound):
                self.semi_join(made, of, term)

    def fits(self, of: Compare | Among | AmongFound | Includes, term: Term) -> None:
        op = of.op if isinstance(of, Compare) else "IN"
        if isinstance(of, Includes) != (term.type == "multipicklist") and (
            isinstance(of, Includes) or op not in ("=", "!=")
        ):
            raise self.operator(of.left, term, "includes" if isinstance(of, Includes) else op)
        if op == "LIKE" and term.type not in TEXTS:
            raise self.operator(of.left, term, "like")
        if term.type == "boolean" and op not in ("=", "!="):
            raise self.operator(of.left, term, op)
        if term.length > 4000:
            raise pointing(
                self.text, of.left.at, "INVALID_FIELD", f"field '{term.name}' can not be filtered in a query call"
            )

    def operator(self, left: Path | Call, term: Term, op: str) -> Fault:
        return pointing(
            self.text, left.at, "INVALID_QUERY_FILTER_OPERATOR",
            f"invalid operator '{op.lower()}' on {term.type} field {term.name}",
        )  # fmt: skip

    def semi_join(self, made: Plan, of: AmongFound, term: Term) -> None:
        if term.type not in ("id", "reference"):
            raise malformed(self.text, of.left.at, "the left side of a semi-join is an id")
        query = of.query
        inner = self.begin(query, self.object(query))
        if query.order or query.offset or len(query.select) != 1 or not isinstance(query.select[0].what, Path):
            raise malformed(self.text, query.at, "a semi-join selects one field and has no ORDER BY")
        self.read(inner)
        if inner.aggregate or inner.columns[0].term.type not in ("id", "reference"):
            raise malformed(self.text, query.at, "a semi-join selects an id")
        made.inner[query] = inner

    def sorted_by(self, made: Plan, by: Path | Call) -> Term:
        if isinstance(by, Path) and len(by.names) == 1 and made.aggregate:
            # What an aggregate was called may be sorted by.
            for column in made.columns:
                if column.path == by.names:
                    return column.term
        term = self.term(made, by)
        if made.aggregate and not term.aggregate and term not in made.group:
            raise malformed(self.text, by.at, "Ordered field must be grouped or aggregated")
        if term.type == "multipicklist" or term.length > 4000:
            raise malformed(self.text, by.at, f"field '{term.name}' can not be sorted in a query call")
        return term

    # -- names ------------------------------------------------------------------------------------------------------

    def term(self, made: Plan, of: Path | Call) -> Term:
        found = made.terms.get(of)
        if found is None:
            found = self.resolved(made, of) if isinstance(of, Path) else self.called(made, of)
            made.terms[of] = found
        return found

    def resolved(self, made: Plan, path: Path) -> Term:
        owner, alias = self.owner(made, path)
        found = owner.field(path.names[-1])
        if found is None:
            raise self.no_field(owner, path)
        return _term(found, alias)

    def owner(self, made: Plan, path: Path) -> tuple[SObject, str]:
        """The object that the last name of a path belongs to, and under which alias its rows are."""
        names = self.relative(made, path)
        if len(names) - 1 > _DEEPEST:
            raise malformed(self.text, path.at, f"a field can be reached through at most {_DEEPEST} relationships")
        of, alias = made.object, made.alias
        for name in names[:-1]:
            via = of.parent(name)
            if via is None:
                raise pointing(
                    self.text, path.at, "INVALID_FIELD",
                    f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom"
                    " relationship, be sure to append the '__r' after the custom relationship name. Please reference"
                    " your WSDL or the describe call for the appropriate names.",
                )  # fmt: skip
            join = self.join(made, alias, via)
            of, alias = join.object, join.alias
        return of, alias

    def relative(self, made: Plan, path: Path) -> tuple[str, ...]:
        """Without the object's own name or alias in front."""
        first = path.names[0].lower()
        known = {made.query.alias.lower(), made.object.name.lower()} - {""}
        if len(path.names) > 1 and first in known and made.object.parent(first) is None:
            return path.names[1:]
        return path.names

    def canonical(self, made: Plan, path: Path) -> tuple[str, ...]:
        """A path's names as the catalogue spells them, which is how they come back."""
        names, of, found = self.relative(made, path), made.object, []
        for name in names[:-1]:
            via = of.parent(name)
            assert via is not None  # noqa: S101 - resolved before
            found.append(via.relationship)
            target = self.catalogue.find(via.leads_to)
            assert target is not None  # noqa: S101 - the catalogue's own
            of = target
        last = of.field(names[-1])
        return (*found, last.name if last else names[-1])

    def join(self, made: Plan, alias: str, via: Field) -> Join:
        on = via.sql.replace("{t}", alias)
        for join in made.joins:
            if join.on == on:
                return join
        target = self.catalogue.find(via.leads_to)
        assert target is not None  # noqa: S101 - the catalogue's own
        join = Join(f"t{next(self.numbers)}", target, on)
        made.joins.append(join)
        return join

    def called(self, made: Plan, call: Call) -> Term:
        if call.argument is None:
            return Term("count(*)", "int", aggregate=True, name=call.function)
        owner, alias = self.owner(made, call.argument)
        found = owner.field(call.argument.names[-1])
        if found is None:
            raise self.no_field(owner, call.argument)
        if call.function in AGGREGATES:
            return self.aggregated(call, found, alias)
        return self.part(call, found, alias)

    def aggregated(self, call: Call, of: Field, alias: str) -> Term:
        function, sql = call.function, of.sums.replace("{t}", alias)
        fits = {
            "SUM": of.type in NUMBERS,
            "AVG": of.type in NUMBERS,
            "MIN": of.type not in ("boolean", "multipicklist", "textarea"),
            "MAX": of.type not in ("boolean", "multipicklist", "textarea"),
        }.get(function, True)
        if not fits:
            raise malformed(self.text, call.at, f"field {of.name} does not support aggregate operator {function}")
        if function in ("COUNT", "COUNT_DISTINCT"):
            distinct = "distinct " if function == "COUNT_DISTINCT" else ""
            return Term(f"count({distinct}{of.sql.replace('{t}', alias)})", "int", aggregate=True, name=function)
        type_ = "double" if function == "AVG" else of.type
        return Term(f"{function.lower()}({sql})", type_, of.users, True, of.length, function)

    def part(self, call: Call, of: Field, alias: str) -> Term:
        if of.type not in ("date", "datetime") or (of.type == "date" and call.function in ("HOUR_IN_DAY", "DAY_ONLY")):
            raise malformed(self.text, call.at, f"field {of.name} does not support the function {call.function}")
        local = of.sql.replace("{t}", alias)
        if of.type == "datetime":
            local = f"({local} at time zone %(zone)s)"
        if call.function == "DAY_ONLY":
            return Term(f"({local})::date", "date", name=call.function)
        return Term(_PARTS[call.function].replace("{d}", local), "int", name=call.function)

    def no_field(self, of: SObject, path: Path) -> Fault:
        name = path.names[-1]
        return pointing(
            self.text, path.at, "INVALID_FIELD",
            f"No such column '{name}' on entity '{of.name}'. If you are attempting to use a custom field, be sure to"
            " append the '__c' after the custom field name. Please reference your WSDL or the describe call for the"
            " appropriate names.",
        )  # fmt: skip


_PARTS: Mapping[str, str] = {
    "CALENDAR_MONTH": "extract(month from {d})::int",
    "CALENDAR_QUARTER": "extract(quarter from {d})::int",
    "CALENDAR_YEAR": "extract(year from {d})::int",
    "FISCAL_MONTH": "extract(month from {d})::int",
    "FISCAL_QUARTER": "extract(quarter from {d})::int",
    "FISCAL_YEAR": "extract(year from {d})::int",
    "DAY_IN_MONTH": "extract(day from {d})::int",
    "DAY_IN_WEEK": "(extract(dow from {d})::int + 1)",
    "DAY_IN_YEAR": "extract(doy from {d})::int",
    "HOUR_IN_DAY": "extract(hour from {d})::int",
    "WEEK_IN_MONTH": "((extract(day from {d})::int - 1) / 7 + 1)",
    "WEEK_IN_YEAR": "((extract(doy from {d})::int - 1) / 7 + 1)",
}


def _term(of: Field, alias: str) -> Term:
    return Term(of.sql.replace("{t}", alias), of.type, of.users, False, of.length, of.name)
