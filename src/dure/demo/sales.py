"""Opportunities and line items: what sales sells and what ad operations has to deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from dure.demo.cast import Employee
from dure.demo.world import World

STAGES = {
    "Prospecting": 10,
    "Qualified": 25,
    "Proposal": 50,
    "Negotiation": 75,
    "Closed Won": 100,
    "Closed Lost": 0,
}
_OPEN = ("Prospecting", "Qualified", "Proposal", "Negotiation")
_STAGE_MIX = (0.21, 0.2, 0.17, 0.12, 0.18, 0.12)

# What becomes of a line item, by the pace one learns from its own days and its weekday.
HEALTHY, AT_RISK, OVER, NOT_LAUNCHED = "healthy", "at_risk", "over", "not_launched"
_FINISHED, _UPCOMING, _BY_WEEKEND = "finished", "upcoming", "by_weekend"
_EXPECTED = {_FINISHED: HEALTHY, _UPCOMING: HEALTHY, _BY_WEEKEND: AT_RISK}


@dataclass(frozen=True, slots=True)
class StageChange:
    """An opportunity entered `stage` at `at` (UTC); `by` is an employee's e-mail address."""

    at: datetime
    stage: str
    by: str


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal. `amount` in won; `history` begins with its creation and ends with the stage it is in."""

    key: str
    name: str
    account: str
    owner: str
    team: tuple[str, ...]  # e-mail addresses, the owner's not among them
    amount: int
    stage: str
    probability: int
    created_at: datetime
    close_date: date
    history: tuple[StageChange, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one line item delivered on one day in Seoul; `spend` in won."""

    date: date
    impressions: int
    clicks: int
    spend: int


@dataclass(frozen=True, slots=True)
class LineItem:
    """A booking with a goal. `end` is the last day of its flight; days are Seoul's; deliveries end yesterday."""

    key: str
    name: str
    campaign: str
    account: str
    opportunity: str  # the won deal it came from, or the customer's open one about more of it; "" where there is none
    manager: str  # e-mail address in ad operations
    format: str
    goal: int  # impressions
    budget: int  # won
    start: date
    end: date
    created_at: datetime
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Bookings:
    """Line items, the names of their campaigns by key, and what each line item was made to be."""

    line_items: tuple[LineItem, ...]
    campaigns: dict[str, str]
    expected: dict[str, str]


_WHAT = ("여름 브랜드 캠페인", "신제품 출시", "연말 프로모션", "앱 설치 캠페인", "크리에이터 협찬", "분기 정기 집행",
         "심야 시간대 패키지", "출근길 오디오 광고")  # fmt: skip
_WHAT_EN = ("Brand launch", "Autumn audio package", "Creator sponsorship", "App install push", "Always-on audio")
_FORMATS = (
    ("오디오 스팟 15초", 14_000),
    ("오디오 스팟 30초", 19_000),
    ("호스트 리드", 32_000),
    ("배너", 5_500),
    ("비디오 프리롤", 24_000),
)
_FORMATS_EN = ("Audio spot 15s", "Audio spot 30s", "Host read", "Companion banner", "Video pre-roll")
_TARGETS = ("전체", "2030 여성", "출퇴근", "심야 청취자", "수도권", "학습 청취자")
_TARGETS_EN = ("all", "women 20-39", "commute", "late night", "capital area", "study listeners")

_EVEN = (1.0, 1.0, 1.02, 1.03, 1.05, 0.96, 0.94)
_WEEKEND = (0.36, 0.34, 0.34, 0.38, 0.62, 2.35, 2.3)


def opportunities(world: World) -> tuple[Opportunity, ...]:
    """Deals of the quarter in every stage, each with the path it took there."""
    rng = world.rng("opportunities")
    sellers = [one for one in world.employees if one.function == "sales" and "Account Executive" in one.title]
    counts = _shares(world.sizes.opportunities, _STAGE_MIX)
    stages = [stage for stage, count in zip(STAGES, counts, strict=True) for _ in range(count)]
    made = []
    for number, stage in enumerate((stages[i] for i in rng.permutation(len(stages))), start=1):
        customer = world.customers[int(rng.integers(len(world.customers)))]
        korean = customer.country == "KR"
        owner = sellers[-1] if not korean else sellers[int(rng.integers(len(sellers) - 1))]
        what = str(rng.choice(_WHAT if korean else _WHAT_EN))
        history = _stage_path(rng, world, stage, owner.email)
        closed = stage.startswith("Closed")
        close = history[-1].at if closed else world.end + timedelta(days=int(rng.integers(7, 75)))
        made.append(
            Opportunity(
                key=f"opp-{number:03d}",
                name=f"{customer.name} {what}",
                account=customer.key,
                owner=owner.email,
                team=_team(rng, world, owner),
                amount=int(np.clip(rng.lognormal(17.2, 0.8), 3_000_000, 400_000_000)) // 500_000 * 500_000,
                stage=stage,
                probability=STAGES[stage],
                created_at=history[0].at,
                close_date=_seoul(close),
                history=history,
            )
        )
    return tuple(made)


def bookings(world: World) -> Bookings:
    """Line items under their campaigns: half of them over, a tenth to come, the rest running with the chosen cases."""
    rng = world.rng("bookings")
    today = _seoul(world.end)
    count = world.sizes.line_items
    running = max(count * 38 // 100, 12)
    upcoming = count // 10
    fates = [_BY_WEEKEND] * 2 + [AT_RISK] * 3 + [NOT_LAUNCHED] * 3 + [OVER] * 4 + [HEALTHY] * (running - 12)
    plan = [_FINISHED] * (count - running - upcoming) + [_UPCOMING] * upcoming + fates
    deals = opportunities(world)
    won = [deal for deal in deals if deal.stage == "Closed Won"]
    # Sold before the quarter; the customer talks about more of it, and how it runs is part of that talk.
    open_ = {deal.account: deal.key for deal in deals if not deal.stage.startswith("Closed")}
    managers = [one for one in world.employees if one.function == "ad_ops" and "Campaign Manager" in one.title]
    campaigns: dict[str, str] = {}
    items: list[LineItem] = []
    expected: dict[str, str] = {}
    accounts = {one.key: one for one in world.customers}
    hosts = [world.customers[int(i)] for i in rng.permutation(len(world.customers))]
    for number, fate in enumerate((plan[i] for i in rng.permutation(count)), start=1):
        home = (number - 1) % world.sizes.campaigns
        sold = won[home] if home < len(won) else None
        host = accounts[sold.account] if sold else hosts[home % len(hosts)]
        korean = host.country == "KR"
        campaign = f"cp-{home + 1:02d}"
        what = _WHAT[home % len(_WHAT)] if korean else _WHAT_EN[home % len(_WHAT_EN)]
        campaigns.setdefault(campaign, sold.name if sold else f"{host.name} {what}")
        kind, target = int(rng.integers(len(_FORMATS))), int(rng.integers(len(_TARGETS)))
        label = (
            f"{_FORMATS[kind][0]} · {_TARGETS[target]}" if korean else f"{_FORMATS_EN[kind]} · {_TARGETS_EN[target]}"
        )
        start, end, goal, days = _flight(rng, fate, today)
        cpm = _FORMATS[kind][1]
        key = f"li-{number:03d}"
        expected[key] = _EXPECTED.get(fate, fate)
        items.append(
            LineItem(
                key=key,
                name=f"{host.name} {label}",
                campaign=campaign,
                account=host.key,
                opportunity=sold.key if sold else open_.get(host.key, ""),
                manager=managers[home % len(managers)].email,
                format=_FORMATS_EN[kind],
                goal=goal,
                budget=goal * cpm // 1000,
                start=start,
                end=end,
                created_at=_utc(start) - timedelta(days=int(rng.integers(12, 25)), hours=-11),
                deliveries=_deliveries(rng, start, days, cpm),
            )
        )
    return Bookings(tuple(items), campaigns, expected)


def _flight(rng: np.random.Generator, fate: str, today: date) -> tuple[date, date, int, npt.NDArray[np.int64]]:
    """First day, last day, goal, and impressions of each complete day so far."""
    scale = float(np.exp(rng.uniform(np.log(4_000), np.log(60_000))))
    if fate in (AT_RISK, _BY_WEEKEND):
        return _deceptive_flight(rng, today, scale, by_weekend=fate == _BY_WEEKEND)
    length = int(rng.integers(18, 36))
    if fate == _FINISHED:
        start = today - timedelta(days=length + int(rng.integers(1, 50)))
    elif fate == _UPCOMING:
        start = today + timedelta(days=int(rng.integers(1, 15)))
    elif fate == NOT_LAUNCHED:
        start = today - timedelta(days=int(rng.integers(2, 5)))
    else:
        start = today - timedelta(days=int(rng.integers(8, length - 3)))
    end = start + timedelta(days=length - 1)
    weekend_heavy = fate == _FINISHED and rng.random() < 0.3
    whole = _course(rng, start, length, _WEEKEND if weekend_heavy else _EVEN, 0.0) * scale
    total = float(whole.sum())
    if fate == OVER:
        return start, end, _round(total / rng.uniform(1.35, 1.7)), _so_far(whole, start, today)
    if fate == NOT_LAUNCHED:
        return start, end, _round(total), np.zeros(0, dtype=np.int64)
    return start, end, _round(total / rng.uniform(1.03, 1.09)), _so_far(whole, start, today)


def _deceptive_flight(
    rng: np.random.Generator, today: date, scale: float, by_weekend: bool
) -> tuple[date, date, int, npt.NDArray[np.int64]]:
    """A flight whose straight line reaches the goal and whose true course ends at most at nine tenths of it.

    Either the weekends carry it and only weekdays are left (where the calendar allows that), or it tires.
    """
    best: tuple[float, int, int] = (1.0, 0, 0)
    for done in range(15, 24):
        for left in range(2, 8):
            shape = _by_weekday(today - timedelta(days=done), done + left, _WEEKEND)
            share = float(shape.sum() / (shape[:done].sum() / done * (done + left)))
            best = min(best, (share, done, left))
    if by_weekend and best[0] < 0.87:
        _, done, left = best
        weights, tiring = _WEEKEND, 0.0
    else:
        done, left = int(rng.integers(13, 18)), int(rng.integers(9, 14))
        weights, tiring = _EVEN, float(rng.uniform(0.08, 0.1))
    start = today - timedelta(days=done)
    whole = _course(rng, start, done + left, weights, tiring, noise=0.04) * scale
    straight = float(whole[:done].sum()) / done * (done + left)
    return start, today + timedelta(days=left - 1), _round(straight / 1.02), _so_far(whole, start, today)


def _course(
    rng: np.random.Generator, start: date, length: int, weights: tuple[float, ...], tiring: float, noise: float = 0.07
) -> npt.NDArray[np.float64]:
    """Relative delivery of each day: weekday × two days of ramping up × tiring × noise."""
    days: npt.NDArray[np.int64] = np.arange(length)
    ramp = np.where(days == 0, 0.62, np.where(days == 1, 0.86, 1.0))
    course: npt.NDArray[np.float64] = (
        _by_weekday(start, length, weights) * ramp * np.exp(-tiring * days) * rng.lognormal(0, noise, length)
    )
    return course


def _by_weekday(start: date, length: int, weights: tuple[float, ...]) -> npt.NDArray[np.float64]:
    return np.array([weights[(start.weekday() + day) % 7] for day in range(length)])


def _so_far(whole: npt.NDArray[np.float64], start: date, today: date) -> npt.NDArray[np.int64]:
    return whole[: max((today - start).days, 0)].astype(np.int64)


def _deliveries(
    rng: np.random.Generator, start: date, impressions: npt.NDArray[np.int64], cpm: int
) -> tuple[Delivery, ...]:
    rate = rng.uniform(0.002, 0.011)
    return tuple(
        Delivery(start + timedelta(days=day), seen, int(rng.binomial(seen, rate)), seen * cpm // 1000)
        for day, seen in enumerate(impressions.tolist())
    )


def _stage_path(rng: np.random.Generator, world: World, stage: str, by: str) -> tuple[StageChange, ...]:
    if stage == "Closed Won":
        path = [*_OPEN, stage]
    elif stage == "Closed Lost":
        path = [*_OPEN[: int(rng.integers(1, 5))], stage]
    else:
        path = list(_OPEN[: _OPEN.index(stage) + 1])
    span = (world.end - world.start).total_seconds()
    last = rng.uniform(0.35, 0.985) if len(path) > 2 else rng.uniform(0.55, 0.985)
    shares = np.sort(rng.uniform(0.02, last, len(path)))
    shares[-1] = last
    moments = [world.start + timedelta(seconds=float(share * span)) for share in shares]
    return tuple(StageChange(at, name, by) for at, name in zip(_office_hours(rng, moments), path, strict=True))


def _office_hours(rng: np.random.Generator, moments: list[datetime]) -> list[datetime]:
    """The same days between nine and seven in Seoul, weekends moved back to Friday, in order."""
    moved = []
    for at in moments:
        day = _seoul(at)
        day -= timedelta(days=max(day.weekday() - 4, 0))
        moved.append(_utc(day) + timedelta(minutes=int(rng.integers(9 * 60, 19 * 60)), seconds=int(rng.integers(60))))
    limit = max(moments)  # nothing may happen after the end, and no two at once
    moved.sort()
    return [min(at, limit - timedelta(minutes=len(moved) - number)) for number, at in enumerate(moved)]


def _team(rng: np.random.Generator, world: World, owner: Employee) -> tuple[str, ...]:
    others = [one for one in world.employees if one is not owner]
    ad_ops = [one.email for one in others if one.function == "ad_ops"]
    sales = [one.email for one in others if one.function == "sales"]
    marketing = [one.email for one in others if one.function == "marketing"]
    picked = [ad_ops[int(rng.integers(len(ad_ops)))], sales[int(rng.integers(len(sales)))]]
    if rng.random() < 0.5:
        picked.append(marketing[int(rng.integers(len(marketing)))])
    return tuple(picked)


def _shares(total: int, mix: tuple[float, ...]) -> list[int]:
    counts = [int(total * share) for share in mix]
    counts[0] += total - sum(counts)
    return counts


def _round(goal: float) -> int:
    return max(round(goal / 1000) * 1000, 1000)


def _seoul(at: datetime) -> date:
    return (at + timedelta(hours=9)).date()


def _utc(day: date) -> datetime:
    """Midnight in Seoul."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=9)
