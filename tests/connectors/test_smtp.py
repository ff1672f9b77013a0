"""Letters through a real SMTP conversation, and what each end of it means."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Accepted, Refused, Unknown
from dure.connectors.smtp import SmtpMailer

pytestmark = pytest.mark.anyio


class Inbox:
    """A mail server's handler; `verdict` is what it says after the text, None hangs up without a word."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.verdict: str | None = "250 kept"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such user"
        if address.startswith("busy@"):
            return "451 later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.verdict is None:
            server.transport.abort()
            return "250 never heard"
        if self.verdict.startswith("250"):
            self.letters.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[arg-type]
            )
        return self.verdict


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[Inbox, SmtpMailer]]:
    handler = Inbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="test", loop=loop), "127.0.0.1", 0
    )
    mailer = SmtpMailer("127.0.0.1", server.sockets[0].getsockname()[1], seconds=10)
    yield handler, mailer
    await mailer.close()
    server.close()
    await server.wait_closed()


def letter(to: str = "mina@listeners.example") -> Letter:
    out = "https://dure.example/u/secret"
    return Letter(
        "소리마루 <hello@sorimaru.example>", to, "밤의 낭독", "안녕하세요\n" + out, "<p>안녕하세요</p>",
        {"List-Unsubscribe": f"<{out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip


async def test_a_letter_arrives_whole_with_the_one_click_way_out(inbox: tuple[Inbox, SmtpMailer]) -> None:
    handler, mailer = inbox
    assert isinstance(await mailer.send(letter(), "key-1"), Accepted)
    assert isinstance(await mailer.send(letter(), "key-1"), Accepted)
    first, second = handler.letters
    assert first["Subject"] == "밤의 낭독"
    assert first["List-Unsubscribe"] == "<https://dure.example/u/secret>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Message-ID"] == second["Message-ID"]  # a repeat can be recognised on the way
    body = first.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("안녕하세요")


@pytest.mark.parametrize(("to", "permanent"), [("nobody@x.example", True), ("busy@x.example", False)])
async def test_a_refused_address_was_certainly_not_written_to(
    inbox: tuple[Inbox, SmtpMailer], to: str, permanent: bool
) -> None:
    answer = await inbox[1].send(letter(to), "key")
    assert isinstance(answer, Refused)
    assert answer.permanent is permanent


async def test_a_text_that_was_refused_was_certainly_not_sent(inbox: tuple[Inbox, SmtpMailer]) -> None:
    inbox[0].verdict = "554 spam"
    assert isinstance(await inbox[1].send(letter(), "key"), Refused)


async def test_a_line_that_breaks_after_the_text_leaves_it_unknown(inbox: tuple[Inbox, SmtpMailer]) -> None:
    inbox[0].verdict = None
    assert isinstance(await inbox[1].send(letter(), "key"), Unknown)


async def test_a_server_that_is_not_there_was_not_reached() -> None:
    answer = await SmtpMailer("127.0.0.1", 1, seconds=5).send(letter(), "key")
    assert isinstance(answer, Refused)
    assert not answer.reached
