"""Questions in SQL: one SELECT, over the workspace's own `events` only.

What holds that: ClickHouse's own parser shows the statement as a tree before anything of it runs. The tree may hold
only kinds of nodes that are known to show all that is in them, name no table but `events`, no setting and no function
but those listed. Then every read of `events` carries the filter on the workspace as a setting, which the statement
cannot change because settings were refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics.question import Sql
from dure.metrics.serving.reading import Reading

DEFINITIONS = ["`events` holds this workspace's events only; nothing else can be read."]
_SECONDS = 30.0
_MEMORY = 1 << 30
_ANSWER_BYTES = 100_000_000
_TABLE = "events"
# ClickHouse repeats the statement in its refusals, with our settings.
_SCOPE = re.compile(r"\.?:? In scope .*?(?= \([A-Z_]+\)$|$)", re.DOTALL)
# What a statement's tree may be made of. `APPLY` is not among it: the tree does not show the function it applies.
_NODES = {
    "ArrayJoin", "Asterisk", "ColumnsExceptTransformer", "ColumnsListMatcher", "ColumnsRegexpMatcher",
    "ColumnsReplaceTransformer", "ColumnsReplaceTransformer::Replacement", "ColumnsTransformerList", "ExpressionList",
    "Function", "Identifier", "InterpolateElement", "Literal", "OrderByElement", "QualifiedAsterisk",
    "QualifiedColumnsListMatcher", "QualifiedColumnsRegexpMatcher", "SelectIntersectExceptQuery", "SelectQuery",
    "SelectWithUnionQuery", "Set", "Subquery", "TableExpression", "TableIdentifier", "TableJoin",
    "TablesInSelectQuery", "TablesInSelectQueryElement", "WindowDefinition", "WindowListElement", "WithElement",
}  # fmt: skip
_WORDS = {"ColumnsApplyTransformer": "APPLY", "SampleRatio": "SAMPLE", "Explain": "EXPLAIN"}
# What may be called: arithmetic, text, time, arrays, JSON and aggregates. A list of what is allowed, because functions
# that read files, addresses or other tables are added by every release.
_ALLOWED = re.compile(
    r"^((array|map|tuple|bit|json|date|to|is|add|subtract|split|position|multi|substring|replace|extract|match|count"
    r"|uniq|sum|avg|quantile|median|min|max|any|arg|group|windowfunnel|sequence|var|stddev|corr|covar|skew|kurt|top"
    r"|simplelinear|parsedatetime|formatdatetime|formatreadable|fromunixtimestamp|time|deltasum|exponential|first_value"
    r"|last_value|nth_value|nonnegative|cuturl|cutquery|domain|dynamic|variant|width|trim|starts|ends|length|lower"
    r"|upper|round|reverse|left|right|not|intdiv|modulo|less|greater|concat|mann|student|welch|cramers|entropy"
    r"|simplejson|visit|hex|base64|urlhash|urlhierarchy|urlpath|levenshtein|ngram|tumble|hop|merged|make|dayof).*"
    r"|abs|and|or|xor|if|ifnull|nullif|coalesce|equals|plus|minus|multiply|divide|negate|least|greatest|like|ilike|in"
    r"|globalin|nullin|ceil|floor|trunc|truncate|mod|sqrt|cbrt|exp|exp2|exp10|log|log2|log10|log1p|pow|power|sign|sin"
    r"|cos|tan|atan|pi|e|now|now64|today|yesterday|year|quarter|month|week|day|hour|minute|second|rank|dense_rank"
    r"|row_number|ntile|percent_rank|cume_dist|lag|laginframe|lead|leadinframe|has|hasall|hasany|hassubstr|indexof"
    r"|empty|range|cast|_cast|accuratecastornull|transform|assumenotnull|clamp|cityhash64|siphash64|xxhash64|char"
    r"|ascii|repeat|space|path|protocol|querystring|fragment|materialize|identity|age|retention|interval|grouping"
    r"|singlevalueornull|mode|boundingratio|rate|distinct|exists|lambda|caseexpression|casewithexpression|timezone"
    r"|timezoneof|timezoneoffset|emptyarray.*)$",
    re.IGNORECASE,
)
# Within the families above: these look elsewhere, or keep something between statements.
_NOT = re.compile(r"^(addressto|mergetree|tocolumntypename|timeseries)", re.IGNORECASE)


async def ask(reading: Reading, question: Sql) -> tuple[dict[str, Any], list[str]]:
    """`{columns, rows}`, and what to beware of. Raises Invalid naming `sql` where the statement may not run."""
    try:
        return await _ask(reading, question)
    except Invalid as error:
        raise Invalid(_SCOPE.sub("", error.message), field="sql") from error


async def _ask(reading: Reading, question: Sql) -> tuple[dict[str, Any], list[str]]:
    sql = question.sql.strip().rstrip(";").strip()
    if not sql or len(sql) > 20_000:
        raise Invalid("A statement has from 1 to 20,000 characters.")
    if ";" in sql:
        raise Invalid("One statement, without a semicolon.")
    if "{" in sql:
        raise Invalid("A statement here takes no parameters.")
    log, tenant = reading.log, reading.tenant
    if re.fullmatch(r"[A-Za-z0-9_-]+", tenant.workspace) is None:
        raise Invalid("This workspace's id cannot be put into a filter.")
    own = f"workspace = ''{tenant.workspace}''"
    settings = {
        **reading.bounds.settings,
        "additional_table_filters": f"{{'{log.database}.{_TABLE}': '{own}'}}",
        "allow_introspection_functions": 0,
        "max_memory_usage": min(_MEMORY, reading.bounds.memory),
        "limit": question.limit + 1,
        "max_result_bytes": _ANSWER_BYTES,
        "function_range_max_elements_in_block": 10_000_000,
    }
    seconds = min(_SECONDS, reading.bounds.seconds)
    # In parentheses a FORMAT, an INTO OUTFILE or anything but a SELECT cannot be read at all.
    tree = await log.query(tenant, f"explain ast select * from (\n{sql}\n)")
    _hold([str(line) for (line,) in tree.rows], await _elsewhere(reading))
    answer = await log.query(tenant, sql, settings=settings, seconds=seconds, mark=reading.mark)
    reading.seconds, reading.rows = answer.seconds, answer.rows_read
    warnings = []
    if len(answer.rows) > question.limit:
        warnings.append(f"Only the first {question.limit} rows are shown.")
    rows = [[_plain(value) for value in row] for row in answer.rows[: question.limit]]
    return {"columns": list(answer.columns), "rows": rows}, warnings


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Names by which something other than the workspace's events could be read."""

    tables: frozenset[str]
    databases: frozenset[str]
    functions: frozenset[str]


async def _elsewhere(reading: Reading) -> _Elsewhere:
    found = await reading.log.query(
        reading.tenant,
        "select 'table' as kind, name from system.tables where database = currentDatabase()"
        " union all select 'database' as kind, name from system.databases"
        " union all select 'function' as kind, lower(name) from system.table_functions",
    )
    names = {kind: {str(name) for one, name in found.rows if one == kind} for kind in ("table", "database", "function")}
    return _Elsewhere(frozenset(names["table"] - {_TABLE}), frozenset(names["database"]), frozenset(names["function"]))


def _hold(lines: Sequence[str], elsewhere: _Elsewhere) -> None:
    """Refuses a statement by its tree; `lines` are `EXPLAIN AST`'s, indented by depth.

    Every node is judged by itself, not by where it stands: a name with a line break in it can add lines to the tree,
    but take none away.
    """
    if not lines or not lines[0].startswith("SelectWithUnionQuery"):
        raise Invalid("Only a SELECT is answered.")
    for line in lines[:-1]:  # the last line is the format the client asks for
        text = line.lstrip(" ")
        depth = len(line) - len(text)
        text = re.sub(r" \(children \d+\)$", "", text)
        kind, _, name = re.sub(r" \(alias .*\)$", "", text).partition(" ")
        if kind not in _NODES:
            raise Invalid(f"{_WORDS.get(kind, kind)} cannot be used here.")
        # The client's own settings lie beside the outermost SELECT; what is deeper was written by the caller. (One who
        # closes our parenthesis to come up here has written what does not parse when it is run alone.)
        if kind == "Set" and depth > 3:
            raise Invalid("A statement sets no settings.")
        if kind == "Function" and (not _ALLOWED.match(name) or _NOT.match(name) or name.lower() in elsewhere.functions):
            raise Invalid(f"{name}() is not answered here.")
        # A table may be named as one or, behind IN, as a column would be.
        foreign = name in elsewhere.tables or ("." in name and name.split(".")[0] in elsewhere.databases)
        if (kind == "TableIdentifier" and "." in name) or (kind in ("TableIdentifier", "Identifier") and foreign):
            raise Invalid(f"{name} cannot be read; only `events` can.")


def _plain(value: Any) -> Any:
    """A value as JSON takes it; what is no number has no value there."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)
