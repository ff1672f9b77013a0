"""Decisions about deals that need no database."""

from __future__ import annotations

import pytest

from dure.deals.record_id import full_id, new_id
from dure.deals.rules import in_words, slug_of


def test_a_slug_keeps_korean_and_leaves_out_what_a_channel_name_may_not_have() -> None:
    assert slug_of("한빛커피 여름 브랜드 캠페인!", ()) == "한빛커피-여름-브랜드-캠페인"
    assert slug_of("  ACME, Inc. / Q4 ", ()) == "acme-inc-q4"
    assert slug_of("🎧🎧", ()) == "deal"
    assert len(slug_of("가" * 300, ())) == 60


def test_two_deals_of_one_name_have_two_slugs() -> None:
    assert slug_of("Q4", {"q4"}) == "q4-2"
    assert slug_of("Q4", {"q4", "q4-2"}) == "q4-3"


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [(120_000_000, "KRW", "1억 2,000만 원"), (35_500_000, "KRW", "3,550만 원"), (900, "KRW", "900원"),
     (200_000_000, "KRW", "2억 원"), (1_250_050, "USD", "USD 12,500.50"), (5_000, "JPY", "JPY 5,000")],
)  # fmt: skip
def test_money_is_said_as_people_say_it(amount: int, currency: str, said: str) -> None:
    assert in_words(amount, currency) == said


def test_record_ids_are_salesforces() -> None:
    # A pair from Salesforce's own documentation of its checksum.
    assert full_id("0015000000Gv7qJ") == "0015000000Gv7qJAAR"
    made = new_id("006")
    assert len(made) == 18
    assert made == full_id(made[:15])
