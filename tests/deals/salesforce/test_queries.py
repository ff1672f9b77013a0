"""simple-salesforce, unmodified: queries."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from tests.deals.salesforce.house import House

TODAY = datetime.now(ZoneInfo("Asia/Seoul")).date()
DEALS = (  # name, account, amount, stage, close date, next step
    ("Autumn", "Hanbit", 120_000_000, "Prospecting", TODAY, "Send the deck"),
    ("Winter", "Hanbit", 30_000_000, "Negotiation", TODAY + timedelta(days=40), None),
    ("Spring 50%", "Dodam", 45_000_000, "Closed Won", TODAY - timedelta(days=1), "100% sure"),
    ("summer_sale", None, 7_000_000, "Qualified", TODAY + timedelta(days=1), "it's a \\ start"),
)


@pytest.fixture(scope="module", autouse=True)
def company(house: House) -> dict[str, str]:
    # It is noon there, so that today is today for as long as the tests take.
    house.clock.offset = datetime.combine(TODAY, time(12), ZoneInfo("Asia/Seoul")) - datetime.now(UTC)
    sf = house.client()
    ids = {
        name: sf.Account.create({"Name": name, "Industry": industry})["id"]
        for name, industry in (("Hanbit", "Food"), ("Dodam", "food"), ("Empty", None))
    }
    for last, account in (("Choi", "Hanbit"), ("Cha", "Hanbit"), ("Park", "Dodam")):
        sf.Contact.create({"FirstName": "Eun", "LastName": last, "AccountId": ids[account]})
    for name, account, amount, stage, closes, step in DEALS:
        ids[name] = sf.Opportunity.create(
            {
                "Name": name, "AccountId": account and ids[account], "Amount": amount, "StageName": stage,
                "CloseDate": closes.isoformat(), "NextStep": step,
            }
        )["id"]  # fmt: skip
    joon = house.cast.users["joon"]
    found = sf.query(f"SELECT Id FROM User WHERE Email = '{joon.email}'")["records"][0]["Id"]
    sf.OpportunityTeamMember.create({"OpportunityId": ids["Autumn"], "UserId": found, "TeamMemberRole": "Planner"})
    return ids


def names(sf: Salesforce, where: str, order: str = "Name", of: str = "Opportunity") -> list[str]:
    return [one["Name"] for one in sf.query(f"SELECT Name FROM {of} WHERE {where} ORDER BY {order}")["records"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Amount > 30000000", ["Autumn", "Spring 50%"]),
        ("Amount >= 3e7 AND StageName != 'Closed Won'", ["Autumn", "Winter"]),
        ("Name = 'AUTUMN'", ["Autumn"]),
        ("Name LIKE 'w%' OR Name LIKE '%mer\\_s%'", ["summer_sale", "Winter"]),
        ("Name LIKE '%50\\%'", ["Spring 50%"]),
        ("NextStep = 'it\\'s a \\\\ start'", ["summer_sale"]),
        ("NextStep = null", ["Winter"]),
        ("NextStep != null", ["Autumn", "Spring 50%", "summer_sale"]),
        ("NextStep != 'Send the deck'", ["Spring 50%", "summer_sale", "Winter"]),
        ("NOT NextStep = 'Send the deck'", ["Spring 50%", "summer_sale", "Winter"]),
        ("StageName IN ('Prospecting', 'Qualified')", ["Autumn", "summer_sale"]),
        ("StageName NOT IN ('Prospecting', 'Qualified')", ["Spring 50%", "Winter"]),
        ("Account.Name = 'hanbit'", ["Autumn", "Winter"]),
        ("Account.Owner.Email = 'mina@sorimaru.example'", ["Autumn", "Spring 50%", "Winter"]),
        ("AccountId = null", ["summer_sale"]),
        ("CloseDate = TODAY", ["Autumn"]),
        ("CloseDate < TODAY", ["Spring 50%"]),
        ("CloseDate > TODAY", ["summer_sale", "Winter"]),
        ("CloseDate = LAST_N_DAYS:1", ["Autumn", "Spring 50%"]),
        ("CloseDate = NEXT_N_DAYS:30", ["summer_sale"]),
        ("CloseDate = YESTERDAY OR CloseDate = TOMORROW", ["Spring 50%", "summer_sale"]),
        (f"CloseDate = {TODAY}", ["Autumn"]),
        ("CreatedDate = TODAY AND Amount = 7000000.0", ["summer_sale"]),
        ("CreatedDate > 2020-01-01T00:00:00Z AND IsWon = true", ["Spring 50%"]),
        ("CreatedDate < 2020-01-01T00:00:00+09:00", []),
        ("Probability = 25", ["summer_sale"]),
        ("IsClosed = false AND (Amount < 10000000 OR Amount > 100000000)", ["Autumn", "summer_sale"]),
        ("Id IN (SELECT OpportunityId FROM OpportunityTeamMember)", ["Autumn"]),
        ("Id NOT IN (SELECT OpportunityId FROM OpportunityTeamMember)", ["Spring 50%", "summer_sale", "Winter"]),
        ("AccountId IN (SELECT AccountId FROM Contact WHERE LastName = 'Park')", ["Spring 50%"]),
        ("CALENDAR_YEAR(CreatedDate) > 2000 AND ForecastCategoryName = 'closed'", ["Spring 50%"]),
        ("Opportunity.Amount = 45000000", ["Spring 50%"]),
    ],
)
def test_what_a_condition_finds(sf: Salesforce, where: str, found: list[str]) -> None:
    assert names(sf, where) == found


def test_parents_come_nested_and_a_missing_one_is_null(sf: Salesforce, company: dict[str, str]) -> None:
    asked = (
        "SELECT Id, Account.Name, Account.Owner.Name, Owner.Email FROM Opportunity"
        " WHERE Name IN ('Autumn', 'summer_sale') ORDER BY Name"
    )
    first, second = sf.query(asked)["records"]
    assert first["Account"]["attributes"]["url"].endswith(company["Hanbit"])
    assert first["Account"]["Owner"]["Name"] == "김미나"
    assert first["Owner"]["attributes"]["type"] == "User"
    assert second["Account"] is None


def test_children_come_as_a_list_of_their_own(sf: Salesforce) -> None:
    asked = (
        "SELECT Name, (SELECT LastName, Account.Industry FROM Contacts ORDER BY LastName DESC LIMIT 1),"
        " (SELECT Name FROM Opportunities WHERE IsClosed = false ORDER BY Name) FROM Account ORDER BY Name"
    )
    dodam, empty, hanbit = sf.query(asked)["records"]
    assert empty["Contacts"] is None
    assert [one["LastName"] for one in hanbit["Contacts"]["records"]] == ["Choi"]
    assert hanbit["Contacts"]["records"][0]["Account"]["Industry"] == "Food"
    assert [one["Name"] for one in hanbit["Opportunities"]["records"]] == ["Autumn", "Winter"]
    assert dodam["Opportunities"] is None


def test_counting_grouping_and_summing(sf: Salesforce) -> None:
    assert sf.query("SELECT COUNT() FROM Opportunity WHERE Amount > 7000000")["totalSize"] == 3
    assert sf.query("SELECT COUNT() FROM Opportunity LIMIT 2")["totalSize"] == 2
    asked = (
        "SELECT Account.Name customer, COUNT(Id) deals, SUM(Amount), MAX(CloseDate) last FROM Opportunity"
        " WHERE AccountId != null GROUP BY Account.Name HAVING COUNT(Id) > 0 ORDER BY SUM(Amount) DESC"
    )
    first, second = sf.query(asked)["records"]
    assert (first["customer"], first["deals"], first["expr0"]) == ("Hanbit", 2, 150_000_000.0)
    assert first["last"] == (TODAY + timedelta(days=40)).isoformat()
    assert second["customer"] == "Dodam"
    years = sf.query(
        "SELECT CALENDAR_YEAR(CreatedDate) y, COUNT_DISTINCT(StageName) s, AVG(Amount) a, MIN(Name) n FROM Opportunity"
        " GROUP BY CALENDAR_YEAR(CreatedDate)"
    )["records"]
    assert (years[0]["s"], years[0]["a"], years[0]["n"]) == (4, 50_500_000.0, "Autumn")


def test_order_limit_offset_and_where_nulls_stand(sf: Salesforce) -> None:
    def steps(order: str) -> list[Any]:
        return [one["NextStep"] for one in sf.query(f"SELECT NextStep FROM Opportunity {order}")["records"]]

    assert steps("ORDER BY NextStep")[0] is None
    assert steps("ORDER BY NextStep DESC NULLS LAST")[-1] is None
    assert steps("ORDER BY NextStep ASC NULLS LAST LIMIT 2 OFFSET 1") == ["it's a \\ start", "Send the deck"]


def test_all_standard_fields_can_be_asked_for_at_once(sf: Salesforce) -> None:
    [one] = sf.query("SELECT FIELDS(STANDARD) FROM Opportunity WHERE Name = 'Autumn'")["records"]
    described = {field["name"] for field in sf.Opportunity.describe()["fields"]}
    assert set(one) - {"attributes"} <= described
    assert (one["Amount"], one["Fiscal"].split()[0]) == (120_000_000.0, str(TODAY.year))


def test_stages_teams_people_and_the_organisation_are_read_like_records(sf: Salesforce) -> None:
    stages = sf.query(
        "SELECT ApiName, MasterLabel, DefaultProbability, IsWon, Id FROM OpportunityStage ORDER BY SortOrder"
    )
    assert [one["ApiName"] for one in stages["records"]][1:3] == ["Qualified", "Proposal"]
    assert stages["records"][1]["DefaultProbability"] == 25
    same = sf.query(f"SELECT ApiName FROM OpportunityStage WHERE Id = '{stages['records'][1]['Id']}'")
    assert same["records"][0]["ApiName"] == "Qualified"
    [member] = sf.query("SELECT User.Name, TeamMemberRole, Opportunity.Name FROM OpportunityTeamMember")["records"]
    assert (member["User"]["Name"], member["TeamMemberRole"], member["Opportunity"]["Name"]) == (
        "박준", "Planner", "Autumn",
    )  # fmt: skip
    assert sf.is_sandbox() is False
    [entry] = sf.query(
        "SELECT StageName, Amount, CreatedBy.Name FROM OpportunityHistory WHERE Opportunity.Name = 'Winter'"
    )["records"]
    assert (entry["StageName"], entry["CreatedBy"]["Name"]) == ("Negotiation", "김미나")


@pytest.mark.parametrize(
    ("query", "code", "where", "said"),
    [
        ("SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "Column:29", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "Column:15", "<EOF>"),
        ("SELEKT Id FROM Account", "MALFORMED_QUERY", "Column:1", "SELEKT"),
        ("SELECT Id FROM Account WHERE Name = 'x", "MALFORMED_QUERY", "Column:37", ""),
        ("SELECT Id FROM Account WHERE Name = 'x' AND Id = null OR Id != null", "MALFORMED_QUERY", "Column:55", "OR"),
        ("SELECT TYPEOF What WHEN Account THEN Name END FROM Task", "MALFORMED_QUERY", "Column:8", "TYPEOF"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Column:8", "must be grouped"),
        ("SELECT Id, Id FROM Account", "MALFORMED_QUERY", "Column:12", "duplicate field selected: Id"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "Column:8", "LIMIT"),
        ("SELECT SUM(Name) FROM Account", "MALFORMED_QUERY", "Column:8", "aggregate operator SUM"),
        ("SELECT Id FROM Account WHERE Name = :name", "MALFORMED_QUERY", "Column:37", "bind"),
        ("SELECT Foo FROM Account", "INVALID_FIELD", "Column:8", "No such column 'Foo' on entity 'Account'"),
        ("SELECT Id\nFROM Account\nWHERE  Foo__c = 1", "INVALID_FIELD", "Row:3:Column:8", "Foo__c"),
        ("SELECT Boss.Name FROM Account", "INVALID_FIELD", "Column:8", "relationship 'Boss'"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "Column:16", "sObject type 'Nothing' is not supported"),
        ("SELECT (SELECT Id FROM Cats) FROM Account", "INVALID_TYPE", "Column:24", "Cats"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "Column:37", "must be of type string"),
        ("SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD", "Column:43", "must be of type double"),
        ("SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'", "INVALID_FIELD", "", "must be of type date"),
        ("SELECT Id FROM Account WHERE Id = 'nonsense'", "INVALID_QUERY_FILTER_OPERATOR", "", "invalid ID field"),
        ("SELECT Id FROM Opportunity WHERE Amount LIKE '5%'", "INVALID_QUERY_FILTER_OPERATOR", "", "like"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "", "2000"),
        ("SELECT Id FROM Account; DROP TABLE deals.account", "MALFORMED_QUERY", "Column:23", ";"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_where_it_stands(
    sf: Salesforce, query: str, code: str, where: str, said: str
) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query(query)
    [error] = refused.value.content
    assert error["errorCode"] == code
    assert where in error["message"]
    assert said in error["message"]


def test_long_answers_come_in_pages_that_stay_as_they_were(house: House, sf: Salesforce) -> None:
    options = {"headers": {"Sforce-Query-Options": "batchSize=200"}}

    async def fill() -> None:
        async with house.state.begin(house.mina.tenant) as tx:
            await tx.run(
                "insert into deals.lead (workspace, id, name, last_name, company, created_at, changed_at)"
                " select %s, '00Q' || lpad(n::text, 12, '0') || 'AAA', 'L' || lpad(n::text, 4, '0'),"
                " 'L' || lpad(n::text, 4, '0'), 'Pages', now(), now() from generate_series(1, 400) as n",
                (house.mina.tenant.workspace,),
            )

    house.run(fill())
    sf.Lead.create({"LastName": "L9999", "Company": "Pages"})
    first = sf.query("SELECT Id, LastName FROM Lead ORDER BY LastName", **options)
    assert (first["totalSize"], first["done"], len(first["records"])) == (401, False, 200)
    last = first["records"][-1]["LastName"]
    sf.Lead.create({"LastName": "A first one", "Company": "Pages"})
    second = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert second["records"][0]["LastName"] >= last
    third = sf.query_more(second["nextRecordsUrl"].rsplit("/", 1)[1])
    assert (third["done"], [one["LastName"] for one in third["records"]]) == (True, ["L9999"])
    assert len(sf.query_all("SELECT Id FROM Lead", **options)["records"]) == 402
    with pytest.raises(SalesforceMalformedRequest) as refused:
        house.client(house.cast.rival_token).query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert refused.value.content[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_search_finds_words_in_many_objects(sf: Salesforce) -> None:
    found = sf.search(
        "FIND {hanb*} IN NAME FIELDS RETURNING Account(Id, Name WHERE Industry = 'Food' LIMIT 3), Contact"
    )
    assert [one["Name"] for one in found["searchRecords"]] == ["Hanbit"]
    assert {one["attributes"]["type"] for one in sf.quick_search("Eun Park")["searchRecords"]} == {"Contact"}
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.search("FIND Hanbit")
    assert refused.value.content[0]["errorCode"] == "MALFORMED_SEARCH"


def test_a_rival_sees_nothing_of_it(house: House, company: dict[str, str]) -> None:
    rival = house.client(house.cast.rival_token)
    for query in ("SELECT Id FROM Opportunity", f"SELECT Id FROM Account WHERE Id = '{company['Hanbit']}'"):
        assert rival.query(query)["totalSize"] == 0
    assert rival.query("SELECT COUNT() FROM OpportunityTeamMember")["totalSize"] == 0
    assert [one["Email"] for one in rival.query("SELECT Email FROM User WHERE Email != null")["records"]] == [
        "rina@rival.example"
    ]
    assert rival.query_all("SELECT Id FROM Opportunity", include_deleted=True)["totalSize"] == 0


def test_a_moment_is_said_as_salesforce_says_it(sf: Salesforce, house: House) -> None:
    [one] = sf.query("SELECT CreatedDate, CloseDate FROM Opportunity LIMIT 1")["records"]
    at = datetime.strptime(one["CreatedDate"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert abs((house.clock.now() - at).total_seconds()) < 900
    assert len(one["CloseDate"]) == 10
