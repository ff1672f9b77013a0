"""What an app is told of a person who signed in, in Slack's and OpenID Connect's words; no more than was allowed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from dure.governance.api import User, Workspace

SCOPES = ("openid", "email", "profile")
LASTS = 300
"""Seconds that an id token may be taken up, as Slack's."""
_SLACK = "https://slack.com/"
_LOCALE = {"ko": "ko-KR", "en": "en-US"}


def about(person: User, workspace: Workspace, images: Mapping[str, str], scopes: Collection[str]) -> dict[str, Any]:
    """Who somebody is. `images` are their picture's addresses by size (`image_24`, …)."""
    told: dict[str, Any] = {
        "sub": person.id, f"{_SLACK}user_id": person.id, f"{_SLACK}team_id": workspace.id,
        f"{_SLACK}enterprise_id": workspace.org,
    }  # fmt: skip
    if "email" in scopes and person.email:
        # Who looks after the organisation gave them this address, and answers for it.
        told |= {"email": person.email, "email_verified": True}
    if "profile" in scopes:
        given, _, family = person.name.partition(" ")
        told |= {
            "name": person.name, "given_name": given, "family_name": family,
            "picture": images.get("image_original") or images["image_192"],
            "locale": _LOCALE.get(person.language, "ko-KR"),
            f"{_SLACK}team_name": workspace.name, f"{_SLACK}team_domain": workspace.domain,
            f"{_SLACK}enterprise_name": workspace.org_name,
            **{f"{_SLACK}user_{size}": address for size, address in images.items() if size != "image_original"},
        }  # fmt: skip
    return told


def id_token(
    issuer: str, client: str, nonce: str, access_token: str, signed_in: datetime, now: datetime
) -> dict[str, Any]:
    """What an id token says beside who it is (OpenID Connect Core 1.0 §2, §3.1.3.6)."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    told: dict[str, Any] = {
        "iss": issuer, "aud": client, "iat": int(now.timestamp()), "exp": int(now.timestamp()) + LASTS,
        "auth_time": int(signed_in.timestamp()), "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }  # fmt: skip
    return {**told, "nonce": nonce} if nonce else told
