"""Forms over HTTP, under /api/v1/forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from dure.channels.forms.api import Answer, Form, Forms, read_fields
from dure.channels.forms.fields import blocks
from dure.channels.forms.model import in_both
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

Both = str | dict[str, str]


@body
class NewForm:
    """`id` is a word for its address; titles are a text, or `{"ko": …, "en": …}`."""

    id: str
    title: Both
    fields: list[dict[str, Any]]
    about: Both = ""


@body
class FormChange:
    """What is left out stays; `closed` says whether it takes answers."""

    title: Both | None = None
    about: Both | None = None
    fields: list[dict[str, Any]] | None = None
    closed: bool | None = None


@body
class Filled:
    """A value by field: texts, numbers, dates as 2026-11-23, ids, lists."""

    values: dict[str, Any]


def router(forms: Forms) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/forms", tags=["forms"])

    @routes.get("")
    async def every(caller: Caller) -> dict[str, Any]:
        """Every form of the workspace, the open ones first."""
        return {"forms": [_shown(one) for one in await forms.forms(caller)]}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: NewForm) -> dict[str, Any]:
        """A new form, at /forms/ID."""
        fields = read_fields(body.fields)
        return _shown(
            await forms.create(caller, body.id, _text(body.title, "title"), fields, _text(body.about, "about"))
        )

    @routes.get("/{form}")
    async def one(caller: Caller, form: str) -> dict[str, Any]:
        """A form with its fields, and these as Block Kit's inputs in both languages."""
        found = await forms.form(caller, form)
        return {**_shown(found), "blocks": {language: blocks(found.fields, language) for language in ("ko", "en")}}

    @routes.patch("/{form}")
    async def change(caller: Caller, form: str, body: FormChange) -> dict[str, Any]:
        """Changes a form, closes it or opens it again."""
        changed = await forms.change(
            caller, form, title=None if body.title is None else _text(body.title, "title"),
            about=None if body.about is None else _text(body.about, "about"),
            fields=None if body.fields is None else read_fields(body.fields), closed=body.closed,
        )  # fmt: skip
        return _shown(changed)

    @routes.get("/{form}/answers")
    async def answers(
        caller: Caller, form: str, before: datetime | None = None, limit: int = 50
    ) -> dict[str, Any]:  # fmt: skip
        """What was answered, newest first."""
        return {"answers": [_answer(one) for one in await forms.answers(caller, form, before, limit)]}

    @routes.post("/{form}/answers", status_code=201)
    async def answer(caller: Caller, form: str, body: Filled) -> dict[str, Any]:
        """Fills in a form; what is wrong is told by field in the error's `data.fields`."""
        return _answer(await forms.answer(caller, form, body.values))

    return routes


def _text(text: Both, field: str) -> Both:
    if isinstance(text, dict) and not set(text) <= {"ko", "en"}:
        raise Invalid("A text in both languages has `ko` and `en`.", field=field)
    return text


def _shown(form: Form) -> dict[str, Any]:
    fields = [
        {**msgspec.to_builtins(field), "title": in_both(field.title), "about": in_both(field.about)}
        for field in form.fields
    ]
    return {
        "id": form.id, "title": dict(form.title), "about": dict(form.about), "fields": fields,
        "created_by": form.created_by, "created_at": form.created_at, "changed_at": form.changed_at,
        "closed_at": form.closed_at, "answers": form.answers, "path": f"/forms/{form.id}",
    }  # fmt: skip


def _answer(answer: Answer) -> dict[str, Any]:
    return {"id": str(answer.id), "form": answer.form, "by": answer.by, "values": dict(answer.values), "at": answer.at}
