"""What an app keeps to itself from the beginning of a sign-in to its end (RFC 7636, PKCE): by SHA-256 only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")


def is_challenge(text: str, method: str) -> bool:
    return method == "S256" and _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Whether who fetches is who asked. Without a challenge there is nothing to prove, and no verifier to be shown."""
    if not challenge:
        return not verifier
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
