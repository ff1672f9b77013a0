"""Values that cross a line: the last one seen of each subject is kept, so that only the step over the line counts.

The first value seen of a subject counts as a step when it lies beyond the line: before it there was none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.automation import nodes, template
from dure.automation.candidate import Candidate, subject_of
from dure.automation.model import Crossing
from dure.kernel.errors import Invalid
from dure.state import Tx


async def crossed(tx: Tx, candidates: Sequence[Candidate], now: datetime) -> list[Candidate]:
    """The candidates without those whose value did not cross its line; what each value is now is written down."""
    watching = [(one, *_seen(one)) for one in candidates if one.plan.definition.trigger.crosses]
    if not watching:
        return list(candidates)
    keys = sorted(
        {(one.plan.tenant.workspace, one.plan.automation, of) for one, of, value in watching if value is not None}
    )
    if not keys:
        return [one for one in candidates if not one.plan.definition.trigger.crosses]
    columns = [list(column) for column in zip(*keys, strict=True)]
    rows = await tx.rows(
        "select c.* from unnest(%s::text[], %s::text[], %s::text[]) as k (workspace, automation, subject)"
        " join automation.crossing c using (workspace, automation, subject) for update of c",
        columns,
    )
    last = {(row["workspace"], row["automation"], row["subject"]): row["value"] for row in rows}
    stepped = []
    for one, of, value in watching:
        line = one.plan.definition.trigger.crosses
        if value is None or line is None:
            continue
        key = (one.plan.tenant.workspace, one.plan.automation, of)
        before = last.get(key)
        if beyond(line, value) and (before is None or not beyond(line, before)):
            stepped.append(id(one))
        last[key] = value
    await tx.run(
        """insert into automation.crossing as c (workspace, automation, subject, value, at)
           select k.*, %s from unnest(%s::text[], %s::text[], %s::text[], %s::float8[]) as k
           on conflict (workspace, automation, subject) do update set value = excluded.value, at = excluded.at""",
        (now, *columns, [last[key] for key in keys]),
    )
    return [one for one in candidates if not one.plan.definition.trigger.crosses or id(one) in stepped]


def beyond(line: Crossing, value: float) -> bool:
    """Whether a value lies on the far side of a line; on the line itself is not yet beyond it."""
    if line.above is not None:
        return value > line.above
    return line.below is not None and value < line.below


def _seen(one: Candidate) -> tuple[str, float | None]:
    """Of what, and which value; None where the event carries no number there."""
    trigger = one.plan.definition.trigger
    line = trigger.crosses
    assert line is not None  # noqa: S101
    try:
        value = float(nodes.value_of(line.prop, one.scope))
    except (TypeError, ValueError):
        return "", None
    if not line.of or line.of == "subject":
        return subject_of(trigger, one.scope), value
    if "{{" not in line.of:
        found = nodes.value_of(line.of, one.scope)
        return "" if found is None else str(found), value
    try:
        return str(template.render(line.of, one.scope)), value
    except Invalid:
        return "", None
