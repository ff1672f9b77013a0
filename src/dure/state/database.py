"""The pool and the transaction: the only way to PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from dure.kernel.tenant import Tenant
from dure.state import values

Params = Mapping[str, Any] | Sequence[Any] | None


# A connection that answered so lately is not asked again whether it lives, unless another has failed since.
_TRUSTED_SECONDS = 0.5


values.register()


class _Connection(psycopg.AsyncConnection[DictRow]):
    """A pooled connection that knows when it was handed back."""

    back_at = 0.0


class Tx:
    """One transaction. `tenant` is None only for the system's own work (followers, ticks, sign-in)."""

    def __init__(self, connection: psycopg.AsyncConnection[DictRow], tenant: Tenant | None) -> None:
        self.connection = connection
        self.tenant = tenant
        self.appended = 0  # feed batches written by this transaction so far
        self.told: list[Any] = []  # what it tells, for whoever witnesses the end of transactions
        # It had its number before its turn came: what it tells is numbered anew to be where it belongs in the feed.
        self.numbered_early = False

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """A part of the transaction that is undone alone where it fails, with all that it told."""
        told, appended = len(self.told), self.appended
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            # The wake-up call is gone, too: the next append rings again.
            del self.told[told:]
            self.appended = appended
            raise

    async def rows(self, sql: str, params: Params = None, *, binary: bool = False) -> list[dict[str, Any]]:
        """All rows, as dicts by column name; `binary` spares large bytes the way through hexadecimal digits."""
        cursor = await self.connection.execute(sql, params, binary=binary)
        return await cursor.fetchall()

    async def tuples(self, sql: str, params: Params = None) -> list[tuple[Any, ...]]:
        """All rows, as tuples in the order of the columns: for thousands at a time."""
        async with self.connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql, params)
            return await cursor.fetchall()

    async def row(self, sql: str, params: Params = None) -> dict[str, Any] | None:
        """The first row, or None."""
        cursor = await self.connection.execute(sql, params)
        return await cursor.fetchone()

    async def value(self, sql: str, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        row = await self.row(sql, params)
        return None if row is None else next(iter(row.values()))

    async def run(self, sql: str, params: Params = None) -> int:
        """Executes and returns how many rows were touched."""
        cursor = await self.connection.execute(sql, params)
        return cursor.rowcount

    async def many(self, sql: str, params: Sequence[Mapping[str, Any] | Sequence[Any]]) -> None:
        """Executes once per parameter set, pipelined."""
        if len(params) == 1:
            await self.connection.execute(sql, params[0])
            return
        async with self.connection.cursor() as cursor:
            await cursor.executemany(sql, params)


Witness = Callable[[Tx], Awaitable[None]]


class Leaves(Exception):
    """An error that leaves something behind though what it ended is undone: `leave` is a transaction of its own."""

    async def leave(self, tx: Tx) -> None:
        raise NotImplementedError


class State:
    """The database. Opened once per process.

    `witness` is called with every transaction that told something, as the last thing before it commits: what it
    writes stands or falls with the rest.
    """

    def __init__(self, url: str, *, connections: int = 16) -> None:
        self.url = url
        # No server-side plans: one made while tables are empty stays in use when they are not.
        self._pool: AsyncConnectionPool[_Connection] = AsyncConnectionPool(
            url,
            min_size=2,
            max_size=connections,
            open=False,
            timeout=20,
            kwargs={"row_factory": dict_row, "prepare_threshold": None, "autocommit": False},
            connection_class=_Connection,
            check=self._check,
            reset=_note_return,
        )
        self._failed_at = 0.0
        self.witness: Witness | None = None

    async def open(self) -> None:
        await self._pool.open(wait=True)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def begin(self, tenant: Tenant) -> AsyncIterator[Tx]:
        """A transaction on one workspace's data: commits at the end, rolls back on any error."""
        try:
            async with self._connection() as connection:
                tx = Tx(connection, tenant)
                yield tx
                await self._end(tx)
        except Leaves as error:
            await self._leave(error, tenant)
            raise

    @asynccontextmanager
    async def begin_system(self) -> AsyncIterator[Tx]:
        """A transaction of the system itself, across tenants."""
        try:
            async with self._connection() as connection:
                tx = Tx(connection, None)
                yield tx
                await self._end(tx)
        except Leaves as error:
            await self._leave(error, None)
            raise

    async def _leave(self, error: Leaves, tenant: Tenant | None) -> None:
        async with self._connection() as connection:
            tx = Tx(connection, tenant)
            await error.leave(tx)
            await self._end(tx)

    async def _end(self, tx: Tx) -> None:
        if tx.told and self.witness is not None:
            await self.witness(tx)

    async def at_once(self, sql: str, params: Params = None) -> None:
        """One statement that is a whole transaction of the system's: a single way to the server and back."""
        async with self._connection() as connection:
            await connection.set_autocommit(True)
            try:
                await connection.execute(sql, params)
            finally:
                await connection.set_autocommit(False)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[DictRow]]:
        asked = _times_cancelled()
        async with self._pool.connection() as connection:
            # The pool swallows a cancellation that comes while it hands a connection over.
            if _times_cancelled() > asked:
                raise asyncio.CancelledError
            try:
                yield connection
            except psycopg.OperationalError:
                self._failed_at = time.monotonic()
                raise

    async def _check(self, connection: _Connection) -> None:
        if connection.back_at <= max(self._failed_at, time.monotonic() - _TRUSTED_SECONDS):
            await AsyncConnectionPool.check_connection(connection)

    @asynccontextmanager
    async def pipelined(self) -> AsyncIterator[Tx]:
        """A transaction of the system's whose statements go to the server together, its end too: one way there and
        back. None of them can wait for the answer of another; an error of any undoes all."""
        async with self._connection() as connection, connection.pipeline():
            tx = Tx(connection, None)
            yield tx
            await self._end(tx)
            await connection.commit()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[psycopg.AsyncConnection[DictRow]]:
        """A connection of its own without transactions: for locks that outlive one, and for VACUUM."""
        connection = await psycopg.AsyncConnection[DictRow].connect(self.url, autocommit=True, row_factory=dict_row)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[AsyncIterator[psycopg.Notify]]:
        """A connection of its own that hears NOTIFY on the channels."""
        connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
        try:
            for channel in channels:
                await connection.execute(f'listen "{channel}"')
            yield connection.notifies()
        finally:
            await connection.close()


async def _note_return(connection: _Connection) -> None:
    connection.back_at = time.monotonic()


def _times_cancelled() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0
