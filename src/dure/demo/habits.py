"""Listeners and what they do by habit: when they come, what they like, when they leave, what brings them back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from dure.demo.cast import FAMILY_EN, FAMILY_KO, GENRES, GIVEN_EN, GIVEN_KO, Creator

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400_000_000  # microseconds
SEOUL = 9 * 3_600_000_000  # what Seoul is ahead of UTC, microseconds; no summer time

GONE, CASUAL, WEEKLY, DAILY, LAPSING = range(5)
CLASSES = ("never returned", "casual", "weekly", "daily", "lapsing")
PLATFORMS = ("ios", "android", "web")
COUNTRIES = ("KR", "US", "JP", "VN", "CA")
LANGUAGES = {"KR": "ko", "US": "en", "JP": "ja", "VN": "vi", "CA": "en"}
UTMS = (("", ""), ("naver", "brand-search"), ("instagram", "creator-clips"), ("youtube", "summer-nights"),
        ("x", "creator-clips"), ("kakao", "friend-invite"))  # fmt: skip

_NEW_MIX = (0.42, 0.23, 0.15, 0.12, 0.08)
_OLD_MIX = (0.40, 0.26, 0.16, 0.09, 0.09)

# The truth that a campaign's experiment should find: chance to be back on the next day, for those who tried and left.
RETURN_ALONE = 0.10
RETURN_WRITTEN_TO = 0.15
RETURN_WITH_TASTE = 0.22  # written to, and what was recommended is of a genre that they like


@dataclass(frozen=True, eq=False)
class Listeners:
    """One row per listener in every array; times are microseconds since 1970, UTC. Listener i is `u-<i+1>`."""

    signed_up: Ints
    is_new: Bools  # signed up within the quarter
    habit: Ints
    platform: Ints
    country: Ints
    genre: Ints  # favourite
    second_genre: Ints
    creator: Ints  # the one they are loyal to, always of the favourite genre
    profile: Ints  # row of HOURS
    weekday: Ints  # the two days a weekly listener comes on, Monday 0
    second_weekday: Ints
    leaves: Ints  # when a habit ends; far in the future for most
    from_web: Bools  # looked around without a name before signing up
    utm: Ints
    birth_year: Ints
    plus: Bools  # pays for a subscription, now or later

    def __len__(self) -> int:
        return len(self.signed_up)


def _hours(*weights: tuple[int, int, float]) -> Floats:
    """24 chances from (from hour, to hour, weight), over a floor that keeps no hour empty."""
    row = np.full(24, 0.15)
    row[2:6] = 0.04
    for first, last, weight in weights:
        row[first : last + 1] += weight
    chances: Floats = row / row.sum()
    return chances


# profile × (weekday, weekend) × hour in Seoul
HOURS: Floats = np.array([
    [_hours((7, 9, 3.0), (18, 20, 2.6), (22, 23, 1.0)), _hours((9, 12, 1.0), (20, 23, 1.6))],  # commuters
    [_hours((12, 13, 0.8), (20, 23, 3.2)), _hours((14, 18, 1.0), (20, 23, 2.4))],  # evenings
    [_hours((22, 23, 3.4), (0, 1, 3.0)), _hours((22, 23, 2.6), (0, 2, 3.4))],  # night
    [_hours((9, 11, 1.6), (13, 17, 2.2)), _hours((13, 17, 1.8), (19, 22, 1.0))],  # at the desk
])  # fmt: skip


def listeners(
    rng: np.random.Generator, count: int, creators: tuple[Creator, ...], start: datetime, end: datetime
) -> Listeners:
    """`count` listeners, a little more than half of whom sign up between `start` and `end`, growing over time."""
    first, last = micros(start), micros(end)
    is_new = rng.random(count) < 0.56
    signed_up = np.where(
        is_new,
        first + (np.sqrt(rng.uniform(0.16, 1.0, count)) - 0.4) / 0.6 * (last - first - 60_000_000),
        first - rng.exponential(120.0, count) * DAY - DAY,
    ).astype(np.int64)
    profile = rng.choice(4, count, p=[0.3, 0.34, 0.2, 0.16])
    signed_up = np.where(is_new, _at_waking_hours(rng, signed_up, profile), signed_up)
    signed_up += DAY * ((is_new & (signed_up < first)).astype(np.int64) - (signed_up > last - 60_000_000))
    habit = np.where(is_new, rng.choice(5, count, p=_NEW_MIX), rng.choice(5, count, p=_OLD_MIX))

    genre_weight = np.array([0.22, 0.18, 0.12, 0.1, 0.1, 0.08, 0.07, 0.05, 0.05, 0.03])
    genre = rng.choice(len(GENRES), count, p=genre_weight)
    country = rng.choice(5, count, p=[0.8, 0.08, 0.06, 0.04, 0.02])
    weekday = (signed_up + SEOUL) // DAY + 3
    from_web = rng.random(count) < 0.7
    platform = np.where(
        country == 0, rng.choice(3, count, p=[0.33, 0.47, 0.2]), rng.choice(3, count, p=[0.45, 0.3, 0.25])
    )
    stays = rng.exponential(np.where(habit == LAPSING, 24.0, 260.0), count) * DAY
    leaves = np.where(
        (habit == LAPSING) & ~is_new,
        first + rng.uniform(-0.1, 1.0, count) * (last - first),
        signed_up + 4 * DAY + stays,
    )
    leaves = np.where((habit != LAPSING) & ~is_new, first + stays, leaves)
    return Listeners(
        signed_up=signed_up,
        is_new=is_new,
        habit=habit,
        platform=platform,
        country=country,
        genre=genre,
        second_genre=(genre + rng.integers(1, 4, count)) % len(GENRES),
        creator=pick_creators(rng, creators, genre),
        profile=profile,
        weekday=weekday % 7,
        second_weekday=(weekday + rng.integers(1, 6, count)) % 7,
        leaves=leaves.astype(np.int64),
        from_web=from_web,
        utm=np.where(from_web, rng.choice(len(UTMS), count, p=[0.34, 0.2, 0.18, 0.12, 0.08, 0.08]), 0),
        birth_year=np.clip(rng.normal(1998, 8, count), 1955, 2012).astype(np.int64),
        plus=(rng.random(count) < np.array([0.0, 0.01, 0.06, 0.14, 0.03])[habit]),
    )


def come_on(who: Listeners, day: int) -> Floats:
    """Each listener's chance to come on a day (days since 1970 in Seoul), after the day of signing up."""
    weekday = (day + 3) % 7
    night = (day + 1) * DAY - SEOUL
    on_their_day = (who.weekday == weekday) | (who.second_weekday == weekday)
    weekend = 1.1 if weekday >= 5 else 0.97
    chance = np.choose(
        who.habit, [np.full(len(who), 0.0015), 0.05, np.where(on_their_day, 0.56, 0.05), 0.68, 0.55]
    ).astype(np.float64)
    since_leaving = (night - who.leaves) / DAY
    fading = np.where(who.habit == LAPSING, np.exp(-np.clip(since_leaving, 0, None) / 3.5), since_leaving < 0)
    return np.where(night - DAY > who.signed_up, np.clip(chance * weekend, 0, 0.95) * fading, 0.0)


def come_at(rng: np.random.Generator, who: Listeners, index: Ints, day: Ints) -> Ints:
    """Moments (microseconds) at which listeners `index` come on `day`, by their hours."""
    weekend = ((day + 3) % 7 >= 5).astype(np.int64)
    ends = np.cumsum(HOURS, axis=2)[who.profile[index], weekend]
    hour = np.minimum((rng.random(len(index))[:, None] > ends).sum(axis=1), 23)
    moments: Ints = (day * DAY - SEOUL + hour * 3_600_000_000 + rng.integers(0, 3_600_000_000, len(index))).astype(
        np.int64
    )
    return moments


def will_return(seed: int, who: Listeners, distinct_id: str, *, sent: bool, genre: str | None = None) -> bool:
    """Whether somebody who tried and left is back within a day; `genre`: of what was recommended, if sent.

    Deterministic: the same person draws the same lot whether written to or not, so that only the message differs.
    """
    lot = int.from_bytes(hashlib.blake2b(f"{seed}:{distinct_id}".encode(), digest_size=8).digest(), "big") / 2**64
    if not sent:
        return lot < RETURN_ALONE
    index = int(distinct_id.removeprefix("u-")) - 1
    liked = index < len(who) and genre in (GENRES[int(who.genre[index])], GENRES[int(who.second_genre[index])])
    return lot < (RETURN_WITH_TASTE if liked else RETURN_WRITTEN_TO)


def traits(who: Listeners, index: int) -> dict[str, object]:
    """What Sorimaru knows about listener `index`."""
    country = COUNTRIES[int(who.country[index])]
    mixed = (index * 2_654_435_761) >> 7
    if country == "KR":
        name = FAMILY_KO[mixed % len(FAMILY_KO)] + GIVEN_KO[mixed // 32 % len(GIVEN_KO)]
    else:
        name = f"{GIVEN_EN[mixed % len(GIVEN_EN)]} {FAMILY_EN[mixed // 32 % len(FAMILY_EN)]}"
    return {
        "name": name,
        "email": f"u{index + 1}@listeners.example",
        "country": country,
        "language": LANGUAGES[country],
        "plan": "plus" if who.plus[index] else "free",
        "birth_year": int(who.birth_year[index]),
        "favourite_genre": GENRES[int(who.genre[index])],
    }


def anonymous_id(number: int) -> str:
    """The id a browser gives itself before anybody says who they are."""
    return f"anon-{hashlib.blake2b(str(number).encode(), digest_size=6).hexdigest()}"


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return round(at.timestamp() * 1_000_000)


def pick_creators(rng: np.random.Generator, creators: tuple[Creator, ...], genre: Ints) -> Ints:
    """A creator of each wanted genre, by popularity; anybody popular where a genre has no creator."""
    picked = np.zeros(len(genre), dtype=np.int64)
    weight = np.array([creator.popularity for creator in creators])
    of = np.array([GENRES.index(creator.genre) for creator in creators])
    for number in range(len(GENRES)):
        rows = np.flatnonzero(genre == number)
        among = np.flatnonzero(of == number) if (of == number).any() else np.arange(len(creators))
        picked[rows] = rng.choice(among, len(rows), p=weight[among] / weight[among].sum())
    return picked


def _at_waking_hours(rng: np.random.Generator, at: Ints, profile: Ints) -> Ints:
    ends = np.cumsum(HOURS, axis=2)[profile, 0]
    hour = np.minimum((rng.random(len(at))[:, None] > ends).sum(axis=1), 23)
    day = (at + SEOUL) // DAY
    moments: Ints = (day * DAY - SEOUL + hour * 3_600_000_000 + rng.integers(0, 3_600_000_000, len(at))).astype(
        np.int64
    )
    return moments
