"""Keeping figures: checked, put over what was in their places, and told as what they added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.pacing import booking, events, store
from dure.pacing.deliveries import store as kept
from dure.pacing.model import WHOLE_DAY, DayTotal, Figure, LineItem, Recorded
from dure.state import Tx

_FIRST = date(2000, 1, 1)
_MEASURES = ("impressions", "clicks", "spend", "views", "listens")
_LARGEST = 10**15


def checked(number: int, figure: Figure, items: Mapping[str, LineItem], today: date) -> Figure:
    """The figure with its line item's own id. Invalid names the place in the call."""
    place = f"deliveries[{number}]"
    item = items.get(figure.line_item)
    if item is None:
        raise Invalid(f"There is no line item {figure.line_item!r}.", field=f"{place}.line_item")
    if not _FIRST <= figure.day <= today:
        raise Invalid("Nothing can be delivered on a day to come.", field=f"{place}.day")
    if figure.hour is not None and not 0 <= figure.hour <= 23:
        raise Invalid("An hour is 0 to 23.", field=f"{place}.hour")
    if figure.party not in ("first", "third"):
        raise Invalid("`party` is first or third.", field=f"{place}.party")
    if figure.party == "third" and not figure.source:
        raise Invalid("What a third party counted says who it is.", field=f"{place}.source")
    if len(figure.source) > 80:
        raise Invalid("`source` has 80 characters at most.", field=f"{place}.source")
    if figure.as_of is not None and figure.as_of.tzinfo is None:
        raise Invalid("`as_of` is a time with its zone.", field=f"{place}.as_of")
    for name in _MEASURES:
        if not 0 <= getattr(figure, name) <= _LARGEST:
            raise Invalid(f"`{name}` is 0 or more.", field=f"{place}.{name}")
    return replace(figure, line_item=item.id)


async def record(
    tx: Tx, principal: Principal, figures: Sequence[Figure], items: Mapping[str, LineItem], zone: ZoneInfo,
    now: datetime,
) -> tuple[Recorded, list[Event]]:  # fmt: skip
    """Keeps checked figures of one call; the events say what each day gained (or lost, where it was corrected)."""
    workspace = principal.tenant.workspace
    by_id = {item.id: item for item in items.values()}
    first = last_of_each([one for one in figures if one.party == "first"])
    third = last_of_each([one for one in figures if one.party == "third"])
    written = await _keep_first(tx, principal, first, by_id, zone, now) if first else (0, [])
    await kept.keep_third_party(tx, workspace, third, now) if third else None
    for key, source in sorted({(one.line_item, one.source) for one in third}):
        mine = [one for one in third if (one.line_item, one.source) == (key, source)]
        facts = {"source": source, "days": len({one.day for one in mine}),
                 "impressions": sum(one.impressions for one in mine)}  # fmt: skip
        written[1].append(events.item_event(principal, events.COUNTED, now, now, by_id[key], facts))
    touched = {one.line_item for one in (*first, *third)}
    await store.look_again(tx, workspace, sorted(touched))
    return Recorded(len(first) + len(third), written[0], len(touched)), written[1]


async def _keep_first(
    tx: Tx, principal: Principal, figures: Sequence[Figure], items: Mapping[str, LineItem], zone: ZoneInfo,
    now: datetime,
) -> tuple[int, list[Event]]:  # fmt: skip
    workspace = principal.tenant.workspace
    touched = sorted({one.line_item for one in figures})
    since = min(one.day for one in figures)
    known = await kept.known_figures(tx, workspace, figures)
    before = await kept.days(tx, workspace, touched, since)
    await kept.keep_figures(tx, workspace, figures, now)
    after = await kept.days(tx, workspace, touched, since)
    corrected = {
        (one.line_item, one.day) for one in figures
        if (was := known.get(place(one))) and any(getattr(was, name) != getattr(one, name) for name in _MEASURES)
    }  # fmt: skip
    source_of = {one.line_item: one.source for one in figures}
    written = []
    for key in touched:
        was_then = {day.day: day for day in before.get(key, ())}
        for day in after[key]:
            was = was_then.get(day.day, DayTotal(day.day, 0, 0, 0))
            if day == was:
                continue
            added = DayTotal(day.day, *(getattr(day, name) - getattr(was, name) for name in _MEASURES))
            facts = events.recorded_facts(day.day, added, correction=(key, day.day) in corrected, source=source_of[key])
            at = booking.end_of(day.day, zone, now)
            written.append(events.item_event(principal, events.RECORDED, at, now, items[key], facts))
    for source in sorted({one.source for one in figures}):
        mine = [one for one in figures if one.source == source]
        await kept.heard(tx, workspace, source, _as_of(mine, zone, now), _hourly(mine, zone, now), now)
        await store.note_source(tx, workspace, source, [key for key in touched if source_of[key] == source])
    return len(corrected), written


def last_of_each(figures: Sequence[Figure]) -> list[Figure]:
    """Of two figures for one place the later counts; in one order, so that two calls never deadlock."""
    return [
        figure for _, figure in sorted(
            {(*place(figure), figure.source if figure.party == "third" else ""): figure for figure in figures}.items(),
            key=lambda one: one[0],
        )
    ]  # fmt: skip


def place(figure: Figure) -> tuple[str, date, int]:
    return figure.line_item, figure.day, WHOLE_DAY if figure.hour is None else figure.hour


def _as_of(figures: Sequence[Figure], zone: ZoneInfo, now: datetime) -> datetime:
    """Up to when the figures hold: as they say, else the end of their last hour or day."""
    return max(one.as_of or _end(one, zone, now) for one in figures)


def _hourly(figures: Sequence[Figure], zone: ZoneInfo, now: datetime) -> datetime | None:
    return max((min(one.as_of or now, _end(one, zone, now)) for one in figures if one.hour is not None), default=None)


def _end(figure: Figure, zone: ZoneInfo, now: datetime) -> datetime:
    if figure.hour is None:
        return booking.end_of(figure.day, zone, now)
    begun = datetime.combine(figure.day, time(figure.hour), zone)
    return min((begun + timedelta(hours=1)).astimezone(now.tzinfo), now)
