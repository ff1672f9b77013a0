"""Routing's only SQL: how a workspace routes, decisions with what people said of them, models."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dure.kernel.tenant import Tenant
from dure.social.model import Rule
from dure.social.routing.learning import Model
from dure.social.routing.model import Decided, Decision, Example, Settings, Setup
from dure.social.routing.router import FIRST_RULES
from dure.state import Tx

_json = msgspec.json.encode


async def setup(tx: Tx, workspace: str) -> Setup:
    """Rules, settings and the active model's number, in one look."""
    row = await tx.row(
        "select r.*, (select max(version) from social.router m where m.workspace = w.id and m.active) as model,"
        " (select jsonb_agg(jsonb_build_object('where', conditions, 'function', function, 'channel', channel,"
        "   'words', words, 'also', also) order by position) from social.rule u where u.workspace = w.id) as listed"
        " from (select %s::text as id) w left join social.routing r on r.workspace = w.id",
        (workspace,),
    )
    assert row is not None  # noqa: S101
    settings = Settings()
    if row["workspace"]:
        settings = Settings(gate=round(row["gate"], 4), audit=round(row["audit"], 4), channels=row["channels"])
    rules = msgspec.convert(row["listed"], tuple[Rule, ...]) if row["listed"] else FIRST_RULES
    return Setup(rules, settings, row["rules"] or 0, row["model"] or 0)


async def set_settings(tx: Tx, workspace: str, settings: Settings) -> None:
    await tx.run(
        "insert into social.routing (workspace, gate, audit, channels) values (%s, %s, %s, %s)"
        " on conflict (workspace) do update set gate = excluded.gate, audit = excluded.audit,"
        " channels = excluded.channels",
        (workspace, settings.gate, settings.audit, _json(settings.channels).decode()),
    )


async def count_rules(tx: Tx, workspace: str) -> None:
    await tx.run(
        "insert into social.routing (workspace, rules) values (%s, 1)"
        " on conflict (workspace) do update set rules = social.routing.rules + 1",
        (workspace,),
    )


async def model(tx: Tx, workspace: str, version: int) -> Model | None:
    row = await tx.row("select weights from social.router where workspace = %s and version = %s", (workspace, version))
    return None if row is None else Model.of(version, bytes(row["weights"]))


async def note(
    tx: Tx, workspace: str, now: datetime, decided: Iterable[tuple[uuid.UUID, datetime, Decision]]
) -> None:  # fmt: skip
    """Keeps decisions: mention, since when it is with whom it is with, decision. Sets are one statement. One that
    is there already is made anew, unless a person said something since."""
    rows = [
        {
            "mention": str(mention), "by": one.by, "function": one.function, "sure": one.sure, "version": one.version,
            "reasons": one.reasons, "ranking": one.ranking, "audit": one.audit,
            "owned_at": since if one.function else None,
        }
        for mention, since, one in decided
    ]  # fmt: skip
    if rows:
        await tx.run(
            "insert into social.decision as decision (workspace, mention, at, by, function, sure, version, reasons,"
            " ranking, audit, owned_at) select %s, mention, %s, by, function, sure, version, reasons, ranking, audit,"
            " owned_at"
            " from jsonb_to_recordset(%s::jsonb) as given (mention uuid, by text, function text, sure real,"
            " version text, reasons jsonb, ranking jsonb, audit boolean, owned_at timestamptz)"
            " on conflict (workspace, mention) do update set by = excluded.by, function = excluded.function,"
            " sure = excluded.sure, version = excluded.version, reasons = excluded.reasons, ranking = excluded.ranking,"
            " audit = excluded.audit, owned_at = case when decision.function = excluded.function then decision.owned_at"
            " else excluded.owned_at end where decision.verdict = ''",
            (workspace, now, _json(rows).decode()),
        )


async def decided(tx: Tx, workspace: str, mention: uuid.UUID, *, lock: bool = False) -> Decided | None:
    row = await tx.row(
        "select * from social.decision where workspace = %s and mention = %s" + (" for update" if lock else ""),
        (workspace, mention),
    )
    return None if row is None else _decided(row)


async def decisions(tx: Tx, workspace: str, mentions: Sequence[uuid.UUID]) -> dict[uuid.UUID, Decided]:
    rows = await tx.rows(
        "select * from social.decision where workspace = %s and mention = any(%s)", (workspace, list(mentions))
    )
    return {row["mention"]: _decided(row) for row in rows}


async def judge(
    tx: Tx, workspace: str, mention: uuid.UUID, now: datetime, verdict: str, answer: str, by: str,
    refused: Sequence[str], moves: int, owned_at: datetime | None,
) -> None:  # fmt: skip
    """What a person says of a mention; a mention that came before there were decisions gets one of nobody's."""
    await tx.run(
        "insert into social.decision (workspace, mention, at, by, function, sure, version, reasons, ranking, audit,"
        " verdict, answer, decided_by, decided_at, refused, moves, owned_at)"
        " values (%(w)s, %(m)s, %(now)s, 'nobody', '', 0, '', '[]', '[]', false, %(verdict)s, %(answer)s, %(by)s,"
        " %(now)s, %(refused)s, %(moves)s, %(owned)s)"
        " on conflict (workspace, mention) do update set verdict = excluded.verdict, answer = excluded.answer,"
        " decided_by = excluded.decided_by, decided_at = excluded.decided_at, refused = excluded.refused,"
        " moves = excluded.moves, owned_at = excluded.owned_at",
        {"w": workspace, "m": mention, "now": now, "verdict": verdict, "answer": answer, "by": by,
         "refused": list(refused), "moves": moves, "owned": owned_at},
    )  # fmt: skip


async def examples(tx: Tx, workspace: str, most: int) -> list[Example]:
    """What people decided about, the newest `most`, oldest first. Answered samples are marked."""
    rows = await tx.rows(
        "select * from (select m.text, m.network, m.handle, m.kind, m.language, m.intent, m.topic, m.sentiment,"
        " m.confidence, m.rating, m.direct, d.answer, d.refused, d.audit, d.by, d.function, d.sure, d.decided_at, m.id"
        " from social.decision d join social.mention m on m.workspace = d.workspace and m.id = d.mention"
        " where d.workspace = %s and d.decided_at is not null and m.deleted_at is null"
        " order by d.decided_at desc, m.id desc limit %s) as newest order by decided_at, id",
        (workspace, most),
    )
    return [
        Example(
            row["text"], row["network"], row["handle"], row["kind"], row["language"], row["intent"], row["topic"],
            row["sentiment"], row["confidence"], row["rating"], row["direct"], row["answer"], tuple(row["refused"]),
            row["audit"], row["by"], row["function"], row["sure"],
        )
        for row in rows
    ]  # fmt: skip


async def eager(tx: Tx, least: int) -> list[tuple[Tenant, int]]:
    """Workspaces where people decided about `least` mentions or more since the last model, with its number."""
    rows = await tx.rows(
        "select m.org, d.workspace, coalesce(max(r.version), 0) as version, count(distinct d.mention) as answers"
        " from social.decision d"
        " join lateral (select org from social.mention m where m.workspace = d.workspace limit 1) m on true"
        " left join social.router r on r.workspace = d.workspace"
        " where d.decided_at is not null and d.decided_at > coalesce("
        "   (select max(trained_at) from social.router t where t.workspace = d.workspace), '-infinity')"
        " group by m.org, d.workspace having count(distinct d.mention) >= %s",
        (least,),
    )
    return [(Tenant(row["org"], row["workspace"]), row["version"]) for row in rows]


async def take_turn(tx: Tx, workspace: str) -> bool:
    sql = "select pg_try_advisory_xact_lock(hashtext('social.router'), hashtext(%s)) as turn"
    return bool(await tx.value(sql, (workspace,)))


async def add_model(
    tx: Tx, workspace: str, made: Model, now: datetime, examples_: int, active: bool, card: Any
) -> bool:  # fmt: skip
    """Keeps a model; false where another process was first. An active one takes the place of the one before."""
    done = await tx.run(
        "insert into social.router (workspace, version, trained_at, examples, active, weights, card)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        (workspace, made.version, now, examples_, active, made.packed(), _json(card).decode()),
    )
    if done and active:
        await tx.run(
            "update social.router set active = false where workspace = %s and version <> %s and active",
            (workspace, made.version),
        )
    return bool(done)


async def models(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Every version without its weights, the newest first."""
    return await tx.rows(
        "select version, trained_at, examples, active, card from social.router where workspace = %s"
        " order by version desc limit 50",
        (workspace,),
    )


async def activate(tx: Tx, workspace: str, version: int) -> bool:
    """Version 0 is the prior alone. False where there is no such version."""
    await tx.run("update social.router set active = false where workspace = %s and active", (workspace,))
    return version == 0 or bool(
        await tx.run(
            "update social.router set active = true where workspace = %s and version = %s", (workspace, version)
        )
    )


def _decided(row: dict[str, Any]) -> Decided:
    return Decided(**{name: value for name, value in row.items() if name != "workspace"})
