"""From a provider's word to a session: whose account it is, or a new seat where the organisation gives one."""

from __future__ import annotations

from dure.governance import store as governance_store
from dure.governance.model import Principal, Role, User
from dure.governance.signin import provider_store as store
from dure.governance.signin.entering import Entering
from dure.governance.signin.model import Step
from dure.governance.signin.people import add_in, require_email
from dure.governance.signin.provider_model import Provider, Told
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotSignedIn
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_UNKNOWN = "Your organisation's provider knows you, and nobody here does: ask an administrator for an invitation."


class Arriving:
    def __init__(self, state: State, clock: Clock, entering: Entering) -> None:
        self._state = state
        self._clock = clock
        self._entering = entering

    async def admit(self, provider: Provider, told: Told, *, device: str = "") -> Step:
        """Lets in whom a provider's checked word is about.

        Known is who came before, by the provider's own name for them; else who has the e-mail, if the provider vouches
        for it and it is of its domains. An e-mail alone never takes a name that the provider gave to somebody else.
        """
        async with self._state.begin(Tenant(provider.org, provider.workspace)) as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('governance.identity ' || %s))", (provider.id,))
            account = await store.known_as(tx, provider.id, told.subject)
            if account is None:
                account = await self._meet(tx, provider, told)
                await store.keep(tx, provider.id, told.subject, account, self._clock.now())
            seats = await store.seats(tx, provider.org, account)
            if not seats:
                raise NotSignedIn("You have no seat here any more.")
            return await self._entering.admit_in(tx, Tenant(provider.org, seats[0]), account, "provider", device=device)

    async def _meet(self, tx: Tx, provider: Provider, told: Told) -> str:
        email = told.email.strip()
        if not email or not told.verified:
            raise NotSignedIn("The provider does not vouch for your e-mail address.")
        try:
            require_email(email)
        except Invalid as error:
            raise NotSignedIn(_UNKNOWN) from error
        if provider.domains and email.casefold().rpartition("@")[2] not in provider.domains:
            raise NotSignedIn("Your e-mail address is of none of the domains that this provider speaks for.")
        account = await store.by_email(tx, provider.org, email)
        if account is not None:
            return account
        if provider.joins != "seat":
            raise NotSignedIn(_UNKNOWN)
        space = await governance_store.workspace(tx, provider.workspace)
        if space is None or space.playground_of:
            raise NotSignedIn(_UNKNOWN)
        user = User(
            slack_id("U"), space.id, email, told.name.strip() or email.partition("@")[0], "", Role.MEMBER, "", "", "",
            "", False,
        )  # fmt: skip
        acting = Principal(space.tenant, user.id, user.role)
        await add_in(tx, self._clock, acting, user, provider=provider.id)
        return user.id
