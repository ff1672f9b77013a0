"""What letters of signing in say, in their reader's language."""

from __future__ import annotations

import html
from dataclasses import dataclass

_WORDS = {
    "ko": {
        "invite.subject": "{org}의 {workspace}에 초대합니다",
        "invite.hello": "{who} 님이 {org}의 두레 워크스페이스 ‘{workspace}’에 초대했습니다.",
        "invite.button": "초대 받기", "invite.until": "이 링크는 {days}일 동안 한 번 쓸 수 있습니다.",
        "share.subject": "{org}에서 #{channel} 채널을 함께 쓰자고 합니다",
        "share.hello": "{org}의 {who} 님이 두레의 ‘#{channel}’ 채널을 함께 쓰자고 초대했습니다."
                       " {email} 주소의 두레 계정으로 로그인해 받으세요."
                       " 아직 계정이 없으면 회사의 두레 관리자에게 이 주소로 만들어 달라고 하세요.",
        "share.button": "초대 보기", "share.until": "이 링크는 {days}일 동안 쓸 수 있습니다.",
        "reset.subject": "두레 비밀번호 다시 정하기",
        "reset.hello": "{name} 님, {org}의 두레 비밀번호를 다시 정하겠다는 요청을 받았습니다.",
        "reset.button": "비밀번호 정하기",
        "reset.until": "이 링크는 한 시간 동안 한 번 쓸 수 있습니다. 요청하지 않았다면 이 메일을 버리세요.",
    },
    "en": {
        "invite.subject": "You are invited to {workspace} of {org}",
        "invite.hello": "{who} invites you to the Dure workspace “{workspace}” of {org}.",
        "invite.button": "Accept the invitation", "invite.until": "This link works once, for {days} days.",
        "share.subject": "{org} invites you to share #{channel}",
        "share.hello": "{who} of {org} invites you to share the channel “#{channel}” on Dure. Sign in with an account"
                       " of {email} to take it. If you have none yet, ask your company's Dure administrator to make one"
                       " for this address.",
        "share.button": "See the invitation", "share.until": "This link is good for {days} days.",
        "reset.subject": "A new password for Dure",
        "reset.hello": "{name}, somebody asked for a new password for you at {org}.",
        "reset.button": "Choose a password",
        "reset.until": "This link works once, for an hour. If it was not you, throw this letter away; nothing changes.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(kind: str, language: str, url: str, **values: str) -> Letter:
    """`kind` is invite, share or reset."""
    words = _WORDS.get(language, _WORDS["ko"])
    said = {part: words[f"{kind}.{part}"].format(**values) for part in ("subject", "hello", "button", "until")}
    # A name with a line break in it must not begin a header of its own.
    subject = " ".join(said["subject"].split())
    text = f"{said['hello']}\n\n{said['button']}: {url}\n\n{said['until']}\n"
    escaped = {name: html.escape(value) for name, value in said.items()}
    body = (
        f'<p>{escaped["hello"]}</p><p><a href="{html.escape(url)}">{escaped["button"]}</a></p><p>{escaped["until"]}</p>'
    )
    return Letter(subject, text, f"<!doctype html><html><body>{body}</body></html>")
