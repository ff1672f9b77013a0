"""A board as a message: its numbers as text and Slack's blocks, and its picture at a signed address for a while."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import msgspec

from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, NotFound
from dure.metrics import asking
from dure.metrics.api import Metrics
from dure.metrics.boards import events as told
from dure.metrics.boards import store as board_store
from dure.metrics.boards.api import Boards
from dure.metrics.boards.bar import Bar, narrowed, read_bar
from dure.metrics.boards.picture import Figure, drawn
from dure.metrics.boards.written import changed, written
from dure.metrics.catalogue import catalogue
from dure.metrics.events import metrics_event
from dure.metrics.model import Board, Tile
from dure.metrics.question import parse
from dure.state import State

_LASTS = timedelta(days=90)
_FIELDS = 10
_WORDS = {
    "ko": {"before": "이전", "open": "보드 열기", "failed": "답할 수 없음", "picture": "{name} 그림"},
    "en": {"before": "before", "open": "Open the board", "failed": "no answer", "picture": "Picture of {name}"},
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a channel is sent. `picture` is the address of the SVG, "" without one."""

    name: str
    text: str
    blocks: list[dict[str, Any]]
    picture: str


class Posting:
    """Makes cards of boards and answers for their pictures. `key` signs addresses, `site` is where this server is."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, metrics: Metrics, boards: Boards, *,
        key: bytes = b"", site: str = "",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._metrics = metrics
        self._boards = boards
        # A key of its own for this purpose; without one, addresses hold as long as this process.
        self._key = hmac.digest(key or secrets.token_bytes(32), b"dure board picture", "sha256")
        self._site = site.rstrip("/")

    async def card(
        self, principal: Principal, board: str, bar: Mapping[str, Any], *, language: str = "", picture: bool = True,
        key: str = "",
    ) -> Card:  # fmt: skip
        """The board's numbers of now. The same `key` keeps one picture, however often it is asked."""
        access(principal, "metrics:read")
        found = await self._boards.board(principal, board)
        space = await self._governance.workspace(principal.tenant)
        language = language if language in _WORDS else space.language if space.language in _WORDS else "ko"
        # A card has one number a tile.
        narrow = msgspec.structs.replace(read_bar(dict(bar)), breakdown=None, compare=None)
        tiles = [tile for tile in found.tiles if tile.text is None]
        asked = [await self._figure(principal, tile, narrow, space, language) for tile in tiles]
        figures = [figure for figure in asked if figure is not None]
        now = self._clock.now()
        name = found.name_ko if language == "ko" else found.name_en
        when = _range(narrow, now, space.timezone)
        address = ""
        if picture:
            event = metrics_event(principal, self._clock, told.DRAWN, "board", found.id, {})
            address = await self.keep(principal, drawn(name, when, figures), event, key)
        return Card(name, _text(name, when, figures), self._blocks(found, name, when, figures, address, language),
                    address)  # fmt: skip

    async def picture(self, workspace: str, id: str, until: str, signature: str) -> str:
        """The SVG at a signed address; NotFound for one that is forged or over."""
        right = hmac.compare_digest(self._signature(workspace, id, until).encode(), signature.encode())
        now = self._clock.now()
        if not right or not until.isdigit() or int(until) <= now.timestamp():
            raise NotFound("There is no such picture.")
        async with self._state.begin_system() as tx:
            svg = await board_store.picture(tx, workspace, UUID(id), now)
        if svg is None:
            raise NotFound("There is no such picture.")
        return svg

    async def _figure(
        self, principal: Principal, tile: Tile, bar: Bar, space: Workspace, language: str
    ) -> Figure | None:
        from_, to = bar.range(self._clock.now(), space.timezone)
        title = (tile.title_ko or tile.title_en) if language == "ko" else (tile.title_en or tile.title_ko)
        try:
            if tile.metric is not None:
                shown = await self._metrics.value(principal, tile.metric, from_, to, bar.where)
                metric = shown["metric"]
                currency = metric["currency"] or space.currency
                return Figure(
                    title or metric[f"name_{language}"], written(shown["value"], metric["unit"], language, currency),
                    changed(shown["change"]), shown["good"], self._over(shown["question"], shown["line"]),
                )  # fmt: skip
            answer = await self._metrics.ask(principal, narrowed(tile.question or {}, bar, from_, to))
        except DureError:
            # One tile that cannot be answered must not keep the others from their readers.
            return Figure(title or tile.metric or "", _WORDS[language]["failed"])
        match answer["question"]["kind"]:
            case "trend" if answer["series"]:
                series = answer["series"][0]
                line = self._over(answer["question"], series["values"])
                return Figure(title, written(series["total"], "number", language), line=line)
            case "funnel":
                return Figure(title, written(answer["steps"][-1]["from_start"], "percent", language))
            case _:
                return None

    def _over(self, question: Mapping[str, Any], line: list[float | None]) -> list[float | None]:
        """A trend's line without the interval that is still running, which would look like a fall."""
        if question["kind"] != "trend":
            return line
        now = self._clock.now()
        return line[: catalogue.complete(asking.ruler_for(parse(question), now, question["timezone"]), now)]

    async def keep(self, principal: Principal, svg: str, event: Event, key: str = "") -> str:
        """The signed address of a drawing, which holds for ninety days; the event is told where it is a new one."""
        workspace, now = principal.tenant.workspace, self._clock.now()
        until = now + _LASTS
        name = uuid5(NAMESPACE_URL, f"dure:{workspace}:{key}") if key else uuid4()
        async with self._state.begin(principal.tenant) as tx:
            if await board_store.keep_picture(tx, workspace, name, svg, until, now):
                await append(tx, event)
        ends = str(int(until.timestamp()))
        sign = self._signature(workspace, str(name), ends)
        return f"{self._site}/pictures/{workspace}/{name}.svg?until={ends}&sign={sign}"

    def _signature(self, workspace: str, id: str, until: str) -> str:
        return hmac.digest(self._key, f"{workspace}/{id}/{until}".encode(), "sha256").hex()

    def _blocks(
        self, board: Board, name: str, when: str, figures: list[Figure], picture: str, language: str
    ) -> list[dict[str, Any]]:
        words = _WORDS[language]
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": {"type": "plain_text", "text": name[:150]}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": plain(when)}]},
        ]
        for at in range(0, len(figures), _FIELDS):
            fields = [{"type": "mrkdwn", "text": _field(one)} for one in figures[at : at + _FIELDS]]
            blocks.append({"type": "section", "fields": fields})
        if picture:
            blocks.append({"type": "image", "image_url": picture, "alt_text": words["picture"].format(name=name)})
        link = f"<{self._site}/analytics?board={board.id}|{words['open']}>"
        return [*blocks, {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]}]


def _field(figure: Figure) -> str:
    arrow = "" if not figure.change else "▲ " if figure.change.startswith("+") else "▼ "
    return f"*{plain(figure.name)}*\n{plain(figure.value)} {arrow}{figure.change.lstrip('+-')}".rstrip()


def _text(name: str, when: str, figures: list[Figure]) -> str:
    said = [f"{one.name} {one.value}" + (f" ({one.change})" if one.change else "") for one in figures]
    return plain(f"{name} · {when}: " + " · ".join(said))


def plain(text: str) -> str:
    """A text in which a message reads no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _range(bar: Bar, now: datetime, zone: str) -> str:
    from_, to = bar.range(now, zone)
    today = now.astimezone(ZoneInfo(zone)).date()
    if not from_:
        from_ = (today - timedelta(days=29)).isoformat()
    return f"{from_[:10]} – {(to or today.isoformat())[:10]}"
