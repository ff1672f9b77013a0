"""The SQL of pipelines and stages."""

from __future__ import annotations

from collections.abc import Sequence

from dure.deals.model import DEFAULT_PIPELINE, Pipeline, Stage
from dure.deals.rules import FIRST_STAGES
from dure.state import Tx

_STAGES = """
select s.* from deals.stage s join deals.pipeline p on p.workspace = s.workspace and p.key = s.pipeline
where s.workspace = %s order by p.position, p.key, s.position, s.key
"""


async def stages(tx: Tx, workspace: str) -> dict[str, Stage]:
    """Every stage of the workspace by key, pipeline after pipeline; the first look lays down the pipeline that every
    workspace begins with."""
    rows = await tx.rows(_STAGES, (workspace,))
    if not rows:
        await tx.run(
            "insert into deals.pipeline (workspace, key, name_ko, name_en, position)"
            " values (%s, %s, '영업', 'Sales', 1) on conflict do nothing",
            (workspace, DEFAULT_PIPELINE),
        )
        await keep_stages(tx, workspace, FIRST_STAGES)
        rows = await tx.rows(_STAGES, (workspace,))
    names: tuple[str, ...] = Stage.__slots__
    found = [Stage(**{name: row[name] for name in names} | {"required": tuple(row["required"])}) for row in rows]
    return {stage.key: stage for stage in found}


async def keep_stages(tx: Tx, workspace: str, kept: Sequence[Stage]) -> None:
    await tx.many(
        "insert into deals.stage (workspace, key, name_ko, name_en, probability, position, outcome, pipeline, forecast,"
        " active, required, description) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, key) do update set name_ko = excluded.name_ko, name_en = excluded.name_en,"
        " probability = excluded.probability, position = excluded.position, outcome = excluded.outcome,"
        " forecast = excluded.forecast, active = excluded.active, required = excluded.required,"
        " description = excluded.description",
        [
            (workspace, s.key, s.name_ko, s.name_en, s.probability, s.position, s.outcome, s.pipeline, s.forecast,
             s.active, list(s.required), s.description)
            for s in kept
        ],
    )  # fmt: skip


async def pipelines(tx: Tx, workspace: str) -> list[Pipeline]:
    await stages(tx, workspace)
    rows = await tx.rows("select * from deals.pipeline where workspace = %s order by position, key", (workspace,))
    return [Pipeline(row["key"], row["name_ko"], row["name_en"], row["position"], row["active"]) for row in rows]


async def keep_pipeline(tx: Tx, workspace: str, kept: Pipeline) -> None:
    await tx.run(
        "insert into deals.pipeline (workspace, key, name_ko, name_en, position, active)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (workspace, key) do update set name_ko = excluded.name_ko,"
        " name_en = excluded.name_en, position = excluded.position, active = excluded.active",
        (workspace, kept.key, kept.name_ko, kept.name_en, kept.position, kept.active),
    )


async def standing(tx: Tx, workspace: str, keys: Sequence[str]) -> int:
    """How many deals stand in these stages."""
    return int(
        await tx.value(
            "select count(*) from deals.opportunity where workspace = %s and stage = any(%s) and deleted_at is null",
            (workspace, list(keys)),
        )
    )


async def turn(tx: Tx, workspace: str) -> None:
    """Until the transaction ends nobody else changes this workspace's pipelines."""
    await tx.run("select pg_advisory_xact_lock(hashtext('deals.pipeline'), hashtext(%s))", (workspace,))
