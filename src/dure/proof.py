"""What every slice brings to the audit trail: its events, each proven for ever or left out for a reason."""

from __future__ import annotations

from collections.abc import Mapping

from dure.automation.audited import AUDITED as AUTOMATION
from dure.campaigns.audited import AUDITED as CAMPAIGNS
from dure.channels.audited import AUDITED as CHANNELS
from dure.deals.audited import AUDITED as DEALS
from dure.experiments.audited import AUDITED as EXPERIMENTS
from dure.exports.audited import AUDITED as EXPORTS
from dure.governance.api import Governance
from dure.governance.audited import AUDITED as GOVERNANCE
from dure.governance.plugs import AuditTable
from dure.ingest.audited import AUDITED as INGEST
from dure.metrics.audited import AUDITED as METRICS
from dure.pacing.audited import AUDITED as PACING
from dure.people.audited import AUDITED as PEOPLE
from dure.segments.audited import AUDITED as SEGMENTS
from dure.social.audited import AUDITED as SOCIAL

TABLES: Mapping[str, AuditTable] = {
    "governance": GOVERNANCE, "automation": AUTOMATION, "people": PEOPLE, "ingest": INGEST, "metrics": METRICS,
    "exports": EXPORTS, "segments": SEGMENTS, "experiments": EXPERIMENTS, "campaigns": CAMPAIGNS, "channels": CHANNELS,
    "deals": DEALS, "pacing": PACING, "social": SOCIAL,
}  # fmt: skip


def prove(governance: Governance) -> None:
    """From here on what the tables name leaves an entry."""
    for table in TABLES.values():
        governance.audit.bring(table)
