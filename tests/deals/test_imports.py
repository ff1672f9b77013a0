"""Files of another system come in: guessed, looked at, corrected, brought in once."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import date

import pytest

from dure.deals.imports import cells, guessing, vocabulary
from dure.deals.imports.api import replace_plan
from dure.deals.imports.model import FilePlan, Job, Plan
from dure.deals.records.listing import Asked
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.filters import Filter
from tests.deals.conftest import Desk
from tests.real_data import real

pytestmark = pytest.mark.anyio

FILES = ("accounts.csv", "products.csv", "sales_pipeline.csv.gz", "sales_teams.csv", "data_dictionary.csv")


def found(job: Job, kind: str) -> dict[str, tuple[int, str]]:
    return {one.value: (one.count, one.suggestion) for one in job.findings if one.kind == kind}


async def test_a_real_pipeline_of_8800_deals_comes_in_whole_and_its_traps_are_told(desk: Desk) -> None:
    mina, imports = desk.cast.mina, desk.deals.imports
    await desk.cast.governance.create_user(mina, "darcel@sorimaru.example", "Darcel Schlecht", function="sales")
    files = {name: real(f"crm/{name}").read_bytes() for name in FILES}
    job = await imports.begin(mina, files, currency="USD")

    # What a look at it says, before anything is brought in.
    assert {name: job.plan.files[name].kind for name in FILES} == {
        "accounts.csv": "account", "products.csv": "product", "sales_pipeline.csv.gz": "deal",
        "sales_teams.csv": "team", "data_dictionary.csv": "",
    }  # fmt: skip
    assert job.report["stages"] == {
        "Won": {"count": 4238, "amount": 1_000_553_400}, "Lost": {"count": 2473, "amount": 0},
        "Engaging": {"count": 1589, "amount": 0}, "Prospecting": {"count": 500, "amount": 0},
    }  # fmt: skip
    assert job.report["kinds"]["deal"] == {"added": 8800, "known": 0, "left_out": 0}
    assert found(job, "product_unknown") == {"GTXPro": (1480, "GTX Pro")}
    assert found(job, "account_missing") == {"": (1425, "")}
    assert found(job, "likely_typo") == {"technolgy": (12, "technology"), "Philipines": (1, "Philippines")}
    assert set(found(job, "date_format")) == {"mdy"}
    assert len(found(job, "user_unknown")) == 29
    assert found(job, "account_unknown") == {}
    assert (await desk.deals.deals.page(mina, Asked(totals=True, limit=1))).count == 0

    # The suggestions are taken, and it runs.
    job = await imports.take_suggestions(mina, job.id)
    assert [one.fixed for one in job.findings if one.kind in ("product_unknown", "likely_typo")] == [True] * 3
    await imports.start(mina, job.id)
    assert await imports.tick() == 1
    done = await imports.job(mina, job.id)
    assert (done.state, done.done, done.error) == ("finished", 8800 + 85 + 7, "")
    assert {kind: told["added"] for kind, told in done.report["kinds"].items()} == {
        "product": 7, "account": 85, "deal": 8800,
    }  # fmt: skip
    counts = {
        lane.stage.key: (lane.count, dict(lane.amounts))
        for lane in (await desk.deals.board(mina, closed_days=36_500)).lanes
    }
    assert counts["Closed Won"] == (4238, {"USD": 1_000_553_400})
    assert counts["Closed Lost"][0] == 2473
    assert (counts["Qualified"][0], counts["Prospecting"][0]) == (1589, 500)
    heard = Counter(event.event for event in await desk.events())
    assert (heard["Deal Created"], heard["Deal Won"], heard["Deal Lost"], heard["Import Finished"]) == (
        8800, 4238, 2473, 1,
    )  # fmt: skip
    orphans = await desk.deals.deals.page(mina, Asked([Filter("account", "not_set")], totals=True, limit=1))
    assert orphans.count == 1425
    first = await desk.deals.deals.page(mina, Asked([Filter("external", "=", "1C1I7A6R")]))
    [deal] = first.records
    assert (deal.name, deal.amount, deal.close_date, deal.lines) == (
        "Cancity GTX Plus Basic", 105_400, date(2017, 3, 1), 1,
    )  # fmt: skip
    children = await desk.deals.accounts.page(mina, Asked([Filter("parent", "set")], totals=True))
    assert children.count == 15

    # A second run of the same files adds nothing.
    again = await imports.begin(mina, files, currency="USD")
    assert {kind: told["added"] for kind, told in again.report["kinds"].items()} == {
        "product": 0, "account": 0, "deal": 0,
    }  # fmt: skip
    await imports.start(mina, again.id)
    await imports.tick()
    assert (await imports.job(mina, again.id)).report["kinds"]["deal"] == {"added": 0, "known": 8800, "left_out": 0}
    assert (await desk.deals.deals.page(mina, Asked(totals=True, limit=1))).count == 8800


CONTACTS = (
    "Full Name,Email,Company,Job Title\n최은우,eunwoo@hanbit.example,한빛커피,이사\nAda,not-an-address,Engines,\n"
)
DEALS = (
    "Deal Name;Account;Stage;Amount;Close Date;Owner\n"
    "가을 캠페인;한빛커피;Proposal;1,200,000;24.12.2026;이수미\n"
    "둘째;새회사;Warp;5;01.12.2026;이수미\n"
    "셋째;새회사;제안;3,000원;31.12.2026;누군가\n"
)


async def test_contacts_and_deals_of_small_files_come_in_and_bad_rows_are_said_by_line(desk: Desk) -> None:
    mina, imports = desk.cast.mina, desk.deals.imports
    job = await imports.begin(mina, {"contacts.csv": CONTACTS.encode(), "deals.csv": DEALS.encode("cp949")})
    assert found(job, "stage_unknown") == {"Warp": (1, "")}
    assert found(job, "value_invalid") == {}
    await imports.start(mina, job.id)
    await imports.tick()
    done = await imports.job(mina, job.id)
    assert done.state == "finished"
    assert done.report["kinds"]["contact"] == {"added": 1, "known": 0, "left_out": 1}
    assert done.report["kinds"]["deal"] == {"added": 2, "known": 0, "left_out": 1}
    [bad] = [one for one in done.findings if one.kind == "value_invalid" and one.file == "contacts.csv"]
    assert (bad.field, bad.rows) == ("email", (3,))
    by_name = {deal.name: deal for deal in (await desk.deals.deals.page(mina)).records}
    assert by_name["가을 캠페인"].account == desk.hanbit.id
    assert by_name["가을 캠페인"].close_date == date(2026, 12, 24)
    assert by_name["셋째"].account_name == "새회사"
    assert (by_name["셋째"].owner, by_name["셋째"].description) == (mina.user, "담당 Owner: 누군가")
    assert by_name["셋째"].amount == 3000


async def test_an_import_is_stopped_and_goes_on_where_it_was(desk: Desk) -> None:
    mina, imports = desk.cast.mina, desk.deals.imports
    rows = "".join(f"o-{n},Deal {n},Prospecting,{n},2026-12-24\n" for n in range(1_500))
    job = await imports.begin(
        mina, {"deals.csv.gz": gzip.compress(f"id,name,stage,amount,close date\n{rows}".encode())}
    )
    await imports.start(mina, job.id)
    async with desk.state.begin(desk.cast.tenant) as tx:
        ready = await imports._prepare(tx, mina, job, await imports._sheets(tx, desk.cast.tenant, job))
    assert await imports._part(mina, job.id, ready)  # what a process does before it is killed
    assert (await imports.job(mina, job.id)).done == 1000
    await imports.cancel(mina, job.id)
    assert await imports.tick() == 0
    with pytest.raises(Conflict):
        await imports.replan(mina, job.id, job.plan)
    await imports.start(mina, job.id)
    await imports.tick()
    done = await imports.job(mina, job.id)
    assert (done.state, done.report["kinds"]["deal"]) == ("finished", {"added": 1500, "known": 0, "left_out": 0})
    with pytest.raises(Conflict):
        await imports.start(mina, job.id)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"files": {"x.csv": FilePlan("deal")}}, "plan.files"), ({"stages": {"Won": "Nowhere"}}, "plan.stages"),
     ({"files": {"deals.csv": FilePlan("deal", {"Stage": "colour"})}}, "plan.files"),
     ({"date_order": "ydm"}, "plan.date_order"), ({"owner": "U0NOBODY"}, "plan.owner"),
     ({"users": {"Ada": "U0NOBODY"}}, "plan.users"), ({"currency": "won"}, "currency")],
)  # fmt: skip
async def test_a_plan_that_makes_no_sense_is_refused(desk: Desk, change: dict[str, object], field: str) -> None:
    job = await desk.deals.imports.begin(desk.cast.mina, {"deals.csv": b"Stage,Name\nProposal,A\n"})
    with pytest.raises(Invalid) as caught:
        await desk.deals.imports.replan(desk.cast.mina, job.id, replace_plan(job.plan, **change))
    assert caught.value.field == field
    with pytest.raises(NotFound):
        await desk.deals.imports.job(desk.cast.rina, job.id)


@pytest.mark.parametrize(
    ("text", "order", "meant"),
    [("3/1/2017", "mdy", date(2017, 3, 1)), ("3/1/2017", "dmy", date(2017, 1, 3)),
     ("2026-12-24", "ymd", date(2026, 12, 24)), ("2026. 12. 24.", "ymd", date(2026, 12, 24)),
     ("2026년 3월 1일", "ymd", date(2026, 3, 1)), ("31/31/2017", "mdy", None), ("someday", "ymd", None)],
)  # fmt: skip
def test_dates_are_read_in_the_order_of_their_column(text: str, order: str, meant: date | None) -> None:
    assert cells.day(text, order) == meant


def test_a_column_tells_its_order_by_the_days_that_only_one_order_has() -> None:
    assert cells.order_of(["3/1/2017", "3/25/2017"]) == ("mdy", False)
    assert cells.order_of(["1/3/2017", "25/3/2017"]) == ("dmy", False)
    assert cells.order_of(["1/3/2017"]) == ("mdy", True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,234.50", "1234.50"),
        ("₩3,000", "3000"),
        ("(12)", "-12"),
        ("1.234,50", "1234.50"),
        ("$ 5", "5"),
        ("12,5", "12.5"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, meant: str) -> None:
    assert str(cells.number(text)) == meant
    assert cells.number("n/a") is None


def test_files_are_known_by_their_columns_in_korean_too() -> None:
    assert guessing.plan_of("x.csv", ["거래명", "고객사", "단계", "금액", "마감일"]) == FilePlan(
        "deal", {"거래명": "name", "고객사": "account", "단계": "stage", "금액": "amount", "마감일": "close_date"}
    )
    assert guessing.plan_of("x.csv", ["a", "b"]).kind == ""
    assert Plan().files == {}
    assert vocabulary.nearest("GTXPro", ["GTX Basic", "GTX Pro", "GTX Plus Pro"]) == "GTX Pro"
    assert vocabulary.meant("technology", vocabulary.INDUSTRIES) == ""
