"""The company after the history's end: what happens in one minute, as calls of Segment's protocol."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from dure.demo import habits
from dure.demo.cast import GENRES, Broadcast
from dure.demo.habits import COUNTRIES, DAY, PLATFORMS, SEOUL, UTMS, micros
from dure.demo.world import World

Call = dict[str, object]

_AGENTS = {"ios": "SorimaruApp/5.2 (iOS)", "android": "SorimaruApp/5.2 (Android)", "web": "Mozilla/5.0"}
_LISTEN_MINUTES = 20  # live listens are cut here, so that their ends stay near their beginnings


def minute(world: World, at: datetime) -> list[Call]:
    """Segment calls of the minute `at` falls into, in time order: forty to a hundred and twenty of them.

    `at` is not before `world.end`. A pure function of world and minute: ends belong to listens that began in one
    of the minutes before. New listeners get numbers after the history's.
    """
    index = max(int((at - world.end).total_seconds() // 60), 0)
    calls = _sign_ups(world, index)
    for ago in range(min(index, _LISTEN_MINUTES) + 1):
        calls += _listens(world, index - ago, index)
    calls.sort(key=lambda call: str(call["timestamp"]))
    return calls


def comebacks(world: World, sent: Iterable[tuple[str, str]], held: Iterable[str], at: datetime) -> list[Call]:
    """Who is back within the day after `at`, of those written to (distinct id, genre recommended) and held back."""
    who = world.listeners
    back = [one for one, genre in sent if habits.will_return(world.seed, who, one, sent=True, genre=genre)]
    back += [one for one in held if habits.will_return(world.seed, who, one, sent=False)]
    rng = world.rng(f"comebacks {micros(at)}")
    calls: list[Call] = []
    for user in back:
        begin = at + timedelta(minutes=float(rng.uniform(40, 23 * 60)))
        row = int(user.removeprefix("u-")) - 1
        platform = PLATFORMS[int(who.platform[row])] if row < len(who) else "android"
        broadcast = _on_air(rng, world, GENRES[int(who.genre[row])] if row < len(who) else None, begin)
        key = f"back-{user}-{micros(at)}"
        calls.append(_track(f"{key}-a", user, "App Opened", {"platform": platform}, platform, begin))
        heard = _about(world, broadcast) | {"platform": platform}
        calls.append(_track(f"{key}-l", user, "Listen Started", heard, platform, begin + timedelta(seconds=9)))
    calls.sort(key=lambda call: str(call["timestamp"]))
    return calls


def source_of(call: Call) -> str:
    """`web` or `app`: which of the two event sources a call belongs to."""
    context = call["context"]
    return "app" if isinstance(context, dict) and "device" in context else "web"


def _sign_ups(world: World, index: int) -> list[Call]:
    """Two or three people look around and sign up, most of them on the web under an anonymous id first."""
    rng = world.rng(f"live sign-ups {index}")
    begin = world.end + timedelta(minutes=index)
    calls: list[Call] = []
    for n in range(int(rng.integers(2, 4))):
        number = world.sizes.listeners + index * 3 + n + 1
        user, anonymous = f"u-{number}", habits.anonymous_id(10_000_000 + number)
        platform = "web" if rng.random() < 0.7 else PLATFORMS[int(rng.integers(2))]
        country = COUNTRIES[int(rng.choice(5, p=[0.8, 0.08, 0.06, 0.04, 0.02]))]
        at = begin + timedelta(seconds=float(rng.uniform(0, 25)))
        utm, campaign = UTMS[int(rng.integers(len(UTMS)))]
        if platform == "web":
            for step, path in enumerate(("/", "/signup")):
                properties: dict[str, object] = {"path": path, "url": f"https://sorimaru.example{path}"}
                if utm and not step:
                    properties |= {"utm_source": utm, "utm_campaign": campaign}
                page = _call(f"live-{number}-p{step}", "page", platform, at + timedelta(seconds=step * 8))
                calls.append(page | {"anonymousId": anonymous, "properties": properties})
        at += timedelta(seconds=18)
        traits = {
            "email": f"u{number}@listeners.example",
            "country": country,
            "language": habits.LANGUAGES[country],
            "plan": "free",
            "favourite_genre": GENRES[int(rng.integers(len(GENRES)))],
        }
        both = {"userId": user, "anonymousId": anonymous}
        calls.append(_call(f"live-{number}-i", "identify", platform, at) | both | {"traits": traits})
        properties = {"method": "kakao" if country == "KR" else "email", "plan": "free", "country": country}
        signed_up = _track(f"live-{number}-s", user, "Signed Up", properties, platform, at + timedelta(seconds=1))
        calls.append(signed_up | both)
        heard = _about(world, _on_air(rng, world, None, at)) | {"platform": platform}
        calls.append(_track(f"live-{number}-l", user, "Listen Started", heard, platform, at + timedelta(seconds=9)))
    return calls


def _listens(world: World, begun: int, shown: int) -> list[Call]:
    """What listens that began in minute `begun` do in minute `shown`."""
    rng = world.rng(f"live listens {begun}")
    who = world.listeners
    begin = world.end + timedelta(minutes=begun)
    first, last = world.end + timedelta(minutes=shown), world.end + timedelta(minutes=shown + 1)
    seoul = (micros(begin) + SEOUL) // 3_600_000_000
    weekend = int(((micros(begin) + SEOUL) // DAY + 3) % 7 >= 5)
    busy = float(habits.HOURS[:, weekend, seoul % 24].mean() * 24)
    chance = np.array([0.02, 0.4, 1.2, 6.0, 1.5])[who.habit] * habits.HOURS[who.profile, weekend, seoul % 24]
    count = int(np.clip(rng.poisson(14 + 6 * busy), 13, 28))
    calls: list[Call] = []
    for n, row in enumerate(
        rng.choice(len(who), min(count, len(who)), replace=False, p=chance / chance.sum()).tolist()
    ):
        user, platform, key = f"u-{row + 1}", PLATFORMS[int(who.platform[row])], f"live-{begun}-{n}"
        at = begin + timedelta(seconds=float(rng.uniform(0, 60)))
        seconds = int(np.clip(rng.lognormal(5.6, 1.1), 8, (_LISTEN_MINUTES - 1) * 60))
        broadcast = _on_air(rng, world, GENRES[int(who.genre[row])] if rng.random() < 0.7 else None, at)
        about = _about(world, broadcast)
        creator = {"creator_id": about["creator_id"]}
        acts: list[tuple[float, str, dict[str, object]]] = [
            (0, "App Opened", {"platform": platform}),
            (4, "Listen Started", about | {"platform": platform}),
            (4 + seconds, "Listen Ended", about | {"seconds": seconds}),
        ]
        if rng.random() < 0.06:
            acts.append((4 + seconds / 2, "Creator Followed", creator))
        if rng.random() < 0.03:
            gift = int(rng.choice([1_000, 3_000, 5_000, 10_000]))
            acts.append((4 + seconds / 2, "Gift Sent", creator | {"amount": gift, "currency": "KRW"}))
        for number, (after, event, properties) in enumerate(acts):
            moment = at + timedelta(seconds=after)
            if first <= moment < last:
                calls.append(_track(f"{key}-{number}", user, event, properties, platform, moment))
    return calls


def _on_air(rng: np.random.Generator, world: World, genre: str | None, at: datetime) -> Broadcast:
    """A recent broadcast, of the genre if there is one, popular creators more often."""
    recent = [one for one in world.broadcasts[-len(world.creators) :] if one.started <= at]
    fits = [one for one in recent if one.genre == genre] or recent or list(world.broadcasts[:1])
    weight = np.array([world.creators[one.creator].popularity for one in fits])
    return fits[int(rng.choice(len(fits), p=weight / weight.sum()))]


def _about(world: World, broadcast: Broadcast) -> dict[str, object]:
    creator = world.creators[broadcast.creator]
    return {"broadcast_id": broadcast.key, "creator_id": creator.key, "genre": broadcast.genre}


def _track(key: str, user: str, event: str, properties: dict[str, object], platform: str, at: datetime) -> Call:
    return _call(key, "track", platform, at) | {"userId": user, "event": event, "properties": properties}


def _call(key: str, kind: str, platform: str, at: datetime) -> Call:
    context: dict[str, object] = {"userAgent": _AGENTS[platform], "timezone": "Asia/Seoul"}
    if platform != "web":
        context["device"] = {"type": platform}
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "messageId": key, "timestamp": stamp, "context": context}
