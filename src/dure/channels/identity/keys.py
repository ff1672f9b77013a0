"""Keys by which id tokens are signed: made when one is needed, used for ninety days, shown a day longer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from joserfc import jwt
from joserfc.jwk import RSAKey
from psycopg.types.json import Jsonb

from dure.state import Tx

ALGORITHM = "RS256"
_USED = timedelta(days=90)
_SHOWN = _USED + timedelta(days=1)  # what was signed last is looked at for a while
_BITS = 2048


class Keys:
    """`key` is the installation's: the database alone signs nothing."""

    def __init__(self, key: bytes) -> None:
        sealing = blake2b(key[:64], person=b"dure-identity", digest_size=32).digest()
        self._box = Fernet(base64.urlsafe_b64encode(sealing))

    async def sign(self, tx: Tx, claims: Mapping[str, Any], now: datetime) -> str:
        """A token that says this, signed by the key of these days."""
        await tx.run("select pg_advisory_xact_lock(hashtext('channels.openid_key'))")
        rows = await tx.rows(
            "select id, sealed from channels.openid_key where made_at > %s order by made_at desc", (now - _USED,)
        )
        for row in rows:
            try:
                key = RSAKey.import_key(self._box.decrypt(bytes(row["sealed"])))
                break
            except InvalidToken:
                continue  # it was sealed by an installation before this one
        else:
            key = await self._made(tx, now)
        return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint()}, dict(claims), key)

    async def shown(self, tx: Tx, now: datetime) -> list[dict[str, Any]]:
        """The public halves (RFC 7517) of keys whose tokens may still be looked at; one at least."""
        known = "select public from channels.openid_key where made_at > %s order by made_at desc"
        rows = await tx.rows(known, (now - _SHOWN,))
        if not rows:
            await self.sign(tx, {}, now)
            rows = await tx.rows(known, (now - _SHOWN,))
        return [row["public"] for row in rows]

    async def _made(self, tx: Tx, now: datetime) -> RSAKey:
        key = RSAKey.generate_key(_BITS)
        public = {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
        await tx.run(
            "insert into channels.openid_key (id, sealed, public, made_at) values (%s, %s, %s, %s)",
            (key.thumbprint(), self._box.encrypt(key.as_pem(private=True)), Jsonb(public), now),
        )
        await tx.run("delete from channels.openid_key where made_at <= %s", (now - _SHOWN,))
        return key
