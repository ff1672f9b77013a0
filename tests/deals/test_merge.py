"""Duplicates are found, made one, and taken apart again exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.deals.contacts.roles import NewRole
from dure.deals.health import store as health_store
from dure.deals.health.follow import Sign
from dure.deals.health.model import Health
from dure.deals.merge.keys import company, domain, email, person, phone
from dure.deals.products.model import NewLine
from dure.deals.winning import store as chance_store
from dure.deals.winning.chances import Chance
from dure.kernel.errors import Conflict, Invalid, NotFound
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)

TABLES = ("account", "contact", "opportunity", "contact_role", "team_member", "line_item", "task", "meeting", "note",
          "attachment", "unique_value", "match_key", "tombstone", "lead")  # fmt: skip


async def rows(desk: Desk) -> dict[str, list[Any]]:
    """Every row of every table of records, as PostgreSQL writes it."""
    async with desk.state.begin(desk.cast.tenant) as tx:
        return {
            table: [
                row["told"]
                for row in await tx.rows(
                    f"select t::text as told from deals.{table} t where workspace = %s order by 1",
                    (desk.cast.tenant.workspace,),
                )
            ]
            for table in TABLES
        }


@pytest.mark.parametrize(
    ("one", "other"),
    [("(주)한빛커피", "한빛 커피 주식회사"), ("주식회사 한빛커피", "한빛커피"), ("㈜한빛커피", "한빛커피"),
     ("Acme, Inc.", "ACME Incorporated"), ("The Acme Co., Ltd.", "Acme"), ("Müller GmbH", "Müller"),
     ("Johnson & Johnson", "Johnson and Johnson")],
)  # fmt: skip
def test_a_companys_name_is_the_same_in_every_form(one: str, other: str) -> None:
    assert company(one) == company(other) != ""


def test_what_is_not_a_companys_own_is_no_key() -> None:
    assert domain("https://www.Hanbit.co.kr/ko?a=1") == domain("mina@hanbit.co.kr") == "hanbit.co.kr"
    assert domain("someone@gmail.com") == domain("naver.com") == ""
    assert email("Mina+ads@Hanbit.example") == "mina@hanbit.example"
    assert phone("+82 10-1234-5678") == phone("010 1234 5678") == "012345678"
    assert phone("1234") == ""
    assert person("Ada  LOVELACE") == person("Lovelace, Ada")
    assert company("주식회사") == "주식회사"


async def test_suspects_are_found_scored_and_dismissed(desk: Desk) -> None:
    mina, accounts = desk.cast.mina, desk.deals.accounts
    twin = await accounts.create(mina, name="주식회사 한빛 커피", domain="hanbit.example")
    await accounts.create(mina, name="한빛나노", domain="nano.example")
    [suspect] = await desk.deals.duplicates.suspects(mina, "account")
    assert {suspect.one, suspect.other} == {twin.id, desk.hanbit.id}
    assert (suspect.reasons, suspect.score) == (("name",), 0.75)
    [hint] = await desk.deals.duplicates.similar(mina, "account", {"name": "Hanbit", "website": "www.hanbit.example"})
    assert (hint.id, hint.reasons) == (twin.id, ("domain",))
    await desk.deals.duplicates.dismiss(mina, twin.id, desk.hanbit.id)
    assert await desk.deals.duplicates.suspects(mina, "account") == []
    assert await desk.deals.duplicates.suspects(desk.cast.rina, "account") == []


async def test_a_lead_that_is_a_contact_already_is_hinted_at(desk: Desk) -> None:
    known = await desk.deals.create_contact(desk.cast.mina, desk.hanbit.id, "최은우", email="Eunwoo@hanbit.example")
    hints = await desk.deals.duplicates.similar(desk.cast.mina, "lead", {"email": "eunwoo@hanbit.example"})
    assert [(hint.object, hint.id) for hint in hints] == [("contact", known.id)]


async def furnished(desk: Desk) -> tuple[Any, Any]:
    """A second account with everything that may point at one."""
    mina, deals = desk.cast.mina, desk.deals
    await deals.fields.add(mina, "deal", "Agency", "reference", reference="account")
    await deals.fields.add(mina, "account", "Tax_Number", "text", unique=True)
    twin = await deals.accounts.create(
        mina, name="한빛커피(주)", external="sf-1", phone="02-555-1234", industry="cafe", Tax_Number__c="111"
    )
    child = await deals.accounts.create(mina, name="한빛로스터리", parent=twin.id)
    contact = await deals.create_contact(mina, twin.id, "최은우", email="eunwoo@hanbit.example")
    deal = (
        await desk.deal("둘째", account=twin.id)
        if False
        else await deals.create(mina, "둘째", twin.id, 500, desk.clock.now().date(), custom={"Agency__c": twin.id})
    )
    await deals.roles.set(mina, deal.id, [NewRole(contact.id, "champion", True)])
    await deals.tasks.create(mina, subject="전화", about=twin.id)
    await deals.notes.create(mina, about=twin.id, text="메모")
    await deals.attachments.create(mina, about=twin.id, name="a", url="https://a.example")
    await deals.meetings.create(mina, subject="만남", about=twin.id, contacts=[contact.id],
                                starts_at=desk.clock.now(), ends_at=desk.clock.now())  # fmt: skip
    return twin, (child, contact, deal)


async def test_merging_accounts_moves_what_pointed_at_the_loser_and_undo_restores_every_byte(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    twin, (child, contact, deal) = await furnished(desk)
    before, heard = await rows(desk), len(await desk.events())
    done = await deals.merges.merge(mina, "account", desk.hanbit.id, [twin.id], {"industry": twin.id})
    kept = done.record
    assert (kept.name, kept.industry, kept.phone, kept.external) == ("한빛커피", "cafe", "02-555-1234", "sf-1")
    assert kept.custom == {"Tax_Number__c": "111"}
    assert (await deals.accounts.get(mina, child.id)).parent == desk.hanbit.id
    assert (await deals.contacts.get(mina, contact.id)).account == desk.hanbit.id
    moved = await deals.deals.get(mina, deal.id)
    assert (moved.account, moved.custom) == (desk.hanbit.id, {"Agency__c": desk.hanbit.id})
    assert {one.about for one in (await deals.tasks.page(mina)).records} == {desk.hanbit.id}
    with pytest.raises(NotFound) as gone:
        await deals.accounts.get(mina, twin.id)
    assert gone.value.data == {"merged_into": desk.hanbit.id}
    with pytest.raises(Conflict):
        await deals.accounts.restore(mina, twin.id)
    [told] = (await desk.events())[heard:]
    assert (told.event, told.properties["losers"], told.properties["moved"]) == ("Records Merged", [twin.id], 8)
    history = {(one.record, one.field): one.after for one in await deals.history.of(mina, deal.id)}
    assert history[(deal.id, "account")] == desk.hanbit.id

    # Somebody goes on working elsewhere meanwhile.
    other = await deals.accounts.create(mina, name="초록우유")
    meanwhile = await rows(desk)
    await deals.merges.undo(mina, done.merge.id)
    after = await rows(desk)
    for table in TABLES:
        new = [row for row in meanwhile[table] if other.id in row]
        assert after[table] == sorted(before[table] + new), table
    assert (await desk.events())[-1].event == "Merge Undone"
    with pytest.raises(Conflict):
        await deals.merges.undo(mina, done.merge.id)


async def test_undo_keeps_what_changed_elsewhere_and_says_what_changed_in_the_same_place(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    twin = await deals.accounts.create(mina, name="한빛커피(주)", phone="02-555-1234")
    done = await deals.merges.merge(mina, "account", desk.hanbit.id, [twin.id])
    await deals.accounts.update(mina, desk.hanbit.id, city="부산")
    await deals.accounts.update(mina, desk.hanbit.id, phone="02-000-0000")
    with pytest.raises(Conflict) as caught:
        await deals.merges.undo(mina, done.merge.id)
    assert caught.value.data["clashes"] == [
        {"table": "account", "key": {"id": desk.hanbit.id}, "fields": ["phone"]},
    ]
    await deals.merges.undo(mina, done.merge.id, force=True)
    kept = await deals.accounts.get(mina, desk.hanbit.id)
    assert (kept.city, kept.phone) == ("부산", "")
    assert (await deals.accounts.get(mina, twin.id)).phone == "02-555-1234"


async def test_merged_contacts_share_roles_and_meetings_once(desk: Desk) -> None:
    mina, deals, deal = desk.cast.mina, desk.deals, await desk.deal()
    one = await deals.create_contact(mina, desk.hanbit.id, "최은우")
    twin = await deals.create_contact(mina, desk.hanbit.id, "최 은우", email="eunwoo@hanbit.example")
    await deals.roles.set(mina, deal.id, [NewRole(one.id, "champion"), NewRole(twin.id, "buyer", True)])
    now = desk.clock.now()
    meeting = await deals.meetings.create(
        mina, subject="만남", contacts=[twin.id, one.id], starts_at=now, ends_at=now, about=deal.id
    )
    before = await rows(desk)
    done = await deals.merges.merge(mina, "contact", one.id, [twin.id])
    assert [(role.contact, role.role) for role in await deals.roles.of(mina, deal.id)] == [(one.id, "champion")]
    assert (await deals.meetings.get(mina, meeting.id)).contacts == (one.id,)
    assert done.record.email == "eunwoo@hanbit.example"
    await deals.merges.undo(mina, done.merge.id)
    assert await rows(desk) == before


async def test_merged_deals_have_both_lines_and_teams_and_one_sum(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    product = await deals.products.create(mina, name="오디오", prices={"KRW": 100})
    one, twin = await desk.deal("A", team=[desk.dan.id]), await desk.deal("A", team=[desk.cast.joon.user])
    for deal, count in ((one, 2), (twin, 3)):
        await deals.lines.set(mina, deal.id, [NewLine(product.id, count)])
    before = await rows(desk)
    done = await deals.merges.merge(mina, "deal", one.id, [twin.id], {"next_step": twin.id})
    assert (done.record.amount, done.record.lines) == (500, 2)
    assert set(done.record.team) == {desk.dan.id, desk.cast.joon.user}
    await deals.merges.undo(mina, done.merge.id)
    assert await rows(desk) == before


async def test_merged_deals_have_the_signs_of_both_and_what_follows_from_them_is_worked_out_anew(desk: Desk) -> None:
    mina, deals, workspace, now = desk.cast.mina, desk.deals, desk.cast.tenant.workspace, desk.clock.now()
    one, twin, third = await desk.deal("A"), await desk.deal("A"), await desk.deal("A")
    await deals.update(mina, twin.id, channel="Ctwin")
    signs = [Sign(deal, "", message, now, "message") for deal, messages in
             ((one.id, "ab"), (twin.id, "bc"), (third.id, "cd")) for message in messages]  # fmt: skip
    everyone = [one.id, twin.id, third.id]

    async def known() -> tuple[set[tuple[str, str]], dict[str, bool], set[str], bool]:
        """Who has which sign, whose health is there and whether it is stale, who has a chance, and if those are due."""
        async with desk.state.begin(desk.cast.tenant) as tx:
            of = [
                await tx.rows(f"select * from deals.{table} where workspace = %s", (workspace,))
                for table in ("activity", "health", "win_chance")
            ]
            _, to_tell = await chance_store.due(tx, now - HOUR, now - HOUR)
        return (
            {(row["opportunity"], row["message"]) for row in of[0]},
            {row["opportunity"]: row["stale"] for row in of[1]},
            {row["opportunity"] for row in of[2]}, workspace in to_tell,
        )  # fmt: skip

    async def look() -> None:
        async with desk.state.begin(desk.cast.tenant) as tx:
            open_ones = await tx.rows(
                "select id from deals.opportunity where workspace = %s and deleted_at is null", (workspace,)
            )
            ids = [row["id"] for row in open_ones]
            await health_store.keep(tx, workspace, [(Health(deal, 50, "fair", "", (), ()), None) for deal in ids], now)
            chances = [Chance(deal, 0.5) for deal in ids]
            await chance_store.keep_chances(tx, workspace, chances, ["[]"] * len(ids), now)

    async with desk.state.begin(desk.cast.tenant) as tx:
        await health_store.keep_signs(tx, workspace, signs)
        await chance_store.keep_model(tx, workspace, now, "{}", None, 0)
    await look()
    before = await known()
    assert before[1:] == (dict.fromkeys(everyone, False), {*everyone}, False)

    done = await deals.merges.merge(mina, "deal", one.id, [twin.id, third.id])
    assert await known() == ({(one.id, message) for message in "abcd"}, {one.id: True}, set(), True)
    await deals.merges.undo(mina, done.merge.id)
    signs_now, health, chances, due = await known()
    assert (signs_now, health, chances, due) == (before[0], {one.id: True}, set(), True)
    await look()
    assert await known() == before
    async with desk.state.begin_system() as tx:
        reading = await health_store.catching_up(tx)
    assert [(row["opportunity"], row["channel"]) for row in reading] == [(twin.id, "Ctwin")]


async def test_nonsense_is_not_merged(desk: Desk) -> None:
    mina, merges = desk.cast.mina, desk.deals.merges
    twin = await desk.deals.accounts.create(mina, name="B")
    for losers, choices, field in (
        ([], {}, "losers"), ([desk.hanbit.id], {}, "losers"), ([twin.id], {"nothing": twin.id}, "choices.nothing"),
        ([twin.id], {"phone": "001nobody"}, "choices.phone"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await merges.merge(mina, "account", desk.hanbit.id, losers, choices)
        assert caught.value.field == field
    with pytest.raises(NotFound):
        await merges.merge(desk.cast.rina, "account", desk.hanbit.id, [twin.id])
