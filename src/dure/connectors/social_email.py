"""E-mail to the company: read from a mailbox by IMAP, or brought by a mail service's signed call; answered by SMTP.

A mailbox is read upwards by UID, which its server never gives twice while UIDVALIDITY stays (RFC 9051). Letters are not
marked as read and not moved: the mailbox stays as its people have it.
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import hmac
import imaplib
import re
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

import aiosmtplib

from dure.connectors.plain import plain
from dure.social.model import Mention, NewMention
from dure.social.plugs import Call, Field, Given, Manifest, Outcome, Pulled, Raw, Refused, Said, Trouble, Unknown, Web

_PAGE = 20
_SECONDS = 30.0
_MOST = 256 * 1024  # bytes of a letter that are read
_QUOTED = re.compile(r"^(>|On .{5,120} wrote:$|-{2,} ?Original Message|.{5,80}(님이|께서) 작성:$|-- $)")
_TLS = (("tls", {"ko": "TLS", "en": "TLS"}), ("starttls", {"ko": "STARTTLS", "en": "STARTTLS"}),
        ("none", {"ko": "암호화 없음", "en": "None"}))  # fmt: skip


class Mailbox:
    """Fills `Pulls`, `Hears` and `Replies`."""

    manifest = Manifest(
        name="email", network="email", title={"ko": "이메일", "en": "E-mail"},
        about={"ko": "회사 메일함에 온 편지를 읽고 답합니다.", "en": "Reads letters to you, and answers."},
        basis="own_data", can=frozenset({"pull", "hear", "reply"}),
        settings=(
            Field("server", {"ko": "IMAP 서버", "en": "IMAP server"}, required=False,
                  hint={"ko": "imap.example.com:993", "en": "imap.example.com:993"}),
            Field("secure", {"ko": "IMAP 암호화", "en": "IMAP encryption"}, "choice", default="tls", choices=_TLS),
            Field("user", {"ko": "사용자", "en": "User"}, required=False),
            Field("folder", {"ko": "메일함", "en": "Folder"}, default="INBOX"),
            Field("smtp", {"ko": "SMTP 서버", "en": "SMTP server"}, required=False,
                  hint={"ko": "답할 때: smtp.example.com:587", "en": "To answer: smtp.example.com:587"}),
            Field("smtp_secure", {"ko": "SMTP 암호화", "en": "SMTP encryption"}, "choice", default="starttls",
                  choices=_TLS),
            Field("address", {"ko": "보내는 주소", "en": "Sender"}, required=False),
        ),
        secrets=(
            Field("password", {"ko": "비밀번호", "en": "Password"}, required=False),
            Field("hook", {"ko": "웹훅 비밀 값", "en": "Webhook secret"}, required=False),
        ),
        terms={"ko": "회사에 보낸 편지입니다. 회사만 봅니다.", "en": "Letters to the company, for the company alone."},
        every=60,
    )  # fmt: skip

    def __init__(self, web: Web, trust: ssl.SSLContext | None = None) -> None:
        self._web = web
        self._trust = trust or ssl.create_default_context()

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """Some letters more. A mailbox that was made anew is read from where `since` lies."""
        if not given.settings.get("server"):
            return Pulled({})  # its letters are brought by calls
        host, port = _place(given.settings["server"], 993)
        address = await self._web.address(given.tenant, host, port)
        return await asyncio.to_thread(self._read, given, dict(cursor), host, address, port)

    def _read(self, given: Given, cursor: dict[str, Any], host: str, address: str, port: int) -> Pulled:
        try:
            box = _Box(host, address, port, given.settings["secure"], self._trust)
            try:
                _sign_in(box, given)
                return _letters(box, given, cursor)
            finally:
                box.logout()
        except imaplib.IMAP4.abort as error:
            raise OSError(str(error)) from error
        except imaplib.IMAP4.error as error:
            raise Trouble("answered", str(error)) from error

    async def hear(self, given: Given, call: Call) -> Pulled:
        """A letter as it is (RFC 5322), brought by a mail service or a server's pipe."""
        secret = given.secrets.get("hook", "")
        wanted = hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
        signature = call.headers.get("x-signature-256", "").removeprefix("sha256=")
        if not secret or not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise Trouble("unsigned")
        one = letter(call.body[:_MOST])
        body = call.body[:_MOST].decode("utf-8", "replace")
        return Pulled({}, [one], raw=[Raw("letter", body, [one.id])])

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        """A letter back. Its Message-ID is made of `key`; a server that took the text and then fell silent may have
        sent it."""
        if not given.settings.get("smtp") or not given.settings.get("address"):
            return Refused("settings", "Answers need an SMTP server and a sender.")
        if not mention.email:
            return Refused("settings", "The letter names no address to answer to.")
        host, port = _place(given.settings["smtp"], 587)
        address = await self._web.address(given.tenant, host, port)
        sent = _answer(given.settings["address"], mention, text, key)
        secure = given.settings["smtp_secure"]
        client = aiosmtplib.SMTP(
            hostname=host, use_tls=secure == "tls", start_tls=False, timeout=_SECONDS, tls_context=self._trust,
            sock=await _socket(address, port),
        )  # fmt: skip
        try:
            await client.connect()
            if secure == "starttls":
                await client.starttls(server_hostname=host, tls_context=self._trust)
            if given.secrets.get("password"):
                await client.login(given.settings.get("user", ""), given.secrets["password"])
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            return Refused("refused_key", str(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return Refused("unreached", str(error), 60.0)
        return await _send(client, sent, mention.email)


class _Box(imaplib.IMAP4):
    """A mailbox on a line to the very address that was checked."""

    def __init__(self, host: str, address: str, port: int, secure: str, trust: ssl.SSLContext) -> None:
        self._address, self._secure, self._trust = address, secure, trust
        super().__init__(host, port, timeout=_SECONDS)
        if secure == "starttls":
            try:
                self.starttls(trust)
            except BaseException:
                self.shutdown()
                raise

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line = socket.create_connection((self._address, self.port), timeout)
        return self._trust.wrap_socket(line, server_hostname=self.host) if self._secure == "tls" else line


def _sign_in(box: _Box, given: Given) -> None:
    try:
        box.login(given.settings.get("user", ""), given.secrets.get("password", ""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Trouble("refused_key", str(error)) from error


def _letters(box: _Box, given: Given, cursor: dict[str, Any]) -> Pulled:
    state, _ = box.select(_quoted(given.settings["folder"]), readonly=True)
    if state != "OK":
        raise Trouble("not_found", f"There is no folder {given.settings['folder']!r}.")
    validity = (box.response("UIDVALIDITY")[1] or [b"0"])[0]
    validity = int(validity or 0)
    begun = cursor.get("validity") == validity and "uid" in cursor
    asked = f"UID {int(cursor['uid']) + 1}:*" if begun else f"SINCE {given.since:%d-%b-%Y}"
    _, found = box.uid("SEARCH", asked)
    last = int(cursor["uid"]) if begun else 0
    # `n:*` always names the newest letter, even one that is older than n.
    uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)
    mentions, raw = [], []
    for uid in uids[:_PAGE]:
        _, parts = box.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{_MOST}>)")
        body = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        last = uid
        if body:
            one = letter(body)
            mentions.append(one)
            raw.append(Raw(f"{given.settings['folder']} {uid}", body.decode("utf-8", "replace"), [one.id]))
    left = len(uids) - _PAGE
    return Pulled({"validity": validity, "uid": last}, mentions, more=left > 0, raw=raw, total=max(left, 0))


def letter(body: bytes) -> NewMention:
    """A letter as a message to the company: what it quotes is left away."""
    said = email.message_from_bytes(body, policy=modern)
    name, address = parseaddr(str(said.get("from", "")))
    known = str(said.get("message-id", "")).strip() or "<" + hashlib.sha256(body).hexdigest()[:32] + "@letter>"
    before = re.findall(r"<[^<>\s]+>", f"{said.get('references', '')} {said.get('in-reply-to', '')}")
    subject = str(said.get("subject", "")).strip()
    try:
        posted = parsedate_to_datetime(str(said.get("date", "")))
    except (ValueError, TypeError):
        posted = None
    return NewMention(
        network="email", id=known[:300], text=_words(said) or subject or "—", title=subject, author=name or address,
        handle=address, email=address, posted_at=posted, kind="message", direct=True,
        parent=before[-1][:300] if before else "", thread=(before[0] if before else known)[:300],
    )  # fmt: skip


def _words(said: EmailMessage) -> str:
    part = said.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, UnicodeError):  # an encoding that nobody knows
        raw = part.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    text = plain(text) if part.get_content_subtype() == "html" else text
    kept = []
    for line in text.splitlines():
        if _QUOTED.match(line.rstrip() if line.rstrip() != "--" else "-- "):
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip() or text.strip()


def _answer(sender: str, mention: Mention, text: str, key: str) -> EmailMessage:
    sent = EmailMessage(policy=modern.clone(max_line_length=998))
    subject = mention.title if mention.title.lower().startswith("re:") else f"Re: {mention.title}".strip()
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    sent["From"], sent["To"], sent["Subject"] = sender, mention.email, " ".join(subject.split())
    sent["Message-ID"] = f"<dure-{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    if mention.external.startswith("<"):
        sent["In-Reply-To"] = mention.external
        sent["References"] = " ".join(dict.fromkeys((mention.thread, mention.external)))
    sent.set_content(text)
    return sent


async def _send(client: aiosmtplib.SMTP, sent: EmailMessage, to: str) -> Outcome:
    try:
        await client.send_message(sent)
    except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPSenderRefused) as error:
        return Refused("answered", str(error))
    except aiosmtplib.SMTPDataError as error:
        return Refused("answered", str(error))
    except (aiosmtplib.SMTPException, OSError) as error:
        return Unknown(str(error) or type(error).__name__)
    finally:
        client.close()
    return Said(str(sent["Message-ID"]), f"mailto:{to}")


async def _socket(address: str, port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    line.setblocking(False)
    try:
        async with asyncio.timeout(_SECONDS):
            await asyncio.get_running_loop().sock_connect(line, (address, port))
    except BaseException:
        line.close()
        raise
    return line


def _place(text: str, port: int) -> tuple[str, int]:
    host, _, number = text.strip().partition(":")
    if not host or (number and not number.isdigit()):
        raise Trouble("settings", f"{text!r} is no server: name it as host or host:port.")
    return host, int(number or port)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
