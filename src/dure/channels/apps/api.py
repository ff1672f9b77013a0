"""The entrance to apps: made from manifests, installed, given tokens and webhooks, allowed by people."""

from __future__ import annotations

from dure.channels.apps.consents import Asked, Consents, Denied
from dure.channels.apps.manifest import InvalidManifest, reading
from dure.channels.apps.model import App, Credentials, Granted, Installation, Known, Seat, Webhook

__all__ = [
    "App",
    "Apps",
    "Asked",
    "Credentials",
    "Denied",
    "Granted",
    "Installation",
    "InvalidManifest",
    "Known",
    "Seat",
    "Webhook",
    "reading",
]


class Apps(Consents):
    """`Apps(state, clock, governance, channels)`."""
