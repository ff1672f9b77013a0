"""A history out of the log: which files it has, and the content of one. The only SQL of exports over the log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dure.exports.model import COLUMNS, Format, Part
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log

ROWS_A_PART = 200_000
_NAME = re.compile(r"[\w.$ -]{1,100}")
# What a chosen property's own column holds; what is not that is null.
_TYPES = {
    "text": "String",
    "number": "Float64",
    "integer": "Int64",
    "bool": "Bool",
}
_WRITTEN = {Format.PARQUET: "Parquet", Format.CSV: "CSVWithNames", Format.NDJSON: "JSONEachRow"}
_SETTINGS = {
    "output_format_parquet_compression_method": "zstd",
    "output_format_parquet_string_as_string": 1,
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_escape_forward_slashes": 0,
    "date_time_output_format": "iso",
    "max_threads": 2,  # questions go before exports
}


@dataclass(frozen=True, slots=True)
class History:
    """What of the log is asked for: days (both included, in `timezone`), event names and sources (empty: all), and
    properties that get columns of their own."""

    format: Format = Format.PARQUET
    begin: date | None = None
    end: date | None = None
    timezone: str = "UTC"
    events: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None

    def check(self) -> None:
        """Raises Invalid naming the field."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Invalid(f"{self.timezone!r} is no time zone; one is Asia/Seoul.", field="timezone") from error
        if self.begin and self.end and self.end < self.begin:
            raise Invalid("`to` is before `from`.", field="to")
        for name, kind in (self.columns or {}).items():
            if not _NAME.fullmatch(name) or name in COLUMNS:
                raise Invalid(f"{name!r} cannot be the name of a column beside the others.", field="columns")
            if kind not in _TYPES:
                raise Invalid(f"A column is {', '.join(_TYPES)}; {kind!r} is none.", field="columns")


async def parts(log: Log, tenant: Tenant, history: History, most: int = ROWS_A_PART) -> list[Part]:
    """The files of a history, each within one day and of about `most` rows at most."""
    where, params = _where(history)
    found = await log.query(
        tenant,
        "select toString(toDate(time, {zone:String})) as day,"
        " toUnixTimestamp(toStartOfHour(time, {zone:String})) as hour,"
        f" count() as rows from events where {where} group by day, hour order by hour",
        params, seconds=600,
    )  # fmt: skip
    return list(_packed([(str(day), int(hour), int(rows)) for day, hour, rows in found.rows], most))


async def content(log: Log, tenant: Tenant, history: History, part: Part) -> bytes:
    """A file of a history, ordered by time."""
    where, params = _where(history)
    # NDJSON nests the properties, the others hold them as a text; an instant has its zone said in each.
    nested = history.format is Format.NDJSON
    written = {
        "person": "toString(e.person) as person",
        "properties": "e.properties as properties" if nested else "toJSONString(e.properties) as properties",
    }
    columns = [written.get(name, f"e.{name} as {name}") for name in COLUMNS]
    for number, (name, kind) in enumerate((history.columns or {}).items()):
        params[f"column{number}"] = name
        found = f"JSONExtract(toJSONString(e.properties), {{column{number}:String}}, 'Nullable({_TYPES[kind]})')"
        columns.append(f"{found} as `{name}`")
    sql = (
        f"select {', '.join(columns)} from events as e where {where}"
        " and time >= toDateTime64({begin:Int64}, 6, 'UTC') and time < toDateTime64({end:Int64}, 6, 'UTC')"
        " and ({slices:UInt64} = 1 or cityHash64(message_id) % {slices:UInt64} = {slice:UInt64})"
        " order by e.time, e.message_id"
    )
    params |= {"begin": part.begin, "end": part.end, "slices": part.slices, "slice": part.slice}
    return await log.export(tenant, sql, params, _WRITTEN[history.format], _SETTINGS)


def _packed(hours: Sequence[tuple[str, int, int]], most: int) -> Iterator[Part]:
    """Hours of one day go together while they fit; an hour that does not fit alone is cut by its message ids."""
    pack: list[tuple[str, int, int]] = []
    number, day = 0, ""

    def closed() -> Part:
        return Part(day, number, pack[0][1], pack[-1][1] + 3600, 0, 1, sum(rows for *_, rows in pack))

    for today, hour, rows in hours:
        if pack and (today != day or sum(rows for *_, rows in pack) + rows > most):
            yield closed()
            number, pack = number + 1, []
        if today != day:
            day, number = today, 0
        if rows > most:
            slices = -(-rows // most)
            for one in range(slices):
                yield Part(day, number, hour, hour + 3600, one, slices, rows // slices + (one < rows % slices))
                number += 1
        else:
            pack.append((today, hour, rows))
    if pack:
        yield closed()


def _where(history: History) -> tuple[str, dict[str, Any]]:
    clauses, params = ["workspace = {workspace:String}"], {"zone": history.timezone}
    given: dict[str, Any] = params
    zone = ZoneInfo(history.timezone)
    if history.begin:
        given["from"] = _midnight(history.begin, zone)
        clauses.append("time >= toDateTime64({from:Int64}, 6, 'UTC')")
    if history.end:
        given["to"] = _midnight(history.end + timedelta(days=1), zone)
        clauses.append("time < toDateTime64({to:Int64}, 6, 'UTC')")
    for name, values in (("event", history.events), ("source", history.sources)):
        if values:
            given[f"{name}s"] = list(values)
            clauses.append(f"{name} in {{{name}s:Array(String)}}")
    return " and ".join(clauses), given


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp())
