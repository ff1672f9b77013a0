"""A handover's list as a file: Dure's own contract, and the customer lists of Google and Meta.

No name, address or number leaves in plain: other systems get hashes, and ids that mean something only here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.segments.handover.identifiers import (
    email_for_google,
    email_for_meta,
    hashed,
    phone_e164,
    phone_for_meta,
)
from dure.segments.handover.model import Form, Row
from dure.segments.model import Handover

CONTRACT = (
    "snapshot", "segment", "person", "distinct_id", "email_sha256", "phone_sha256", "score", "model", "decile",
    "reasons", "consent_checked_at", "expires_at", "holdout",
)  # fmt: skip
_GOOGLE = ("Email", "Phone")
_META = ("email", "phone", "extern_id")


def records(
    form: Form, handover: Handover, rows: Iterable[Row], country: str, now: datetime
) -> tuple[Sequence[str], list[Mapping[str, Any]], int]:
    """The columns, a record for each who can be named in this form, and how many cannot."""
    if form == "contract":
        return CONTRACT, [_contract(handover, row, country, now) for row in rows], 0
    columns = _GOOGLE if form == "google" else _META
    found: list[Mapping[str, Any]] = []
    nameless = 0
    for row in rows:
        record = _google(row, country) if form == "google" else _meta(row, country)
        if any(record[column] for column in columns[:2]):
            found.append(record)
        else:
            nameless += 1
    return columns, found, nameless


def as_csv(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8, commas, a header, lines that end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_cell(record[column]) for column in columns])
    return out.getvalue().encode()


def _contract(handover: Handover, row: Row, country: str, now: datetime) -> Mapping[str, Any]:
    return {
        "snapshot": handover.id, "segment": handover.segment, "person": str(row.person),
        "distinct_id": row.distinct_id, "email_sha256": hashed(email_for_meta(row.email)),
        "phone_sha256": hashed(phone_e164(row.phone, country)), "score": handover.score, "model": handover.model,
        "decile": row.decile, "reasons": list(row.reasons), "consent_checked_at": now.isoformat(),
        "expires_at": handover.expires_at.isoformat() if handover.expires_at else None, "holdout": False,
    }  # fmt: skip


def _google(row: Row, country: str) -> Mapping[str, Any]:
    return {"Email": hashed(email_for_google(row.email)), "Phone": hashed(phone_e164(row.phone, country))}


def _meta(row: Row, country: str) -> Mapping[str, Any]:
    return {
        "email": hashed(email_for_meta(row.email)), "phone": hashed(phone_for_meta(row.phone, country)),
        "extern_id": hashed(str(row.person)),
    }  # fmt: skip


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = ";".join(value)
    # A sheet would compute what begins so.
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
