"""What a list looks like to others: hashes of exactly the form that each of them wants."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from dure.segments.handover.files import as_csv, records
from dure.segments.handover.identifiers import email_for_google, email_for_meta, hashed, phone_e164, phone_for_meta
from dure.segments.handover.model import Form, Row
from dure.segments.model import Handover
from tests.people_of import MONDAY_NOON as NOW

MINA = Row(
    UUID(int=1), "u-mina", " Mi.Na+news@Gmail.com ", "010-1234-5678", 1, ["recency+", "times-"]
)  # fmt: skip
NOBODY = Row(UUID(int=2), "=cmd()", "", "none", None, [])
GIVEN = Handover(
    "h1", "s1", "marketing", "#marketing", "되찾기", 0.5, 4, 2, 2, NOW + timedelta(days=7), "U1", NOW, score="c1",
    model="m1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "google", "meta"),
    [
        (" Jane.Doe+x@Gmail.com", "janedoe@gmail.com", "jane.doe+x@gmail.com"),
        ("j.d@GoogleMail.com", "jd@googlemail.com", "j.d@googlemail.com"),
        ("Jane.Doe+x@example.com", "jane.doe+x@example.com", "jane.doe+x@example.com"),
        ("no address", "", ""),
        ("", "", ""),
    ],
)
def test_an_address_in_the_form_of_each(given: str, google: str, meta: str) -> None:
    assert (email_for_google(given), email_for_meta(given)) == (google, meta)


@pytest.mark.parametrize(
    ("given", "country", "e164"),
    [
        ("010-1234-5678", "82", "+821012345678"),
        ("+82 (0)10 1234 5678", "82", "+821012345678"),
        ("0082-10-1234-5678", "82", "+821012345678"),
        ("+1 (650) 555-0100", "82", "+16505550100"),
        ("650 555 0100", "1", "+16505550100"),
        ("none", "82", ""),
        ("12", "82", ""),
        ("", "82", ""),
    ],
)
def test_a_number_in_e164(given: str, country: str, e164: str) -> None:
    assert phone_e164(given, country) == e164
    assert phone_for_meta(given, country) == e164.lstrip("+")


def rows(form: Form, *people: Row) -> tuple[list[dict[str, str]], int]:
    columns, found, nameless = records(form, GIVEN, people, "82", NOW)
    return list(csv.DictReader(io.StringIO(as_csv(columns, found).decode()))), nameless


def test_googles_customer_list() -> None:
    found, nameless = rows("google", MINA, NOBODY)
    assert found == [
        {"Email": sha256(b"mina@gmail.com").hexdigest(), "Phone": sha256(b"+821012345678").hexdigest()}
    ]  # fmt: skip
    assert nameless == 1


def test_metas_customer_list() -> None:
    found, nameless = rows("meta", MINA, NOBODY)
    assert found == [
        {
            "email": sha256(b"mi.na+news@gmail.com").hexdigest(), "phone": sha256(b"821012345678").hexdigest(),
            "extern_id": hashed(str(MINA.person)),
        }
    ]  # fmt: skip
    assert nameless == 1


def test_the_contract_names_snapshot_version_tenth_reasons_and_end_and_nobody_in_plain() -> None:
    found, nameless = rows("contract", MINA, NOBODY)
    assert nameless == 0
    mina, nobody = found
    assert (mina["snapshot"], mina["score"], mina["model"], mina["decile"]) == ("h1", "c1", "m1", "1")
    assert mina["reasons"] == "recency+;times-"
    assert mina["expires_at"] == GIVEN.expires_at.isoformat()  # type: ignore[union-attr]
    assert mina["consent_checked_at"] == NOW.isoformat()
    assert mina["holdout"] == "false"
    assert mina["email_sha256"] == sha256(b"mi.na+news@gmail.com").hexdigest()
    assert nobody["email_sha256"] == nobody["phone_sha256"] == ""
    assert nobody["distinct_id"] == "'=cmd()"  # a sheet must not compute it
    assert "gmail" not in str(found).lower()
