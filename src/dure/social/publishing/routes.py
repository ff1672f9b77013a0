"""Publishing over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import asdict, field
from datetime import datetime
from typing import Any

from dure.governance.http import Caller
from dure.social.publishing.api import Content, Plan, Publishing, Whole, Wording
from dure.social.publishing.model import STATES, Rules
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class GivenWording:
    """`text` null follows the post's own; `utm` stands in for the workspace's tags by name."""

    source: uuid.UUID
    text: str | None = None
    title: str = ""
    place: str = ""
    utm: dict[str, str] = field(default_factory=dict)


@body
class GivenContent:
    title: str
    text: str = ""
    language: str = ""
    campaign: str = ""
    wordings: list[GivenWording] = field(default_factory=list)


@body
class NewPost:
    content: GivenContent
    due_at: datetime | None = None
    evergreen: bool = False


@body
class Saving:
    """`version` is that of the text which was edited."""

    version: int
    content: GivenContent
    evergreen: bool | None = None


@body
class Aside:
    content: GivenContent


@body
class Time:
    """Null takes the time away."""

    due_at: datetime | None = None


@body
class Asking:
    note: str = ""


@body
class Deciding:
    """`hash` is what the caller saw."""

    approve: bool
    hash: str
    comment: str = ""


@body
class Saying:
    text: str
    source: uuid.UUID | None = None


@body
class Settling:
    done: bool = True


@body
class Checking:
    source: uuid.UUID
    stands: bool
    url: str = ""


@body
class GivenRules:
    version: int
    approval: bool
    own: bool
    approvers: list[str]
    utm: dict[str, str]
    tracked: bool = True


@body
class Why:
    why: str = ""


@body
class Series:
    """`body` is the CSV; with `look` nothing is made."""

    body: str
    look: bool = False


def router(api: Publishing) -> APIRouter:
    """/api/v1/publishing."""
    routes = APIRouter(prefix="/api/v1/publishing", tags=["social"])

    def told(rules: Rules) -> dict[str, Any]:
        return {**asdict(rules), "trackable": api.book.tracks is not None and api.book.tracks.on}

    @routes.get("/posts")
    async def posts(
        caller: Caller, since: datetime | None = None, until: datetime | None = None, state: str = "", text: str = "",
        evergreen: bool = False, limit: int = 500,
    ) -> dict[str, Any]:  # fmt: skip
        """Posts by their time; with a range, beside it what has no time yet."""
        wanted = [one for one in state.split(",") if one]
        found = await api.plans(
            caller, since=since, until=until, states=wanted, text=text, evergreen=evergreen, limit=limit
        )
        undated = await api.undated(caller) if since or until else []
        return {"posts": [_plan(one) for one in found], "undated": [_plan(one) for one in undated], "states": STATES}

    @routes.post("/posts", status_code=201)
    async def draft(caller: Caller, body: NewPost) -> dict[str, Any]:
        """A new draft."""
        made = await api.draft(caller, _content(body.content), due_at=body.due_at, evergreen=body.evergreen)
        return _whole(await api.one(caller, made.id))

    @routes.get("/posts/{post_id}")
    async def one(caller: Caller, post_id: uuid.UUID) -> dict[str, Any]:
        """A post as it will stand on each network, with its reviews and comments."""
        return _whole(await api.one(caller, post_id))

    @routes.put("/posts/{post_id}")
    async def save(caller: Caller, post_id: uuid.UUID, body: Saving) -> dict[str, Any]:
        """Keeps a text; a conflict carries the text that somebody else kept meanwhile."""
        return _whole(await api.save(caller, post_id, body.version, _content(body.content), evergreen=body.evergreen))

    @routes.delete("/posts/{post_id}", status_code=204)
    async def remove(caller: Caller, post_id: uuid.UUID) -> None:
        """Takes a post away of which nothing stands anywhere."""
        await api.remove(caller, post_id)

    @routes.get("/posts/{post_id}/versions")
    async def versions(caller: Caller, post_id: uuid.UUID) -> dict[str, Any]:
        """Every text that it had, newest first, and those kept aside."""
        return {"versions": [asdict(one) for one in await api.versions(caller, post_id)]}

    @routes.post("/posts/{post_id}/versions", status_code=201)
    async def set_aside(caller: Caller, post_id: uuid.UUID, body: Aside) -> dict[str, Any]:
        """Keeps a text beside the draft's own."""
        return asdict(await api.set_aside(caller, post_id, _content(body.content)))

    @routes.post("/posts/{post_id}/copy", status_code=201)
    async def copy(caller: Caller, post_id: uuid.UUID, body: Time) -> dict[str, Any]:
        """A new draft of the same texts."""
        made = await api.copy(caller, post_id, body.due_at)
        return _whole(await api.one(caller, made.id))

    @routes.put("/posts/{post_id}/time")
    async def move(caller: Caller, post_id: uuid.UUID, body: Time) -> dict[str, Any]:
        """Gives a time, or takes it away; an approved post with a time is scheduled."""
        return _plan(await api.calendar.move(caller, post_id, body.due_at))

    @routes.post("/posts/{post_id}/schedule")
    async def schedule(caller: Caller, post_id: uuid.UUID, body: Time) -> dict[str, Any]:
        """Has it published at a time, or at its own; without any, now."""
        return _plan(await api.calendar.schedule(caller, post_id, body.due_at))

    @routes.post("/posts/{post_id}/submit")
    async def submit(caller: Caller, post_id: uuid.UUID, body: Asking) -> dict[str, Any]:
        """Asks a second person for their word on the post as it is now."""
        await api.reviews.submit(caller, post_id, body.note)
        return _whole(await api.one(caller, post_id))

    @routes.post("/posts/{post_id}/decision")
    async def decide(caller: Caller, post_id: uuid.UUID, body: Deciding) -> dict[str, Any]:
        """Approves or returns it."""
        await api.reviews.decide(caller, post_id, body.hash, body.approve, body.comment)
        return _whole(await api.one(caller, post_id))

    @routes.post("/posts/{post_id}/comments", status_code=201)
    async def comment(caller: Caller, post_id: uuid.UUID, body: Saying) -> dict[str, Any]:
        """Says something about a draft."""
        return asdict(await api.comment(caller, post_id, body.text, body.source))

    @routes.put("/posts/{post_id}/comments/{comment_id}")
    async def settle(caller: Caller, post_id: uuid.UUID, comment_id: uuid.UUID, body: Settling) -> dict[str, Any]:
        """Marks a comment as settled, or open again."""
        return asdict(await api.settle_comment(caller, post_id, comment_id, body.done))

    @routes.post("/posts/{post_id}/retry")
    async def retry(caller: Caller, post_id: uuid.UUID) -> dict[str, Any]:
        """Tries again what was refused."""
        return _plan(await api.posting.retry(caller, post_id))

    @routes.post("/posts/{post_id}/check")
    async def check(caller: Caller, post_id: uuid.UUID, body: Checking) -> dict[str, Any]:
        """Says whether a post stands there of which nobody knew."""
        return _plan(await api.posting.check(caller, post_id, body.source, body.stands, body.url))

    @routes.get("/posts/{post_id}/figures")
    async def figures(caller: Caller, post_id: uuid.UUID) -> dict[str, Any]:
        """What came back: answers and clicks by source."""
        return {"figures": [asdict(one) for one in await api.figures.of(caller, post_id)]}

    @routes.post("/preview")
    async def preview(caller: Caller, body: GivenContent) -> dict[str, Any]:
        """A text as it would stand on each network, with nothing kept."""
        return {"rendered": [asdict(one) for one in await api.preview(caller, _content(body))]}

    @routes.get("/reviews")
    async def waiting(caller: Caller) -> dict[str, Any]:
        """What somebody asks a word on, longest waiting first."""
        return {"waiting": [{**_plan(plan), "review": asdict(review)} for plan, review in await api.waiting(caller)]}

    @routes.get("/places")
    async def places(caller: Caller) -> dict[str, Any]:
        """Sources that posts can go to, with their networks' limits."""
        return {"places": [asdict(one) for one in await api.places(caller)]}

    @routes.get("/times")
    async def times(caller: Caller) -> dict[str, Any]:
        """Hours of the week at which posts did well, where enough were measured."""
        return asdict(await api.figures.times(caller))

    @routes.get("/rules")
    async def rules(caller: Caller) -> dict[str, Any]:
        """What is asked of posts here, whether they are paused, and whether links can be tracked on this server."""
        return told(await api.rules(caller))

    @routes.put("/rules")
    async def set_rules(caller: Caller, body: GivenRules) -> dict[str, Any]:
        """Sets them; `back` counts posts whose approval that ends."""
        kept, back = await api.calendar.set_rules(caller, **asdict(body))
        return {**told(kept), "back": len(back)}

    @routes.post("/pause")
    async def pause(caller: Caller, body: Why) -> dict[str, Any]:
        """Stops every post that is not out yet."""
        return told(await api.calendar.pause(caller, body.why))

    @routes.post("/resume")
    async def resume(caller: Caller) -> dict[str, Any]:
        """Lets posts leave again; `held` came due meanwhile and wait for a new time."""
        kept, held = await api.calendar.resume(caller)
        return {**told(kept), "held": [_plan(one) for one in held]}

    @routes.post("/series")
    async def series(caller: Caller, body: Series) -> dict[str, Any]:
        """Drafts from CSV, all rows or none, with what is wrong by row."""
        found = await api.imports.bring(caller, body.body, only_look=body.look)
        return {**asdict(found), "made": [_plan(one) for one in found.made]}

    return routes


def _content(given: GivenContent) -> Content:
    words = [Wording(one.source, one.text, one.title, one.place, one.utm) for one in given.wordings]
    return Content(given.title, given.text, given.language, given.campaign, tuple(words))


def _plan(plan: Plan) -> dict[str, Any]:
    return asdict(plan)


def _whole(whole: Whole) -> dict[str, Any]:
    return asdict(whole)
