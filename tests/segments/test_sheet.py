"""People out of a file: which lines say whom."""

from __future__ import annotations

import pytest

from dure.kernel.errors import Invalid
from dure.kernel.ids import person_id
from dure.segments.sheet import rows_of


def test_lines_are_told_apart() -> None:
    rows, report = rows_of("T1", '이름,distinct_id\n민아,u-1\n준,"u-2"\n민아,u-1\n,\n길,\n"길",u\x07\n')
    assert [(row.line, row.id, row.person) for row in rows] == [
        (2, "u-1", person_id("T1", "u-1")), (3, "u-2", person_id("T1", "u-2")),
    ]  # fmt: skip
    assert (report.rows, report.column) == (5, "distinct_id")
    assert report.duplicate.first == [(4, "u-1 (= 2)")]
    assert [line for line, _ in report.bad.first] == [6, 7]


def test_one_column_needs_no_heading_and_ids_of_people_are_read() -> None:
    mina = person_id("T1", "mina")
    rows, report = rows_of("T1", f"\ufeffmina\n{mina}\njoon")
    assert [row.id for row in rows] == ["mina", "joon"]
    assert report.duplicate.count == 1


@pytest.mark.parametrize("text", ["u;n\nu-1;a", "n\tuser_id\na\tu-1", "n,USER_ID\na,u-1"])
def test_separators_and_headings_are_found(text: str) -> None:
    rows, _ = rows_of("T1", text, "u" if ";" in text else "")
    assert [row.id for row in rows] == ["u-1"]


def test_an_open_quotation_mark_is_told_by_its_line() -> None:
    rows, report = rows_of("T1", 'id\nu-1\n"u-2\nu-3\n')
    assert [row.id for row in rows] == ["u-1"]
    assert report.bad.count == 1


@pytest.mark.parametrize(
    ("text", "column", "field"),
    [("a,b\n1,2", "", "column"), ("a,b\n1,2", "c", "column"), ("\n\n", "", "csv"), ("x\n" * 50_001, "", "csv")],
)
def test_a_file_that_says_nobody_is_refused(text: str, column: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rows_of("T1", text, column)
    assert refused.value.field == field
