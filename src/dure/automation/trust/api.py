"""The door of trust: versions and going back, texts in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from dure.automation.model import AutomationInfo, Definition
from dure.automation.runs import READ, WRITE
from dure.automation.trust import store
from dure.automation.trust.diff import Change, changes
from dure.automation.trust.model import FORMAT, Review, Travelling, Version, as_text
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import State

if TYPE_CHECKING:
    from dure.automation.api import Automation

_MOST_AT_ONCE = 200


class Trust:
    """Reached as `automation.trust`. What a change says stands in its note, its author and its time."""

    def __init__(self, automation: Automation, state: State) -> None:
        self._automation = automation
        self._state = state

    # -- versions ---------------------------------------------------------------------------------------------------

    async def versions(self, principal: Principal, automation: str) -> list[Version]:
        """Every version, newest first, without its text."""
        await self._automation.get(principal, automation)
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.versions(tx, principal.tenant.workspace, automation)
            standing = await store.runs_under_way(tx, principal.tenant.workspace, automation)
        return [Version(**row, under_way=standing.get(row["version"], 0)) for row in rows]

    async def version(self, principal: Principal, automation: str, number: int) -> Version:
        """One version with its text."""
        info = await self._automation.get(principal, automation)
        async with self._state.begin(principal.tenant) as tx:
            row = await store.version(tx, principal.tenant.workspace, automation, number)
        if row is None:
            raise NotFound(f"There is no version {number} of it.", field="version")
        text = msgspec.convert(row.pop("doc"), Definition)
        return Version(**row, live=number == info.version, nodes=len(text.nodes), definition=text)

    async def differences(self, principal: Principal, automation: str, before: int, after: int) -> list[Change]:
        """What leads from one version to another."""
        one = await self.version(principal, automation, before)
        other = await self.version(principal, automation, after)
        assert other.definition is not None  # noqa: S101
        return changes(one.definition, other.definition, (one.name or other.name, other.name or one.name))

    async def roll_back(self, principal: Principal, automation: str, number: int, note: str = "") -> AutomationInfo:
        """Publishes an old text anew. Nothing is lost: the versions between stay in the list."""
        old = await self.version(principal, automation, number)
        if old.live:
            raise Invalid(f"Version {number} is the live one.", field="version")
        assert old.definition is not None  # noqa: S101
        doc = msgspec.to_builtins(old.definition)
        return await self._automation.update(principal, automation, doc=doc, note=note or f"↩ v{number}")

    # -- texts in and out -------------------------------------------------------------------------------------------

    async def export(self, principal: Principal, automation: str | None = None) -> list[Mapping[str, Any]]:
        """Automations (or one) as files hold them."""
        found = (
            [await self._automation.get(principal, automation)]
            if automation
            else await self._automation.automations(principal)
        )
        return [as_text(one.id, one.name, one.recipe, one.enabled, one.definition) for one in found]

    async def review(self, principal: Principal, texts: Sequence[object]) -> list[Review]:
        """What importing texts would change. Nothing is written."""
        access(principal, READ)
        return [(await self._compared(principal, text))[0] for text in _bounded(texts)]

    async def take_in(
        self, principal: Principal, texts: Sequence[object], *, note: str = "",
        expected: Mapping[str, int] | None = None,
    ) -> list[Review]:  # fmt: skip
        """Publishes texts: a new automation (switched off), or a new version of the one that each means. All are
        checked before the first is written; one that changes nothing is passed over. `expected` are the live
        versions by automation that were reviewed; Conflict where somebody published meanwhile."""
        access(principal, WRITE)
        compared = [await self._compared(principal, text) for text in _bounded(texts)]
        for index, (review, _) in enumerate(compared):
            if review.error:
                raise Invalid(review.error, field=f"automations[{index}].{review.field}".rstrip("."))
            if expected and expected.get(review.automation, review.version) != review.version:
                raise Conflict(f"{review.name} was changed since it was reviewed.", field="expected")
        done = []
        for review, text in compared:
            assert text is not None  # noqa: S101
            published = review.version
            if not review.automation:
                made = await self._automation.create(principal, text.name, text.definition, enabled=False, note=note)
                review, published = replace(review, automation=made.id), made.version
            elif review.changes:
                now = await self._automation.update(
                    principal, review.automation, name=text.name, doc=text.definition, note=note, base=review.version
                )
                published = now.version
            done.append(replace(review, published=published))
        return done

    async def _compared(self, principal: Principal, given: object) -> tuple[Review, Travelling | None]:
        name = str(given.get("name", "")) if isinstance(given, Mapping) else ""
        try:
            text = _text(given)
            definition = await self._automation.read(principal, text.definition)
        except Invalid as error:
            return Review(name, "", 0, (), error.message, error.field or ""), None
        async with self._state.begin(principal.tenant) as tx:
            meant = await store.known_as(tx, principal.tenant.workspace, text.id, text.recipe, text.name)
        if meant is None:
            return Review(text.name, "", 0, changes(None, definition)), text
        known = await self._automation.get(principal, meant)
        if known.definition.trigger.zone is None and not dict(text.definition.get("trigger") or {}).get("zone"):
            # Neither names a zone; the one that reading fills in is no difference.
            trigger = msgspec.structs.replace(definition.trigger, zone=None)
            definition = msgspec.structs.replace(definition, trigger=trigger)
        found = changes(known.definition, definition, (known.name, text.name))
        return Review(text.name, known.id, known.version, found), text


def _bounded(texts: Sequence[object]) -> Sequence[object]:
    if not 1 <= len(texts) <= _MOST_AT_ONCE:
        raise Invalid(f"Between 1 and {_MOST_AT_ONCE} automations are taken at once.", field="automations")
    return texts


def _text(given: object) -> Travelling:
    try:
        text = msgspec.convert(given, Travelling)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=path.rstrip("`")) from error
    if text.format != FORMAT:
        raise Invalid(f"`format` is {FORMAT}.", field="format")
    if not text.name.strip() or len(text.name) > 200:
        raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
    return text
