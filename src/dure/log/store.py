"""The log's client: embedded (chdb) or a ClickHouse server, the same code for both."""

from __future__ import annotations

import asyncio
import queue
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import clickhouse_connect
import numpy as np
from clickhouse_connect.driver._backend.chdb_backend import ChdbBackend
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from dure.kernel.errors import Cancelled, Unavailable
from dure.kernel.tenant import Tenant
from dure.log.refusal import first_line, refusal
from dure.log.running import end, to_the_end
from dure.log.seen import Keys

_BOUND = re.compile(r"\{\w+:")
_SCHEMA = Path(__file__).with_name("schema.sql")
_INSERT_SETTINGS = {
    "date_time_input_format": "best_effort",
    "input_format_skip_unknown_fields": 1,
    "max_insert_block_size": 10_000_000,
    "min_insert_block_size_rows": 10_000_000,
    "min_insert_block_size_bytes": 1 << 30,
    "input_format_parallel_parsing": 0,  # one block a range, so that the token covers it whole
    "type_json_skip_duplicated_paths": 1,
    # A path that is sometimes a number and sometimes a text must stay readable as either.
    "input_format_json_infer_array_of_dynamic_from_array_of_different_types": 1,
    # A text is a text: a zip code must not become a number, nor a version a date.
    "input_format_json_try_infer_numbers_from_strings": 0,
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
}
# Which messages came lately, counted back from the newest, whatever the clock here says.
_RECENT_KEYS = """
select toUInt16(toDate(received_at)), xxh3(concat(workspace, '\\0', message_id)) from events
where received_at > (select max(received_at) from events) - toIntervalDay({days:UInt16})
"""


def _rows_read_from_disk(result: Any) -> dict[str, Any]:
    read = {"read_rows": str(result.storage_rows_read()), "read_bytes": str(result.storage_bytes_read())}
    return {**_summary_of_result(result), **read}


# The embedded client reports how long the answer is as the rows it read; chdb itself knows what was read.
_summary_of_result = ChdbBackend._summary
ChdbBackend._summary = staticmethod(_rows_read_from_disk)  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: column names, rows as tuples, rows and bytes read from disk (uncompressed), seconds it took."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    rows_read: int
    seconds: float
    bytes_read: int = 0

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Log:
    """The log. `dsn` is `chdb:///DIR` or a ClickHouse URL; questions run on up to `clients` threads at once."""

    def __init__(self, dsn: str, *, database: str = "dure", clients: int = 4) -> None:
        self.dsn = dsn
        self.database = database
        self.clients = clients
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._made = 0
        self._lock = threading.Lock()
        self._watching = threading.Lock()
        self._watch: Any = None
        self._closed = False

    def open(self) -> None:
        """Connects, and makes the database and its tables where they are missing."""
        with self._client(system=True) as client:
            client.command(f"create database if not exists `{self.database}`")
        with self._client() as client:
            for statement in _SCHEMA.read_text(encoding="utf-8").split(";\n"):
                sql = "\n".join(line for line in statement.splitlines() if not line.strip().startswith("--")).strip()
                if sql:
                    client.command(sql.rstrip(";"))

    def close(self) -> None:
        self._closed = True
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        while True:
            try:
                client = self._idle.get_nowait()
            except queue.Empty:
                return
            if client is not None:
                client.close()

    def drop(self) -> None:
        """Removes the whole log."""
        with self._client(system=True) as client:
            client.command(f"drop database if exists `{self.database}`")

    async def insert(self, token: str, lines: bytes, table: str = "events") -> None:
        """Writes newline-separated JSON. The same token a second time writes nothing."""
        await asyncio.to_thread(self.insert_now, token, lines, table)

    def insert_now(self, token: str, lines: bytes, table: str = "events") -> None:
        settings = {**_INSERT_SETTINGS, "insert_deduplication_token": token}
        with self._client() as client:
            client.raw_insert(table, insert_block=lines, fmt="JSONEachRow", settings=settings)

    async def recent_keys(self, days: int) -> list[tuple[int, Keys]]:
        """The keys (`feed.message_key`) of all messages received in the last days, by day."""
        return await asyncio.to_thread(self.recent_keys_now, days)

    def recent_keys_now(self, days: int) -> list[tuple[int, Keys]]:
        with self._client() as client:
            packed = client.raw_query(_RECENT_KEYS, parameters={"days": days}, fmt="RowBinary")
        rows = np.frombuffer(packed, dtype=np.dtype([("day", "<u2"), ("key", "<u8")]))
        return [(int(day), np.ascontiguousarray(rows["key"][rows["day"] == day])) for day in np.unique(rows["day"])]

    async def query(
        self,
        tenant: Tenant,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        seconds: float = 60.0,
        mark: str = "",
    ) -> Rows:
        """Asks. `{workspace:String}` and `{org:String}` are always bound to the tenant, whatever `params` holds.

        A statement with a `mark` ends inside ClickHouse when the caller is cancelled, and can be found by it
        (`log.running`). Raises Invalid for a statement ClickHouse refuses, TooLarge where it would read or return more
        rows than it may, Unavailable where it ran out of time or memory, Cancelled where somebody ended it.
        """
        stop = threading.Event()
        asked = asyncio.ensure_future(
            asyncio.to_thread(
                self.query_now, tenant, sql, params, settings=settings, seconds=seconds, mark=mark, stop=stop
            )
        )
        if not mark:
            return await asked
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            stop.set()
            await to_the_end(end(self, mark, asked))
            raise

    def query_now(
        self,
        tenant: Tenant,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        seconds: float = 60.0,
        mark: str = "",
        stop: threading.Event | None = None,
    ) -> Rows:
        bound = {**(params or {}), "org": tenant.org, "workspace": tenant.workspace}
        settings = {"max_execution_time": seconds, **(settings or {}), **({"log_comment": mark} if mark else {})}
        started = time.perf_counter()
        try:
            with self._client() as client:
                if stop is not None and stop.is_set():
                    raise Cancelled
                # Without a `{name:Type}` the client would read the percent signs of a statement as its own holes.
                answer = client.query(sql, parameters=bound if _BOUND.search(sql) else None, settings=settings)
                found = answer.result_rows
        except ClickHouseError as error:
            raise refusal(error, settings, unreachable=isinstance(error, OperationalError)) from error
        rows, read = (int((answer.summary or {}).get(name, 0) or 0) for name in ("read_rows", "read_bytes"))
        return Rows(tuple(answer.column_names), found, rows, time.perf_counter() - started, read)

    async def export(
        self, tenant: Tenant, sql: str, params: Mapping[str, Any], kind: str, settings: Mapping[str, Any],
        *, seconds: float = 600.0,
    ) -> bytes:  # fmt: skip
        """The answer in a format of ClickHouse's own, such as Parquet, bound to the tenant like `query`. It is held
        whole, so ask for a part at a time."""

        def run() -> bytes:
            bound = {**params, "org": tenant.org, "workspace": tenant.workspace}
            with self._client() as client:
                answer = client.raw_query(
                    sql, parameters=bound, fmt=kind, settings={**settings, "max_execution_time": seconds}
                )
                return bytes(answer)

        try:
            return await asyncio.to_thread(run)
        except ClickHouseError as error:
            raise Unavailable(first_line(error)) from error

    async def command(self, tenant: Tenant, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """A statement that changes something (a mutation), bound to the tenant like `query`."""

        def run() -> None:
            bound = {**(params or {}), "org": tenant.org, "workspace": tenant.workspace}
            with self._client() as client:
                client.command(sql, parameters=bound)

        await asyncio.to_thread(run)

    async def change(
        self,
        tenant: Tenant,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Like `command` for statements that take long or many values: a mutation that is waited for."""

        def run() -> None:
            bound = {**(params or {}), "org": tenant.org, "workspace": tenant.workspace}
            with self._client() as client:
                client.command(sql, parameters=bound if _BOUND.search(sql) else None, settings=dict(settings or {}))

        await asyncio.to_thread(run)

    async def ready(self) -> bool:
        """Whether the log answers. Raises Unavailable, saying why, where nothing is there to answer."""

        def ask() -> bool:
            try:
                with self._client() as client:
                    return bool(client.command("select 1") == 1)
            except ClickHouseError as error:
                raise Unavailable(f"The log does not answer: {first_line(error)}") from error

        return await asyncio.to_thread(ask)

    @contextmanager
    def _client(self, *, system: bool = False) -> Iterator[Any]:
        # One handle runs one statement at a time, so each thread takes its own; they share one engine.
        if self._closed:
            raise Unavailable("The log is closed.")
        database = "default" if system else self.database
        if system:
            client = clickhouse_connect.get_client(dsn=self.dsn, database=database)
            try:
                yield client
            finally:
                client.close()
            return
        client = self._take(database)
        try:
            yield client
        except BaseException:
            client = self._instead_of(client, database)
            raise
        finally:
            if client is not None and self._closed:
                client.close()
            else:
                self._idle.put(client)

    def _instead_of(self, client: Any, database: str) -> Any:
        """A new client for one whose statement failed: the embedded engine keeps what a statement gave before, and
        would add it to the answer of the next one, whosever that is. None where nothing is there to connect to.

        The old one goes last, because without any the engine stops.
        """
        try:
            return clickhouse_connect.get_client(dsn=self.dsn, database=database)
        except ClickHouseError:
            return None
        finally:
            client.close()

    @contextmanager
    def _watcher(self) -> Iterator[Any]:
        """The client that looks at the others: it is there when all of them are taken."""
        with self._watching:
            if self._closed:
                raise Unavailable("The log is closed.")
            try:
                if self._watch is None:
                    self._watch = clickhouse_connect.get_client(dsn=self.dsn, database=self.database)
                yield self._watch
            except ClickHouseError as error:
                if self._watch is not None:
                    self._watch = self._instead_of(self._watch, self.database)
                raise Unavailable(f"The log does not answer: {first_line(error)}") from error

    def _take(self, database: str) -> Any:
        with self._lock:
            make = self._idle.empty() and self._made < self.clients
            if make:
                self._made += 1
        client = None if make else self._idle.get()
        if client is not None:
            return client
        try:
            return clickhouse_connect.get_client(dsn=self.dsn, database=database)
        except BaseException:
            self._idle.put(None)  # the place stays, for a client to be made in
            raise
