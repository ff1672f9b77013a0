"""Where a metric is used: one statement for each kind of place. A part that puts metrics somewhere adds its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from dure.state import Tx

Kind = Literal["board", "tree", "journey", "alert", "formula"]


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One place. `function` and `person` own it; `through` names the formula by which the metric gets there."""

    kind: Kind
    id: str
    name_ko: str
    name_en: str
    path: str = ""
    function: str = ""
    person: str = ""
    subscribed: bool = False
    through: str = ""


# Each gives metric, id, name_ko, name_en, path, function, person and subscribed of the `metrics` of one workspace.
_PLACES: dict[Kind, str] = {
    "board": """
        select distinct tile ->> 'metric' as metric, id, name_ko, name_en, '/analytics?board=' || id as path,
            '' as function, created_by as person, false as subscribed
        from metrics.board, jsonb_array_elements(tiles) as tile
        where workspace = %(workspace)s and tile ->> 'metric' = any(%(metrics)s)
    """,
    "tree": """
        select distinct node ->> 'metric' as metric, id, name_ko, name_en, '/metrics/trees/' || id as path,
            '' as function, created_by as person, false as subscribed
        from metrics.tree, jsonb_array_elements(nodes) as node
        where workspace = %(workspace)s and node ->> 'metric' = any(%(metrics)s)
    """,
    "journey": """
        select distinct stage ->> 'metric' as metric, id, name_ko, name_en, '/journey?map=' || id as path,
            coalesce(stage ->> 'function', '') as function, created_by as person, false as subscribed
        from metrics.journey, jsonb_array_elements(stages) as stage
        where workspace = %(workspace)s and stage ->> 'metric' = any(%(metrics)s)
    """,
    "alert": """
        select metric, id, coalesce(nullif(name, ''), kind) as name_ko, coalesce(nullif(name, ''), kind) as name_en,
            '/analytics?alert=' || id as path, '' as function, created_by as person, true as subscribed
        from metrics.alert
        where workspace = %(workspace)s and metric = any(%(metrics)s)
    """,
    "formula": """
        select distinct part.value as metric, id, name_ko, name_en, '/metrics/catalogue/' || id as path, function,
            coalesce(nullif(owner, ''), created_by) as person, false as subscribed
        from metrics.metric, jsonb_each_text(question -> 'metrics') as part
        where workspace = %(workspace)s and question ->> 'kind' = 'formula' and part.value = any(%(metrics)s)
    """,
}


async def uses(tx: Tx, workspace: str, metric: str) -> list[Use]:
    """Every place that shows or counts with a metric, also by way of formulas over it."""
    found: list[Use] = []
    waiting, seen = [metric], {metric}
    while waiting:
        direct = [
            msgspec.structs.replace(use, through="" if of == metric else of)
            for of, use in await _direct(tx, workspace, waiting)
        ]
        found += direct
        waiting = list({use.id for use in direct if use.kind == "formula"} - seen)
        seen |= set(waiting)
    return found


async def counts(tx: Tx, workspace: str, metrics: Sequence[str]) -> dict[str, int]:
    """In how many places each metric is used directly."""
    found = Counter(metric for metric, _ in await _direct(tx, workspace, metrics))
    return {metric: found[metric] for metric in metrics}


async def _direct(tx: Tx, workspace: str, metrics: Sequence[str]) -> list[tuple[str, Use]]:
    found = []
    for kind, sql in _PLACES.items():
        values = {"workspace": workspace, "metrics": list(metrics)}
        rows: list[dict[str, Any]] = await tx.rows(f"{sql} order by metric, id", values)
        found += [(str(row.pop("metric")), Use(kind=kind, **row)) for row in rows]
    return found
