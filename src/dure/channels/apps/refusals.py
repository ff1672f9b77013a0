"""Why apps are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import NotFound


class InvalidAppId(NotFound):
    """There is no such app here."""

    code = "invalid_app_id"
