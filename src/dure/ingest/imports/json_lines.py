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
            bad.note(line, str(error))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            hint = " The file is one array; it needs one object a line." if line == 1 and text[:1] == b"[" else ""
            bad.note(line, f"The line is not a JSON object: {error}.{hint}")


def json_texts(file: IO[bytes]) -> Generator[tuple[int, str], None, None]:
    """Each line as it stands in the file."""
    for line, text in enumerate(file, start=1):
        yield line, text.removeprefix(_BOM).decode("utf-8", "replace").rstrip("\r\n")
