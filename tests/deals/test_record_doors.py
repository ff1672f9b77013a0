"""The records around deals over HTTP, and what of a person is gone once they are erased."""

from __future__ import annotations

import base64

import pytest

from dure.deals.holding import DealHolder
from dure.kernel.whom import Whom
from tests.deals.conftest import Desk
from tests.deals.test_doors import door

pytestmark = pytest.mark.anyio


async def test_records_are_made_listed_changed_and_restored_over_http(desk: Desk) -> None:
    deal = await desk.deal()
    async with door(desk) as http:
        made = await http.post(
            "/contacts", json={"name": "최은우", "email": "e@hanbit.example", "account": desk.hanbit.id}
        )
        assert (made.status_code, made.json()["similar"]) == (201, [])
        twin = (
            await http.post("/contacts", json={"last_name": "최", "first_name": "은우", "email": "E@hanbit.example"})
        ).json()
        assert [one["id"] for one in twin["similar"]] == [made.json()["id"]]
        task = (await http.post("/tasks", json={"subject": "전화", "about": deal.id, "due": "2026-11-20"})).json()
        late = (
            await http.get("/tasks", params={"filters": '[{"prop":"due","op":"<","value":"today"}]', "totals": True})
        ).json()
        assert ([one["id"] for one in late["tasks"]], late["count"]) == ([task["id"]], 1)
        done = await http.patch(f"/tasks/{task['id']}", json={"status": "done", "version": 1})
        assert done.json()["done_at"] is not None
        stale = await http.patch(f"/tasks/{task['id']}", json={"subject": "x", "version": 1})
        assert (stale.status_code, stale.json()["error"]["data"]) == (409, {"version": 2})
        assert (await http.delete(f"/tasks/{task['id']}")).status_code == 204
        assert (await http.get(f"/tasks/{task['id']}")).status_code == 404
        assert (await http.post(f"/tasks/{task['id']}/restore")).json()["deleted_at"] is None
        changes = (await http.get(f"/records/{task['id']}/history", params={"field": "status"})).json()["changes"]
        assert [(one["before"], one["after"]) for one in changes] == [("open", "done")]
        merged = await http.post(
            "/merges", json={"object": "contact", "winner": made.json()["id"], "losers": [twin["id"]]}
        )
        assert merged.status_code == 201
        gone = await http.get(f"/contacts/{twin['id']}")
        assert gone.json()["error"]["data"] == {"merged_into": made.json()["id"]}
        assert (await http.post(f"/merges/{merged.json()['id']}/undo", json={})).status_code == 200


async def test_deals_are_listed_by_any_field_and_summed_in_every_currency(desk: Desk) -> None:
    await desk.deal("A", 100)
    await desk.deal("B", 700, currency="USD")
    async with door(desk) as http:
        assert (await http.post("/record-fields/deal", json={"name": "Budget", "type": "money"})).status_code == 201
        fields = (await http.get("/record-fields/deal")).json()["fields"]
        assert fields[-1]["name"] == "Budget__c"
        await http.put("/exchange-rates", json={"rates": [{"currency": "USD", "day": "2026-01-01", "rate": 1400}]})
        found = (await http.get("/deals/list", params={"sort": "-amount", "totals": True, "limit": 1})).json()
        assert [one["name"] for one in found["deals"]] == ["B"]
        assert (found["count"], found["amounts"]) == (2, {"KRW": 100, "USD": 700})
        assert found["together"] == {"currency": "KRW", "amount": 9_900, "missing": []}
        rest = (await http.get("/deals/list", params={"sort": "-amount", "after": found["next"]})).json()
        assert ([one["name"] for one in rest["deals"]], rest["next"]) == (["A"], "")
        view = {"object": "deal", "name": "큰 거래", "filters": [{"prop": "amount", "op": ">", "value": 500}]}
        saved = (await http.post("/record-views", json=view)).json()
        seen = (await http.get(f"/record-views/{saved['id']}/records")).json()
        assert [one["name"] for one in seen["records"]] == ["B"]
        lines = {"lines": [{"product": "01tnothing"}]}
        assert (await http.put(f"/deals/{rest['deals'][0]['id']}/lines", json=lines)).json()["error"][
            "field"
        ] == "product"
        stage = await http.patch("/deals/stages/Proposal", json={"required": ["next_step"], "probability": 55})
        assert (stage.json()["probability"], stage.json()["required"]) == (55, ["next_step"])
        pipelines = (await http.get("/pipelines")).json()["pipelines"]
        assert [(one["key"], len(one["stages"])) for one in pipelines] == [("default", 6)]
        refused = await http.post(f"/deals/{rest['deals'][0]['id']}/stage", json={"stage": "Proposal"})
        assert refused.json()["error"]["data"] == {"fields": ["next_step"]}


async def test_an_import_is_looked_at_planned_and_started_over_http(desk: Desk) -> None:
    body = base64.b64encode("이름,단계\n가,Prospecting\n나,Warp\n".encode()).decode()
    async with door(desk) as http:
        job = (await http.post("/deal-imports", json={"files": [{"name": "거래.csv", "body": body}]})).json()
        assert job["plan"]["files"]["거래.csv"]["columns"] == {"이름": "name", "단계": "stage"} or job["findings"]
        plan = {**job["plan"], "files": {"거래.csv": {"kind": "deal", "columns": {"이름": "name", "단계": "stage"}}},
                "stages": {"Prospecting": "Prospecting", "Warp": "Proposal"}}  # fmt: skip
        job = (await http.put(f"/deal-imports/{job['id']}/plan", json=plan)).json()
        assert job["table"] == [{"kind": "deal", "added": 2, "known": 0, "left_out": 0}]
        await http.post(f"/deal-imports/{job['id']}/start")
        await desk.deals.imports.tick()
        done = (await http.get(f"/deal-imports/{job['id']}")).json()
        assert (done["state"], done["done"], done["total"]) == ("finished", 2, 2)
        assert {one["title"]["ko"] for one in done["findings"]} == {"마감일이 없어 시작 90일 뒤로 둡니다"}
        bad = await http.post("/deal-imports", json={"files": [{"name": "x.csv", "body": "%%%"}]})
        assert (bad.status_code, bad.json()["error"]["field"]) == (422, "files")


async def test_nothing_of_an_erased_person_is_left_in_deals(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    address, name = "eunwoo.choi@hanbit.example", "최은우"
    contact = await deals.create_contact(mina, desk.hanbit.id, name, email=address)
    twin = await deals.create_contact(mina, desk.hanbit.id, "최 은우", phone="02-555-1234")
    await deals.contacts.update(mina, contact.id, title=f"{name} 이사")
    await deals.leads.create(mina, name=name, company="한빛", email=address.upper())
    deal = await desk.deal()
    await deals.notes.create(mina, about=contact.id, text=f"{name}님과 통화")
    await deals.notes.create(mina, about=deal.id, text=f"메일은 {address}")
    await deals.tasks.create(mina, subject=f"{name}님께 전화", about=deal.id, contact=contact.id)
    await deals.meetings.create(
        mina, subject=f"{name} 미팅", contacts=[contact.id], starts_at=desk.clock.now(), ends_at=desk.clock.now()
    )
    await deals.merges.merge(mina, "contact", contact.id, [twin.id])
    await deals.views.save(mina, "contact", "그 사람", filters=[{"prop": "email", "value": address}])
    await deals.imports.begin(mina, {"contacts.csv": f"name,email\n{name},{address}\n".encode()})
    whom = Whom(desk.cast.tenant, addresses=(address,))
    holder = DealHolder()
    async with desk.state.begin(desk.cast.tenant) as tx:
        whom = await holder.trace(tx, whom)
        assert (whom.objects[0], name in whom.names) == (contact.id, True)
        gathered = await holder.gather(tx, whom)
        assert len(gathered["deals-contact"]) == len(gathered["deals-lead"]) == 1
        assert await holder.erase(tx, whom) > 0
    async with desk.state.begin(desk.cast.tenant) as tx:
        tables = [row["t"] for row in await tx.rows(
            "select table_name as t from information_schema.columns where table_schema = 'deals'"
            " and column_name = 'workspace'"
        )]  # fmt: skip
        for table in tables:
            left = await tx.rows(
                f"select t::text as told from deals.{table} t where workspace = %s and t::text ilike any(%s)",
                (desk.cast.tenant.workspace, [f"%{address}%", f"%{name}%"]),
            )
            assert left == [], table
        assert await tx.value("select count(*) from deals.import_file") == 0
