"""Parquet, read by the batch; a whole row group is never held."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from typing import IO, Any

import pyarrow
from pyarrow import compute, parquet

from dure.ingest.imports.columns import Columns
from dure.ingest.imports.rows import BadRows, BadValue, Cells, RowMaker
from dure.kernel.errors import Invalid

_ROWS = 5000


def parquet_rows(
    file: IO[bytes], columns: Columns, read_time: Callable[[Any], Any] | None, bad: BadRows
) -> Generator[Cells, None, None]:
    """The rows of a Parquet file; a row's line is its number. Times without a zone are UTC, decimals numbers."""
    with _table(file) as table:
        columns.require(table.schema_arrow.names)
        maker = RowMaker(columns, read_time)
        for line, fields in _fields(table):
            try:
                yield maker.row(line, fields)
            except BadValue as error:
                bad.note(line, str(error))


def parquet_texts(file: IO[bytes]) -> Generator[tuple[int, str], None, None]:
    """Each row as a JSON object of its columns."""
    with _table(file) as table:
        for line, fields in _fields(table):
            yield line, json.dumps(fields, ensure_ascii=False, default=str)


def _table(file: IO[bytes]) -> parquet.ParquetFile:
    try:
        return parquet.ParquetFile(file, pre_buffer=False)
    except pyarrow.ArrowInvalid as error:
        raise Invalid(f"The file is not Parquet: {error}", field="file") from error


def _fields(table: parquet.ParquetFile) -> Iterator[tuple[int, dict[str, Any]]]:
    line, names = 0, table.schema_arrow.names
    for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
        lists = [_values(column) for column in batch.columns]
        for values in zip(*lists, strict=True):
            line += 1
            yield line, dict(zip(names, values, strict=True))


def _values(column: Any) -> list[Any]:
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        return _values(column.dictionary_decode())
    if pyarrow.types.is_timestamp(kind):
        # Python's times have microseconds and one zone is enough.
        moments = compute.cast(column, pyarrow.timestamp("us", kind.tz and "UTC"), safe=False)
        return [moment and moment.isoformat() for moment in moments.to_pylist()]
    if pyarrow.types.is_map(kind):
        return column.to_pylist(maps_as_pydicts="lossy")  # type: ignore[no-any-return]
    return column.to_pylist(maps_as_pydicts="lossy")  # type: ignore[no-any-return]
