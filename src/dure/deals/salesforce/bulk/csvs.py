"""CSV as jobs have it: delimiters by name, line endings, a header, quotes where they are needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from dure.deals.salesforce.faults import Fault

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
_LONGEST_FIELD = 131_072


def read(body: bytes, delimiter: str) -> Iterator[list[str]]:
    """Rows, the header first; a Fault where it is no CSV in UTF-8."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault("INVALIDBATCH", f"The data is not UTF-8: {error}") from error
    if "\0" in text:
        raise Fault("INVALIDBATCH", "The data has a character that no text may have.")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[delimiter], strict=True):
            if row:
                yield row
    except csv.Error as error:
        raise Fault("INVALIDBATCH", f"The data is not CSV: {error}") from error


def lines(rows: Sequence[Sequence[str]], delimiter: str, ending: str) -> str:
    """Rows as Salesforce writes them: every value quoted."""
    out = io.StringIO()
    csv.writer(out, delimiter=DELIMITERS[delimiter], lineterminator=ENDINGS[ending], quoting=csv.QUOTE_ALL).writerows(
        rows
    )
    return out.getvalue()
