"""Google Ad Manager by its own client (`pip install dure[ad-manager]`), over the guarded way out.

Line items page by page; then a report of Dure's own (line item × date × hour) is made once, run, waited for, and its
rows fetched page by page. Every phase is a page of its own, so that a pull goes on where it was, in any process.
Figures of the last seven days are asked again every time: Ad Manager takes invalid traffic out for days.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dure.automation.plugs import Outgoing
from dure.pacing.model import GoalUnit, PacingKind
from dure.pacing.plugs import ForeignFigure, ForeignLine, Pull, Refused, ServerCall, ServerSetting
from dure.pacing.sources.guarded import GuardedAdapter

_SCOPE = "https://www.googleapis.com/auth/admanager"
_LINES, _ROWS = 40, 1000
_WAIT = 5.0
_FOREVER = timedelta(days=365)
_WHOLE = frozenset({"KRW", "JPY", "VND", "CLP"})
_FIELDS = (
    "nextPageToken,lineItems(name,displayName,order,orderDisplayName,startTime,endTime,endTimeUnlimited,goal,budget,"
    "deliveryRateType,priority,status,contractedUnitsBought)"
)
_UNITS: dict[str, GoalUnit] = {"IMPRESSIONS": "impressions", "VIEWABLE_IMPRESSIONS": "impressions", "CLICKS": "clicks",
                               "IN_TARGET_IMPRESSIONS": "impressions", "COMPLETED_VIEWS": "views"}  # fmt: skip
_PACINGS: dict[str, PacingKind] = {"EVENLY": "even", "FRONTLOADED": "frontloaded", "AS_FAST_AS_POSSIBLE": "asap"}
_PAUSED, _GONE = {"PAUSED", "PAUSED_INVENTORY_RELEASED", "DISAPPROVED", "INACTIVE", "DRAFT"}, {"CANCELED"}


class AdManager:
    """Fills `plugs.AdServer` with Google's unmodified client."""

    kind: str = "ad_manager"
    title: Mapping[str, str] = {"ko": "구글 애드 매니저", "en": "Google Ad Manager"}
    settings: Sequence[ServerSetting] = (
        ServerSetting("network", {"ko": "네트워크 코드", "en": "Network code"}),
        ServerSetting(
            "secret", {"ko": "서비스 계정 키", "en": "Service account key"}, secret=True,
            hint={"ko": "JSON 키 파일의 내용", "en": "The JSON key file's content"},
        ),
        ServerSetting("endpoint", {"ko": "주소 (기본값 사용 권장)", "en": "Address, if not Google's"}, required=False),
    )  # fmt: skip

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing

    async def pull(self, call: ServerCall) -> Pull:
        """The next page after the cursor."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(partial(self._pull, call, loop))

    def _pull(self, call: ServerCall, loop: asyncio.AbstractEventLoop) -> Pull:
        try:
            from google.ads import admanager_v1
            from google.api_core import exceptions
            from google.auth.exceptions import GoogleAuthError
        except ImportError as error:
            raise Refused("Google's client is not installed: pip install 'dure[ad-manager]'.") from error
        guard = GuardedAdapter(self._outgoing, call.tenant, loop)
        phase = str(call.cursor.get("phase", "lines"))
        try:
            return _PHASES[phase](admanager_v1, call, partial(_client, call=call, guard=guard))
        except exceptions.TooManyRequests:
            return Pull(call.cursor, more=True, wait=60.0)
        except exceptions.NotFound as error:
            if "report" in call.cursor:  # somebody deleted it, or what it came to is too old: it is made anew
                kept = {name: value for name, value in call.cursor.items() if name in ("through",)}
                return Pull({**kept, "phase": "report"}, more=True)
            raise Refused(f"Ad Manager does not know it: {error.message}") from error
        except exceptions.RetryError as error:
            raise OSError(str(error)) from error
        except exceptions.GoogleAPICallError as error:
            raise Refused(f"Ad Manager answered {error.code}: {error.message}") from error
        except GoogleAuthError as error:
            raise Refused(f"Google did not take the key: {error}") from error


Made = Callable[[type[Any]], Any]


def _client(kind: type[Any], *, call: ServerCall, guard: GuardedAdapter) -> Any:
    """A client of Google's whose every request goes through the guard."""
    from google.auth.credentials import AnonymousCredentials
    from google.oauth2 import service_account

    if call.secret:
        try:
            key = json.loads(call.secret)
            credentials: Any = service_account.Credentials.from_service_account_info(key, scopes=[_SCOPE])  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise Refused(f"The secret is no service account's key: {error}") from error
    else:
        credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
    endpoint = call.settings.get("endpoint", "")
    client = kind(credentials=credentials, client_options={"api_endpoint": endpoint} if endpoint else None)
    _guard(client.transport, guard)
    return client


def _guard(transport: Any, guard: GuardedAdapter) -> None:
    session = transport._session
    for one in (session, getattr(getattr(session, "_auth_request", None), "session", None)):
        if one is not None:
            one.mount("https://", guard)
            one.mount("http://", guard)


def _lines(api: Any, call: ServerCall, client: Made) -> Pull:
    pages = client(api.LineItemServiceClient).list_line_items(
        request={
            "parent": f"networks/{call.settings['network']}", "page_size": _LINES,
            "page_token": call.cursor.get("page", ""),
        },
        metadata=[("x-goog-fieldmask", _FIELDS)], retry=None, timeout=60,
    )  # fmt: skip
    page = next(iter(pages.pages))
    lines = [line for one in page.line_items if (line := _line(one, call.timezone)) is not None]
    kept = {name: value for name, value in call.cursor.items() if name != "page"}
    if page.next_page_token:
        return Pull({**kept, "phase": "lines", "page": page.next_page_token}, lines, more=True)
    return Pull({**kept, "phase": "report"}, lines, more=True)


def _report(api: Any, call: ServerCall, client: Made) -> Pull:
    """Makes the report where it is not there yet, and has it run."""
    reports, wide = client(api.ReportServiceClient), "through" not in call.cursor
    key = "report_first" if wide else "report"
    name = call.cursor.get(key)
    if not name:
        kind = api.ReportDefinition
        spans = kind.DateRange.RelativeDateRange
        definition = kind(
            dimensions=[kind.Dimension.LINE_ITEM_ID, kind.Dimension.DATE, kind.Dimension.HOUR],
            metrics=[kind.Metric.AD_SERVER_IMPRESSIONS, kind.Metric.AD_SERVER_CLICKS, kind.Metric.AD_SERVER_REVENUE],
            report_type=kind.ReportType.HISTORICAL, time_zone_source=kind.TimeZoneSource.PROVIDED,
            time_zone=call.timezone,
            date_range=kind.DateRange(relative=spans.LAST_90_DAYS if wide else spans.LAST_7_DAYS),
        )  # fmt: skip
        made = reports.create_report(
            request={
                "parent": f"networks/{call.settings['network']}",
                "report": api.Report(display_name="Dure: delivery by hour", report_definition=definition),
            },
            retry=None, timeout=60,
        )  # fmt: skip
        name = made.name
    operation = reports.run_report(request={"name": name}, retry=None, timeout=60)
    kept = {**call.cursor, key: name, "phase": "waiting", "run": operation.operation.name}
    return Pull(kept, more=True)


def _waiting(api: Any, call: ServerCall, client: Made) -> Pull:
    """Asks whether the report's run has come to an end."""
    transport = client(api.ReportServiceClient).transport
    operations = transport.operations_client
    guard = transport._session.get_adapter("https://")
    _guard(operations.transport, guard)
    operation = operations.get_operation(call.cursor["run"], retry=None, timeout=60)
    if not operation.done:
        return Pull(call.cursor, more=True, wait=_WAIT)
    kept = {name: value for name, value in call.cursor.items() if name != "run"}
    if operation.HasField("error"):
        raise Refused(f"The report did not run: {operation.error.message}")
    result = api.RunReportResponse.deserialize(operation.response.value).report_result
    return Pull({**kept, "phase": "rows", "result": result}, more=True)


def _rows(api: Any, call: ServerCall, client: Made) -> Pull:
    pages = client(api.ReportServiceClient).fetch_report_result_rows(
        request={
            "name": call.cursor["result"], "page_size": _ROWS, "page_token": call.cursor.get("page", ""),
        },
        retry=None, timeout=60,
    )  # fmt: skip
    page = next(iter(pages.pages))
    figures = [_figure(row, call.currency) for row in page.rows]
    kept = {name: value for name, value in call.cursor.items() if name not in ("page", "result", "phase")}
    as_of = page.run_time if page.run_time else call.now
    if page.next_page_token:
        more = {"phase": "rows", "result": call.cursor["result"], "page": page.next_page_token}
        return Pull({**kept, **more}, (), figures, as_of, more=True)
    return Pull({**kept, "phase": "lines", "through": call.today.isoformat()}, (), figures, as_of)


_PHASES: Mapping[str, Callable[[Any, ServerCall, Made], Pull]] = {
    "lines": _lines, "report": _report, "waiting": _waiting, "rows": _rows,
}  # fmt: skip


def _line(one: Any, timezone: str) -> ForeignLine | None:
    """A line item as Dure books it. Without a goal in units, or with one a day only, there is nothing to pace."""
    unit = _UNITS.get(one.goal.unit_type.name)
    if unit is None or one.start_time is None:
        return None
    start = _day(one.start_time, timezone)
    end = start + _FOREVER if one.end_time_unlimited or one.end_time is None else _day(one.end_time, timezone)
    goal = int(one.goal.units)
    if one.goal.goal_type.name == "DAILY":
        goal *= (end - start).days + 1
    elif one.goal.goal_type.name != "LIFETIME":
        return None
    status = one.status.name
    currency = str(one.budget.currency_code or "")
    return ForeignLine(
        one.name.rpartition("/")[2], one.display_name or one.name, goal, unit, start, max(end, start),
        _money(one.budget, currency), currency, _PACINGS.get(one.delivery_rate_type.name, "even"),
        min(max(int(one.priority or 8), 1), 16),
        "cancelled" if status in _GONE else "paused" if status in _PAUSED else "active",
        order=one.order_display_name,
    )  # fmt: skip


def _figure(row: Any, currency: str) -> ForeignFigure:
    line, day, hour = (int(_value(one)) for one in row.dimension_values)
    impressions, clicks, revenue = (_value(one) for one in _first(row.metric_value_groups).primary_values)
    spend = round(float(revenue) if currency in _WHOLE else float(revenue) * 100)
    return ForeignFigure(
        str(line), datetime.strptime(str(day), "%Y%m%d").replace(tzinfo=UTC).date(), int(impressions), int(clicks),
        spend, hour,
    )  # fmt: skip


def _first(groups: Sequence[Any]) -> Any:
    if not groups:
        raise Refused("The report has a row without metrics.")
    return groups[0]


def _value(one: Any) -> float:
    return float(one.double_value or one.int_value or 0)


def _money(money: Any, currency: str) -> int:
    amount = float(money.units) + float(money.nanos) / 1e9
    return round(amount if currency in _WHOLE else amount * 100)


def _day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()
