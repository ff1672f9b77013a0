"""The path old installations take leads to the schema as it is written down today."""

from __future__ import annotations

import psycopg
import pytest

from dure.kernel.errors import Conflict
from dure.state import State
from dure.state.migrations import ORDER, ROOMS, migrate, migrations
from tests.databases import database_url

pytestmark = pytest.mark.anyio

_COLUMNS = """
select table_schema, table_name, column_name, data_type, is_nullable, column_default, is_generated
from information_schema.columns where table_schema = any(%s) order by 1, 2, 3
"""
_INDEXES = (
    "select schemaname, tablename, indexname, indexdef from pg_indexes where schemaname = any(%s) order by 1, 2, 3"
)
_CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where connamespace = any(select oid from pg_namespace where nspname = any(%s)) order by 1, 2
"""


def shape(connection: psycopg.Connection) -> list[object]:
    rooms = [list(ORDER)]
    return [connection.execute(sql, rooms).fetchall() for sql in (_COLUMNS, _INDEXES, _CONSTRAINTS)]


def test_the_migrations_add_up_to_the_schema(postgres_url: str, fresh_database: str) -> None:
    name = "dure_from_schema"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"drop database if exists {name}")
        server.execute(f"create database {name}")
    try:
        with psycopg.connect(database_url(postgres_url, name)) as fresh, psycopg.connect(fresh_database) as migrated:
            for room in ORDER:
                path = ROOMS / room / "schema.sql"
                if path.exists():
                    fresh.execute(path.read_text())
            assert shape(fresh) == shape(migrated)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute(f"drop database {name} with (force)")


async def test_migrating_again_runs_nothing(state: State) -> None:
    assert await migrate(state) == []


async def test_a_migration_that_was_changed_after_it_ran_is_refused(state: State) -> None:
    async with state.begin_system() as tx:
        await tx.run("update public.migration set digest = 'other' where slice = 'feed'")
    with pytest.raises(Conflict, match="feed/0001"):
        await migrate(state)


def test_every_room_with_tables_has_both_files_and_its_place_in_the_order() -> None:
    rooms = {path.parent.name for path in ROOMS.glob("*/schema.sql")} - {"log"}
    assert rooms <= set(ORDER)
    assert rooms == {migration.slice for migration in migrations()}
