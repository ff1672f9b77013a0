"""`openid.connect.userInfo`: who signed in to an app, as often as it asks; and what providers publish of themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from starlette.requests import Request

from dure.channels.identity.claims import SCOPES, about
from dure.channels.identity.keys import ALGORITHM
from dure.channels.slack import shapes
from dure.channels.slack.call import Call, Method, Services
from dure.governance.api import Principal

AUTHORIZE, KEYS, DISCOVERY = (
    "/slack/openid/connect/authorize", "/slack/openid/connect/keys", "/slack/.well-known/openid-configuration",
)  # fmt: skip


async def user_info(call: Call) -> dict[str, Any]:
    scopes = set(SCOPES) if "*" in call.principal.scopes else call.principal.scopes
    return await who(call.services, call.principal, scopes, call.base)


async def who(services: Services, principal: Principal, scopes: Collection[str], base: str) -> dict[str, Any]:
    """The claims about a person that these scopes give."""
    person = await services.governance.user(principal.tenant, principal.user)
    said = (await services.channels.colleagues.profiles.of([person]))[person.id]
    workspace = await services.governance.workspace(principal.tenant)
    return about(person, workspace, shapes.images(said, base), scopes)


def base_of(request: Request, services: Services) -> str:
    """The server's own address, with a slash at its end."""
    return (services.channels.public_url or str(request.base_url)).rstrip("/") + "/"


def issuer_of(base: str) -> str:
    return f"{base}slack"


def discovery(base: str) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0, with what Slack's own document says."""
    root = base.rstrip("/")
    return {
        "issuer": issuer_of(base), "authorization_endpoint": root + AUTHORIZE, "jwks_uri": root + KEYS,
        "token_endpoint": f"{root}/slack/api/openid.connect.token",
        "userinfo_endpoint": f"{root}/slack/api/openid.connect.userInfo", "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"], "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["sub", "auth_time", "iss", "email", "email_verified", "name", "picture", "locale"],
        "claims_parameter_supported": False, "request_parameter_supported": False,
        "request_uri_parameter_supported": False, "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }  # fmt: skip


METHODS: Mapping[str, Method] = {"openid.connect.userInfo": Method(user_info, ("openid",), ("user",))}
