"""NDJSON: one object a line."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import IO, Any

import msgspec

from dure.ingest.imports.columns import Columns
from dure.ingest.imports.rows import BadRows, BadValue, Cells, RowMaker

_BOM = b"\xef\xbb\xbf"


def json_rows(
    file: IO[bytes], columns: Columns, read_time: Callable[[Any], Any] | None, bad: BadRows
) -> Generator[Cells, None, None]:
    """The rows of a file of JSON objects; a line that is none is noted."""
    maker = RowMaker(columns, read_time)
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for line, text in enumerate(file, start=1):
        if line == 1:
            text = text.removeprefix(_BOM)
        if not text.strip():
            continue
        try:
            yield maker.row(line, decode(text))
        except BadValue as error:
            bad.note(line, str(error), text[:1000].strip())
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            hint = " The file is one array; it needs one object a line." if line == 1 and text[:1] == b"[" else ""
            bad.note(line, f"The line is not a JSON object: {error}.{hint}", text[:1000].strip())
