"""A composed house with two organisations: Sorimaru, which has one of everything, and Rival, which has nothing."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from dure.kernel.ids import person_id
from dure.main import House
from tests.people_of import Cast
from tests.security.description import Description, Operation

MARK = "zebrawort"  # in every name and text that Sorimaru has
NONE = "00000000-0000-0000-0000-000000000000"
_API = "/api/v1/"
QUESTION = {"kind": "trend", "series": [{"event": "Song Played"}]}
_ID = re.compile(r"^(?:[A-Z][A-Z0-9]{8,}|[0-9a-f]{8}-[0-9a-f-]{27}|\d{10,}(?:\.\d+)?)$")
# Ends what asks, or asks the whole machine.
LEFT_OUT = re.compile(r"session|sign-?out|/signin|/metrics$|/live$|/backup|/security/|/openid")

# What cannot be made of its schema alone. {key} is something that was made before.
FILLING: list[tuple[str, str, Any]] = [
    ("channel", "channels", {"name": MARK}),
    ("private", "channels", {"name": f"{MARK}-secret", "private": True}),
    ("message", "channels/{channel}/messages", {"text": f"{MARK} said"}),
    ("hidden", "channels/{private}/messages", {"text": f"{MARK} whispered"}),
    ("account", "accounts", {"name": f"{MARK} records"}),
    ("contact", "contacts", {"last_name": MARK, "email": f"{MARK}@sorimaru.example"}),
    ("lead", "leads", {"last_name": MARK, "company": MARK}),
    ("product", "products", {"name": MARK}),
    ("task", "tasks", {"subject": MARK}),
    ("note", "notes", {"about": "{account}", "title": MARK, "text": MARK}),
    ("deal", "deals", {"name": f"{MARK} deal", "amount": 100, "currency": "KRW", "close_date": "2026-12-30"}),
    ("item", "line-items", {"name": MARK, "goal": 1000, "start_day": "2026-11-01", "end_day": "2026-12-30"}),
    ("segment", "segments", {"name": MARK, "rule": {"kind": "did", "event": "Song Played", "at_least": 1}}),
    ("metric", "metrics", {"id": "own-metric", "name_ko": MARK, "name_en": MARK, "question": QUESTION}),
    ("board", "boards", {"id": "own-board", "name_ko": MARK, "name_en": MARK}),
    ("flag", "flags", {"key": "own-flag", "name": MARK}),
    ("source", "sources", {"name": MARK, "kind": "server"}),
    ("automation", "automations", {"name": MARK, "definition": {
        "trigger": {"event": "Deal Won", "zone": "Asia/Seoul"},
        "nodes": [{"id": "say", "kind": "channels.post", "with": {"channel": "{channel}", "text": MARK}}]}}),
    ("campaign", "campaigns", {"ready": "tried-and-left"}),
    ("guard", "guards", {"name": MARK, "words": [MARK], "action": "warn"}),
    ("hold", "holds", {"name": MARK, "channels": ["{channel}"]}),
    ("takeout", "takeouts", {"kind": "compliance", "channels": ["{channel}"]}),
    ("role", "roles", {"name": MARK, "about": MARK, "rights": ["deals:read"]}),
    ("invitation", "invitations", {"email": f"{MARK}@partner.example"}),
    ("asking", "organisation/invite-requests", {"email": f"{MARK}2@partner.example"}),
    ("token", "tokens", {"kind": "bot", "holder": MARK, "scopes": ["*"]}),
    ("idea", "ideas", {"title": MARK, "text": MARK}),
    ("reply", "saved-replies", {"shortcut": MARK, "title": MARK, "text": MARK}),
    ("query", "listening/queries", {"name": MARK, "text": MARK}),
    ("story", "advocacy/stories", {"title": MARK, "text": MARK, "url": "https://sorimaru.example/"}),
    ("mention", "mentions", {"network": "app_store", "text": f"{MARK} cannot play", "author": MARK, "id": "1",
                             "external_id": "1", "posted_at": "2026-11-23T00:00:00Z"}),
    ("group", "usergroups", {"name": MARK, "handle": f"{MARK}-group"}),
    ("form", "forms", {"id": "own-form", "title": MARK, "fields": [{"name": "why", "title": MARK}]}),
    ("app", "apps", {"manifest": {"display_information": {"name": MARK}}, "name": MARK}),
]  # fmt: skip


@dataclass
class Two:
    house: House
    http: httpx.AsyncClient
    cast: Cast
    described: Description
    rival: str = ""
    made: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # noun → Sorimaru's ids

    async def ask(
        self, token: str, method: str, path: str, body: Any = None, query: Any = None, form: bool = False
    ) -> httpx.Response:
        sent = {"data": body} if form and isinstance(body, dict) else {"json": body} if body is not None else {}
        return await self.http.request(
            method, path, params=query, headers={"authorization": f"Bearer {token}"}, **sent
        )  # fmt: skip

    async def fill(self) -> None:
        """Sorimaru gets one of everything; what has an id is known by its noun."""
        for key, path, body in FILLING:
            operation = next(
                (one for one in self.described.operations if one.method == "POST"
                 and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", one.path), _API + path)), None)  # fmt: skip
            given = filled(body, self.made)
            if operation and operation.body and "$ref" in operation.body:
                shape = self.described.value(operation.body, lambda _: MARK)
                given = {name: value for name, value in given.items() if name in shape}
            answer = await self.ask(self.cast.token, "POST", _API + filled(path, self.made), given)
            if answer.status_code >= 400:
                self.refused[key] = f"{answer.status_code} {answer.text[:250]}"
                continue
            told = answer.json()
            self.made[key] = next((str(told[name]) for name in ("ts", "id", "key") if name in told), "") or next(
                (one for _, one in _ids(told, "")), ""
            )
            if self.made[key]:
                self.known[path.rsplit("/", 1)[-1]].append(self.made[key])
        await self._met()
        await self._look()

    async def _met(self) -> None:
        """A mention's own id, a conversation about it, and somebody who is known by events."""
        found = (await self.ask(self.cast.token, "GET", _API + "mentions")).json()
        self.made["mentioned"] = next((one for key, one in _ids(found, "") if key == "id" and "-" in one), NONE)
        talk = await self.ask(self.cast.token, "POST", _API + "conversations", {"mention": self.made["mentioned"]})
        if talk.is_success:
            self.made["conversation"] = next((one for _, one in _ids(talk.json(), "")), NONE)
            self.known["conversations"].append(self.made["conversation"])
        self.made["someone"] = str(person_id(self.cast.tenant.workspace, "u-1"))

    async def _look(self) -> None:
        """Every list is read by Sorimaru: whatever has an id there is known by the list's name."""
        for operation in self.described.operations:
            if operation.method == "GET" and "{" not in operation.path and not LEFT_OUT.search(operation.path):
                answer = await self.ask(self.cast.token, "GET", operation.path)
                if answer.status_code == 200 and answer.headers.get("content-type", "") == "application/json":
                    noun = operation.path.rsplit("/", 1)[-1]
                    for _, one in _ids(answer.json(), ""):
                        if one not in self.known[noun]:
                            self.known[noun].append(one)

    def of(self, noun: str, parameter: str) -> str:
        """An id of Sorimaru for a parameter: of the noun it stands behind, or of one that it is called after."""
        bare = parameter.removesuffix("_id").replace("_", "-")
        if self.made.get(bare):
            return self.made[bare]
        for name in (noun, bare + "s", bare):
            if self.known.get(name):
                return self.known[name][0]
        return self.made.get({"user": "", "record": "account", "ts": "message", "id": "deal"}.get(bare, ""), "") or NONE

    def address(self, operation: Operation, meant: Mapping[str, str] = {}) -> tuple[str, set[str]]:
        """The operation's path with Sorimaru's ids in it; `meant` says what a parameter, or one behind a noun, is."""
        path, sent = operation.path, set()
        for parameter, noun in operation.named():
            value = filled(meant.get(noun) or meant.get(parameter, ""), self.made) or self.of(noun, parameter)
            sent.add(value)
            path = path.replace("{" + parameter + "}", quote(value, safe=""), 1)
        return path, sent

    def filled(self, what: Any) -> Any:
        """`{key}` → the id of what was made under that key."""
        return filled(what, self.made)

    def ids(self) -> set[str]:
        """All that is Sorimaru's alone and long enough to be nothing else."""
        return {one for ids in self.known.values() for one in ids if len(one) >= 9} | {
            user.id for name, user in self.cast.users.items() if name != "rina"
        }


def _ids(told: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _ids(value, name)
    elif isinstance(told, list):
        for value in told:
            yield from _ids(value, key)
    elif isinstance(told, str) and (key in ("id", "ts") or key.endswith("_id")) and _ID.match(told):
        yield key, told


def filled(what: Any, made: dict[str, str]) -> Any:
    if isinstance(what, str):
        return re.sub(r"\{(\w+)\}", lambda found: made.get(found[1], NONE), what)
    if isinstance(what, list):
        return [filled(one, made) for one in what]
    if isinstance(what, dict):
        return {key: filled(value, made) for key, value in what.items()}
    return what


def as_text(answer: httpx.Response) -> str:
    """What an answer says, escaped letters as letters."""
    try:
        return json.dumps(answer.json(), ensure_ascii=False)
    except ValueError:
        return answer.text
