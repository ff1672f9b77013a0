"""Slack's scopes: which there are, and what each allows in words for whoever is asked to give it."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Scopes come and go at Slack; what they are about, the part before the first dot or colon, changes rarely.
_ABOUT = frozenset(
    (
        "admin", "app_configurations", "app_mentions", "assistant", "auditlogs", "authorizations", "bookmarks", "bot",
        "calls", "canvases", "channels", "chat", "client", "commands", "connections", "conversations", "datastore",
        "dnd", "email", "emoji", "files", "groups", "hosting", "identify", "identity", "im", "incoming-webhook",
        "links", "lists", "metadata", "mpim", "openid", "pins", "profile", "reactions", "reminders", "remote_files",
        "search", "stars", "team", "tokens", "triggers", "usergroups", "users", "workflow", "workflows",
    )
)  # fmt: skip
_SCOPE = re.compile(r"[a-z][a-z_.\-]{1,40}(:[a-zA-Z_.]{1,40})?")

# What a scope names, and what may be done with it.
_THINGS = {
    "channels": ("공개 채널", "public channels"),
    "groups": ("비공개 채널", "private channels"),
    "im": ("다이렉트 메시지", "direct messages"),
    "mpim": ("여럿의 다이렉트 메시지", "group direct messages"),
    "reactions": ("반응", "reactions"),
    "pins": ("고정한 글", "pinned messages"),
    "bookmarks": ("북마크", "bookmarks"),
    "files": ("파일", "files"),
    "remote_files": ("외부 파일", "remote files"),
    "users": ("사람", "people"),
    "users.profile": ("프로필", "profiles"),
    "usergroups": ("사용자 그룹", "user groups"),
    "team": ("워크스페이스", "the workspace"),
    "emoji": ("이모지", "custom emoji"),
    "reminders": ("알림", "reminders"),
    "dnd": ("방해 금지", "do-not-disturb"),
    "links": ("링크 미리보기", "link previews"),
    "canvases": ("캔버스", "canvases"),
    "lists": ("리스트", "lists"),
    "calls": ("통화", "calls"),
    "conversations.connect": ("다른 조직과의 공유", "sharing with other organisations"),
    "app_configurations": ("앱 설정", "app configurations"),
    "search": ("검색", "search results"),
    "metadata.message": ("메시지 메타데이터", "message metadata"),
}
_ACTS = {
    "read": ("{ko} 보기", "View {en}"),
    "history": ("{ko}의 대화 읽기", "Read messages in {en}"),
    "write": ("{ko} 만들고 바꾸기", "Create and change {en}"),
    "manage": ("{ko} 관리", "Manage {en}"),
    "join": ("{ko}에 들어가기", "Join {en}"),
    "write.invites": ("{ko}에 사람 초대", "Invite people to {en}"),
    "write.topic": ("{ko}의 주제 바꾸기", "Set the topic of {en}"),
}
_OWN = {
    "chat:write": ("메시지 보내기", "Send messages"),
    "chat:write.customize": ("다른 이름으로 메시지 보내기", "Send messages under another name"),
    "chat:write.public": ("들어가지 않은 공개 채널에 메시지 보내기", "Send messages to public channels it is not in"),
    "app_mentions:read": ("앱을 부르는 메시지 읽기", "Read messages that mention the app"),
    "assistant:write": ("도우미로 답하기", "Act as an assistant"),
    "commands": ("슬래시 명령과 바로가기", "Add slash commands and shortcuts"),
    "connections:write": ("소켓 연결", "Open sockets"),
    "incoming-webhook": ("채널 하나에 글 올리기 (웹훅)", "Post to one channel (webhook)"),
    "users:read.email": ("이메일 주소 보기", "View e-mail addresses"),
    "team:read": ("워크스페이스 이름과 주소 보기", "View the workspace's name and address"),
    "links.embed:write": ("링크에 동영상 넣기", "Embed video players in links"),
    "search:read": ("검색하기", "Search"),
    "openid": ("누구인지 확인", "Confirm who someone is"),
    "email": ("이메일 주소 확인", "Confirm an e-mail address"),
    "profile": ("이름과 사진 확인", "Confirm name and picture"),
    "*": ("모든 권한", "Everything"),
}


def is_scope(text: object) -> bool:
    """Whether a text is a scope as Slack has them; Dure's own rights are none, so no manifest can ask for them."""
    return isinstance(text, str) and bool(_SCOPE.fullmatch(text)) and re.split("[.:]", text)[0] in _ABOUT


def in_words(scope: str, lang: str) -> str:
    """What a scope allows, `ko` or `en`; its name where there are no words for it."""
    at = 0 if lang == "ko" else 1
    if scope in _OWN:
        return _OWN[scope][at]
    thing, _, act = scope.partition(":")
    if thing in _THINGS and act in _ACTS:
        return _ACTS[act][at].format(ko=_THINGS[thing][0], en=_THINGS[thing][1])
    return scope


def scopes_of(text: str) -> tuple[str, ...]:
    """Scopes written with commas, spaces or both, each once."""
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text) if part))


def explained(scopes: Iterable[str]) -> list[dict[str, str]]:
    return [{"scope": one, "ko": in_words(one, "ko"), "en": in_words(one, "en")} for one in sorted(scopes)]
