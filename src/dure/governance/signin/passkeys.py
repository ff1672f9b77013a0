"""Passkeys: made and named by their owner, and a way in by themselves or after a password.

A key that signs in by itself shows that its owner unlocked it (a finger, a PIN), so it stands for both proofs.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)  # fmt: skip
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)  # fmt: skip

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.signin import limits, session_store, store
from dure.governance.signin.ceremonies import Ceremonies
from dure.governance.signin.entering import Entering
from dure.governance.signin.factors import FactorSetting, SetUp
from dure.governance.signin.model import Passkey, Step
from dure.governance.signin.proving import Browser, Proving
from dure.governance.signin.sessions import digest
from dure.governance.signin.site import Site
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

MOST = 20
_REFUSED = "This passkey is not known here, or what it said does not hold."

log = structlog.get_logger("dure.signin")


class Passkeys:
    def __init__(
        self, state: State, clock: Clock, entering: Entering, proving: Proving, factors: FactorSetting,
        ceremonies: Ceremonies,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._entering = entering
        self._proving = proving
        self._factors = factors
        self._ceremonies = ceremonies
        self.site = Site("http://127.0.0.1")
        self.decoy = b""

    # -- made ---------------------------------------------------------------------------------------------------------

    async def begin_making(self, secret: str) -> tuple[dict[str, Any], str]:
        """What `navigator.credentials.create` needs, and the ceremony's secret."""
        self._require_site()
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, "setup", fresh=True)
            account = await store.account(tx, browser.tenant.org, browser.account)
            space = await governance_store.workspace(tx, browser.tenant.workspace)
            if account is None or space is None:
                raise NotFound("There is no such user.")
            known = await store.passkeys(tx, browser.account)
            if len(known) >= MOST:
                raise Conflict(f"Somebody has at most {MOST} passkeys.")
            options = generate_registration_options(
                rp_id=self.site.name, rp_name=f"Dure {space.org_name}", user_id=browser.account.encode(),
                user_name=account["email"] or account["name"], user_display_name=account["name"],
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
                ),
                exclude_credentials=_described(known),
            )  # fmt: skip
            said = {"challenge": bytes_to_base64url(options.challenge), "account": browser.account}
            ceremony = await self._ceremonies.begin_in(tx, "passkey.make", said)
        return options_to_json_dict(options), ceremony

    async def make(self, secret: str, ceremony: str, name: str, credential: Mapping[str, Any]) -> SetUp:
        """Keeps a new passkey under a name."""
        _require_name(name)
        said = await self._ceremonies.end("passkey.make", ceremony)
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, "setup", fresh=True)
            if said["account"] != browser.account:
                raise NotSignedIn("This was begun by somebody else.")
            try:
                made = verify_registration_response(
                    credential=dict(credential), expected_challenge=base64url_to_bytes(said["challenge"]),
                    expected_rp_id=self.site.name, expected_origin=self.site.origin, require_user_verification=True,
                )  # fmt: skip
            except (WebAuthnException, ValueError, KeyError, TypeError) as error:
                raise Invalid(f"The passkey was not made: {error}"[:300], field="credential") from error
            if not await store.add_passkey(
                tx, made.credential_id, browser.account, made.credential_public_key, made.sign_count, name.strip(),
                self._clock.now(),
            ):  # fmt: skip
                raise Conflict("This passkey is known already.", field="credential")
            await self._tell(tx, browser, events.PASSKEY_ADDED, name.strip())
            return await self._factors.set_up_in(tx, browser, "passkey")

    # -- a way in -----------------------------------------------------------------------------------------------------

    async def begin_using(self, secret: str = "", email: str = "", *, address: str = "") -> tuple[dict[str, Any], str]:
        """What `navigator.credentials.get` needs, and the ceremony's secret.

        Whoever gave a password is asked for one of their own keys. With an e-mail alone the keys of whoever it is are
        named, or some that nobody has, always the same ones for an e-mail; without one, the browser offers its own.
        """
        self._require_site()
        async with self._state.begin_system() as tx:
            await limits.take(
                tx, "passkey", email or (digest(secret).hex() if secret else address), address, self._clock.now()
            )
            account = await self._after_password(tx, secret)
            known: Sequence[Mapping[str, Any]] = await store.passkeys(tx, account) if account else []
            if not account and email:
                known = await store.passkeys_by_email(tx, email) or self._decoys(email)
            need = UserVerificationRequirement.PREFERRED if account else UserVerificationRequirement.REQUIRED
            options = generate_authentication_options(
                rp_id=self.site.name, allow_credentials=_described(known) or None, user_verification=need
            )
            said = {"challenge": bytes_to_base64url(options.challenge), "account": account}
            ceremony = await self._ceremonies.begin_in(tx, "passkey.use", said)
        return options_to_json_dict(options), ceremony

    async def use(self, secret: str, ceremony: str, credential: Mapping[str, Any], *, device: str = "") -> Step:
        """A sign-in by a passkey alone, or the second step of one."""
        said = await self._ceremonies.end("passkey.use", ceremony)
        async with self._state.begin_system() as tx:
            row = await self._verified(tx, said, credential, alone=not said["account"])
            tenant = Tenant(row["org"], row["workspace"])
            if not said["account"]:
                return await self._entering.admit_in(tx, tenant, row["account"], "passkey", device=device)
            browser = await self._proving.browser_in(tx, secret, "second")
            if browser.account != row["account"] or browser.account != said["account"]:
                raise NotSignedIn(_REFUSED)
            return Step(await self._entering.complete_in(tx, secret, browser.row, "passkey"))

    async def prove(self, secret: str, ceremony: str, credential: Mapping[str, Any]) -> None:
        """Shows again that it is them, by a passkey of their own."""
        said = await self._ceremonies.end("passkey.use", ceremony)
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
            row = await self._verified(tx, said, credential, alone=True)
            if row["account"] != browser.account:
                raise NotSignedIn(_REFUSED)
            await session_store.prove(tx, digest(secret), self._clock.now(), strong=True)

    # -- kept ---------------------------------------------------------------------------------------------------------

    async def rename(self, secret: str, id: str, name: str) -> None:
        _require_name(name)
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
            if not await store.rename_passkey(tx, browser.account, _bytes(id), name.strip()):
                raise NotFound("You have no such passkey.", field="id")
            await self._tell(tx, browser, events.PASSKEY_RENAMED, name.strip())

    async def remove(self, secret: str, id: str) -> None:
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, fresh=True)
            await self._factors.still_enough_in(tx, browser)
            name = await store.drop_passkey(tx, browser.account, _bytes(id))
            if name is None:
                raise NotFound("You have no such passkey.", field="id")
            await self._factors.tidy_in(tx, browser.account)
            await self._tell(tx, browser, events.PASSKEY_REMOVED, name)

    # -- within a transaction -----------------------------------------------------------------------------------------

    async def _verified(
        self, tx: Tx, said: Mapping[str, Any], credential: Mapping[str, Any], *, alone: bool
    ) -> dict[str, Any]:
        row = await store.passkey(tx, _bytes(str(credential.get("id", ""))))
        if row is None:
            raise NotSignedIn(_REFUSED)
        try:
            held = verify_authentication_response(
                credential=dict(credential), expected_challenge=base64url_to_bytes(said["challenge"]),
                expected_rp_id=self.site.name, expected_origin=self.site.origin,
                credential_public_key=bytes(row["public_key"]), credential_current_sign_count=row["counter"],
                require_user_verification=alone,
            )  # fmt: skip
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            # A counter that went back means a copied key, which somebody should see.
            log.warning("passkey refused", account=row["account"], reason=str(error)[:200])
            raise NotSignedIn(_REFUSED) from error
        await store.count_passkey(tx, bytes(row["id"]), held.new_sign_count, self._clock.now())
        return row

    async def _after_password(self, tx: Tx, secret: str) -> str:
        try:
            browser = await self._proving.browser_in(tx, secret, "second")
        except NotSignedIn:
            return ""
        return browser.account if browser.owes == "second" else ""

    def _decoys(self, email: str) -> list[dict[str, Any]]:
        mark = hmac.digest(self.decoy, b"passkey " + email.casefold().encode(), "sha512")
        return [{"id": mark[:32]}] if mark[63] % 3 else [{"id": mark[:32]}, {"id": mark[32:]}]

    def _require_site(self) -> None:
        if not self.site.takes_passkeys:
            raise Conflict("Passkeys need https and a name: set DURE_PUBLIC_URL to how people reach this server.")

    async def _tell(self, tx: Tx, browser: Browser, name: str, passkey: str) -> None:
        about = {"passkey": passkey}
        told = events.governance_event(browser.principal, self._clock, name, "user", browser.account, about)
        await append(tx, told)


def shown(row: Mapping[str, Any]) -> Passkey:
    return Passkey(bytes_to_base64url(bytes(row["id"])), row["name"], row["added_at"], row["used_at"])


def _described(rows: Sequence[Mapping[str, Any]]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(row["id"])) for row in rows]


def _bytes(id: str) -> bytes:
    try:
        return base64url_to_bytes(id)
    except ValueError:
        return b""


def _require_name(name: str) -> None:
    if not name.strip() or len(name) > 100:
        raise Invalid("`name` is a text of 1 to 100 characters.", field="name")
