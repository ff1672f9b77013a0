"""simple-salesforce, unmodified: many records in one call, and jobs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.bulk2 import ColumnDelimiter, LineEnding
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

from tests.deals.salesforce.house import House


@pytest.fixture(scope="module", autouse=True)
def field(house: House) -> None:
    house.run(house.deals.fields.add(house.mina, "account", "Ext__c", "text", external=True))


def post(sf: Salesforce, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    return sf.restful(path, method=method, json=body)


def count(sf: Salesforce, name: str, of: str = "Account") -> int:
    return int(sf.query(f"SELECT COUNT() FROM {of} WHERE Name LIKE '{name}%'")["totalSize"])


# -- composite --------------------------------------------------------------------------------------------------------


def deal_for(name: str, stage: str = "Prospecting") -> list[dict[str, Any]]:
    base = "/services/data/v59.0"
    return [
        {"method": "POST", "url": f"{base}/sobjects/Account", "referenceId": "acc", "body": {"Name": name}},
        {"method": "POST", "url": f"{base}/sobjects/Opportunity", "referenceId": "opp",
         "body": {"Name": name, "AccountId": "@{acc.id}", "StageName": stage, "CloseDate": "2026-12-24"}},
        {"method": "GET", "url": f"{base}/sobjects/Account/@{{acc.id}}?fields=Name", "referenceId": "got"},
        {"method": "GET", "url": f"{base}/query?q=SELECT+Account.Name+FROM+Opportunity+WHERE+Id='@{{opp.id}}'",
         "referenceId": "asked"},
    ]  # fmt: skip


def test_a_composite_call_refers_to_what_came_before(sf: Salesforce) -> None:
    answer = post(sf, "composite", {"allOrNone": True, "compositeRequest": deal_for("Composite")})
    made, deal, got, asked = answer["compositeResponse"]
    assert (made["httpStatusCode"], deal["httpStatusCode"], deal["referenceId"]) == (201, 201, "opp")
    assert made["httpHeaders"]["Location"].endswith(made["body"]["id"])
    assert got["body"]["Name"] == "Composite"
    assert asked["body"]["records"][0]["Account"]["Name"] == "Composite"


def test_all_or_none_takes_everything_back(house: House, sf: Salesforce) -> None:
    answer = post(sf, "composite", {"allOrNone": True, "compositeRequest": deal_for("Nothing", "Nowhere")})
    first, second, third, _ = answer["compositeResponse"]
    assert first["body"][0]["errorCode"] == third["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert second["body"][0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert count(sf, "Nothing") == 0


def test_otherwise_what_could_be_done_is_kept(sf: Salesforce) -> None:
    answer = post(sf, "composite", {"compositeRequest": deal_for("Half", "Nowhere")})
    assert [one["httpStatusCode"] for one in answer["compositeResponse"]] == [201, 400, 200, 400]
    assert count(sf, "Half") == 1


def test_a_batch_is_of_independent_calls(sf: Salesforce) -> None:
    asked = [
        {"method": "POST", "url": "v59.0/sobjects/Account", "richInput": {"Name": "Batch"}},
        {"method": "GET", "url": "v59.0/sobjects/Nothing/describe"},
        {"method": "GET", "url": "v59.0/limits"},
    ]
    answer = post(sf, "composite/batch", {"batchRequests": asked})
    assert [one["statusCode"] for one in answer["results"]] == [201, 404, 200]
    assert answer["hasErrors"] is True
    halted = post(sf, "composite/batch", {"haltOnError": True, "batchRequests": asked[1:]})
    assert [one["statusCode"] for one in halted["results"]] == [404, 412]


def test_many_records_are_made_changed_upserted_and_deleted_in_one_call(sf: Salesforce) -> None:
    typed = {"attributes": {"type": "Account"}}
    made = post(sf, "composite/sobjects", {"records": [{**typed, "Name": f"Many {n}"} for n in range(6)]})
    assert all(one["success"] for one in made)
    ids = [one["id"] for one in made]
    changed = post(
        sf, "composite/sobjects",
        {"records": [{**typed, "id": ids[0], "Name": "Many changed"}, {**typed, "id": ids[1], "Name": ""}]}, "PATCH",
    )  # fmt: skip
    assert [one["success"] for one in changed] == [True, False]
    assert changed[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    for created in (True, False):
        upserted = post(
            sf,
            "composite/sobjects/Account/Ext__c",
            {"records": [{**typed, "Ext__c": "m1", "Name": "Many up"}]},
            "PATCH",
        )
        assert upserted[0]["created"] is created
    read = post(sf, "composite/sobjects/Account", {"ids": [ids[0], "001000000000001AAA"], "fields": ["Name"]})
    assert (read[0]["Name"], read[1]) == ("Many changed", None)
    for some in (ids[:3], ids[3:]):
        gone = sf.restful("composite/sobjects", params={"ids": ",".join(some), "allOrNone": "true"}, method="DELETE")
        assert all(one["success"] for one in gone)
    with pytest.raises(SalesforceMalformedRequest, match="EXCEEDED_ID_LIMIT"):
        post(sf, "composite/sobjects", {"records": [{**typed, "Name": "x"}] * 201})


def test_of_a_collection_all_or_none(sf: Salesforce) -> None:
    records = [{"attributes": {"type": "Account"}, "Name": name} for name in ("Together", "")]
    made = post(sf, "composite/sobjects", {"allOrNone": True, "records": records})
    assert [one["errors"][0]["statusCode"] for one in made] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING",
    ]  # fmt: skip
    assert count(sf, "Together") == 0


def test_a_tree_grows_whole_or_not_at_all(sf: Salesforce) -> None:
    def tree(last: str) -> dict[str, Any]:
        contacts = [{"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": last}]
        root = {"attributes": {"type": "Account", "referenceId": "a"}, "Name": "Tree"}
        return {"records": [{**root, "Contacts": {"records": contacts}}]}

    grown = post(sf, "composite/tree/Account", tree("Leaf"))
    assert [one["referenceId"] for one in grown["results"]] == ["a", "c"]
    assert sf.Contact.get(grown["results"][1]["id"])["AccountId"] == grown["results"][0]["id"]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        post(sf, "composite/tree/Account", tree(""))
    assert refused.value.content["hasErrors"] is True
    assert count(sf, "Tree") == 1


# -- Bulk 2.0 ---------------------------------------------------------------------------------------------------------


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_a_job_inserts_and_says_of_every_row_what_became_of_it(sf: Salesforce) -> None:
    records = [{"Name": f"Bulk {n}", "Industry": 'a, "b"\nc'} for n in range(20)]
    records[7]["Name"] = ""
    [result] = sf.bulk2.Account.insert(records=records, wait=0)
    assert (result["numberRecordsProcessed"], result["numberRecordsFailed"], result["numberRecordsTotal"]) == (
        20,
        1,
        20,
    )
    good, bad = (
        rows(text)
        for text in (sf.bulk2.Account.get_successful_records(result["job_id"]),
                     sf.bulk2.Account.get_failed_records(result["job_id"]))
    )  # fmt: skip
    assert (len(good), good[0]["sf__Created"], good[0]["Industry"]) == (19, "true", 'a, "b"\nc')
    assert bad[0]["sf__Error"].startswith("REQUIRED_FIELD_MISSING")
    assert rows(sf.bulk2.Account.get_unprocessed_records(result["job_id"])) == []
    assert sf.Account.get(good[0]["sf__Id"])["Name"] == "Bulk 0"


def test_a_job_upserts_updates_and_deletes(sf: Salesforce) -> None:
    for created in ("true", "false"):
        [result] = sf.bulk2.Account.upsert(
            records=[{"Ext__c": f"b{n}", "Name": f"Bulked {n}"} for n in range(3)], external_id_field="Ext__c", wait=0
        )
        got = rows(sf.bulk2.Account.get_successful_records(result["job_id"]))
        assert {one["sf__Created"] for one in got} == {created}
    ids = [one["sf__Id"] for one in got]
    [changed] = sf.bulk2.Account.update(
        records=[{"Id": ids[0], "Industry": "x"}], wait=0, column_delimiter=ColumnDelimiter.PIPE,
        line_ending=LineEnding.CRLF,
    )  # fmt: skip
    assert changed["numberRecordsFailed"] == 0
    assert sf.Account.get(ids[0])["Industry"] == "x"
    sf.bulk2.Account.delete(records=[{"Id": one} for one in ids], wait=0)
    assert count(sf, "Bulked") == 0


def test_a_job_reads_in_pieces_with_locators(sf: Salesforce) -> None:
    sf.bulk2.Lead.insert(
        records=[{"LastName": f"R {n:04}", "Company": "Haneul", "Description": "Seoul\nBusan"} for n in range(25)],
        wait=0,
    )
    query = "SELECT LastName, Description, Owner.Email, CreatedDate, IsConverted FROM Lead ORDER BY LastName"
    pieces = list(sf.bulk2.Lead.query(query, max_records=10, wait=0, column_delimiter=ColumnDelimiter.SEMICOLON))
    read = [rows(piece, ";") for piece in pieces]
    assert [len(piece) for piece in read] == [10, 10, 5]
    assert [one["LastName"] for piece in read for one in piece] == [f"R {n:04}" for n in range(25)]
    first = read[0][0]
    assert (first["Description"], first["Owner.Email"], first["IsConverted"]) == (
        "Seoul\nBusan", "mina@sorimaru.example", "false",
    )  # fmt: skip
    assert first["CreatedDate"].endswith("Z")
    assert list(sf.bulk2.Lead.query_all("SELECT Id FROM Lead WHERE LastName = 'none'", wait=0)) == ['"Id"\n']


def test_a_job_can_be_aborted_and_deleted(sf: Salesforce) -> None:
    client = sf.bulk2.Account._client
    job = client.create_job("insert")["id"]
    client.upload_job_data(job, "Name\nNever\n")
    assert client.abort_job(job, False)["state"] == "Aborted"
    with pytest.raises(SalesforceMalformedRequest, match="INVALIDJOBSTATE"):
        client.close_job(job)
    assert rows(sf.bulk2.Account.get_unprocessed_records(job)) == [{"Name": "Never"}]
    assert sf.restful(f"jobs/ingest/{job}", method="DELETE") is None
    assert count(sf, "Never") == 0


def test_a_job_that_makes_no_sense_says_why(sf: Salesforce) -> None:
    for body, code in (
        ({"operation": "insert", "object": "Nothing"}, "INVALIDENTITY"),
        ({"operation": "guess", "object": "Account"}, "INVALIDOPERATION"),
        ({"operation": "upsert", "object": "Account", "externalIdFieldName": "Name"}, "INVALIDENTITY"),
        ({"operation": "insert", "object": "Account", "columnDelimiter": "SPACE"}, "INVALIDENTITY"),
    ):
        with pytest.raises(SalesforceMalformedRequest, match=code):
            sf.restful("jobs/ingest", method="POST", json=body)
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        list(sf.bulk2.Account.query("SELECT Foo FROM Account", wait=0))
    with pytest.raises(SalesforceOperationError, match="column has a name of its own"):
        sf.bulk2.Account.insert(csv_file=None, records=[{"Name": "x", "name": "y"}], wait=0)
