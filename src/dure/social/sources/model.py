"""A connected source as frozen values: what was set, the ways on which it is asked, how each of them goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from dure.social.model import NewMention, Reading

WayKind = Literal["pull", "stream", "history", "hear", "upload"]
KEPT = timedelta(days=3)
"""For how long payloads can be looked into."""

TROUBLES: Mapping[str, Mapping[str, str]] = {
    "refused_key": {
        "ko": "자격 증명을 받아들이지 않았습니다. 키나 토큰을 새로 넣어 주세요.",
        "en": "It did not take the credentials. Give the key or token anew.",
    },
    "not_found": {
        "ko": "찾는 것이 그곳에 없습니다. 설정에 적은 이름이나 주소를 확인해 주세요.",
        "en": "What it was asked for is not there. Check the names and addresses in the settings.",
    },
    "busy": {
        "ko": "요청 한도에 닿아, 기다려 달라고 한 만큼 기다린 뒤 다시 묻습니다.",
        "en": "The rate limit was reached; it is asked again after the time it wants.",
    },
    "unreadable": {
        "ko": "대답을 읽을 수 없습니다. 주소가 맞는지 확인해 주세요.",
        "en": "Its answer cannot be read. Check that the address is right.",
    },
    "answered": {"ko": "오류를 돌려주었습니다.", "en": "It answered with an error."},
    "settings": {"ko": "설정에 맞지 않는 것이 있습니다.", "en": "Something in the settings does not fit."},
    "unsigned": {"ko": "서명이 없거나 맞지 않는 호출이 왔습니다.", "en": "A call came without a signature that fits."},
    "unreached": {
        "ko": "닿을 수 없습니다. 주소와 네트워크를 확인해 주세요.",
        "en": "It cannot be reached. Check the address and the network.",
    },
    "not_allowed": {
        "ko": "허용되지 않은 주소입니다. 사설 네트워크는 관리자가 허용해야 합니다.",
        "en": "The address is not allowed. Private networks have to be allowed by the administrator.",
    },
    "unsealed": {
        "ko": "비밀 값이 다른 서버의 열쇠로 잠겨 있습니다. 다시 넣어 주세요.",
        "en": "The secrets were sealed under another server's key. Give them anew.",
    },
    "unknown_connector": {
        "ko": "이 서버에는 이 커넥터가 없습니다.",
        "en": "This server has no such connector.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Connected:
    """A source of a workspace. `sealed` are its secrets; `every` the seconds between two pulls."""

    id: UUID
    connector: str
    name: str
    settings: Mapping[str, str]
    sealed: bytes | None = field(repr=False)
    quota: Mapping[str, Any]
    every: int
    state: Literal["on", "paused"]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which a source's mentions come, and how it goes. `trouble` is what it last said no with: code,
    detail and since when; None while all is well. `brought` counts new mentions; `done` of `total` is a history's."""

    source: UUID
    kind: WayKind
    cursor: Mapping[str, Any]
    since: datetime
    started_at: datetime
    due_at: datetime | None
    leased_until: datetime | None
    ok_at: datetime | None
    heard_at: datetime | None
    failures: int
    trouble: Mapping[str, Any] | None
    skipped: int
    brought: int
    done: int
    total: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """A source with its ways."""

    source: Connected
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Turn:
    """A way in somebody's hands: nothing that it brings is committed after the lease is lost."""

    org: str
    workspace: str
    source: Connected
    way: Way
    lease: UUID


@dataclass(frozen=True, slots=True)
class Preview:
    """What a source would bring, read as it would be, with nothing kept. `skipped` is what was no mention."""

    mentions: Sequence[tuple[NewMention, Reading]]
    skipped: int
    more: bool
    trouble: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """What came, as it came."""

    id: UUID
    at: datetime
    place: str
    ids: Sequence[str]
    body: str
