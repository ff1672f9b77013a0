"""simple-salesforce, unmodified: records one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from dure.feed.api import tail
from tests.deals.salesforce.house import House


@pytest.fixture(scope="module", autouse=True)
def fields(house: House) -> None:
    """Fields that Sorimaru added."""
    for object_, name, kind, more in (
        ("account", "Ext__c", "text", {"external": True}),
        ("deal", "Channels__c", "multi_picklist", {"options": ["audio", "video", "display"]}),
        ("deal", "Fee__c", "money", {}),
        ("deal", "Score__c", "number", {}),
        ("deal", "Signed__c", "boolean", {}),
        ("contact", "Ext__c", "text", {"external": True}),
    ):
        house.run(house.deals.fields.add(house.mina, object_, name, kind, **more))  # type: ignore[arg-type]


def told(house: House, record: str) -> list[str]:
    """Names of the events about a record, in order."""

    async def read() -> list[str]:
        async with house.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
        return [event.event for event in found if event.object == record and event.actor == house.mina.user]

    return house.run(read())


def refusal(error: pytest.ExceptionInfo[Any]) -> dict[str, Any]:
    [one] = error.value.content
    return dict(one)


def test_a_record_is_made_read_changed_and_deleted(house: House, sf: Salesforce) -> None:
    made = sf.Account.create({"Name": "한빛커피", "Industry": "food", "NumberOfEmployees": 340})
    assert made == {"id": made["id"], "success": True, "errors": []}
    account = sf.Account.get(made["id"])
    assert account["attributes"] == {
        "type": "Account", "url": f"/services/data/v59.0/sobjects/Account/{made['id']}",
    }  # fmt: skip
    assert (account["Name"], account["NumberOfEmployees"], account["IsDeleted"]) == ("한빛커피", 340, False)
    assert sf.Account.update(made["id"][:15], {"Industry": "drinks"}) == 204
    found = sf.query(f"SELECT Industry, LastModifiedBy.Email, CreatedBy.Email FROM Account WHERE Id = '{made['id']}'")
    [now] = found["records"]
    assert (now["Industry"], now["LastModifiedBy"]["Email"]) == ("drinks", "mina@sorimaru.example")
    assert now["CreatedBy"]["Email"] == "mina@sorimaru.example"
    assert sf.Account.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound) as gone:
        sf.Account.get(made["id"])
    assert refusal(gone)["errorCode"] == "ENTITY_IS_DELETED"
    with pytest.raises(SalesforceResourceNotFound) as gone:
        sf.Account.update(made["id"], {"Name": "x"})
    assert refusal(gone)["errorCode"] == "ENTITY_IS_DELETED"
    assert sf.query(f"SELECT Id FROM Account WHERE Id = '{made['id']}'")["totalSize"] == 0
    everything = sf.query(f"SELECT IsDeleted FROM Account WHERE Id = '{made['id']}'", include_deleted=True)
    assert everything["records"][0]["IsDeleted"] is True
    assert told(house, made["id"]) == ["Account Created", "Account Changed", "Record Deleted"]


def test_a_deal_moves_by_its_stage_and_its_amounts_are_major_units(house: House, sf: Salesforce) -> None:
    deal = sf.Opportunity.create(
        {"Name": "Dollars", "StageName": "Prospecting", "CloseDate": "2026-12-24", "Amount": 1234.56,
         "CurrencyIsoCode": "USD", "Fee__c": 9.5, "Channels__c": "audio;video", "Score__c": 0.5, "Signed__c": True}
    )["id"]  # fmt: skip
    kept = house.run(house.deals.deals.get(house.mina, deal))
    assert (kept.amount, kept.currency, kept.custom["Fee__c"]) == (123_456, "USD", 950)
    sf.Opportunity.update(deal, {"StageName": "Closed Won", "Amount": 2000})
    got = sf.Opportunity.get(deal)
    assert (got["Amount"], got["Probability"], got["IsWon"], got["ForecastCategory"]) == (2000.0, 100.0, True, "Closed")
    assert (got["Fee__c"], got["Channels__c"], got["Score__c"], got["Signed__c"]) == (9.5, "audio;video", 0.5, True)
    sf.Opportunity.update(deal, {"Probability": 90, "Channels__c": None})
    assert sf.Opportunity.get(deal)["Probability"] == 90.0
    found = sf.query("SELECT Id FROM Opportunity WHERE Channels__c INCLUDES ('video;audio')")
    assert found["totalSize"] == 0
    assert "Deal Won" in told(house, deal)
    entries = sf.query(
        f"SELECT StageName, Amount FROM OpportunityHistory WHERE OpportunityId = '{deal}' ORDER BY CreatedDate"
    )
    assert [one["StageName"] for one in entries["records"]][:2] == ["Prospecting", "Closed Won"]
    changes = sf.query(f"SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory WHERE OpportunityId = '{deal}'")
    assert ("stage", "Prospecting", "Closed Won") in [
        (one["Field"], one["OldValue"], one["NewValue"]) for one in changes["records"]
    ]


def test_upsert_goes_by_an_external_id(sf: Salesforce) -> None:
    assert sf.Account.upsert("Ext__c/42 a%2Fb", {"Name": "Forty-two"}) == 201
    assert sf.Account.upsert("Ext__c/42 a%2Fb", {"Name": "Forty-three"}) == 204
    found = sf.Account.get_by_custom_id("Ext__c", "42 a/b")
    assert (found["Name"], found["Ext__c"]) == ("Forty-three", "42 a/b")
    assert sf.Account.upsert(f"Id/{found['Id']}", {"Name": "Forty-four"}) == 204
    sf.Contact.create({"LastName": "Kim", "Account": {"Ext__c": "42 a/b"}})
    joined = sf.query("SELECT Account.Name FROM Contact WHERE LastName = 'Kim'")
    assert joined["records"][0]["Account"]["Name"] == "Forty-four"
    with pytest.raises(SalesforceResourceNotFound):
        sf.Account.get_by_custom_id("Ext__c", "43")
    with pytest.raises(SalesforceResourceNotFound):
        sf.Account.get_by_custom_id("Industry", "food")


def test_an_external_id_of_several_records_is_a_choice(house: House, sf: Salesforce) -> None:
    """Unique values have no case here; two records that share one are those of before a field became unique."""
    one, two = (sf.Contact.create({"LastName": last, "Ext__c": last})["id"] for last in ("twin-a", "twin-b"))

    async def share() -> None:
        async with house.state.begin(house.mina.tenant) as tx:
            await tx.run('update deals.contact set custom = \'{"Ext__c": "twin"}\' where id = any(%s)', ([one, two],))

    house.run(share())
    with pytest.raises(SalesforceMoreThanOneRecord) as several:
        sf.Contact.get_by_custom_id("Ext__c", "twin")
    assert {url.rsplit("/", 1)[1] for url in several.value.content} == {one, two}
    with pytest.raises(SalesforceMoreThanOneRecord):
        sf.Contact.upsert("Ext__c/twin", {"LastName": "x"})


@pytest.mark.parametrize(
    ("object_", "values", "code", "fields"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Account", {"Name": None}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Lead", {"LastName": "x"}, "REQUIRED_FIELD_MISSING", ["Company"]),
        ("Opportunity", {"Name": "x"}, "REQUIRED_FIELD_MISSING", ["StageName", "CloseDate"]),
        ("Account", {"Name": "x", "Foo": 1}, "INVALID_FIELD", ["Foo"]),
        ("Account", {"Name": "x", "CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE",
         ["CreatedDate"]),
        ("Account", {"Name": "x", "Id": "001000000000001AAA"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Id"]),
        ("Account", {"Name": "x" * 121}, "STRING_TOO_LONG", ["Name"]),
        ("Account", {"Name": "x", "NumberOfEmployees": "many"}, "INVALID_TYPE_ON_FIELD_IN_RECORD",
         ["NumberOfEmployees"]),
        ("Contact", {"LastName": "x", "AccountId": "001000000000001AAA"}, "INVALID_CROSS_REFERENCE_KEY", ["AccountId"]),
        ("Contact", {"LastName": "x", "AccountId": "nonsense"}, "MALFORMED_ID", ["AccountId"]),
        ("Contact", {"LastName": "x", "Email": "nonsense"}, "FIELD_CUSTOM_VALIDATION_EXCEPTION", ["Email"]),
        ("Contact", {"LastName": "x", "OwnerId": "005000000000001AAA"}, "INVALID_CROSS_REFERENCE_KEY", ["OwnerId"]),
        ("Opportunity", {"Name": "x", "StageName": "Nowhere", "CloseDate": "2026-12-01"},
         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["StageName"]),
        ("Opportunity", {"Name": "x", "StageName": "Prospecting", "CloseDate": "soon"}, "JSON_PARSER_ERROR",
         ["CloseDate"]),
        ("Opportunity", {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-01", "Amount": -5},
         "NUMBER_OUTSIDE_VALID_RANGE", ["Amount"]),
        ("OpportunityStage", {"ApiName": "x"}, "INVALID_TYPE_FOR_OPERATION", None),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_salesforces_codes_and_names_the_field(
    sf: Salesforce, object_: str, values: dict[str, Any], code: str, fields: list[str] | None
) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        getattr(sf, object_).create(values)
    error = refusal(refused)
    assert (error["errorCode"], error.get("fields")) == (code, fields)


def test_a_value_that_another_has_names_the_other(sf: Salesforce) -> None:
    first = sf.Account.create({"Name": "First", "External_Id__c": "crm-1"})["id"]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Account.create({"Name": "Second", "External_Id__c": "crm-1"})
    error = refusal(refused)
    assert (error["errorCode"], error["fields"]) == ("DUPLICATE_VALUE", ["External_Id__c"])
    assert first in error["message"]


def test_tasks_events_roles_and_notes_belong_to_a_deal(sf: Salesforce) -> None:
    account = sf.Account.create({"Name": "Haneul"})["id"]
    contact = sf.Contact.create({"LastName": "Oh", "AccountId": account})["id"]
    deal = sf.Opportunity.create(
        {"Name": "With work", "AccountId": account, "StageName": "Prospecting", "CloseDate": "2026-12-24"}
    )["id"]
    lead = sf.Lead.create({"LastName": "Noh", "Company": "Haneul"})["id"]
    sf.Task.create({"Subject": "Write", "WhoId": lead})
    task = sf.Task.create({"Subject": "Call", "WhatId": deal, "WhoId": contact, "ActivityDate": "2020-01-02",
                           "Priority": "High"})["id"]  # fmt: skip
    got = sf.Task.get(task)
    assert (got["Status"], got["Priority"], got["IsClosed"], got["WhoId"]) == ("Not Started", "High", False, contact)
    assert sf.Opportunity.get(deal)["HasOverdueTask"] is True
    asked = (
        "SELECT Who.Name, Who.Type, What.Name, What.Type FROM Task WHERE Subject IN ('Call', 'Write') ORDER BY Subject"
    )
    call, write = sf.query(asked)["records"]
    assert (call["Who"]["Type"], call["What"]["Name"], call["What"]["Type"]) == ("Contact", "With work", "Opportunity")
    assert (write["Who"]["Name"], write["What"]) == ("Noh", None)
    sf.Task.update(task, {"Status": "Completed"})
    assert sf.Task.get(task)["IsClosed"] is True
    event = sf.Event.create({"Subject": "Pitch", "WhatId": deal, "WhoId": contact, "DurationInMinutes": 30,
                             "StartDateTime": "2026-12-01T09:00:00+09:00"})["id"]  # fmt: skip
    assert sf.Event.get(event)["EndDateTime"] == "2026-12-01T00:30:00.000+0000"
    role = sf.OpportunityContactRole.create({"OpportunityId": deal, "ContactId": contact, "Role": "champion"})["id"]
    sf.OpportunityContactRole.update(role, {"IsPrimary": True})
    assert sf.OpportunityContactRole.get(role)["IsPrimary"] is True
    note = sf.Note.create({"ParentId": deal, "Title": "Said", "Body": "They like it."})["id"]
    assert sf.Note.get(note)["Body"] == "They like it."
    assert sf.OpportunityContactRole.delete(role) == 204


def test_products_have_prices_and_lines_make_the_amount(sf: Salesforce) -> None:
    product = sf.Product2.create({"Name": "Audio spots", "ProductCode": "A-1"})["id"]
    book = sf.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")["records"][0]["Id"]
    entry = sf.PricebookEntry.create({"Product2Id": product, "Pricebook2Id": book, "UnitPrice": 1500})["id"]
    assert sf.PricebookEntry.get(entry)["UnitPrice"] == 1500.0
    deal = sf.Opportunity.create({"Name": "Lines", "StageName": "Prospecting", "CloseDate": "2026-12-24"})["id"]
    line = sf.OpportunityLineItem.create({"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 4})["id"]
    assert (sf.Opportunity.get(deal)["Amount"], sf.OpportunityLineItem.get(line)["TotalPrice"]) == (6000.0, 6000.0)
    sf.OpportunityLineItem.update(line, {"Quantity": 2, "UnitPrice": 1000})
    assert sf.Opportunity.get(deal)["Amount"] == 2000.0
    nested = sf.query(
        "SELECT (SELECT Product2.Name, PricebookEntryId FROM OpportunityLineItems) FROM Opportunity"
        f" WHERE Id = '{deal}'"
    )
    [item] = nested["records"][0]["OpportunityLineItems"]["records"]
    assert (item["Product2"]["Name"], item["PricebookEntryId"]) == ("Audio spots", entry)
    sf.OpportunityLineItem.delete(line)
    assert sf.Opportunity.get(deal)["HasOpportunityLineItem"] is False


def test_what_changed_and_what_went_can_be_asked_for(house: House, sf: Salesforce) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    stays, goes = (sf.Account.create({"Name": name})["id"] for name in ("Stays", "Goes"))
    deal = sf.Opportunity.create({"Name": "Team", "StageName": "Prospecting", "CloseDate": "2026-12-24"})["id"]
    joon = sf.query(f"SELECT Id FROM User WHERE Email = '{house.cast.users['joon'].email}'")["records"][0]["Id"]
    seat = sf.OpportunityTeamMember.create({"OpportunityId": deal, "UserId": joon})["id"]
    sf.Account.delete(goes)
    sf.OpportunityTeamMember.delete(seat)
    end = datetime.now(UTC) + timedelta(minutes=1)
    updated = sf.Account.updated(began, end)
    assert stays in updated["ids"]
    assert goes not in updated["ids"]
    assert updated["latestDateCovered"] <= end.strftime("%Y-%m-%dT%H:%M:%S.999+0000")
    assert goes in [one["id"] for one in sf.Account.deleted(began, end)["deletedRecords"]]
    assert seat in [one["id"] for one in sf.OpportunityTeamMember.deleted(began, end)["deletedRecords"]]


def test_relationships_are_followed_by_their_names(sf: Salesforce) -> None:
    account = sf.Account.create({"Name": "Hub"})["id"]
    contact = sf.Contact.create({"LastName": "Spoke", "AccountId": account})["id"]
    assert sf.restful(f"sobjects/Contact/{contact}/Account")["Name"] == "Hub"
    assert [one["Id"] for one in sf.restful(f"sobjects/Account/{account}/Contacts")["records"]] == [contact]
    with pytest.raises(SalesforceResourceNotFound):
        sf.restful(f"sobjects/Contact/{contact}/Boss")


def test_describe_says_what_may_be_done_with_a_field(sf: Salesforce) -> None:
    assert {"Account", "OpportunityStage", "User"} <= {one["name"] for one in sf.describe()["sobjects"]}
    said = sf.Opportunity.describe()
    fields = {field["name"]: field for field in said["fields"]}
    assert (said["keyPrefix"], fields["Id"]["createable"], fields["Name"]["nillable"]) == ("006", False, False)
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert fields["AccountId"]["relationshipName"] == "Account"
    assert [one["value"] for one in fields["StageName"]["picklistValues"]][:2] == ["Prospecting", "Qualified"]
    assert (fields["Channels__c"]["type"], fields["Channels__c"]["custom"]) == ("multipicklist", True)
    account = {field["name"]: field for field in sf.Account.describe()["fields"]}
    assert (account["Ext__c"]["externalId"], account["Ext__c"]["unique"]) == (True, True)
    assert sf.Account.metadata()["objectDescribe"]["label"] == "Account"
    assert sf.Account.describe_layout("012000000000000AAA")["detailLayoutSections"]


def test_who_may_what_is_the_tokens_right(house: House, sf: Salesforce) -> None:
    with pytest.raises(SalesforceExpiredSession) as unknown:
        house.client("xoxp-nobody").query("SELECT Id FROM Account")
    assert refusal(unknown) == {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    reader = house.run(house.governance.create_token(house.mina, "user", "joon@sorimaru.example", ["deals:read"]))
    read_only = house.client(reader)
    assert read_only.query("SELECT COUNT() FROM User")["totalSize"] > 0
    with pytest.raises(SalesforceRefusedRequest) as refused:
        read_only.Account.create({"Name": "x"})
    assert refusal(refused)["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    guest = house.run(house.governance.create_token(house.mina, "user", "gil@partner.example", ["*"]))
    with pytest.raises(SalesforceRefusedRequest):
        house.client(guest).query("SELECT Id FROM Account")
    mine = sf.Account.create({"Name": "Ours"})["id"]
    rival = house.client(house.cast.rival_token)
    for act in (lambda: rival.Account.get(mine), lambda: rival.Account.delete(mine)):
        with pytest.raises(SalesforceResourceNotFound):
            act()


def test_limits_are_told_and_held(house: House, sf: Salesforce) -> None:
    before = sf.limits()["DailyApiRequests"]
    sf.query("SELECT Id FROM Account LIMIT 1")
    assert sf.api_usage["api-usage"].total == before["Max"]
    assert sf.api_usage["api-usage"].used >= before["Max"] - before["Remaining"] + 1


def test_addresses_that_are_none_answer_as_salesforce_does(sf: Salesforce) -> None:
    for path, method, code in (
        ("nothing/here", "GET", "NOT_FOUND"), ("sobjects/Nothing/describe", "GET", "NOT_FOUND"),
        ("sobjects/Account", "PUT", "METHOD_NOT_ALLOWED"), ("query", "GET", "MALFORMED_QUERY"),
    ):  # fmt: skip
        with pytest.raises(Exception, match=code):
            sf.restful(path, method=method)
    assert any(one["version"] == "59.0" for one in sf.session.get("https://dure.example/services/data/").json())
    assert "sobjects" in sf.restful("")
