"""Notes and attachments as frozen values, and their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.deals.record_id import ATTACHMENT as ATTACHMENT_PREFIX
from dure.deals.record_id import NOTE as NOTE_PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down at a record."""

    id: str
    about: str
    text: str
    created_at: datetime
    changed_at: datetime
    title: str = ""
    author: str = ""
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A link (`url`), or a file that was uploaded (`file` is its id), at a record."""

    id: str
    about: str
    name: str
    created_at: datetime
    changed_at: datetime
    url: str = ""
    file: str = ""
    author: str = ""
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None


_AUTHOR = Field("author", "reference", "작성자", "Author", reference="user", writable=False)

NOTE = Shape(
    "note",
    NOTE_PREFIX,
    "deals.note",
    Note,
    "노트",
    "Note",
    (
        Field("about", "reference", "대상", "About", reference="any", required=True),
        Field("title", "text", "제목", "Title"),
        Field("text", "long_text", "내용", "Text", required=True),
        _AUTHOR,
        *kept_fields(),
    ),
    search=("title", "text"),
)

ATTACHMENT = Shape(
    "attachment",
    ATTACHMENT_PREFIX,
    "deals.attachment",
    Attachment,
    "첨부",
    "Attachment",
    (
        Field("about", "reference", "대상", "About", reference="any", required=True),
        Field("name", "text", "이름", "Name", required=True),
        Field("url", "url", "주소", "Address", limit=2000),
        Field("file", "text", "파일", "File", limit=40),
        _AUTHOR,
        *kept_fields(),
    ),
)
