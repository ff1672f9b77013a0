"""Mentions in files that people bring: CSV with a heading, or NDJSON with an object a line.

Columns are known by their names in English and Korean. Employer reviews are such files with columns of their own, since
no site of them lets anybody read by machine.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.connectors.polite import moment
from dure.kernel.errors import Invalid, TooLarge
from dure.social.model import Kind, NewMention
from dure.social.plugs import Field, Given, Manifest, Pulled, Raw

_MOST_BYTES = 32 << 20
_MOST_ROWS = 100_000
_DATES = ("%Y.%m.%d", "%Y.%m.%d.", "%Y/%m/%d", "%Y년 %m월 %d일", "%m/%d/%Y", "%Y-%m-%d %H:%M", "%b %d, %Y")

# What a column means, by any of its names.
NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "external", "review id", "번호", "아이디", "글번호"),
    "text": ("text", "body", "content", "review", "comment", "내용", "본문", "글", "리뷰"),
    "title": ("title", "subject", "headline", "제목", "한줄평"),
    "author": ("author", "name", "reviewer", "작성자", "이름", "직무"),
    "handle": ("handle", "username", "핸들", "닉네임"),
    "url": ("url", "link", "주소", "링크"),
    "posted_at": ("posted_at", "date", "created_at", "posted", "작성일", "날짜", "등록일"),
    "rating": ("rating", "stars", "score", "별점", "평점", "총점"),
    "language": ("language", "lang", "언어"),
    "reach": ("reach", "followers", "도달"),
    "network": ("network", "site", "channel", "네트워크", "사이트", "출처"),
    "email": ("email", "e-mail", "이메일"),
    "pros": ("pros", "장점"),
    "cons": ("cons", "단점"),
    "wish": ("advice to management", "advice", "wish", "경영진에 바라는 점", "경영진에게 바라는 점", "바라는 점"),
}
_KNOWN = {name: meaning for meaning, names in NAMES.items() for name in names}


class Files:
    """Fills `Reads`."""

    kind: Kind = "post"
    manifest = Manifest(
        name="files", network="file", title={"ko": "파일 (CSV·NDJSON)", "en": "Files (CSV, NDJSON)"},
        about={"ko": "다른 곳에서 내려받은 글을 올립니다.", "en": "Takes in what was exported elsewhere."},
        basis="own_data", can=frozenset({"upload", "edits"}),
        settings=(
            Field("network", {"ko": "네트워크 이름", "en": "Network's name"}, default="file",
                  hint={"ko": "열에 적혀 있지 않을 때", "en": "Where no column says it"}),
        ),
        terms={"ko": "올리는 사람이 가진 자료입니다.", "en": "Data that whoever brings it has."},
    )  # fmt: skip

    def read(self, given: Given, body: bytes, name: str) -> Pulled:
        """Every row; the first that cannot be read is named with its number and column, and nothing is kept."""
        if len(body) > _MOST_BYTES:
            raise TooLarge(f"A file has at most {_MOST_BYTES >> 20} MB.", field="file")
        text = _decoded(body)
        lines = name.lower().endswith((".ndjson", ".jsonl")) or text.lstrip().startswith("{")
        mentions: list[NewMention] = []
        for number, row in _objects(text) if lines else _rows(text):
            if len(mentions) >= _MOST_ROWS:
                raise TooLarge(f"A file has at most {_MOST_ROWS:,} rows.", field="file")
            mentions.append(self._mention(given, row, number))
        if not mentions:
            raise Invalid("The file has no rows.", field="file")
        raw = Raw(name or "file", text[:2000], [one.id for one in mentions[:200]])
        return Pulled({}, mentions, raw=[raw], done=len(mentions), total=len(mentions))

    def _mention(self, given: Given, row: Mapping[str, Any], number: int) -> NewMention:
        words = self._words(row)
        if not words.strip():
            raise Invalid(f"Row {number} has no text.", field=f"rows[{number}].text")
        network = str(row.get("network") or given.settings["network"]).strip().lower().replace(" ", "_")
        return NewMention(
            network=network, id=str(row.get("id") or _made(row)), text=words, title=str(row.get("title") or ""),
            author=str(row.get("author") or ""), handle=str(row.get("handle") or ""), url=str(row.get("url") or ""),
            language=str(row.get("language") or ""), reach=_whole(row, "reach", number) or 0,
            rating=_rating(row, number), posted_at=_time(row, number), kind=self.kind,
            email=str(row.get("email") or ""),
        )  # fmt: skip

    def _words(self, row: Mapping[str, Any]) -> str:
        return str(row.get("text") or row.get("title") or "")


class EmployerReviews(Files):
    """Fills `Reads` for reviews of the company as an employer: pros, cons and a wish become one text."""

    kind: Kind = "review"
    manifest = Manifest(
        name="employer_reviews", network="employer", title={"ko": "회사 리뷰 (CSV)", "en": "Employer reviews (CSV)"},
        about={"ko": "잡플래닛, 블라인드, 글래스도어 등에서 내려받은 회사 리뷰를 올립니다.",
               "en": "Takes in reviews exported from Glassdoor, JobPlanet, Blind and the like."},
        basis="terms_restricted", can=frozenset({"upload", "edits"}),
        settings=(Field("network", {"ko": "사이트 이름", "en": "Site's name"}, default="employer"),),
        terms={"ko": "이 사이트들은 기계로 읽는 것을 허락하지 않습니다. 회사 계정에서 내려받은 것만 올려 주세요.",
               "en": "These sites do not allow reading by machine. Bring only what the company's account exported."},
    )  # fmt: skip

    def _words(self, row: Mapping[str, Any]) -> str:
        parts = [str(row.get(name) or "").strip() for name in ("text", "pros", "cons", "wish")]
        return "\n".join(part for part in parts if part) or str(row.get("title") or "")


def _decoded(body: bytes) -> str:
    """UTF-8, or what Excel in Korean writes."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The file is neither UTF-8 nor CP949.", field="file")


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    head = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    names: list[str] = [_KNOWN.get(name.strip().lower(), "") for name in next(reader, [])]
    if "text" not in names and "title" not in names and "pros" not in names and "cons" not in names:
        raise Invalid(f"No column is named {', '.join(NAMES['text'])}.", field="rows[1]")
    try:
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                yield number, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
    except csv.Error as error:
        raise Invalid(f"The CSV cannot be read at line {reader.line_num}: {error}", field="file") from error


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as error:
            raise Invalid(f"Line {number} is not JSON.", field=f"rows[{number}]") from error
        if not isinstance(said, dict):
            raise Invalid(f"Line {number} is no object.", field=f"rows[{number}]")
        yield number, {_meaning(name): value for name, value in said.items() if value is not None}


def _meaning(name: str) -> str:
    return _KNOWN.get(name.lower(), name)


def _made(row: Mapping[str, Any]) -> str:
    """An id for a row that has none: the same for the same row, so that a file may be brought twice."""
    told = json.dumps({name: str(value) for name, value in row.items()}, sort_keys=True, ensure_ascii=False)
    return "row-" + hashlib.sha256(told.encode()).hexdigest()[:32]


def _time(row: Mapping[str, Any], number: int) -> datetime | None:
    given = row.get("posted_at")
    if given in (None, ""):
        return None
    if (at := moment(given)) is not None:
        return at
    for form in _DATES:
        try:
            return moment(datetime.strptime(str(given).strip(), form).isoformat())
        except ValueError:
            continue
    raise Invalid(f"Row {number}: {given!r} is no date.", field=f"rows[{number}].posted_at")


def _rating(row: Mapping[str, Any], number: int) -> int | None:
    given = str(row.get("rating") or "").replace("★", "").strip()
    if not given:
        return None
    try:
        rating = round(float(given))
    except ValueError as error:
        raise Invalid(f"Row {number}: {given!r} is no rating.", field=f"rows[{number}].rating") from error
    if not 1 <= rating <= 5:
        raise Invalid(f"Row {number}: a rating is 1 to 5.", field=f"rows[{number}].rating")
    return rating


def _whole(row: Mapping[str, Any], name: str, number: int) -> int | None:
    given = str(row.get(name) or "").replace(",", "").strip()
    if not given:
        return None
    if not given.isdigit():
        raise Invalid(f"Row {number}: {given!r} is no number.", field=f"rows[{number}].{name}")
    return int(given)
