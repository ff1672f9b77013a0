"""How the server is reached, for addresses that Slack's clients are told: each request's door says it, and main says
it for what runs beside the doors."""

from __future__ import annotations

from contextvars import ContextVar

# With a slash at its end.
BASE: ContextVar[str] = ContextVar("dure_slack_base", default="/")
