"""The quarter's outside events, as feed lines in time order: columns by numpy, text from tables of fragments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np

from dure.demo import habits
from dure.demo.cast import GENRES
from dure.demo.habits import COUNTRIES, DAY, PLATFORMS, SEOUL, UTMS, Ints, micros
from dure.demo.world import Scope, World
from dure.kernel.ids import person_id

SECOND = 1_000_000
GIFTS = (1_000, 3_000, 5_000, 10_000, 30_000)  # won
PLUS_PRICE = 6_900  # won a month
PATHS = ("/", "/live", "/creators", "/pricing", "/signup")

(PAGE, SIGN_UP, APP, LISTEN, LISTEN_END, FOLLOW, GIFT, SUBSCRIBE, IDENTIFY) = range(9)
EVENTS = ("Page Viewed", "Signed Up", "App Opened", "Listen Started", "Listen Ended", "Creator Followed", "Gift Sent",
          "Subscription Started", "Identified")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chunk:
    """`count` feed lines (NDJSON), all at or after the chunk before; `first` and `last` are microseconds UTC."""

    body: bytes
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Link:
    """The moment somebody without a name turned out to be a listener."""

    anonymous_id: str
    distinct_id: str
    at: int  # microseconds UTC


def history(world: World, scope: Scope, chunk: int = 20_000) -> Iterator[Chunk]:
    """Everything outside that happened in the quarter, in time order, `chunk` events at a time.

    Message ids are `h-<n>`. Listener i is `u-<i+1>`; those who looked around first also appear under the
    anonymous id that `links` ties to them.
    """
    events = _Events()
    fragments = _Fragments(world)
    _sign_ups(world, events, fragments)
    _sessions(world, events, fragments)
    _identified(world, events, fragments)
    return _encode(world, scope, events, fragments, chunk)


def links(world: World) -> list[Link]:
    """Anonymous id → listener, for everybody who began on the web in the quarter, in time order."""
    who = world.listeners
    rows = np.flatnonzero(who.is_new & who.from_web)
    rows = rows[np.argsort(who.signed_up[rows], kind="stable")]
    return [Link(habits.anonymous_id(int(row)), f"u-{row + 1}", int(who.signed_up[row])) for row in rows]


def traits(world: World) -> Iterator[tuple[str, dict[str, object], int]]:
    """(distinct id, traits, when known in microseconds UTC) of every listener, in the order of their numbers."""
    who = world.listeners
    for index in range(len(who)):
        yield f"u-{index + 1}", habits.traits(who, index), int(who.signed_up[index])


class _Events:
    """Columns that grow by blocks: when, what, whose, which fragment, and a number that ends the properties."""

    def __init__(self) -> None:
        self.blocks: list[tuple[Ints, int, Ints, Ints, Ints]] = []

    def add(self, kind: int, at: Ints, person: Ints, fragment: Ints, number: Ints | None = None) -> None:
        self.blocks.append((at, kind, person, fragment, np.full(len(at), -1) if number is None else number))

    def first(self, people: int, start: int, end: int) -> Ints:
        """When each of the first so many persons first does anything from `start` up to `end`; `end` for nobody."""
        first = np.full(people, end)
        for at, _, person, *_ in self.blocks:
            inside = (at >= start) & (at < end) & (person < people)
            np.minimum.at(first, person[inside], at[inside])
        return first

    def between(self, start: int, end: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        at = np.concatenate([block[0] for block in self.blocks])
        kind = np.concatenate([np.full(len(block[0]), block[1]) for block in self.blocks])
        person, fragment, number = (np.concatenate([block[i] for block in self.blocks]) for i in (2, 3, 4))
        inside = np.flatnonzero((at >= start) & (at < end))
        rows = inside[np.argsort(at[inside], kind="stable")]
        return at[rows], kind[rows], person[rows], fragment[rows], number[rows]


@dataclass
class _Fragments:
    """Every text between the person and the message id that can occur, made once: object, source, properties."""

    world: World
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        creators, broadcasts = self.world.creators, self.world.broadcasts
        self.pages = self._add(
            ("", "", 2, {"path": path} | ({"utm_source": utm, "utm_campaign": campaign} if utm else {}))
            for path in PATHS
            for utm, campaign in UTMS
        )
        self.sign_ups = self._add(
            ("", "", platform, {"method": method, "plan": "free", "country": country})
            for country in COUNTRIES
            for method in ("kakao", "email", "apple")
            for platform in range(3)
        )
        self.apps = self._add(("", "", platform, {"platform": PLATFORMS[platform]}) for platform in range(3))
        heard = [{"broadcast_id": b.key, "creator_id": creators[b.creator].key, "genre": b.genre} for b in broadcasts]
        self.listens = self._add(
            ("broadcast", b.key, platform, about | {"platform": PLATFORMS[platform]})
            for b, about in zip(broadcasts, heard, strict=True)
            for platform in range(3)
        )
        self.ends = self._add(
            (("broadcast", b.key, platform, about) for b, about in zip(broadcasts, heard, strict=True)
             for platform in range(3)), tail=',"seconds":',
        )  # fmt: skip
        self.follows = self._add(
            ("creator", c.key, platform, {"creator_id": c.key}) for c in creators for platform in range(3)
        )
        self.gifts = self._add(
            (("creator", c.key, platform, {"creator_id": c.key, "currency": "KRW"}) for c in creators
             for platform in range(3)), tail=',"amount":',
        )  # fmt: skip
        self.plus = self._add(
            ("", "", platform, {"plan": "plus", "amount": PLUS_PRICE, "currency": "KRW"}) for platform in range(3)
        )

    def known(self, traits: Iterable[Mapping[str, object]]) -> int:
        """What is known of people, a text each."""
        return self._add(("", "", PLATFORMS.index("web"), one) for one in traits)

    def _add(self, rows: Iterator[tuple[str, str, int, Mapping[str, object]]], tail: str = "") -> int:
        first = len(self.texts)
        for kind, key, platform, properties in rows:
            source = "web" if PLATFORMS[platform] == "web" else "app"
            body = msgspec.json.encode(properties).decode().removesuffix("}")
            self.texts.append(
                f'","account":"","object_type":"{kind}","object":"{key}","source":"{source}","actor":"","run":"",'
                f'"properties":{body}{tail}'
            )
        return first


def _sign_ups(world: World, events: _Events, fragments: _Fragments) -> None:
    """Looking around without a name, then signing up; and those who only ever look around."""
    rng, who, sizes = world.rng("sign-ups"), world.listeners, world.sizes
    new = np.flatnonzero(who.is_new)
    web = new[who.from_web[new]]
    anonymous = len(who) + web  # persons: listeners, then their anonymous selves, then strangers
    utms = len(UTMS)

    earlier = rng.random(len(web)) < 0.4
    visit = who.signed_up[web] - rng.integers(1, 6, len(web)) * DAY - rng.integers(0, 4 * 3600, len(web)) * SECOND
    _page(events, fragments, visit[earlier], anonymous[earlier], 0, who.utm[web][earlier])
    _page(events, fragments, visit[earlier] + rng.integers(20, 200, int(earlier.sum())) * SECOND, anonymous[earlier], 1)
    last = who.signed_up[web] - rng.integers(90, 900, len(web)) * SECOND
    events.add(PAGE, last, anonymous, fragments.pages + np.where(earlier, utms, who.utm[web]))
    tried = rng.random(len(web)) < 0.3
    broadcast = _broadcasts_on_air(world, who.creator[web][tried], last[tried])
    events.add(
        LISTEN, last[tried] + 30 * SECOND, anonymous[tried], fragments.listens + broadcast * 3 + PLATFORMS.index("web")
    )
    _page(events, fragments, who.signed_up[web] - rng.integers(15, 60, len(web)) * SECOND, anonymous, 4)

    method = rng.choice(3, len(new), p=[0.55, 0.3, 0.15])
    platform = np.where(who.from_web[new], PLATFORMS.index("web"), who.platform[new])
    events.add(SIGN_UP, who.signed_up[new], new, fragments.sign_ups + (who.country[new] * 3 + method) * 3 + platform)

    strangers = 2 * len(who) + np.arange(sizes.visitors)
    seen = rng.integers(micros(world.start), micros(world.end), sizes.visitors)
    seen = habits.come_at(rng, who, rng.integers(0, len(who), sizes.visitors), (seen + SEOUL) // DAY)
    _page(events, fragments, seen, strangers, 0, rng.choice(utms, sizes.visitors))
    deeper = rng.random(sizes.visitors)
    for path, share in ((1, 0.55), (3, 0.25), (4, 0.18)):
        some = deeper < share
        _page(
            events, fragments, seen[some] + rng.integers(15, 90, int(some.sum())) * SECOND * path, strangers[some], path
        )


def _sessions(world: World, events: _Events, fragments: _Fragments) -> None:
    """Every time a listener comes: opening, listening, now and then following, giving, subscribing."""
    rng, who = world.rng("sessions"), world.listeners
    index, at = _arrivals(world, rng)
    platform = np.where(rng.random(len(index)) < 0.9, who.platform[index], rng.integers(0, 3, len(index)))
    events.add(APP, at, index, fragments.apps + platform)
    browsing = (platform == PLATFORMS.index("web")) & (rng.random(len(index)) < 0.6)
    _page(events, fragments, at[browsing] + 2 * SECOND, index[browsing], 1)

    gone = who.habit == habits.GONE
    plays = np.minimum(rng.poisson(np.where(gone, 0.1, 0.42)[index]) + (rng.random(len(index)) < 0.93), 5)
    session = np.repeat(np.arange(len(index)), plays)
    person, device = index[session], platform[session]
    seconds = np.clip(rng.lognormal(np.where(gone, 5.0, 6.6)[person], 0.95), 8, 14_400).astype(np.int64)
    gap = rng.integers(6, 90, len(session))
    together = np.cumsum(seconds + gap)
    before = together - seconds  # from the first session's start to this listen's, over all sessions
    first_of_session = np.searchsorted(session, session)
    begins = at[session] + (before - before[first_of_session] + gap[first_of_session]) * SECOND
    creator = _choose_creators(world, rng, person)
    broadcast = _broadcasts_on_air(world, creator, begins)
    ends = begins + seconds * SECOND
    events.add(LISTEN, begins, person, fragments.listens + broadcast * 3 + device)
    events.add(LISTEN_END, ends, person, fragments.ends + broadcast * 3 + device, seconds)

    followed = rng.random(len(session)) < np.where(creator == who.creator[person], 0.07, 0.03)
    events.add(
        FOLLOW, begins[followed] + seconds[followed] * SECOND // 2, person[followed],
        fragments.follows + creator[followed] * 3 + device[followed],
    )  # fmt: skip
    gave = rng.random(len(session)) < np.array([0.001, 0.006, 0.012, 0.022, 0.012])[who.habit[person]]
    amount = np.array(GIFTS)[rng.choice(len(GIFTS), int(gave.sum()), p=[0.46, 0.27, 0.17, 0.08, 0.02])]
    events.add(
        GIFT, begins[gave] + seconds[gave] * SECOND * 3 // 5, person[gave],
        fragments.gifts + creator[gave] * 3 + device[gave], amount,
    )  # fmt: skip
    payers, last = np.unique(person[::-1], return_index=True)
    paying = who.plus[payers]
    row = (len(person) - 1 - last)[paying]
    events.add(SUBSCRIBE, begins[row] + 5 * SECOND, payers[paying], fragments.plus + device[row])


def _identified(world: World, events: _Events, fragments: _Fragments) -> None:
    """The app says who somebody is when they first come: rules, strata and breakdowns read traits from the log."""
    who, end = world.listeners, micros(world.end)
    first = events.first(len(who), micros(world.start), end)
    came = np.flatnonzero(first + SECOND < end)
    told = fragments.known(habits.traits(who, int(row)) for row in came)
    events.add(IDENTIFY, first[came] + SECOND, came, told + np.arange(len(came)))


def _arrivals(world: World, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(listener, microseconds) of every session in the quarter, that of signing up included."""
    who = world.listeners
    first, last = micros(world.start), micros(world.end)
    indexes, times = [np.flatnonzero(who.is_new)], [who.signed_up[who.is_new] + 25 * SECOND]
    for day in range((first + SEOUL) // DAY, (last + SEOUL) // DAY + 1):
        come = np.flatnonzero(rng.random(len(who)) < habits.come_on(who, day))
        twice = come[(who.habit[come] == habits.DAILY) & (rng.random(len(come)) < 0.2)]
        for index in (come, twice):
            indexes.append(index)
            times.append(habits.come_at(rng, who, index, np.full(len(index), day)))
    index, at = np.concatenate(indexes), np.concatenate(times)
    inside = (at >= first) & (at < last)
    return index[inside], at[inside]


def _choose_creators(world: World, rng: np.random.Generator, person: Ints) -> Ints:
    """Whom they listen to: the one they are loyal to, else somebody of a genre they like, else anybody popular."""
    who = world.listeners
    lot = rng.random(len(person))
    any_genre = rng.choice(len(GENRES), len(person), p=[0.22, 0.18, 0.12, 0.1, 0.1, 0.08, 0.07, 0.05, 0.05, 0.03])
    genre = np.where(lot < 0.62, who.genre[person], np.where(lot < 0.84, who.second_genre[person], any_genre))
    return np.where(lot < 0.3, who.creator[person], habits.pick_creators(rng, world.creators, genre))


def _broadcasts_on_air(world: World, creator: Ints, at: Ints) -> Ints:
    """The creator's newest broadcast that had begun by then (its recording is heard until the next one)."""
    owner = np.array([b.creator for b in world.broadcasts])
    started = np.array([micros(b.started) for b in world.broadcasts])
    origin, span = int(started.min()), int(started.max()) - int(started.min()) + 400 * DAY
    key = owner * span + (started - origin)
    order = np.argsort(key, kind="stable")
    found = np.searchsorted(key[order], creator * span + np.clip(at - origin, 0, span - 1), side="right") - 1
    return order[np.maximum(found, np.searchsorted(owner[order], creator))]


def _page(events: _Events, fragments: _Fragments, at: Ints, person: Ints, path: int, utm: Ints | None = None) -> None:
    events.add(
        PAGE, at, person, fragments.pages + path * len(UTMS) + (np.zeros(len(at), np.int64) if utm is None else utm)
    )


def _encode(world: World, scope: Scope, events: _Events, fragments: _Fragments, size: int) -> Iterator[Chunk]:
    at, kind, person, fragment, number = events.between(micros(world.start), micros(world.end))
    received = at + world.rng("network").integers(80_000, 2_400_000, len(at))
    whose = _persons(world, scope, person)
    head = [f'{{"org":"{scope.org}","workspace":"{scope.workspace}","event":"{name}","time":"' for name in EVENTS]
    texts = fragments.texts
    for start in range(0, len(at), size):
        part = slice(start, start + size)
        rows = zip(
            range(start + 1, start + size + 1),
            _stamps(at[part]), _stamps(received[part]), kind[part].tolist(), person[part].tolist(),
            fragment[part].tolist(), number[part].tolist(), strict=False,
        )  # fmt: skip
        body = "".join([
            f'{head[k]}{t}Z","person":"{whose[p]}{texts[f]}{n if n >= 0 else ""}}},'
            f'"message_id":"h-{i}","received_at":"{r}Z"}}\n'
            for i, t, r, k, p, f, n in rows
        ])  # fmt: skip
        times = at[part]
        yield Chunk(body.encode(), len(times), int(times[0]), int(times[-1]))


def _persons(world: World, scope: Scope, used: Ints) -> dict[int, str]:
    """Person number → `<uuid>","distinct_id":"<id>`, for those who occur; a UUIDv5 is made once each."""
    count = len(world.listeners)
    texts = {}
    for number in np.unique(used).tolist():
        distinct = f"u-{number + 1}" if number < count else habits.anonymous_id(number - count)
        texts[number] = f'{person_id(scope.workspace, distinct)}","distinct_id":"{distinct}'
    return texts


def _stamps(at: Ints) -> list[str]:
    stamps: list[str] = np.datetime_as_string(at.astype("datetime64[us]")).tolist()
    return stamps
