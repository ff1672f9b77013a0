"""OpenID Connect, once against a provider that runs, and against one that says whatever a test wants."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from dure.governance.signin.plugs import Fetched
from dure.governance.signin.site import inside
from dure.kernel.clock import SystemClock
from dure.kernel.tenant import Tenant
from dure.state import State
from tests.governance.signin.house import House, house_of, me
from tests.people_of import found_sori

pytestmark = pytest.mark.anyio
ISSUER = "https://id.sorimaru.example"
_KEYS = [RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two")]


class Saying:
    """A provider in the process: it checks what an honest one checks, and signs what it is told to."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.header: dict[str, str] = {"alg": "RS256", "kid": "one"}
        self.key: Any = _KEYS[0]
        self.public = [_KEYS[0]]
        self.challenge = ""
        self.asked: list[str] = []

    async def ask(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, most: int
    ) -> Fetched:
        self.asked.append(urlsplit(url).path)
        if url.endswith("openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            said: dict[str, Any] = {"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in names}}
        elif url.endswith("jwks_uri"):
            said = dict(KeySet(self.public).as_dict())
        else:
            form = dict(parse_qsl(body.decode()))
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge
            assert base64.b64decode(headers["authorization"][6:]) == b"dure:secret"
            said = {"id_token": self._token()}
        return Fetched(200, json.dumps(said).encode())

    def _token(self) -> str:
        if self.header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (self.header, self.claims))
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        return jwt.encode(self.header, self.claims, self.key, algorithms=[self.header["alg"]])


async def provided(house: House, **more: Any) -> str:
    wish = {"name": "소리마루 ID", "issuer": ISSUER, "client_id": "dure", "secret": "secret", **more}
    answer = await (await house.mina()).post("/api/v1/signin/providers", json=wish)
    assert answer.status_code == 201, answer.text
    assert "secret" not in {key for key, value in answer.json().items() if value == "secret"}
    return str(answer.json()["id"])


async def gone(house: House, saying: Saying, provider: str, onward: str = "/deals") -> tuple[Any, str]:
    """A browser that went to the provider; the state that it takes back. The provider's word holds, as it stands."""
    browser = house.browser()
    url = (await browser.post(f"/api/v1/signin/openid/{provider}", json={"onward": onward})).json()["url"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    saying.challenge = asked["code_challenge"]
    now = int(house.clock.now().timestamp())
    saying.claims = {
        "iss": ISSUER, "aud": "dure", "sub": "joon-7", "nonce": asked["nonce"], "iat": now, "exp": now + 300,
        "email": "joon@sorimaru.example", "email_verified": True, "name": "박준",
    }  # fmt: skip
    return browser, asked["state"]


async def back(browser: httpx.AsyncClient, state: str, **more: str) -> str:
    """Where the browser is sent after it came back."""
    answer = await browser.get("/api/v1/signin/openid/back", params={"code": "c", "state": state, **more})
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_people_come_in_by_a_provider_that_vouches_for_them(state: State) -> None:
    saying = Saying()
    house = await house_of(state, saying)
    provider = await provided(house, domains=["sorimaru.example"], joins="seat")
    browser, asked = await gone(house, saying, provider)
    assert await back(browser, asked) == "/deals"
    assert (await browser.get("/api/v1/me")).json()["user"]["id"] == house.cast.joon.user

    # By the provider's own name for them from now on, whatever their e-mail is called.
    browser, asked = await gone(house, saying, provider)
    saying.claims |= {"email": "park@elsewhere.example", "email_verified": False}
    assert await back(browser, asked) == "/deals"
    # Somebody new gets a seat, if the provider vouches for the e-mail and speaks for its domain.
    for subject, email, verified, comes in [
        ("n1", "sumi@sorimaru.example", True, True), ("n2", "ina@sorimaru.example", False, False),
        ("n3", "x@evil.example", True, False), ("n4", "", True, False),
    ]:  # fmt: skip
        browser, asked = await gone(house, saying, provider)
        saying.claims |= {"sub": subject, "email": email, "email_verified": verified}
        where = await back(browser, asked)
        assert where.startswith("/deals" if comes else "/sign-in?refused="), (subject, where)
        assert await me(browser) == (200 if comes else 401)

    # Its keys change; a key that nobody published does not.
    saying.key, saying.header, saying.public = _KEYS[1], {"alg": "RS256", "kid": "two"}, list(_KEYS)
    browser, asked = await gone(house, saying, provider)
    assert await back(browser, asked) == "/deals"
    assert saying.asked.count("/jwks_uri") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"}, {"nonce": None}, {"iss": "https://evil.example"}, {"aud": "another"},
        {"aud": ["dure", "another"]}, {"azp": "another"}, {"exp": 1}, {"iat": 1}, {"sub": ""}, {"sub": None},
    ],
)  # fmt: skip
async def test_a_word_that_does_not_hold_lets_nobody_in(state: State, wrong: dict[str, Any]) -> None:
    saying = Saying()
    house = await house_of(state, saying)
    browser, asked = await gone(house, saying, await provided(house))
    saying.claims |= wrong
    assert (await back(browser, asked)).startswith("/sign-in?refused=")
    assert await me(browser) == 401


async def test_what_was_signed_by_nobody_replayed_or_planted_lets_nobody_in(state: State) -> None:
    saying = Saying()
    house = await house_of(state, saying)
    provider = await provided(house)
    shared = OctKey.import_key("secret-that-both-hold-which-is-long-enough")
    unsigned = [
        ({"alg": "none"}, None), ({"alg": "HS256", "kid": "one"}, shared), ({"alg": "RS256", "kid": "one"}, _KEYS[1]),
    ]  # fmt: skip
    for header, key in unsigned:
        browser, asked = await gone(house, saying, provider)
        saying.header, saying.key = header, key
        assert (await back(browser, asked)).startswith("/sign-in?refused=")
    saying.header, saying.key = {"alg": "RS256", "kid": "one"}, _KEYS[0]

    browser, asked = await gone(house, saying, provider)
    assert (await back(browser, "another")).startswith("/sign-in?refused=")  # and that ended it:
    assert (await back(browser, asked)).startswith("/sign-in?refused=")
    browser, asked = await gone(house, saying, provider)
    assert (await back(house.browser(), asked)).startswith("/sign-in?refused=")  # begun elsewhere
    assert (await back(browser, asked, iss="https://evil.example")).startswith("/sign-in?refused=")
    browser, asked = await gone(house, saying, provider)
    ceremony = browser.cookies["dure_ceremony"]
    assert await back(browser, asked) == "/deals"
    thief = house.browser()
    thief.cookies.set("dure_ceremony", ceremony)
    assert (await back(thief, asked)).startswith("/sign-in?refused=")
    assert await me(thief) == 401


@pytest.mark.parametrize(
    ("path", "goes"),
    [("/deals?x=1", "/deals?x=1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"),
     ("/\t/evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("/api/v1/x", "/")],
)  # fmt: skip
def test_nobody_is_led_elsewhere(path: str, goes: str) -> None:
    assert inside(path) == goes


async def test_only_the_provider_where_the_rules_say_so_and_never_nobody(state: State) -> None:
    saying = Saying()
    house = await house_of(state, saying)
    mina = await house.mina()
    whole = {"value": "provider", "whole": True}
    assert (await mina.put("/api/v1/policies/signin.methods", json=whole)).status_code == 422
    provider = await provided(house)
    assert (await mina.put("/api/v1/policies/signin.methods", json=whole)).status_code == 200
    refused = await house.browser().post(
        "/api/v1/session", json={"email": "joon@sorimaru.example", "password": "correct horse"}
    )
    assert refused.status_code == 403
    browser, asked = await gone(house, saying, provider)
    assert await back(browser, asked) == "/deals"
    assert (await mina.delete(f"/api/v1/signin/providers/{provider}")).status_code == 409
    assert (await browser.get("/api/v1/signin/providers")).status_code == 403
    rina = house.browser()
    rina.headers["authorization"] = f"Bearer {house.cast.rival_token}"
    assert (await rina.delete(f"/api/v1/signin/providers/{provider}")).status_code == 404
    moved = {"name": "x", "issuer": "https://evil.example", "client_id": "dure"}
    assert (await mina.put(f"/api/v1/signin/providers/{provider}", json=moved)).json()["error"]["field"] == "secret"
    link = await house.cast.governance.sign_in_link(house.cast.mina, house.cast.mina.user)
    owner = house.browser()  # who owns the organisation is never locked out by it
    await owner.post(f"/sign-in/{link}")
    assert await me(owner) == 200


@pytest.mark.filterwarnings("ignore")  # what its own library thinks of it
async def test_a_provider_that_runs(state: State) -> None:
    """`oidc-provider-mock`, over HTTP and through the guarded way out."""
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        async with httpx.AsyncClient() as outside:
            await outside.put(f"{issuer}/users/mina-1", json={"email": "mina@sorimaru.example", "email_verified": True})
            cast = await found_sori(state, SystemClock())
            house = House(cast, SystemClock())  # type: ignore[arg-type]
            provider = await provided(house, issuer=issuer)
            browser = house.browser()
            url = (await browser.post(f"/api/v1/signin/openid/{provider}", json={})).json()["url"]
            sent = await outside.post(url, data={"sub": "mina-1"})
            answer = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
            assert await back(browser, answer.pop("state"), **answer) == "/"
            assert (await browser.get("/api/v1/me")).json()["user"]["id"] == cast.mina.user
