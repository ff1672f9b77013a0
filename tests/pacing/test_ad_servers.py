"""Ad servers by their own clients and facts, against stand-ins on a local port, through the guarded way out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from google.ads import admanager_v1 as gam

from dure.automation.outgoing import HttpOutgoing
from dure.kernel.errors import Conflict, Invalid
from dure.pacing.plugs import AdServer
from dure.pacing.sources.ad_manager import AdManager
from dure.pacing.sources.api import AdServers
from dure.pacing.sources.spotify import SpotifyAds
from dure.state import State
from tests.pacing.conftest import Desk, day, desk_in
from tests.web.browser import serving

pytestmark = pytest.mark.anyio


@dataclass
class StandIn:
    """What the far side holds, and what it was asked."""

    lines: list[Any] = field(default_factory=list)
    figures: dict[tuple[int, str, int], int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    polls: int = 0
    busy: int = 0
    down: bool = False


def gam_line(number: int, name: str, units: int, **more: Any) -> Any:
    return gam.LineItem(
        name=f"networks/7/lineItems/{number}", display_name=name, order_display_name="한빛커피 겨울",
        start_time=datetime(2026, 11, 10, 15, tzinfo=UTC), end_time=datetime(2026, 12, 9, 14, 59, tzinfo=UTC),
        goal=gam.Goal(goal_type="LIFETIME", unit_type="IMPRESSIONS", units=units), delivery_rate_type="EVENLY",
        priority=6, status="DELIVERING", budget={"currency_code": "KRW", "units": 3_000_000}, **more,
    )  # fmt: skip


def gam_app(held: StandIn) -> FastAPI:
    """The REST of Ad Manager as far as Dure uses it, written with the client's own types."""
    app = FastAPI()

    def said(message: Any) -> Response:
        text = type(message).to_json(message, always_print_fields_with_no_presence=False)
        return Response(text, media_type="application/json")

    @app.middleware("http")
    async def note(request: Request, go_on: Any) -> Response:
        held.asked.append(f"{request.method} {request.url.path}")
        if held.down:
            return Response('{"error": {"code": 403, "message": "not yours", "status": "PERMISSION_DENIED"}}', 403,
                            media_type="application/json")  # fmt: skip
        if held.busy:
            held.busy -= 1
            return Response("{}", 429)
        return await go_on(request)  # type: ignore[no-any-return]

    @app.get("/v1/networks/7/lineItems")
    async def lines(pageToken: str = "", pageSize: int = 40) -> Response:  # noqa: N803
        del pageSize
        at = int(pageToken or 0)
        return said(
            gam.ListLineItemsResponse(
                line_items=held.lines[at : at + 2],
                next_page_token=str(at + 2) if at + 2 < len(held.lines) else "",
            )
        )

    @app.post("/v1/networks/7/reports")
    async def create(request: Request) -> Response:
        made = gam.Report.from_json(await request.body())
        assert gam.ReportDefinition.Dimension.HOUR in made.report_definition.dimensions
        assert made.report_definition.time_zone == "Asia/Seoul"
        made.name = f"networks/7/reports/{made.report_definition.date_range.relative.value}"
        return said(made)

    @app.post("/v1/networks/7/reports/{report}:run")
    async def run(report: str) -> dict[str, Any]:
        held.polls = 0
        return {"name": f"networks/7/operations/reports/runs/{report}", "done": False}

    @app.get("/v1/networks/7/operations/reports/runs/{run}")
    async def operation(run: str) -> dict[str, Any]:
        held.polls += 1
        name = f"networks/7/operations/reports/runs/{run}"
        if held.polls < 2:
            return {"name": name, "done": False}
        kind = "type.googleapis.com/google.ads.admanager.v1.RunReportResponse"
        return {"name": name, "done": True,
                "response": {"@type": kind, "reportResult": f"networks/7/reports/{run}/results/1"}}  # fmt: skip

    @app.get("/v1/networks/7/reports/{report}/results/1:fetchRows")
    async def rows(report: str, pageToken: str = "") -> Response:  # noqa: N803
        del report
        at, every = int(pageToken or 0), sorted(held.figures.items())

        def value(number: float, *, double: bool = False) -> Any:
            return gam.ReportValue(double_value=number) if double else gam.ReportValue(int_value=int(number))

        found = [
            gam.ReportDataTable.Row(
                dimension_values=[value(line), value(int(on)), value(hour)],
                metric_value_groups=[
                    gam.ReportDataTable.MetricValueGroup(
                        primary_values=[value(seen), value(seen // 100), value(seen * 9.0, double=True)]
                    )
                ],
            )
            for (line, on, hour), seen in every[at : at + 30]
        ]
        return said(
            gam.FetchReportResultRowsResponse(
                rows=found, run_time=datetime(2026, 11, 23, 2, tzinfo=UTC),
                next_page_token=str(at + 30) if at + 30 < len(every) else "",
            )
        )  # fmt: skip

    return app


def spotify_app(held: StandIn) -> FastAPI:
    """Spotify Ads as its published file and its pages say it answers."""
    app = FastAPI()

    @app.post("/api/token")
    async def token(request: Request) -> dict[str, Any]:
        assert b"refresh_token=again" in await request.body()
        held.asked.append("token")
        return {"access_token": "AT", "expires_in": 3600}

    @app.get("/ad_accounts/acc/ad_sets")
    async def ad_sets(request: Request, offset: int, limit: int) -> Response:
        assert request.headers["authorization"] == "Bearer AT"
        held.asked.append(f"ad_sets {offset}")
        if held.busy:
            held.busy -= 1
            return Response("{}", 429, headers={"retry-after": "7"})
        page = held.lines[offset : offset + 1]
        body = {"ad_sets": page, "paging": {"offset": offset, "page_size": limit, "total_results": len(held.lines)}}
        return Response(json.dumps(body), media_type="application/json")

    @app.get("/ad_accounts/acc/aggregate_reports")
    async def reports(request: Request) -> dict[str, Any]:
        asked = request.query_params
        held.asked.append(f"report {asked['report_start'][:10]} {asked.get('continuation_token', '')}".strip())
        assert asked.getlist("fields")[:2] == ["IMPRESSIONS", "CLICKS"]
        rows = [
            {
                "entity_type": "AD_SET", "entity_id": key, "start_time": f"{on}T00:00:00Z",
                "stats": [{"field_type": "IMPRESSIONS", "field_value": float(seen)},
                          {"field_type": "SPEND", "field_value": seen / 100}],
            }
            for (key, on, _), seen in sorted(held.figures.items(), key=str) if on >= asked["report_start"][:10]
        ]  # fmt: skip
        first = not asked.get("continuation_token")
        return {"continuation_token": "more" if first else None, "rows": rows[:2] if first else rows[2:],
                "granularity": "DAY", "warnings": []}  # fmt: skip

    return app


def ad_set(key: str, name: str, pacing: str, kind: str = "LIFETIME") -> dict[str, Any]:
    return {
        "id": key, "name": name, "campaign_id": "c1", "status": "ACTIVE", "delivery": "ON", "pacing": pacing,
        "budget": {"micro_amount": 50_000_000, "type": kind, "currency": "USD"},
        "start_time": "2026-11-10T00:00:00Z", "end_time": "2026-12-09T23:59:59Z",
    }  # fmt: skip


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[StandIn, str]]:
    held = StandIn()
    with serving(gam_app(held)) as url:
        yield held, url


@pytest.fixture(scope="module")
def spotify() -> Iterator[tuple[StandIn, str]]:
    held = StandIn()
    with serving(spotify_app(held)) as url:
        yield held, url


@pytest.fixture
async def desk(shared: State) -> Desk:
    return await desk_in(shared)


@asynccontextmanager
async def servers(desk: Desk, *kinds: type[Any], allowed: str = "127.0.0.0/8") -> AsyncIterator[AdServers]:
    way_out = HttpOutgoing([allowed])
    made: list[AdServer] = [kind(way_out) for kind in kinds]
    try:
        yield AdServers(desk.state, desk.clock, desk.cast.governance, desk.pacing, made, b"k" * 32)
    finally:
        await way_out.close()
        async with desk.state.begin(desk.cast.tenant) as tx:  # the next test's clock has its own time
            await tx.run("delete from pacing.ad_server")


async def settle(desk: Desk, api: AdServers, ticks: int = 8) -> None:
    """Ticks until the pull is through; the waits that the far side asks for pass on the still clock."""
    for _ in range(ticks):
        await api.tick()
        desk.clock.advance(timedelta(seconds=61))


async def test_ad_manager_is_pulled_by_its_own_client(desk: Desk, google: tuple[StandIn, str]) -> None:
    held, url = google
    held.lines[:] = [gam_line(11, "오디오 스팟", 120_000), gam_line(12, "배너", 40_000, end_time_unlimited=False),
                     gam_line(13, "프리롤", 9_000), gam_line(14, "너무 큼", 10**16)]  # fmt: skip
    held.figures.clear()
    for back in (1, 2, 3):
        for hour in range(24):
            held.figures[11, f"{day(-back):%Y%m%d}", hour] = 100 + hour
    async with servers(desk, AdManager) as api:
        server = await api.add(desk.cast.mina, "ad_manager", "gam", {"network": "7", "endpoint": url})
        held.busy = 1  # the first request is told to wait
        await settle(desk, api)
        by_name = {row.item.name: row.item for row in await desk.pacing.list(desk.cast.mina)}
        assert sorted(by_name) == ["배너", "오디오 스팟", "프리롤"]
        spot = by_name["오디오 스팟"]
        assert (spot.goal, spot.start_day, spot.end_day, spot.priority, spot.budget) == (
            120_000, day(-12), day(16), 6, 3_000_000,
        )  # fmt: skip
        detail = await desk.pacing.one(desk.cast.mina, spot.id)
        whole = sum(100 + hour for hour in range(24))
        assert [(one.day, one.impressions, one.spend) for one in detail.days] == [
            (day(-back), whole, whole * 9) for back in (3, 2, 1)
        ]
        [known] = await api.list(desk.cast.mina)
        assert (known.failures, known.cursor["phase"], known.name) == (0, "lines", "gam")
        assert known.error.startswith("너무 큼 (14): ")  # passed over, and said
        assert known.id == server.id
        # A correction, and nothing else, is told the next time.
        before = len(await desk.events("Delivery Recorded"))
        held.figures[11, f"{day(-1):%Y%m%d}", 5] -= 40
        desk.clock.advance(timedelta(minutes=16))
        await settle(desk, api)
        corrected = (await desk.events("Delivery Recorded"))[before:]
        assert [(e.properties["impressions"], e.properties["correction"]) for e in corrected] == [(-40, True)]
        assert (
            sum(path.endswith("/reports") and path.startswith("POST") for path in held.asked) == 2
        )  # long, then short


async def test_a_refusal_is_kept_and_shown_and_asked_again_later(desk: Desk, google: tuple[StandIn, str]) -> None:
    held, url = google
    held.down, held.lines[:] = True, held.lines[:1]
    async with servers(desk, AdManager) as api:
        await api.add(desk.cast.mina, "ad_manager", "gam", {"network": "7", "endpoint": url})
        await api.tick()
        [known] = await api.list(desk.cast.mina)
        assert known.failures == 1
        assert known.error.startswith("Ad Manager answered 403")
        assert known.error.endswith("not yours")
        assert known.due_at == desk.clock.now() + timedelta(minutes=1)
        held.down = False
        desk.clock.advance(timedelta(minutes=2))
        await settle(desk, api)
        assert (await api.list(desk.cast.mina))[0].error == ""


async def test_a_private_address_is_refused_for_googles_client_too(desk: Desk, google: tuple[StandIn, str]) -> None:
    _, url = google
    async with servers(desk, AdManager, allowed="10.0.0.0/8") as api:
        server = await api.add(desk.cast.mina, "ad_manager", "gam", {"network": "7", "endpoint": url})
        await api.tick()
        [known] = await api.list(desk.cast.mina)
        assert "private network" in known.error
        await api.remove(desk.cast.mina, server.id)
        assert [e.event for e in await desk.events("Ad Server Added", "Ad Server Removed")] == [
            "Ad Server Added", "Ad Server Removed",
        ]  # fmt: skip


async def test_spotify_ads_is_pulled_page_by_page(desk: Desk, spotify: tuple[StandIn, str]) -> None:
    held, url = spotify
    held.lines[:] = [ad_set("s1", "Commuters", "PACING_EVEN"), ad_set("s2", "Gym", "PACING_ACCELERATED", "DAILY"),
                     ad_set("s3", "Evening", "PACING_ASAP")]  # fmt: skip
    held.figures.update({("s1", str(day(-back)), 0): 1000 * back for back in (1, 2, 3)})  # type: ignore[misc]
    held.busy = 1
    async with servers(desk, SpotifyAds) as api:
        secret = json.dumps({"client_secret": "x", "refresh_token": "again"})
        server = await api.add(desk.cast.mina, "spotify", "spotify",
                               {"ad_account_id": "acc", "client_id": "c", "endpoint": url}, secret)  # fmt: skip
        assert b"again" not in (server.secret or b"")
        await settle(desk, api, 4)
        rows = {row.item.name: row.item for row in await desk.pacing.list(desk.cast.mina)}
        assert (rows["Commuters"].goal, rows["Commuters"].goal_unit, rows["Commuters"].currency) == (
            5000,
            "spend",
            "USD",
        )
        assert (rows["Gym"].goal, rows["Gym"].pacing, rows["Evening"].pacing) == (5000 * 30, "asap", "asap")
        days = (await desk.pacing.one(desk.cast.mina, rows["Commuters"].id)).days
        assert [(one.impressions, one.spend) for one in days] == [(3000, 3000), (2000, 2000), (1000, 1000)]
        assert held.asked.count("token") == 1
        assert held.asked[1:] == ["ad_sets 0", "ad_sets 0", "ad_sets 1", "ad_sets 2",
                                  f"report {day(-89)}", f"report {day(-89)} more"]  # fmt: skip
        held.asked.clear()
        desk.clock.advance(timedelta(minutes=16))
        await settle(desk, api, 2)
        assert f"report {day(-4)}" in held.asked  # from then on only what may still be corrected


async def test_what_an_ad_server_needs_is_named(desk: Desk) -> None:
    async with servers(desk, AdManager, SpotifyAds) as api:
        for kind, settings, given in (
            ("other", {}, "kind"), ("ad_manager", {}, "settings.network"),
            ("spotify", {"ad_account_id": "a", "x": "y"}, "settings.x"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as caught:
                await api.add(desk.cast.mina, kind, "one", settings)
            assert caught.value.field == given
        made = await api.add(desk.cast.mina, "spotify", "one", {"ad_account_id": "a"})
        with pytest.raises(Conflict):
            await api.add(desk.cast.mina, "spotify", "one", {"ad_account_id": "b"})
        await api.tick()
        assert "needs a secret" in (await api.list(desk.cast.mina))[0].error
        assert await api.list(desk.cast.rina) == []
        await api.remove(desk.cast.mina, made.id)
