"""A mailbox that speaks IMAP on a local port, which Python's own imaplib reads as Dure does; letters that a mail
service brings; and answers through a real SMTP server (aiosmtpd)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import imaplib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from dure.connectors.social_email import letter
from dure.kernel.errors import NotAllowed
from dure.social.plugs import Call, Refused, Said, Unknown
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk

pytestmark = pytest.mark.anyio


def written(subject: str, text: str, number: int = 1, **headers: str) -> bytes:
    said = EmailMessage()
    said["From"], said["To"], said["Subject"] = "나리 <nari@example.com>", "help@dure.example", subject
    said["Date"], said["Message-ID"] = "Mon, 23 Nov 2026 11:00:00 +0900", f"<m{number}@example.com>"
    for name, value in headers.items():
        said[name.replace("_", "-")] = value
    said.set_content(text)
    return said.as_bytes()


@dataclass
class Mailbox:
    """IMAP4rev1 as far as a reader needs it: LOGIN, EXAMINE, UID SEARCH, UID FETCH, LOGOUT."""

    letters: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    commands: list[str] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            self.commands.append(command)
            writer.write(self._answer(command.upper(), command) + f"{tag} {self._end(command)}\r\n".encode())
            await writer.drain()
            if command.upper() == "LOGOUT":
                break
        writer.close()

    def _end(self, command: str) -> str:
        if command.upper().startswith("LOGIN") and '"right"' not in command:
            return "NO [AUTHENTICATIONFAILED] Invalid credentials"
        if command.upper().startswith("EXAMINE") and "INBOX" not in command:
            return "NO [NONEXISTENT] Unknown Mailbox"
        return "OK done"

    def _answer(self, upper: str, command: str) -> bytes:
        if upper.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if upper.startswith("EXAMINE"):
            return f"* {len(self.letters)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] UIDs valid\r\n".encode()
        if upper.startswith("UID SEARCH"):
            found = sorted(self.letters)
            if asked := re.search(r"UID (\d+):\*", upper.removeprefix("UID SEARCH")):
                # As the standard says: the newest is always within n:*.
                found = [uid for uid in found if uid >= int(asked[1])] or found[-1:]
            return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
        if fetched := re.match(r"UID FETCH (\d+)", upper):
            body = self.letters[int(fetched[1])]
            return b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n%b)\r\n" % (fetched[1].encode(), len(body), body)
        return b"* BYE\r\n" if upper == "LOGOUT" else b""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self, "127.0.0.1", 0)
        async with server:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass
class Sink:
    """A mail server's end; `code` is what it says to a letter, and with `hangs` it takes one and says nothing more."""

    taken: list[bytes] = field(default_factory=list)
    code: str = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.content)
        if self.code == "hang up":
            server.transport.close()
            return "421 gone"
        return self.code


@asynccontextmanager
async def smtp(sink: Sink) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def settings(server: str, **more: str) -> dict[str, str]:
    return {"server": server, "secure": "none", "user": "help", **more}


async def test_imaplib_reads_the_same_mailbox() -> None:
    held = Mailbox({3: written("문의", "환불은 어떻게 하나요?")})

    def read(server: str) -> tuple[bytes, bytes]:
        host, _, port = server.partition(":")
        box = imaplib.IMAP4(host, int(port))
        box.login("help", "right")
        box.select("INBOX", readonly=True)
        uids = box.uid("SEARCH", "SINCE 01-Nov-2026")[1][0]
        body = box.uid("FETCH", "3", "(BODY.PEEK[])")[1][0][1]
        box.logout()
        return uids, body

    async with held.served() as server:
        uids, body = await asyncio.to_thread(read, server)
    assert uids == b"3"
    assert letter(body).text == "환불은 어떻게 하나요?"


async def test_letters_are_read_once_upwards_and_left_as_they_are(desk: Desk) -> None:
    held = Mailbox({uid: written(f"문의 {uid}", f"결제 {'오류 ' * uid}문의입니다 {uid}", uid) for uid in range(1, 24)})
    async with held.served() as server:
        source = await desk.connect("email", settings(server), {"password": "right"})
        await desk.ask()
        assert (await desk.health(source)).brought == 23
        before = {"In_Reply_To": "<a@dure.example>", "References": "<m1@example.com> <a@dure.example>"}
        text = "더 여쭙니다\n\nOn Mon, 23 Nov 2026 Dure wrote:\n> 안내합니다"
        held.letters[30] = written("Re: 문의 1", text, 30, **before)
        await desk.ask(turns=2)
        assert (await desk.health(source)).brought == 24
        held.validity, held.letters = 8, {1: written("새 메일함", "옮겼습니다", 99)}
        await desk.ask(turns=2)
        assert (await desk.health(source)).brought == 25
    newest = next(one for one in await desk.mentions() if one.title == "Re: 문의 1")
    assert (newest.text, newest.thread, newest.parent) == ("더 여쭙니다", "<m1@example.com>", "<a@dure.example>")
    assert (newest.direct, newest.email, newest.author, newest.kind) == (True, "nari@example.com", "나리", "message")
    assert not any(word in command.upper() for command in held.commands for word in ("STORE", "SELECT", "EXPUNGE"))
    assert all("PEEK" in command for command in held.commands if "FETCH" in command.upper())


async def test_a_wrong_password_and_a_missing_folder_are_said(desk: Desk) -> None:
    async with Mailbox().served() as server:
        wrong = await desk.sources.preview(desk.cast.mina, "email", settings(server), {"password": "wrong"})
        lost = await desk.sources.preview(desk.cast.mina, "email", settings(server, folder="X"), {"password": "right"})
    assert [one.trouble and one.trouble["code"] for one in (wrong, lost)] == ["refused_key", "not_found"]


async def test_a_letter_that_a_mail_service_brings_is_signed(desk: Desk) -> None:
    source = await desk.connect("email", {}, {"hook": "S"})
    body = written("문의", "환불은 어떻게 하나요?", 5)
    signature = hmac.new(b"S", body, hashlib.sha256).hexdigest()
    call = Call("POST", "dure.example", "/x", {"x-signature-256": signature}, body)
    assert (await desk.sources.hearing.hear(source.source.id, call)).added == 1
    assert (await desk.sources.hearing.hear(source.source.id, call)).added == 0
    with pytest.raises(NotAllowed):
        await desk.sources.hearing.hear(source.source.id, Call("POST", "dure.example", "/x", {}, body))


async def test_html_alone_and_odd_encodings_are_read() -> None:
    html = EmailMessage()
    html["From"], html["Subject"] = "a@example.com", "문의"
    html.set_content("<p>첫 줄</p><style>p{}</style><p>둘째 &amp; 줄</p>", subtype="html")
    assert letter(html.as_bytes()).text == "첫 줄\n\n둘째 & 줄"
    odd = b"From: a@example.com\r\nContent-Type: text/plain; charset=x-nobody-knows\r\n\r\nhello"
    assert letter(odd).text == "hello"
    korean = "From: a@example.com\r\nContent-Type: text/plain; charset=ks_c_5601-1987\r\n\r\n안녕하세요".encode("cp949")
    assert letter(korean).text == "안녕하세요"
    assert letter(b"").text == "—"


async def test_an_answer_goes_back_in_its_thread(desk: Desk) -> None:
    sink, held = Sink(), Mailbox({1: written("환불 문의", "환불은 어떻게 하나요?", 1)})
    async with smtp(sink) as out:
        async with held.served() as server:
            given = settings(server, smtp=out, smtp_secure="none", address="Dure <help@dure.example>")
            # The stand-in asks nobody who he is: the password is the mailbox's alone.
            await desk.connect("email", {**given, "smtp": out}, {"password": "right"})
            await desk.ask()
        (mention,) = await desk.mentions()
        connector: Any = desk.sources.connectors["email"]
        source = (await desk.sources.one(desk.cast.mina, desk.ids[0])).source
        given_now = desk.sources.pulling.given_of(desk.cast.tenant, source, MONDAY_NOON - timedelta(days=1), {})
        open_door = type(given_now)(
            given_now.tenant, given_now.source, given_now.settings, {}, given_now.now, given_now.since
        )
        said = await connector.reply(open_door, mention, "안내합니다", "k1")
        assert isinstance(said, Said)
        sent = sink.taken[0].decode()
        assert "In-Reply-To: <m1@example.com>" in sent
        assert f"Message-ID: {said.reference}" in sent
        sink.code = "554 no"
        assert isinstance(await connector.reply(open_door, mention, "또", "k2"), Refused)
        sink.code = "hang up"
        assert isinstance(await connector.reply(open_door, mention, "또", "k3"), Unknown)
    with pytest.raises(ConnectionRefusedError):  # nobody is there any more, so nothing was handed over
        await connector.reply(open_door, mention, "또", "k4")
