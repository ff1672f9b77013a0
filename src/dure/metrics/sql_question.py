"""Questions in SQL: one SELECT, over the workspace's own `events` only.

What holds that: ClickHouse's own parser shows the statement as a tree before anything of it runs, and the tree may
name no table but `events`, no table function, no setting and no function that reads elsewhere. Then every read of
any table of the log carries the filter on the workspace as a setting, which the statement cannot change because
settings were refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics.question import Sql
from dure.metrics.reading import Reading

DEFINITIONS = ["`events` holds this workspace's events only; nothing else can be read."]
_SECONDS = 30.0
_TABLE = "events"
# ClickHouse repeats the statement in its refusals, with our settings.
_SCOPE = re.compile(r"\.?:? In scope .*?(?= \([A-Z_]+\)$|$)", re.DOTALL)
_IN = re.compile(r"^(global)?(not)?(null)?in(ignoreset)?$", re.IGNORECASE)
# What may be called: arithmetic, text, time, arrays, JSON and aggregates. A list of what is allowed, because functions
# that read files, addresses or other tables are added by every release.
_ALLOWED = re.compile(
    r"^((array|map|tuple|bit|json|date|to|is|add|subtract|split|position|multi|substring|replace|extract|match|count"
    r"|uniq|sum|avg|quantile|median|min|max|any|arg|group|windowfunnel|sequence|var|stddev|corr|covar|skew|kurt|top"
    r"|simplelinear|parsedatetime|formatdatetime|formatreadable|fromunixtimestamp|time|delta|exponential|first_value"
    r"|last_value|nth_value|nonnegative|cuturl|cutquery|domain|dynamic|variant|width|trim|starts|ends|length|lower"
    r"|upper|round|reverse|left|right|not|intdiv|modulo|less|greater|concat|mann|student|welch|cramers|entropy"
    r"|simplejson|visit|hex|base64|url|levenshtein|ngram|tumble|hop|merge|make).*"
    r"|abs|and|or|xor|if|ifnull|nullif|coalesce|equals|plus|minus|multiply|divide|negate|least|like|ilike|in|globalin"
    r"|nullin|ceil|floor|trunc|sqrt|cbrt|exp|exp2|exp10|log|log2|log10|log1p|pow|power|sign|sin|cos|tan|atan|pi|e|now"
    r"|now64|today|yesterday|rank|dense_rank|row_number|ntile|percent_rank|cume_dist|lag|laginframe|lead|leadinframe"
    r"|has|hasall|hasany|hassubstr|indexof|empty|range|cast|_cast|accuratecastornull|transform|assumenotnull|clamp"
    r"|cityhash64|siphash64|xxhash64|char|ascii|repeat|space|path|protocol|querystring|fragment|materialize|identity"
    r"|age|retention|interval|grouping|singlevalueornull|median|mode|boundingratio|rate|distinct|exists|array|lambda"
    r"|caseexpression|casewithexpression|quantify|timezone|timezoneof|timezoneoffset|studentttest|emptyarray.*)$",
    re.IGNORECASE,
)


# Within the families above: these look elsewhere.
_NOT = {"mergetreepartinfo", "tocolumntypename", "timeseriesidtotags", "timeseriestoragetags"}


async def ask(reading: Reading, question: Sql) -> tuple[dict[str, Any], list[str]]:
    """`{columns, rows}`, and what to beware of. Raises Invalid naming `sql` where the statement may not run."""
    try:
        return await _ask(reading, question)
    except Invalid as error:
        raise Invalid(_SCOPE.sub("", error.message), field="sql") from error


async def _ask(reading: Reading, question: Sql) -> tuple[dict[str, Any], list[str]]:
    sql = question.sql.strip().rstrip(";").strip()
    if not sql or len(sql) > 20_000:
        raise Invalid("A statement has from 1 to 20,000 characters.", field="sql")
    if ";" in sql:
        raise Invalid("One statement, without a semicolon.", field="sql")
    if "{" in sql:
        raise Invalid("A statement here takes no parameters.", field="sql")
    log, tenant = reading.log, reading.tenant
    wrapped = f"select * from (\n{sql}\n)"
    tree = await log.query(tenant, f"explain ast {wrapped}")
    tables = await log.query(tenant, "select name from system.tables where database = currentDatabase()")
    known = {str(name) for (name,) in tables.rows}
    _hold([str(line) for (line,) in tree.rows], known)
    if re.fullmatch(r"[A-Za-z0-9_-]+", tenant.workspace) is None:
        raise Invalid("This workspace's id cannot be put into a filter.", field="sql")
    own = f"workspace = ''{tenant.workspace}''"
    filters = ", ".join(f"'{log.database}.{name}': '{own}'" for name in (_TABLE,))
    settings = {
        **reading.bounds.settings,
        "additional_table_filters": "{" + filters + "}",
        "max_result_rows": question.limit + 1,
        "result_overflow_mode": "break",
        "allow_introspection_functions": 0,
    }
    # Wrapping keeps a FORMAT or INTO at its end out; the order of rows is the statement's own.
    seconds = min(_SECONDS, reading.bounds.seconds)
    answer = await log.query(tenant, sql, settings=settings, seconds=seconds, mark=reading.mark)
    reading.seconds, reading.rows = answer.seconds, answer.rows_read
    warnings = []
    if len(answer.rows) > question.limit:
        warnings.append(f"Only the first {question.limit} rows are shown.")
    rows = [[_plain(value) for value in row] for row in answer.rows[: question.limit]]
    return {"columns": list(answer.columns), "rows": rows}, warnings


def _hold(lines: Sequence[str], tables: set[str]) -> None:
    """Refuses a statement by its tree; `lines` are `EXPLAIN AST`'s, indented by depth."""
    if not lines or not lines[0].startswith("SelectWithUnionQuery"):
        raise Invalid("Only a SELECT is answered.", field="sql")
    for depth, kind, name, parents, place in _nodes(lines):
        inside = parents[-1] if parents else ""
        # The client's own settings lie beside the outermost SELECT; what is deeper was written by the caller. (One who
        # closes our parenthesis to come up here has written what does not parse when it is run alone.)
        if kind == "Set" and depth > 3:
            raise Invalid("A statement sets no settings.", field="sql")
        if kind == "TableIdentifier":
            _refuse_table(name, tables)
        if kind == "Function":
            if inside.startswith("TableExpression"):
                raise Invalid(f"{name}() is a table function; only `events` can be read.", field="sql")
            if not _ALLOWED.match(name) or name.lower() in _NOT:
                raise Invalid(f"{name}() is not answered here.", field="sql")
        if kind == "Identifier" and place == 1 and len(parents) > 1 and inside.startswith("ExpressionList"):
            function = re.match(r"Function (\S+)", parents[-2])
            if function and _IN.match(function[1]):
                _refuse_table(name, tables)


def _refuse_table(name: str, tables: set[str]) -> None:
    if "." in name or (name in tables and name != _TABLE):
        raise Invalid(f"{name} cannot be read; only `events` can.", field="sql")


def _nodes(lines: Sequence[str]) -> Iterator[tuple[int, str, str, list[str], int]]:
    """Each node: depth, kind, name, the nodes above it, and its place among its siblings (0 is the first)."""
    above: list[str] = []
    places: list[int] = []
    for line in lines:
        text = line.lstrip(" ")
        depth = len(line) - len(text)
        text = re.sub(r" \(children \d+\)$", "", text)
        text = re.sub(r" \(alias .*\)$", "", text)
        del above[depth:]
        del places[depth + 1 :]
        if len(places) <= depth:
            places.append(0)
        else:
            places[depth] += 1
        kind, _, name = text.partition(" ")
        yield depth, kind, name, list(above), places[depth]
        above.append(text)


def _plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)
