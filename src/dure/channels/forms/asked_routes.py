"""What cards in channels ask for, over HTTP, under /api/v1/asked."""

from __future__ import annotations

from typing import Any

from dure.channels.api import ts_text
from dure.channels.forms.answering import Answering
from dure.channels.forms.model import Asked
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Answered:
    """`values` by field for a form; `decision` (yes or no) and a `note` for an approval."""

    values: dict[str, Any] | None = None
    decision: str = ""
    note: str = ""


def router(answering: Answering) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/asked", tags=["forms"])

    @routes.get("")
    async def waiting(caller: Caller) -> dict[str, Any]:
        """What waits for the caller's answer: forms and approvals that cards in channels ask for."""
        return {"asked": [_shown(one) for one in await answering.open(caller)]}

    @routes.post("/{ask}", status_code=204)
    async def answer(ask: str, caller: Caller, body: Answered) -> None:
        """Answers a form, or decides an approval."""
        if (body.values is None) == (not body.decision):
            raise Invalid("Give `values`, or a `decision`.", field="values")
        if body.values is not None:
            await answering.answer(caller, ask, body.values)
        else:
            await answering.decide(caller, ask, body.decision, body.note)

    return routes


def _shown(asked: Asked) -> dict[str, Any]:
    return {
        "ask": str(asked.id), "what": asked.what, "title": dict(asked.title), "text": asked.card.get("text", ""),
        "channel": asked.channel, "ts": ts_text(asked.ts), "run": asked.run, "asked_at": asked.asked_at,
        "fields": [{"name": one.name, "title": one.title, "type": one.type, "required": one.required}
                   for one in asked.fields],
    }  # fmt: skip
