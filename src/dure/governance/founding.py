"""The founding of an organisation."""

from __future__ import annotations

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.desk import require_name
from dure.governance.model import Founding, OrgRole, Principal, Role, User, Workspace, domain_of
from dure.governance.organisation import require_zone
from dure.governance.signin.people import require_email
from dure.governance.tokens import Tokens
from dure.governance.visits import LINK
from dure.kernel.errors import Conflict
from dure.kernel.ids import slack_id


class Foundings(Tokens):
    async def found(
        self, org: str, workspace: str, email: str, *, name: str = "", timezone: str = "Asia/Seoul",
        currency: str = "KRW", language: str = "ko", only_first: bool = False,
    ) -> Founding:  # fmt: skip
        """A new organisation with a workspace, its owner, an app named `dure` with a bot, and one token of each kind.

        With `only_first` a data folder that already has an organisation is a Conflict and nothing changes.
        """
        require_email(email)
        require_name(org, "org")
        require_name(workspace, "workspace")
        require_zone(timezone)
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('governance.found'))")
            known = await store.workspaces(tx, elsewhere=True)
            if only_first and known:
                raise Conflict(f"This data folder already belongs to {known[0].org_name}; nothing was changed.")
            space = Workspace(
                slack_id("T"), slack_id("E"), org, workspace,
                domain_of(workspace, {other.domain for other in known}), timezone, currency, language,
            )  # fmt: skip
            await store.add_organisation(tx, space.org, org, now)
            await store.add_workspace(tx, space, now)
            owner = User(
                slack_id("U"), space.id, email, name or email.split("@")[0], "", Role.OWNER, "", "", language, "", False
            )
            await store.add_user(tx, owner, now, org_role=OrgRole.OWNER)
            app, bot = await self._install(tx, space.tenant, "dure")
            acting = Principal(space.tenant, owner.id, Role.OWNER, org_role=OrgRole.OWNER)
            user_token = await self._issue(tx, acting, "user", owner.id, None, ["*"])
            bot_token = await self._issue(tx, acting, "bot", bot, app, ["*"])
            app_token = await self._issue(tx, acting, "app", None, app, ["connections:write", "authorizations:read"])
            link = await self.sessions.open_in(tx, space.id, owner.id, "link", LINK)
            await append(
                tx,
                events.governance_event(
                    acting, self._clock, events.FOUNDED, "workspace", space.id,
                    {"org": org, "workspace": workspace, "owner": email},
                ),
            )  # fmt: skip
        return Founding(space, owner, app, bot, user_token, bot_token, app_token, link)
