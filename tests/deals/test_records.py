"""The records around deals: made, changed, found, put away, brought back."""

from __future__ import annotations

import pytest

from dure.deals.records.listing import Asked
from dure.kernel.errors import NotFound
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_every_noun_is_made_read_changed_and_put_away_and_tells_it_once(desk: Desk) -> None:
    mina, deal = desk.cast.mina, await desk.deal()
    made = {
        "account": {"name": "도담식품", "domain": "dodam.example"},
        "contact": {"name": "최은우", "email": "eunwoo@hanbit.example", "account": desk.hanbit.id},
        "lead": {"first_name": "Ada", "last_name": "Lovelace", "company": "Engines"},
        "product": {"name": "오디오 30초", "prices": {"KRW": 1_500_000}},
        "task": {"subject": "제안서 보내기", "about": deal.id, "due": "2026-11-25"},
        "meeting": {"subject": "킥오프", "about": deal.id, "starts_at": "2026-11-25T10:00:00+09:00",
                    "ends_at": "2026-11-25T11:00:00+09:00"},
        "note": {"about": deal.id, "text": "예산은 12월에 확정"},
        "attachment": {"about": deal.id, "name": "제안서", "url": "https://dure.example/p.pdf"},
    }  # fmt: skip
    change = {"account": {"industry": "food"}, "contact": {"title": "이사"}, "lead": {"status": "Working"},
              "product": {"code": "A30"}, "task": {"status": "done"}, "meeting": {"status": "held"},
              "note": {"title": "예산"}, "attachment": {"name": "제안서 v2"}}  # fmt: skip
    for object_, given in made.items():
        records = desk.deals.records(object_)
        before = len(await desk.events())
        one = await records.create(mina, **given)
        assert one.id.startswith(records.shape.prefix)
        assert (await records.get(desk.cast.joon, one.id[:15])) == one
        changed = await records.update(mina, one.id, one.version, **change[object_])
        assert changed.version == 2
        assert await records.update(mina, one.id, **change[object_]) == changed
        [told] = [entry for entry in await desk.deals.history.of(mina, one.id) if entry.field in change[object_]]
        assert (told.after, told.actor) == (next(iter(change[object_].values())), mina.user)
        await records.delete(mina, one.id)
        with pytest.raises(NotFound):
            await records.get(mina, one.id)
        assert [found.id for found in (await records.page(mina, Asked(deleted=True, sort="created_at"))).records] == [
            one.id
        ]
        back = await records.restore(mina, one.id)
        assert back.deleted_at is None
        names = [event.event for event in (await desk.events())[before:]]
        assert names == [records.created, names[1], "Record Deleted", "Record Restored"], object_
