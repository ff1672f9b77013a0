"""What a notice says in a push and in a letter, in the person's own language."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dure.channels.model import ts_text
from dure.channels.notice.model import Notice

_WORDS = {
    "ko": {
        "direct": "{author} 님의 메시지", "mention": "{author} 님이 나를 언급했습니다",
        "group": "{author} 님이 내 그룹을 언급했습니다", "everybody": "{author} 님이 모두를 불렀습니다",
        "keyword": "{author} 님이 내 키워드를 말했습니다", "thread": "{author} 님이 스레드에 답했습니다",
        "message": "{author} 님이 썼습니다", "in": " · #{channel}", "file": "(내용 보기)",
        "subject": "{workspace}: 읽지 않은 소식 {n}개", "hello": "읽지 않은 소식이 {n}개 있습니다.",
        "open": "열기", "more": "그 밖에 {n}개가 더 있습니다.",
        "why": "설정에 따라 {minutes}분에 한 번까지만 보냅니다.", "settings": "알림 설정", "stop": "이 메일 그만 받기",
        "stopped": "이제 소식 메일을 보내지 않습니다. 알림 설정에서 다시 켤 수 있습니다.",
        "ask": "읽지 않은 소식을 메일로 받지 않을까요?",
    },
    "en": {
        "direct": "{author} messaged you", "mention": "{author} mentioned you",
        "group": "{author} mentioned your group", "everybody": "{author} notified everybody",
        "keyword": "{author} used one of your keywords", "thread": "{author} replied in a thread",
        "message": "{author} wrote", "in": " · #{channel}", "file": "(open to read)",
        "subject": "{workspace}: {n} unread", "hello": "There are {n} things you have not read.",
        "open": "Open", "more": "And {n} more.",
        "why": "As you set it, at most once every {minutes} minutes.", "settings": "Notification settings",
        "stop": "Stop these e-mails",
        "stopped": "You will get no more of these e-mails. Notification settings turn them on again.",
        "ask": "Stop e-mails about what you have not read?",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A notice with its names: who, in which channel ("" for a direct conversation), what they said."""

    notice: Notice
    author: str
    channel: str
    text: str


def word(language: str, key: str, **values: object) -> str:
    return _WORDS.get(language, _WORDS["ko"])[key].format(**values)


def title(line: Line, language: str) -> str:
    where = word(language, "in", channel=line.channel) if line.channel else ""
    return word(language, line.notice.why, author=line.author) + where


def path(notice: Notice) -> str:
    thread = f"&thread={ts_text(notice.thread)}" if notice.thread else ""
    return f"/channels/{notice.channel}?ts={ts_text(notice.ts)}{thread}"


def spoken(text: str, names: Mapping[str, str], limit: int = 240) -> str:
    """A message's mrkdwn as plain words."""
    text = re.sub(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", lambda m: "@" + names.get(m[1], m[1]), text)
    text = re.sub(r"<!subteam\^\w+(?:\|([^>]*))?>|<!(\w+)[^>]*>", lambda m: m[1] or f"@{m[2] or 'group'}", text)
    text = re.sub(r"<#(\w+)(?:\|([^>]*))?>", lambda m: "#" + (m[2] or m[1]), text)
    text = re.sub(r"<((?:https?|mailto):[^|>]*)(?:\|([^>]*))?>", lambda m: m[2] or m[1], text)
    text = html.unescape(text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Digest:
    subject: str
    text: str
    html: str


def digest(
    lines: Sequence[Line], more: int, *, language: str, workspace: str, site: str, zone: str, minutes: int, stop: str
) -> Digest:
    """A letter about what somebody has not read; every name and text in it is another's and is escaped."""

    def said(key: str, **values: object) -> str:
        return word(language, key, **values)

    total = len(lines) + more
    parts, rows = [said("hello", n=total)], []
    for line in lines:
        at, url = _time(line.notice.made_at, zone), site + path(line.notice)
        parts.append(f"{title(line, language)} ({at})\n{line.text or said('file')}\n{url}")
        rows.append(
            f'<p><strong>{html.escape(title(line, language))}</strong> <small>{html.escape(at)}</small><br>'
            f'{_lines(line.text or said("file"))}<br><a href="{html.escape(url)}">{said("open")}</a></p>'
        )  # fmt: skip
    if more:
        parts.append(said("more", n=more))
        rows.append(f"<p>{said('more', n=more)}</p>")
    settings, why = f"{site}/settings/notifications", said("why", minutes=minutes)
    parts.append(f"{why}\n{said('settings')}: {settings}\n{said('stop')}: {stop}")
    rows.append(
        f'<p><small>{why} <a href="{html.escape(settings)}">{said("settings")}</a> ·'
        f' <a href="{html.escape(stop)}">{said("stop")}</a></small></p>'
    )
    return Digest(
        said("subject", workspace=workspace, n=total).replace("\n", " ").replace("\r", " "), "\n\n".join(parts) + "\n",
        f'<!doctype html><html lang="{language}"><body><p>{said("hello", n=total)}</p>{"".join(rows)}</body></html>',
    )  # fmt: skip


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _time(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")
