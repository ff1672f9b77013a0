"""People out of a CSV file: which lines say whom, and which say nobody, the same one again, or nothing to be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dure.kernel.errors import Invalid
from dure.segments.rules import who

MOST_ROWS = 50_000
MOST_TOLD = 200
"""So many lines of a kind are named; all are counted."""
COLUMNS = ("person_id", "person", "distinct_id", "user_id", "id", "아이디", "사용자")
"""Names that a column of ids goes by, the best first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file (the first line is 1) and the id on it."""

    line: int
    id: str
    person: UUID


@dataclass
class Lines:
    """Lines of one kind: how many, and the first of them as `(line, what stands there)`."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, text: str) -> None:
        self.count += 1
        if len(self.first) < MOST_TOLD:
            self.first.append((line, text[:120]))


@dataclass
class Report:
    """What a file came to. `unknown` are ids that nobody was ever seen under, `bad` lines that cannot be read; neither
    is put in. `there` were in the list already."""

    rows: int = 0
    column: str = ""
    entered: int = 0
    left: int = 0
    there: int = 0
    unknown: Lines = field(default_factory=Lines)
    duplicate: Lines = field(default_factory=Lines)
    bad: Lines = field(default_factory=Lines)


def rows_of(workspace: str, text: str, column: str = "") -> tuple[list[Row], Report]:
    """The people of a file, each once, and a report of the lines that say none.

    The ids stand in the column named, else in one that is called as ids are called, else in the first; a file of one
    column needs no heading. Separated by commas, semicolons or tabs.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text), strict=True)
    report, found, seen = Report(), [], dict[UUID, int]()
    place: int | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            # What follows an open quotation mark cannot be told apart any more.
            report.bad.add(reader.line_num, str(error))
            break
        if not any(cell.strip() for cell in cells):
            continue
        if place is None:
            place, heading = _place(cells, column)
            report.column = cells[place].strip() if heading else ""
            if heading:
                continue
        report.rows += 1
        if report.rows > MOST_ROWS:
            raise Invalid(f"A file has at most {MOST_ROWS:,} rows; bring this one in parts.", field="csv")
        said = cells[place].strip() if place < len(cells) else ""
        if not said or len(said) > 255 or not said.isprintable():
            report.bad.add(reader.line_num, ",".join(cells))
            continue
        person = who(workspace, said, "csv")
        if person in seen:
            report.duplicate.add(reader.line_num, f"{said} (= {seen[person]})")
            continue
        seen[person] = reader.line_num
        found.append(Row(reader.line_num, said, person))
    if not report.rows and not report.bad.count:
        raise Invalid("There is nobody in this file.", field="csv")
    return found, report


def _place(cells: Sequence[str], column: str) -> tuple[int, bool]:
    """Which column the ids stand in, and whether this first line is a heading."""
    names = [cell.strip().lower() for cell in cells]
    if column:
        if column.strip().lower() not in names:
            raise Invalid(f"The file has no column {column!r}.", field="column")
        return names.index(column.strip().lower()), True
    for name in COLUMNS:
        if name in names:
            return names.index(name), True
    if len(cells) > 1:
        raise Invalid(f"Say which column the ids stand in: {', '.join(cells)[:200]}.", field="column")
    return 0, False


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)
