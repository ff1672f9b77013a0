"""What ad operations of the simulated company has on its desk: orders, creatives, and what somebody else counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dure.demo.sales import Bookings, LineItem
from dure.governance.api import Principal
from dure.pacing.api import Pacing
from dure.pacing.creatives.model import Delivery
from dure.pacing.model import Figure
from dure.pacing.orders.model import NewOrder

_KINDS = {"Audio spot 15s": "audio", "Audio spot 30s": "audio", "Host read": "host_read", "Companion banner": "display",
          "Video pre-roll": "video"}  # fmt: skip
_FITS = {
    "audio": Delivery(bytes=620_000, seconds=15, file_type="mp3", url="https://landing.example/audio"),
    "display": Delivery(640, 640, 84_000, None, "png", "https://landing.example/banner"),
    "video": Delivery(1920, 1080, 48_000_000, 15, "mp4", "https://landing.example/film"),
    "host_read": Delivery(disclosure="이 방송은 협찬을 받아 제작되었습니다"),
}
_HELD = {
    "audio": Delivery(bytes=1_900_000, seconds=41, file_type="mp3"),
    "display": Delivery(300, 251, 1_400_000, None, "png", "http://landing.example/banner"),
    "video": Delivery(1280, 720, 48_000_000, 15, "avi", "https://landing.example/film"),
    "host_read": Delivery(),
}
_STATES = ("held", "rejected", "away")
_A_DAY = (9, 6, 5, 4, 5, 9, 22, 45, 52, 40, 36, 41)  # of a thousand, in the hours until noon


async def orders(
    pacing: Pacing, owner: Principal, booked: Bookings, names: Mapping[str, str], deals: Mapping[str, str],
    rooms: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """One order a campaign, by the campaign's key; `names` are the customers' by their keys."""
    made = {}
    for campaign, name in booked.campaigns.items():
        lines = [item for item in booked.line_items if item.campaign == campaign]
        first = lines[0]
        order = await pacing.orders.create(
            owner,
            NewOrder(
                name, sum(item.budget for item in lines), "KRW", first.account, names[first.account],
                deals.get(first.opportunity, ""), names[first.account], rooms.get(campaign, ""), external=campaign,
            ),
        )  # fmt: skip
        made[campaign] = order.id
    return made


async def desk(
    pacing: Pacing, maker: Principal, second: Principal, items: Mapping[str, str], booked: Bookings, today: date
) -> None:
    """Creatives of what is to come (one held, one rejected, one not here), QA, a third party's counts, today so far."""
    coming = sorted((one for one in booked.line_items if one.start > today), key=lambda one: (one.start, one.key))
    for number, line in enumerate(coming):
        await _prepare(pacing, maker, second, items[line.key], line, ("held", "rejected", "away")[number % 3]
                       if number < 3 else "ready")  # fmt: skip
    running = [
        one for one in booked.line_items if booked.expected[one.key] == "healthy" and one.start <= today <= one.end
    ]
    figures = [
        Figure(items[line.key], day.date, round(day.impressions * share), day.clicks, source="adverify", party="third")
        for line, share in zip(running[:3], (0.985, 0.84, 0.97), strict=False) for day in line.deliveries[-7:]
    ]  # fmt: skip
    for line in running[:3]:
        usual = sum(day.impressions for day in line.deliveries[-7:]) // max(len(line.deliveries[-7:]), 1)
        await pacing.creatives.add(
            maker, items[line.key], line.format, _KINDS[line.format], given=_FITS[_KINDS[line.format]]
        )
        figures += [
            Figure(items[line.key], today, usual * share // 1000, hour=hour) for hour, share in enumerate(_A_DAY)
        ]
    await pacing.record(maker, figures)


async def _prepare(pacing: Pacing, maker: Principal, second: Principal, item: str, line: LineItem, state: str) -> None:
    kind = _KINDS[line.format]
    due = line.start - timedelta(days=5)
    given = None if state == "away" else _HELD[kind] if state == "held" else _FITS[kind]
    creative = await pacing.creatives.add(maker, item, f"{line.format} A", kind, due=due, given=given)
    if state == "rejected":
        await pacing.creatives.decide(second, creative.id, "rejected", "음량 기준(-16 LUFS)을 넘습니다")
    if state == "ready":
        await pacing.creatives.decide(second, creative.id, "approved")
        await pacing.trafficking.done(maker, item)
        await pacing.trafficking.approve(second, item)
