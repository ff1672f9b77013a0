"""A job as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dure.deals.salesforce.ids import user_outside
from dure.deals.salesforce.values import moment

INGEST = ("insert", "update", "upsert", "delete", "hardDelete")
QUERY = ("query", "queryAll")
OPEN, SENT, WORKING, DONE, FAILED, ABORTED = (
    "Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """`account` is who started it, as whom its work is done; `next_row` is the first row that is not done yet."""

    workspace: str
    org: str
    id: str
    kind: str
    operation: str
    object: str
    external_field: str
    query: str
    delimiter: str
    line_ending: str
    state: str
    account: str
    app: str
    scopes: tuple[str, ...]
    processed: int
    failed: int
    next_row: int
    spent_ms: int
    error: str
    api_version: str
    created_at: datetime
    changed_at: datetime

    def as_json(self) -> dict[str, Any]:
        base = f"services/data/v{self.api_version}/jobs/{self.kind}/{self.id}"
        body: dict[str, Any] = {
            "id": self.id, "operation": self.operation, "object": self.object,
            "createdById": user_outside(self.account), "createdDate": moment(self.created_at),
            "systemModstamp": moment(self.changed_at), "state": self.state, "concurrencyMode": "Parallel",
            "contentType": "CSV", "apiVersion": float(self.api_version), "lineEnding": self.line_ending,
            "columnDelimiter": self.delimiter, "jobType": "V2Query" if self.kind == "query" else "V2Ingest",
            "numberRecordsProcessed": self.processed, "retries": 0, "totalProcessingTime": self.spent_ms,
        }  # fmt: skip
        if self.kind == "ingest":
            body |= {
                "contentUrl": f"{base}/batches", "numberRecordsFailed": self.failed,
                "apiActiveProcessingTime": self.spent_ms, "apexProcessingTime": 0,
            }  # fmt: skip
            if self.external_field:
                body["externalIdFieldName"] = self.external_field
        if self.error:
            body["errorMessage"] = self.error
        return body
