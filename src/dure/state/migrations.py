"""Numbered migrations: each slice keeps `schema.sql` (the whole, as it is today) and `migrations/NNNN_name.sql`.

A new database is made by running every migration, so the path that old installations take is the one that every
test takes. That the migrations add up to `schema.sql` is held by a test. Tables live in a PostgreSQL schema named
for their slice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dure.kernel.errors import Conflict
from dure.state.database import State

ROOMS = Path(__file__).resolve().parents[1]

# The order in which the rooms' tables are made: a room's tables may refer to those of rooms before it.
ORDER = (
    "feed",
    "governance",
    "people",
    "ingest",
    "automation",
    "metrics",
    "segments",
    "experiments",
    "channels",
    "deals",
    "pacing",
    "social",
    "campaigns",
    "exports",
)


@dataclass(frozen=True)
class Migration:
    slice: str
    number: int
    path: Path

    @property
    def sql(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Every migration in the order to run."""
    found = []
    for name in ORDER:
        for path in sorted((ROOMS / name / "migrations").glob("[0-9]*_*.sql")):
            found.append(Migration(name, int(path.name.split("_")[0]), path))
    return found


async def migrate(state: State) -> list[str]:
    """Runs what has not run yet; returns the names of what ran. A changed old migration is a Conflict."""
    ran = []
    async with state.begin_system() as tx:
        await tx.run("select pg_advisory_xact_lock(hashtext('dure.migrate'))")
        await tx.run(
            "create table if not exists public.migration (slice text, number int, digest text not null,"
            " ran_at timestamptz not null default now(), primary key (slice, number))"
        )
        done = {(row["slice"], row["number"]): row["digest"] for row in await tx.rows("select * from public.migration")}
        for migration in migrations():
            known = done.get((migration.slice, migration.number))
            if known is None:
                await tx.run(migration.sql)
                await tx.run(
                    "insert into public.migration (slice, number, digest) values (%s, %s, %s)",
                    (migration.slice, migration.number, migration.digest),
                )
                ran.append(f"{migration.slice}/{migration.path.name}")
            elif known != migration.digest:
                raise Conflict(f"Migration {migration.slice}/{migration.path.name} was changed after it had run.")
    return ran
