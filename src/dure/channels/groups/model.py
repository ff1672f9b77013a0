"""A user group."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from dure.channels.groups.refusals import BadHandle
from dure.channels.refusals import NameRequired
from dure.channels.rules import clean
from dure.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Group:
    """`channels` are those that its people are brought into by default; `users` their ids, in order."""

    id: str
    workspace: str
    name: str
    handle: str
    description: str
    channels: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    deleted_by: str = ""
    deleted_at: datetime | None = None
    users: tuple[str, ...] = ()


def group_name(text: str) -> str:
    name = str(clean(text)).strip()
    if not name:
        raise NameRequired("A user group needs a name.", field="name")
    if len(name) > 80:
        raise Invalid("A user group's name has at most 80 characters.", field="name")
    return name


def group_handle(text: str, name: str) -> str:
    """The handle as it is written after `@`; made of the name where none is given."""
    handle = unicodedata.normalize("NFC", str(clean(text)).strip().lstrip("@").lower())
    if not handle:
        handle = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name).lower()).strip("-")[:80]
    if not re.fullmatch(r"[\w][\w.-]{0,79}", handle):
        raise BadHandle(field="handle")
    return handle
