"""What metrics offer automations without a step: how a metric stands, as in `metric.weekly_listeners.value`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from dure.automation.plugs import Lookup
from dure.governance.api import Governance
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.metrics.api import Metrics
from dure.state import Tx

log = structlog.get_logger("metrics")


def metrics(metrics: Metrics, governance: Governance) -> Lookup:
    """By id of the catalogue: `value` in the last interval that is over (over the metric's own range where it has no
    intervals), `previous`, `change` as a share, and `target_met`.

    The answers come from the log, which is no part of the transaction. A metric that is not there, or cannot be
    answered, has no `value` but an `error`: it must not hold up the runs of everybody.
    """

    async def look(_: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        principal = governance.system(tenant, "automation")
        found: dict[str, Mapping[str, Any]] = {}
        for one in ids:
            try:
                found[one] = await metrics.latest(principal, one)
            except DureError as error:
                log.warning("metrics.not_known", metric=one, workspace=tenant.workspace, error=error.message)
                found[one] = {"error": error.message}
        return found

    return look
