"""Guarding over HTTP, below /api/v1/guards."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import datetime
from typing import Any, Literal

from fastapi import Response

from dure.channels.api import ts_text
from dure.channels.guarding.api import Guards, Rule, Violation
from dure.channels.guarding.matching import LONGEST_PATTERN, LONGEST_WORD, PATTERNS, WORDS
from dure.channels.guarding.model import ACTIONS, DETECTORS, Trial
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

_PAGE = 200
_STATES = ("", "noted", "waiting", "let", "removed", "stopped")


@body
class NewRule:
    name: str
    action: Literal["warn", "mask", "keep", "refuse"]
    detectors: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    confidence: Literal["sure", "likely"] = "sure"
    least: int = 1
    where: Literal["everywhere", "shared", "channels"] = "everywhere"
    channels: list[str] = field(default_factory=list)
    except_people: list[str] = field(default_factory=list)
    except_functions: list[str] = field(default_factory=list)
    unreadable: bool = False
    enabled: bool = False
    whole: bool = False

    def rule(self, id: str = "") -> Rule:
        return Rule(
            id, "", "", self.name, self.action, tuple(self.detectors), tuple(self.patterns), tuple(self.words),
            self.confidence, self.least, self.where, tuple(self.channels), tuple(self.except_people),
            tuple(self.except_functions), self.unreadable, self.enabled,
        )  # fmt: skip


@body
class NewTrial:
    rule: NewRule
    days: int = 90


def router(guards: Guards) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/guards", tags=["guards"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The rules of what may not be said, and what a rule can look for."""
        limits = {"patterns": PATTERNS, "pattern": LONGEST_PATTERN, "words": WORDS, "word": LONGEST_WORD}
        return {
            "rules": [_rule(one) for one in await guards.rules(caller)], "detectors": DETECTORS, "actions": ACTIONS,
            "limits": limits,
        }  # fmt: skip

    @routes.post("", status_code=201)
    async def make(caller: Caller, body: NewRule) -> dict[str, Any]:
        """Makes a rule for this workspace, or for the `whole` organisation. It acts once it is `enabled`."""
        return _rule(await guards.put(caller, body.rule(), whole=body.whole))

    @routes.get("/violations")
    async def violations(
        caller: Caller, whole: bool = False, state: str = "", before: datetime | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """What met a rule, the newest first; what was found is masked."""
        if state not in _STATES:
            raise Invalid(f"`state` is one of {', '.join(_STATES[1:])}.", field="state")
        if not 1 <= limit <= _PAGE:
            raise Invalid(f"`limit` is 1 to {_PAGE}.", field="limit")
        if before is not None and before.tzinfo is None:
            raise Invalid("`before` is a time with its zone.", field="before")
        found, counts = await guards.violations(caller, whole=whole, state=state, before=before, limit=limit)
        names = await guards.rooms(caller, [one.channel for one in found if one.channel])
        return {"violations": [_violation(one, names) for one in found], "counts": counts}

    @routes.get("/waiting")
    async def waiting(caller: Caller) -> dict[str, Any]:
        """What of the caller's own waits for an administrator."""
        return {"waiting": [{**_violation(one, {}), "text": (one.draft or {}).get("text", ""),
                             "thread_ts": _thread(one)} for one in await guards.mine(caller)]}  # fmt: skip

    @routes.delete("/waiting/{violation}", status_code=204)
    async def take_back(caller: Caller, violation: str) -> Response:
        """Gives up what waits."""
        await guards.take_back(caller, violation)
        return Response(status_code=204)

    @routes.post("/violations/{violation}/let")
    async def let(caller: Caller, violation: str) -> dict[str, Any]:
        """Lets through what waits; of what was noted, says that it was seen."""
        return _violation(await guards.let(caller, violation), {})

    @routes.post("/violations/{violation}/remove")
    async def remove(caller: Caller, violation: str) -> dict[str, Any]:
        """Throws away what waits; deletes the message that was noted."""
        return _violation(await guards.remove(caller, violation), {})

    @routes.post("/trials", status_code=201)
    async def try_out(caller: Caller, body: NewTrial) -> dict[str, Any]:
        """Tries a rule on what was said in the last `days`."""
        return _trial(await guards.try_out(caller, body.rule.rule(), whole=body.rule.whole, days=body.days))

    @routes.get("/trials/{trial}")
    async def trial(caller: Caller, trial: str) -> dict[str, Any]:
        """How far a trial has come, and what it has found."""
        return _trial(await guards.trial(caller, trial))

    @routes.delete("/trials/{trial}")
    async def cancel(caller: Caller, trial: str) -> dict[str, Any]:
        """Stops a trial."""
        return _trial(await guards.cancel(caller, trial))

    @routes.put("/{guard}")
    async def change(caller: Caller, guard: str, body: NewRule) -> dict[str, Any]:
        """Writes a rule anew."""
        return _rule(await guards.put(caller, body.rule(guard), whole=body.whole))

    @routes.delete("/{guard}", status_code=204)
    async def drop(caller: Caller, guard: str) -> Response:
        """Deletes a rule."""
        await guards.drop(caller, guard)
        return Response(status_code=204)

    return routes


def _rule(rule: Rule) -> dict[str, Any]:
    shown = asdict(rule)
    return {**{name: value for name, value in shown.items() if name not in ("org", "workspace")},
            "whole": not rule.workspace}  # fmt: skip


def _violation(one: Violation, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id, "workspace": one.workspace, "rules": one.rules, "action": one.action, "what": one.what,
        "channel": one.channel, "channel_name": names.get(one.channel, ""), "ts": ts_text(one.ts) if one.ts else "",
        "user": one.user, "excerpt": one.excerpt, "state": one.state, "at": one.at, "decided_by": one.decided_by,
        "decided_at": one.decided_at, "unread": one.unread,
    }  # fmt: skip


def _thread(one: Violation) -> str:
    thread = (one.draft or {}).get("thread")
    return ts_text(thread) if thread else ""


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.rule.name, "state": one.state, "total": one.total, "looked": one.looked,
        "hits": one.hits, "examples": one.examples, "began_at": one.began_at, "ended_at": one.ended_at,
    }  # fmt: skip
