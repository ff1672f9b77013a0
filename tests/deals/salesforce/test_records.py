"""simple-salesforce, unmodified: records one by one."""

from __future__ import annotations

from simple_salesforce import Salesforce


def test_a_record_is_made_read_changed_and_deleted(sf: Salesforce) -> None:
    made = sf.Account.create({"Name": "한빛커피", "Industry": "food", "NumberOfEmployees": 340})
    assert made["success"] is True
    account = sf.Account.get(made["id"])
    assert account["attributes"] == {
        "type": "Account", "url": f"/services/data/v59.0/sobjects/Account/{made['id']}",
    }  # fmt: skip
    assert (account["Name"], account["NumberOfEmployees"]) == ("한빛커피", 340)
    assert sf.Account.update(made["id"], {"Industry": "drinks"}) == 204
    found = sf.query(f"SELECT Id, Industry, LastModifiedBy.Email FROM Account WHERE Id = '{made['id']}'")
    assert found["records"][0]["Industry"] == "drinks"
    assert found["records"][0]["LastModifiedBy"]["Email"] == "mina@sorimaru.example"
    assert sf.Account.delete(made["id"]) == 204
