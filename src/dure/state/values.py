"""How values go to PostgreSQL and come from it quickly, where there are thousands in a statement.

psycopg writes lists item by item in Python and looks at each for letters that need quotes; lists of ids and of texts,
which is what sets of rows are made of, are written whole here. JSON is read by msgspec.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper
from psycopg.types.json import set_json_loads

_IDS, _TEXTS, _NUMBERS = {UUID}, {str}, {int}
_read = msgspec.json.Decoder().decode


class WholeLists(ListDumper):
    """An array's text, the same that psycopg writes but for quotes that it leaves out."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        kinds = set(map(type, obj))
        if not kinds or kinds == _NUMBERS:
            return b"{%b}" % ",".join(map(str, obj)).encode()
        if kinds == _IDS:
            return b"{%b}" % ",".join(["%032x" % each.int for each in obj]).encode()  # noqa: UP031  (twice as quick)
        if kinds == _TEXTS:
            # No text in PostgreSQL has a NUL: it can stand between them until all are escaped at once.
            whole = "\0".join(obj)
            if whole.count("\0") == len(obj) - 1:
                whole = whole.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
                return b'{"%b"}' % whole.encode()
        return super().dump(obj)


def loads(text: str | bytes) -> Any:
    """JSON; a number too large for any float is infinite, as Python's own reader has it."""
    try:
        return _read(text)
    except msgspec.DecodeError:
        return json.loads(text)


def register() -> None:
    psycopg.adapters.register_dumper(list, WholeLists)
    set_json_loads(loads)
