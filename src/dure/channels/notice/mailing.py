"""The loop that writes letters about what stayed unread: one a person in so many minutes, and a way to stop them."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from dure.channels.events import NOTICES_CHANGED
from dure.channels.notice import mail_store, store
from dure.channels.notice.mail_store import Due
from dure.channels.notice.plugs import Postman
from dure.channels.notice.reading import lines_of, people_of
from dure.channels.notice.wording import digest
from dure.channels.profile import store as profiles
from dure.channels.quiet import store as quiets
from dure.channels.quiet.model import Quiet, is_quiet
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, User, Workspace
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.state import State

log = structlog.get_logger("dure.channels.notice")

_LINES = 20


class Mailing:
    def __init__(
        self, state: State, clock: Clock, governance: Governance, postman: Postman, *, key: bytes, site: str
    ) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._postman = postman
        self._key = key
        self._site = site.rstrip("/")

    async def tick(self) -> int:
        """Writes to those for whom something waits unread for as long as they said; how many letters went out."""
        now, sent = self._clock.now(), 0
        spaces = {one.id: one for one in await self._governance.workspaces()}
        async with self._state.begin_system() as tx:
            waiting = await mail_store.waiting(tx, now)
        for due in waiting:
            sent += await self._write(due, spaces[due.workspace], now)
        return sent

    async def _write(self, due: Due, space: Workspace, now: datetime) -> bool:
        """The notices are marked as written before the letter goes out; where it certainly did not, they wait again."""
        async with self._state.begin_system() as tx:
            person = (await people_of(tx, self._governance, space.id)).get(due.account)
            if person is None or person.deleted or not person.email:
                await mail_store.give_up(tx, due.account)
                return False
            zone = (await profiles.find(tx, space.id, due.account)).timezone or space.timezone
            if is_quiet((await quiets.of(tx, [due.account])).get(due.account, Quiet(due.account)), zone, now):
                return False
            taken = await mail_store.take(tx, due.account, now)
            lines = await lines_of(tx, self._governance, taken[:_LINES])
        if not lines:
            return False
        letter = digest(
            lines, len(taken) - _LINES if len(taken) > _LINES else 0, language=person.language or space.language,
            workspace=space.name, site=self._site, zone=zone, minutes=due.minutes, stop=self.stop_url(person),
        )  # fmt: skip
        last = taken[-1]
        fate = await self._postman.send(
            person.email, letter.subject, letter.text, letter.html, self._headers(person),
            f"notice {due.account} {last.channel} {last.ts}",
        )  # fmt: skip
        if fate != "sent":
            log.warning("channels.digest_not_sent", account=due.account, fate=fate)
            async with self._state.begin_system() as tx:
                await mail_store.put_back(tx, taken, again=fate == "again")
        return fate == "sent"

    def _headers(self, person: User) -> Mapping[str, str]:
        return {
            "List-Unsubscribe": f"<{self.stop_url(person)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }

    def stop_url(self, person: User) -> str:
        """The address that stops the letters without signing in; only the server can make it."""
        return f"{self._site}/notices/stop/{person.workspace}.{person.id}.{self._seal(person.workspace, person.id)}"

    def _seal(self, workspace: str, account: str) -> str:
        return hmac.digest(self._key, f"notice stop\0{workspace}\0{account}".encode(), "sha256").hex()[:40]

    async def reader(self, secret: str) -> User:
        """Whose letters an address stops. Raises NotFound for one that we did not make."""
        parts = secret.split(".")
        if len(parts) == 3 and hmac.compare_digest(self._seal(parts[0], parts[1]).encode(), parts[2].encode()):
            async with self._state.begin_system() as tx:
                found = (await people_of(tx, self._governance, parts[0])).get(parts[1])
            if found is not None:
                return found
        raise NotFound("This address stops nothing; take the whole of it from the e-mail.")

    async def stop(self, secret: str) -> User:
        """Stops the letters to whom the address was made for."""
        person = await self.reader(secret)
        space = next(one for one in await self._governance.workspaces() if one.id == person.workspace)
        acting = Principal(space.tenant, person.id, Role(person.role))
        async with self._state.begin(space.tenant) as tx:
            wishes = await store.wishes(tx, space.id, person.id)
            if wishes.mail:
                await store.put_wishes(tx, space.id, replace(wishes, mail=False))
                await mail_store.give_up(tx, person.id)
                told = {"user": person.id, "mail": False, "by": "link"}
                await append(tx, act(acting, "channels", NOTICES_CHANGED, "user", person.id, told, self._clock.now()))
        return person
