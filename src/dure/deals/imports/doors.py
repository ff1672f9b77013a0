"""Imports over HTTP. Files come in base64, packed with gzip or not."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Any

import msgspec

from dure.deals.imports.api import Imports
from dure.deals.imports.model import KINDS, Job, Plan
from dure.deals.records.doors import Given
from dure.deals.rules import in_words
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class FileBody:
    name: str
    body: str


@body
class ImportBody:
    files: list[FileBody]
    currency: str = ""


def routes(router: APIRouter, imports: Imports) -> None:
    """/deal-imports, under where deals are."""

    @router.post("/deal-imports", status_code=201)
    async def begin(caller: Caller, body: ImportBody) -> dict[str, Any]:
        """Looks at files: what they hold, what would come of them, what is wrong with them."""
        files = {one.name: _bytes(one) for one in body.files}
        if len(files) != len(body.files):
            raise Invalid("Two files have the same name.", field="files")
        return job_json(await imports.begin(caller, files, currency=body.currency))

    @router.get("/deal-imports")
    async def jobs(caller: Caller, limit: int = 20) -> dict[str, Any]:
        """Imports, newest first."""
        return {"imports": [job_json(one) for one in await imports.jobs(caller, limit)]}

    @router.get("/deal-imports/{job_id}")
    async def one(caller: Caller, job_id: str) -> dict[str, Any]:
        """An import with how far it is and what it found."""
        return job_json(await imports.job(caller, job_id))

    @router.put("/deal-imports/{job_id}/plan")
    async def replan(caller: Caller, job_id: str, body: Given) -> dict[str, Any]:
        """Reads the files another way: other columns, stages, users, fixes."""
        try:
            plan = msgspec.convert(body, Plan)
        except msgspec.ValidationError as error:
            raise Invalid(str(error), field="plan") from error
        return job_json(await imports.replan(caller, job_id, plan))

    @router.post("/deal-imports/{job_id}/suggestions")
    async def take(caller: Caller, job_id: str) -> dict[str, Any]:
        """Takes every suggestion of the findings."""
        return job_json(await imports.take_suggestions(caller, job_id))

    @router.post("/deal-imports/{job_id}/start")
    async def start(caller: Caller, job_id: str) -> dict[str, Any]:
        """Brings the files in; one that was stopped goes on where it was."""
        return job_json(await imports.start(caller, job_id))

    @router.post("/deal-imports/{job_id}/cancel")
    async def cancel(caller: Caller, job_id: str) -> dict[str, Any]:
        """Stops an import; what it brought in stays."""
        return job_json(await imports.cancel(caller, job_id))


def job_json(job: Job) -> dict[str, Any]:
    """As a screen shows it: `findings` with their words in both languages, `table` by kind of record."""
    told = asdict(job)
    kinds = job.report.get("kinds", {})
    return {
        **told,
        "plan": msgspec.to_builtins(job.plan),
        "findings": [
            {**asdict(one), "fix": one.fix, "weight": KINDS[one.kind][0],
             "title": {"ko": KINDS[one.kind][1], "en": KINDS[one.kind][2]}}
            for one in job.findings
        ],
        "table": [{"kind": kind, **counts} for kind, counts in kinds.items()],
        "stages": [
            {"value": value, "stage": job.plan.stages.get(value, ""), **counts,
             "amount_text": in_words(counts["amount"], job.plan.currency)}
            for value, counts in job.report.get("stages", {}).items()
        ],
    }  # fmt: skip


def _bytes(file: FileBody) -> bytes:
    try:
        return base64.b64decode(file.body, validate=True)
    except binascii.Error:
        raise Invalid(f"The body of {file.name} is not base64.", field="files") from None
