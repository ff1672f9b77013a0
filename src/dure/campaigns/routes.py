"""Campaigns over HTTP, and the door without a sign-in: the way out of the list (RFC 8058)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import Body, Query
from fastapi.responses import HTMLResponse

from dure.campaigns import frame
from dure.campaigns.api import Campaign, Campaigns, Counts
from dure.campaigns.effects import Effect
from dure.campaigns.ready import READY
from dure.campaigns.responses import leaving_page
from dure.governance.api import access
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.segments.api import read_rule
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Preview:
    design: dict[str, Any]
    person: str
    node: str = ""


@body
class Consent:
    allowed: bool


Json = Annotated[dict[str, Any], Body()]


def router(api: Campaigns) -> APIRouter:
    """/api/v1/campaigns, consent."""
    routes = APIRouter(prefix="/api/v1", tags=["campaigns"])

    @routes.get("/campaigns")
    async def campaigns(caller: Caller) -> dict[str, Any]:
        """Every campaign, with how many people it holds."""
        return {"campaigns": [_told(each, counts) for each, counts in await api.campaigns(caller)]}

    @routes.get("/campaigns/ready")
    async def ready(caller: Caller) -> dict[str, Any]:
        """Designs that can be launched as they are."""
        access(caller, "campaigns:read")
        return {"designs": [{"id": name, "design": design} for name, design in READY.items()]}

    @routes.post("/campaigns", status_code=201)
    async def create(caller: Caller, body: Json) -> dict[str, Any]:
        """A draft from a design, or from a ready one: `{"ready": "tried-and-left"}`."""
        design: object = body
        if "ready" in body:
            if body["ready"] not in READY:
                raise Invalid(f"There is no ready design {body['ready']!r}.", field="ready")
            design = READY[body["ready"]]
        return _told(await api.create(caller, design), Counts(0, {}, {}))

    @routes.post("/campaigns/validate")
    async def validate(caller: Caller, body: Json) -> dict[str, Any]:
        """All that keeps a design from being launched, each with its field."""
        return {"problems": [asdict(each) for each in await api.validate(caller, body)]}

    @routes.get("/campaigns/calendar")
    async def calendar(
        caller: Caller, since: Annotated[datetime, Query(alias="from")], until: Annotated[datetime, Query(alias="to")]
    ) -> dict[str, Any]:
        """What goes out when, recurring campaigns with all their times."""
        return {"slots": [asdict(each) for each in await api.calendar(caller, _aware(since), _aware(until))]}

    @routes.get("/campaigns/effects")
    async def effects(caller: Caller, days: int = 7) -> dict[str, Any]:
        """What all campaigns did, month by month and one by one, with who was there again on day `days`."""
        found = await api.effects(caller, days)
        return {
            "days": found.days, "returning": found.returning, "months": [asdict(each) for each in found.months],
            "campaigns": [_effect(each) for each in found.campaigns],
        }  # fmt: skip

    @routes.get("/campaigns/letter-frame", include_in_schema=False)
    async def letter_frame() -> HTMLResponse:
        """The empty page in which a letter is looked at before it is sent."""
        return frame.page()

    @routes.post("/campaigns/preview")
    async def preview(caller: Caller, body: Preview) -> dict[str, Any]:
        """A message as one person would get it, by whichever channel: an e-mail's `subject`, `html` and `text`, a
        push's or card's `title`, `text`, `url` and `image`, and how many an SMS is sent as."""
        return (await api.preview(caller, body.design, body.person, body.node or None)).as_json()

    @routes.get("/campaigns/{campaign}")
    async def one(caller: Caller, campaign: str) -> dict[str, Any]:
        """A campaign: its design, state and counts."""
        found, counts = await api.campaign(caller, campaign)
        words = None
        if found.design.entry.audience is not None:
            (words,) = await api.words(caller, [read_rule(found.design.entry.audience)])
        return _told(found, counts) | {"audience_words": words}

    @routes.put("/campaigns/{campaign}")
    async def change(caller: Caller, campaign: str, body: Json) -> dict[str, Any]:
        """Puts another design in a draft's place."""
        await api.change(caller, campaign, body)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/launch")
    async def launch(caller: Caller, campaign: str) -> dict[str, Any]:
        """Starts a campaign."""
        await api.launch(caller, campaign)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/pause")
    async def pause(caller: Caller, campaign: str) -> dict[str, Any]:
        """Holds a campaign: nobody enters, moves or is written to until it is resumed."""
        await api.pause(caller, campaign)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/resume")
    async def resume(caller: Caller, campaign: str) -> dict[str, Any]:
        """Goes on where it was paused."""
        await api.resume(caller, campaign)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/finish")
    async def finish(caller: Caller, campaign: str) -> dict[str, Any]:
        """Closes the entrance; those on their way go to their end."""
        await api.finish(caller, campaign)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/duplicate", status_code=201)
    async def duplicate(caller: Caller, campaign: str) -> dict[str, Any]:
        """A draft with the same design."""
        return _told(await api.duplicate(caller, campaign), Counts(0, {}, {}))

    @routes.get("/campaigns/{campaign}/versions")
    async def versions(caller: Caller, campaign: str) -> dict[str, Any]:
        """What was launched, newest first."""
        return {
            "versions": [
                {"version": each.number, "design": msgspec.to_builtins(each.design), "by": each.created_by,
                 "at": each.created_at}
                for each in await api.versions(caller, campaign)
            ]
        }  # fmt: skip

    @routes.post("/campaigns/{campaign}/move")
    async def move(caller: Caller, campaign: str) -> dict[str, Any]:
        """Brings those on their way to the newest version."""
        return {"moved": await api.move(caller, campaign)}

    @routes.get("/campaigns/{campaign}/progress")
    async def progress(caller: Caller, campaign: str) -> dict[str, Any]:
        """Who is where, what goes out a minute, and when it will be done."""
        return asdict(await api.progress(caller, campaign))

    @routes.get("/campaigns/{campaign}/ways")
    async def ways(
        caller: Caller, campaign: str, node: str = "", state: str = "", after: str = "", limit: int = 100
    ) -> dict[str, Any]:
        """Who is or was on their way, newest first."""
        found = await api.ways(
            caller, campaign, node=node or None, state=state or None, after=after or None, limit=limit
        )
        names = await api.names(caller, {each.person for each in found})
        return {"ways": [asdict(each) | {"name": names.get(each.person, "")} for each in found]}

    @routes.post("/campaigns/{campaign}/stop")
    async def stop(caller: Caller, campaign: str) -> dict[str, Any]:
        """Ends a campaign; nobody enters or is written to any more."""
        await api.stop(caller, campaign)
        return await one(caller, campaign)

    @routes.post("/campaigns/{campaign}/dry-run")
    async def dry_run(caller: Caller, campaign: str, limit: int = 200, run: str = "") -> dict[str, Any]:
        """Who would get what, and why others would not. `run` is a name of your own, to ask how far it is."""
        return asdict(await api.dry_run(caller, campaign, limit, run))

    @routes.get("/dry-runs/{run}")
    async def dry_run_progress(caller: Caller, run: str) -> dict[str, Any]:
        """How far a dry run is; `state` is "running", "cancelled", or "none" before it began and when it is over."""
        access(caller, "campaigns:read")
        return await api.dry_runs.progress(caller, run)

    @routes.delete("/dry-runs/{run}", status_code=204)
    async def cancel_dry_run(caller: Caller, run: str) -> None:
        """Cancels a dry run."""
        access(caller, "campaigns:read")
        await api.dry_runs.cancel(caller, run)

    @routes.get("/campaigns/{campaign}/messages")
    async def messages(
        caller: Caller, campaign: str, state: str = "", node: str = "", before: datetime | None = None, limit: int = 100
    ) -> dict[str, Any]:
        """A campaign's messages, newest first."""
        found = await api.messages(caller, campaign, state=state or None, node=node or None, before=before, limit=limit)
        names = await api.names(caller, {each.person for each in found})
        return {"messages": [asdict(each) | {"name": names.get(each.person, "")} for each in found]}

    @routes.get("/campaigns/{campaign}/result")
    async def result(caller: Caller, campaign: str, retention: bool = True) -> dict[str, Any]:
        """How both halves did: the goal, guardrails, and who was there again on days 1, 7 and 30, each with its
        interval, and what may be concluded. Without `retention` only what decides."""
        found = await api.result(caller, campaign, retention=retention)
        return asdict(found.outcome) | {
            "goal": found.goal, "window": found.window, "returning": found.returning, "days": found.days
        }  # fmt: skip

    @routes.get("/people/{person}/campaigns")
    async def ways_of(caller: Caller, person: str, limit: int = 100) -> dict[str, Any]:
        """Every way of one person through campaigns, newest first."""
        return {"ways": [asdict(each) for each in await api.ways(caller, person=person, limit=limit)]}

    @routes.put("/people/{person}/consent/email")
    async def consent(caller: Caller, person: str, body: Consent) -> dict[str, Any]:
        """Records whether a person may be written to by e-mail."""
        await api.set_consent(caller, person, body.allowed)
        return {"allowed": body.allowed}

    return routes


def way_out(api: Campaigns) -> APIRouter:
    """/u/SECRET: the way out of the list that messages carry."""
    return leaving_page.outside(api.leaving)


def _effect(of: Effect) -> dict[str, Any]:
    halves = {
        name: asdict(arm) | {"rate": arm.rate}
        for name, arm in (("control", of.comparison.control), ("treated", of.comparison.treated))
    }
    return asdict(of) | {"comparison": asdict(of.comparison) | halves}


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _told(campaign: Campaign, counts: Counts) -> dict[str, Any]:
    return {
        "id": campaign.id, "design": msgspec.to_builtins(campaign.design),
        "status": campaign.status, "version": campaign.version, "created_by": campaign.created_by,
        "created_at": campaign.created_at,
        "launched_at": campaign.launched_at, "counts": asdict(counts),
    }  # fmt: skip
