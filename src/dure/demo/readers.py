"""People who get letters: their mail programs fetch the picture, some follow a link, some press a page's button."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from urllib.parse import urlsplit

from dure.demo.stage import Stage, need

OPENED, CLICKED = 0.55, 0.24
"""Of those who got a letter."""
_PICTURE = re.compile(r'src="[^"]*(/o/[\w-]+)"')
_LINK = re.compile(r'href="[^"]*(/c/[\w-]+)"')


def lot(what: str, who: str) -> float:
    """A number from 0 to 1 that is always the same for somebody and a purpose."""
    return int.from_bytes(hashlib.blake2b(f"{what}:{who}".encode(), digest_size=8).digest(), "big") / 2**64


def letters(stage: Stage, campaign: str) -> dict[str, EmailMessage]:
    """What came through SMTP of a campaign, by address."""
    return {
        to: letter
        for recipients, letter in stage.mailbox.received
        if str(letter["Feedback-ID"]).startswith(f"{campaign}:")
        for to in recipients
    }


async def open_them(stage: Stage, got: Iterable[tuple[str, EmailMessage]]) -> tuple[int, dict[str, str]]:
    """Opens some letters and follows a link in fewer; how many were opened, and where the links led by address."""
    opened, led = 0, {}
    for address, letter in got:
        chance, shown = lot("opens", address), html_of(letter)
        if chance > OPENED:
            continue
        await _fetch(stage, _PICTURE, shown)
        opened += 1
        if chance < CLICKED and (place := await _fetch(stage, _LINK, shown)):
            led[address] = place
    return opened, led


async def at_the_door(stage: Stage, doors: dict[str, str], presses: Callable[[str], bool]) -> int:
    """The page behind a demand test's link as a browser shows it; how many pressed its button."""
    pressed = 0
    for address, url in doors.items():
        path = urlsplit(url).path
        page = await stage.outside.get(path)
        need(page.status_code == 200, f"the page behind the link answered {page.status_code}")
        await stage.outside.get(f"{path}/seen.gif")
        if presses(address):
            await stage.outside.post(path)
            pressed += 1
    return pressed


def html_of(letter: EmailMessage) -> str:
    """What a mail program shows, its characters spelt out."""
    part = letter.get_body(("html",))
    return html.unescape(str(part.get_content())) if part else ""


async def _fetch(stage: Stage, what: re.Pattern[str], letter: str) -> str:
    """Fetches the first such address of a letter; where it leads, "" for a picture or where the letter has none."""
    found = what.search(letter)
    if not found:
        return ""
    answer = await stage.outside.get(found[1], follow_redirects=False)
    need(answer.status_code in (200, 302), f"{found[1][:20]}… answered {answer.status_code}")
    return str(answer.headers.get("location", ""))
