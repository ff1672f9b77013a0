"""What every contact of a person with an app begins with: the two of them, a trigger, an address to answer at."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Literal

from dure.channels.api import Channels
from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.interaction import store
from dure.channels.interaction.model import TRIGGER_LASTS, ReplyAddress, Trigger
from dure.channels.interaction.payloads import Scene
from dure.channels.interaction.plugs import Asides, Fetching, Whom
from dure.channels.interaction.refusals import (
    AppNotFound,
    AppSilent,
    ExchangedTrigger,
    ExpiredTrigger,
    InvalidTrigger,
)
from dure.channels.model import Conversation, Message, ts_at, ts_text
from dure.channels.plugs import Answer, Asking
from dure.channels.refusals import MessageNotFound, RestrictedAction
from dure.channels.store import messages
from dure.channels.visibility import may_use
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


class Contact:
    """Held by `Interaction`; what people do is in `views`, `actions`, `commands`, `shortcuts`, `home`, `replies`."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, asking: Asking, asides: Asides,
        *, fetching: Fetching | None = None, site: str = "",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._asking = asking
        self._asides = asides
        self._fetching = fetching
        self._site = site.rstrip("/")

    # -- who and where ----------------------------------------------------------------------------------------------

    async def _scene(self, tx: Tx, principal: Principal, app: str, tenant: Tenant | None = None) -> Scene:
        """A person before an app of their workspace, or of another that they meet in a shared channel."""
        tenant = tenant or principal.tenant
        found = await self._installation(tx, tenant, app)
        users = await self._governance.users_in(tx, principal.tenant)
        user = next(one for one in users if one.id == principal.user)
        return Scene(principal, user, found, await self._governance.workspace_in(tx, tenant.workspace))

    async def _installation(self, tx: Tx, tenant: Tenant, app: str) -> Installation:
        for one in await installations(tx, self._governance, tenant):
            if one.app == app:
                return one
        raise AppNotFound(field="app")

    async def _message(
        self, tx: Tx, principal: Principal, channel: str, ts: int
    ) -> tuple[Conversation, Message, bool]:  # fmt: skip
        """A message that a person sees, and whether they alone do."""
        found = await self._channels.see(tx, principal, channel)
        said = await messages.find(tx, found.id, ts, await self._channels.keeping.since(tx, found))
        if said is not None and not said.deleted:
            return found, said, False
        aside = await self._asides.find(tx, principal, found.id, ts)
        if aside is None:
            raise MessageNotFound(field="ts")
        return found, aside, True

    def _may_use(self, principal: Principal, found: Conversation, team: str = "") -> None:
        """Raises RestrictedAction where the table of `visibility` lets a person use no apps of a workspace, their own
        where none is named."""
        if not may_use(principal, found, team or principal.tenant.workspace):
            limited = found.side.limited
            raise RestrictedAction(
                "Your organisation may only write here, and uses no apps." if limited else "No app answers here."
            )

    def _now_ts(self) -> str:
        return ts_text(ts_at(self._clock.now()))

    # -- triggers and addresses -------------------------------------------------------------------------------------

    async def _trigger(self, tx: Tx, scene: Scene, screen: str, view: str = "") -> str:
        trigger = f"{_digits(12)}.{_digits(12)}.{secrets.token_hex(16)}"
        made = Trigger(
            scene.workspace.id, scene.app.app, scene.user.id, scene.principal.tenant.workspace, screen[:64], view,
            self._clock.now(),
        )  # fmt: skip
        await store.add_trigger(tx, digest(trigger), made)
        return trigger

    async def _exchange(self, tx: Tx, principal: Principal, trigger: str) -> Trigger:
        """What a trigger of the calling app stands for; it is used up with this."""
        if not trigger:
            raise InvalidTrigger(field="trigger_id")
        found = await store.trigger(tx, principal.tenant.workspace, digest(trigger))
        if found is None or found.app != principal.app:
            raise InvalidTrigger(field="trigger_id")
        if found.used_at is not None:
            raise ExchangedTrigger(field="trigger_id")
        if self._clock.now() - found.made_at > TRIGGER_LASTS:
            raise ExpiredTrigger(field="trigger_id")
        await store.use_trigger(tx, principal.tenant.workspace, digest(trigger), self._clock.now())
        return found

    async def _answer_at(
        self, tx: Tx, scene: Scene, base: str, channel: str, *, ts: int | None = None, aside: bool = False,
        thread: int | None = None, kind: Literal["actions", "commands"] = "actions",
    ) -> str:  # fmt: skip
        """A `response_url`. `base` is the server as the person's browser reached it; the site's setting goes first."""
        number, secret = _digits(13), secrets.token_urlsafe(24)
        made = ReplyAddress(
            scene.workspace.id, scene.workspace.org, scene.app.app, scene.user.id, scene.principal.tenant.workspace,
            channel, ts, aside, thread, 0, self._clock.now(),
        )  # fmt: skip
        await store.add_reply(tx, digest(f"{number}/{secret}"), made)
        return f"{self._site or base.rstrip('/')}/slack/{kind}/{scene.workspace.id}/{number}/{secret}"

    # -- asking -----------------------------------------------------------------------------------------------------

    async def _ask(
        self, app: Installation, kind: Literal["slash_commands", "interactive"], payload: dict[str, Any]
    ) -> Answer:
        """The app's answer; AppSilent where it gave none in time."""
        answer = await self._asking.ask(app.app, app.workspace, kind, payload)
        if not answer.ok:
            raise AppSilent(f"{app.name} did not answer in time.", data={"why": answer.why, "app": app.name})
        return answer

    def _as_app(self, app: Installation) -> Principal:
        """An app where a person brought it: it answers there, whether its bot is in the channel or not."""
        tenant = Tenant(app.org, app.workspace)
        return Principal(tenant, app.bot_user, Role.MEMBER, frozenset({"*"}), "system", app.app)

    def _whom(self, principal: Principal, channel: str, app: Installation) -> Whom:
        return Whom(principal.tenant.workspace, channel, principal.user, app.app, app.bot_user, app.workspace)


def acting(principal: Principal, right: str = "channels:write") -> None:
    """Only somebody at a screen presses buttons: a user, not a bot."""
    access(principal, right)
    if principal.kind != "user" or not principal.user:
        raise NotAllowed("Only a person can do this.")


def of_app(principal: Principal) -> Principal:
    """Only an app has views and links."""
    if not principal.app:
        raise NotAllowed("Only an app can do this.")
    return principal


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _digits(count: int) -> str:
    return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))
