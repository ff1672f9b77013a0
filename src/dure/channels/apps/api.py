"""The entrance to apps: made from manifests, installed, given tokens and webhooks, allowed by people."""

from __future__ import annotations

from dure.channels.apps.consents import Asked, Denied
from dure.channels.apps.manifest import InvalidManifest, reading
from dure.channels.apps.model import App, Credentials, Granted, Installation, Known, Seat, Webhook
from dure.channels.apps.wanting import Wanted
from dure.channels.identity.signing_in import AskedIdentity, SignedIn, SigningIn

__all__ = [
    "App",
    "Apps",
    "Asked",
    "AskedIdentity",
    "Credentials",
    "Denied",
    "Granted",
    "Installation",
    "InvalidManifest",
    "Known",
    "Seat",
    "SignedIn",
    "Wanted",
    "Webhook",
    "reading",
]


class Apps(SigningIn):
    """`Apps(state, clock, governance, channels, key=…)`; `key` is the installation's, for what is signed."""
