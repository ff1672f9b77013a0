"""A workspace with a million messages, and how long its people wait for history and for search.

The messages are made up: Korean and English mixed, words by Zipf's law with particles and endings on the Korean ones,
200 channels of very different size (a quarter private), 300 people, a year. They are loaded by COPY together with
their index, because making them one by one is another bench's matter; what indexing one costs is measured at the end
with messages that the loader left out.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from dure.channels.api import Channels
from dure.channels.search.api import Search
from dure.channels.search.index import VERSION, index
from dure.channels.search.said import Said
from dure.channels.search.slices import slices_of
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import StillClock
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

CHANNELS, PEOPLE = 200, 300
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
_YEAR = 365 * 86_400 * 1_000_000
# Said after the load, one by one, to see what the index costs.
_LATE = 4_000

_KO = """
한빛 커피 재계약 광고 집행 소진율 단가표 제안서 계약서 초안 확인 공유 일정 회의 주간 보고 예산
증액 감액 캠페인 런칭 오디오 청취 구독 해지 재생 전환 지면 노출 클릭 배너 영상 소재 검수 정산
세금 계산서 견적 브랜딩 고객 문의 응답 담당 팀장 대표 법무 검토 승인 반려 수정 최종 배포 장애
복구 서버 로그 지표 대시보드 실험 가설 결과 분석 코호트 유입 이탈 채널 소셜 멘션 이벤트
프로모션 쿠폰 결제 환불 출시 연휴 오전 오후 금요일 다음 지난 이번 분기 연말 목표 달성 파트너
소리마루 벚꽃 봄맞이 여름 가을 겨울 서울 부산 제주 매장 배송 재고 신규 기존 핵심 긴급 점검
알림 요청 처리 완료
"""
_EN = """
deal renewal campaign launch budget pacing delivery forecast report weekly review draft contract pricing
invoice creative banner audio listen stream churn retention cohort funnel metric dashboard alert server
deploy rollback hotfix release ticket customer partner agency brief proposal approval legal finance quarter
target revenue cpm click impression audience segment test hypothesis result analysis please thanks tomorrow
monday friday meeting notes update status blocked done todo question answer team channel slack figma notion
github issue merge
"""
_TAILS = """
이 가 은 는 을 를 에 에서 으로 의 도 만 까지 부터 입니다 했습니다 합니다 할게요 드립니다
해주세요 있습니다
"""
_PARTNERS = 3_000


def _words(source: random.Random) -> tuple[list[str], list[str]]:
    """The known words first, then compounds of them: the long tail."""
    ko, en = _KO.split(), _EN.split()
    names = "".join(sorted({letter for word in ko for letter in word}))
    ko += sorted({a + b for a, b in (source.sample(ko, 2) for _ in range(8_000))})
    en += sorted({a + b for a, b in (source.sample(en, 2) for _ in range(4_000))})
    ko += ["".join(source.choices(names, k=source.choice((2, 3)))) for _ in range(_PARTNERS)]
    return ko, en


def texts(count: int, seed: int = 5) -> Iterator[str]:
    source = random.Random(seed)
    (ko, en), endings = _words(source), _TAILS.split()
    weights = [list(itertools.accumulate(1 / (n + 4) for n in range(len(words)))) for words in (ko, en)]
    tails = list(itertools.accumulate(1 / (n + 2) for n in range(len(endings))))
    for _ in range(count):
        length = source.choice((2, 3, 4, 5, 6, 8, 10, 14, 20, 30))
        english = source.random() < 0.3
        said = []
        for _ in range(length):
            if source.random() < (0.9 if english else 0.12):
                said.append(source.choices(en, cum_weights=weights[1])[0])
            else:
                tail = source.choices(endings, cum_weights=tails)[0] if source.random() < 0.6 else ""
                said.append(source.choices(ko, cum_weights=weights[0])[0] + tail)
        if source.random() < 0.06:
            said.append(f"https://example.com/{source.choice(en)}/{source.randrange(9_999)}")
        yield " ".join(said)


@dataclass(frozen=True)
class Filled:
    """Who looks: one of thirty channels and all that are open, one of everything, a guest of three."""

    tenant: Tenant
    clock: StillClock
    governance: Governance
    channels: Channels
    search: Search
    member: Principal
    owner: Principal
    guest: Principal
    rooms: Sequence[str]


async def fill(state: State, messages: int, seed: int = 5) -> Filled:
    """Founds a workspace and loads it. The database is migrated and holds no messages yet."""
    source = random.Random(seed)
    clock = StillClock(NOW)
    governance = Governance(state, clock)
    founded = await governance.found("Million", "million", "owner@million.example", name="소유자")
    owner = await governance.principal(founded.user_token)
    tenant = founded.workspace.tenant
    people = [slack_id("U") for _ in range(PEOPLE)]
    guest = slack_id("U")
    rooms = [slack_id("C") for _ in range(CHANNELS)]
    everybody = [owner.user, *people, guest]
    async with state.alone() as raw:
        rows = [(one, tenant.workspace, f"p{n}@million.example", f"사람{n}", "member", NOW) for n, one in
                enumerate(people)]  # fmt: skip
        rows.append((guest, tenant.workspace, "g@million.example", "손님", "guest", NOW))
        await _copy(raw, "governance.account (id, workspace, email, name, role, created_at)", rows)
        at = NOW - timedelta(days=366)
        await _copy(
            raw, "channels.conversation (id, workspace, org, kind, creator, created_at, last_ts)",
            [(room, tenant.workspace, tenant.org, "channel", owner.user, at, _micros(NOW)) for room in rooms],
        )  # fmt: skip
        await _copy(
            raw, "channels.share (channel, workspace, org, home, name, private, state, changed_at)",
            [(room, tenant.workspace, tenant.org, True, f"room-{n}", n % 4 == 3, "connected", at)
             for n, room in enumerate(rooms)],
        )  # fmt: skip
        seats = {(room, one) for room in rooms for one in source.sample(people, 40)}
        seats |= {(room, people[0]) for room in rooms[::7]} | {(room, guest) for room in rooms[90:93]}
        seats |= {(room, owner.user) for room in rooms}
        await _copy(
            raw, "channels.membership (channel, account, workspace, joined_at, last_read)",
            [(room, one, tenant.workspace, at, 0) for room, one in sorted(seats)],
        )  # fmt: skip
        await _load(raw, tenant.workspace, rooms, everybody, messages, source)
    channels = Channels(state, clock, governance)
    return Filled(
        tenant, clock, governance, channels, Search(state, clock, governance, channels),
        Principal(tenant, people[0], Role.MEMBER), owner, Principal(tenant, guest, Role.GUEST), rooms,
    )  # fmt: skip


async def _load(
    raw: Any, workspace: str, rooms: Sequence[str], people: Sequence[str], messages: int, source: random.Random
) -> None:
    weights = list(itertools.accumulate(1 / (n + 1) ** 0.8 for n in range(len(rooms))))
    writers = list(itertools.accumulate(1 / (n + 5) for n in range(len(people))))
    step, start = _YEAR // (messages + _LATE), _micros(NOW) - _YEAR
    counts: dict[tuple[int, int], int] = {}
    said = texts(messages + _LATE, seed=9)
    await raw.execute("drop index channels.indexed_marks")
    for begin in range(0, messages + _LATE, 20_000):
        rows, entries = [], []
        for n in range(begin, min(begin + 20_000, messages + _LATE)):
            room, who = source.choices(rooms, cum_weights=weights)[0], source.choices(people, cum_weights=writers)[0]
            ts, text = start + n * step + source.randrange(step), next(said)
            rows.append((room, ts, workspace, who, workspace, text))
            if n >= messages:
                continue
            one = Said(room, ts, workspace, who, None, 0, text, None, None, "channel", "", ())
            words = one.words
            entries.append((ts, room, workspace, who, words, one.marks(words)))
            for slice_ in slices_of(ts):
                counts[slice_] = counts.get(slice_, 0) + 1
        await _copy(raw, "channels.message (channel, ts, workspace, account, team, text)", rows)
        await _copy(raw, "channels.indexed (ts, channel, workspace, account, folded, marks)", entries)
    await _copy(
        raw, "channels.indexed_slice (workspace, level, slot, messages)",
        [(workspace, level, slot, n) for (level, slot), n in counts.items()],
    )  # fmt: skip
    await raw.execute("set maintenance_work_mem = '512MB'")
    await raw.execute("create index indexed_marks on channels.indexed using gin (marks) with (fastupdate = on)")
    await raw.execute("insert into channels.index_walk (version, finished_at) values (%s, now())", (VERSION,))
    await raw.execute("vacuum analyze")


async def _copy(raw: Any, into: str, rows: Sequence[Sequence[Any]]) -> None:
    async with raw.cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
        for row in rows:
            await copy.write_row(row)


# What is looked for: how often it stands there differs by five orders of magnitude.
SEARCHES: dict[str, Sequence[str]] = {
    "two syllables": ("한빛", "커피", "광고", "단가", "벚꽃", "마루", "습니"),
    "longer Korean": ("재계약", "소진율은", "소리마루광고", "집행했습니다", "한빛커피", "대시보드를"),
    "English": ("deal", "camp", "renewalcampaign", "dash", "github", "cpm", "th"),
    "several words": ("한빛 재계약", "광고 deal", "커피 단가표 초안", "please review draft", "합니다 있습니다"),
    "phrase": ('"광고 집행"', '"weekly review"', '"없는 말씀"', '"계약서 초안 확인"'),
    "one syllable": ("팀", "빛", "a", "쿠"),
    "filters": (
        "in:#room-3 광고", "in:#room-150 한빛", "from:@사람3 커피", "from:@사람290", "has:link 광고", "in:#room-188",
        "after:2026-11-01 캠페인", "before:2026-01-10 계약", "during:7월 deal", "광고 -집행", "to:me", "is:thread",
    ),
    "nothing": ("없는말씀이오", "zzzqqq", "한빛 zzzqqq", "뷁"),
}  # fmt: skip


async def measure(state: State, messages: int = 1_000_000, *, rounds: int = 3) -> dict[str, Any]:
    """Fills the database and measures; all times in milliseconds."""
    began = time.perf_counter()
    filled = await fill(state, messages)
    loaded = time.perf_counter() - began
    server = await _server(state)
    cpu, found = _cpu(server), dict[str, list[float]]()
    slowest: list[tuple[float, str, str]] = []
    for who, principal in (("member", filled.member), ("owner", filled.owner), ("guest", filled.guest)):
        for kind, asked in SEARCHES.items():
            for query in asked:
                for sort in ("timestamp", "score"):
                    took = [await _timed(filled.search.messages, principal, query, sort=sort) for _ in range(rounds)]
                    found.setdefault(kind, []).extend(took)
                    slowest.append((statistics.median(took), who, f"{query} by {sort}"))
    every = [one for times in found.values() for one in times]
    spent = _cpu(server) - cpu
    return {
        "messages": messages,
        "load_seconds": round(loaded, 1),
        "search": {
            **_spread(every),
            "processor": round(spent * 1_000 / len(every), 1),
            "by_kind": {kind: _spread(times) for kind, times in found.items()},
        },
        "slowest": [f"{ms:.1f} {who}: {what}" for ms, who, what in sorted(slowest, reverse=True)[:5]],
        "history": await _history(filled),
        "checked": await _check(state, filled),
        "index": await _cost(state, messages),
    }


async def _history(filled: Filled) -> dict[str, Any]:
    """Pages of a hundred: the newest, and from some day on."""
    source = random.Random(3)
    newest, deep = [], []
    for _ in range(150):
        room = source.choice([one for n, one in enumerate(filled.rooms) if n % 4 != 3])
        newest.append(await _timed(filled.channels.history, filled.member, room, limit=100))
        latest = _micros(NOW) - source.randrange(_YEAR)
        deep.append(await _timed(filled.channels.history, filled.member, room, latest=latest, limit=100))
    return {"newest": _spread(newest), "from a day": _spread(deep)}


async def _check(state: State, filled: Filled) -> int:
    """That the index finds what reading every message finds; how many searches were compared."""
    compared = 0
    for query in ("소리마루광고", "renewalcampaign", "벚꽃봄맞이"):
        async with state.begin(filled.tenant) as tx:
            there = await tx.value(
                "select count(*) from channels.indexed i join channels.message m using (channel, ts)"
                " where m.text like %s", (f"%{query}%",),
            )  # fmt: skip
        page = await filled.search.messages(filled.owner, query)
        if not page.more and page.total != there:
            raise AssertionError(f"{query}: the index finds {page.total} of {there}")
        compared += not page.more
    return compared


async def _cost(state: State, messages: int) -> dict[str, Any]:
    """Disk for each message, and the time to index one that is new, many at once as under load."""
    async with state.begin_system() as tx:
        sizes = await tx.row(
            "select pg_relation_size('channels.indexed') as rows, pg_relation_size('channels.indexed_marks') as marks,"
            " pg_relation_size('channels.indexed_pkey') as key, pg_table_size('channels.message') as messages"
        )
        await tx.run("delete from channels.index_walk")
        late = await tx.rows(
            "select m.channel, m.ts from channels.message m left join channels.indexed i using (channel, ts)"
            " where i.ts is null order by m.ts limit %s", (_LATE,),
        )  # fmt: skip
    server = await _server(state)
    began, cpu = time.perf_counter(), _cpu(server)
    for start in range(0, len(late), 500):
        async with state.begin_system() as tx:
            await tx.run("set local synchronous_commit = off")
            await index(tx, [(row["channel"], row["ts"]) for row in late[start : start + 500]])
    took, spent = time.perf_counter() - began, _cpu(server) - cpu
    assert sizes is not None
    each = {name: round(size / messages) for name, size in sizes.items()}
    micros = {"passed": round(took / max(1, len(late)) * 1e6), "processor": round(spent / max(1, len(late)) * 1e6)}
    return {"bytes_a_message": each, "microseconds_a_message": micros}


async def _timed(act: Callable[..., Awaitable[Any]], *given: Any, **named: Any) -> float:
    began = time.perf_counter()
    await act(*given, **named)
    return (time.perf_counter() - began) * 1_000


async def _server(state: State) -> psutil.Process:
    """The main process of a database on this machine."""
    async with state.begin_system() as tx:
        return psutil.Process(await tx.value("select pg_backend_pid()")).parent() or psutil.Process()


def _cpu(server: psutil.Process) -> float:
    """Seconds of processor that this process and its database's connections have used: what load cannot change."""
    return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in server.children())


def _spread(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "worst": round(ordered[-1], 1),
    }  # fmt: skip


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def main(messages: int) -> None:
    """`python -m bench.by_hand.channels_search 300000`, on a database of its own."""

    async def on(url: str) -> dict[str, Any]:
        state = State(url, connections=4)
        await state.open()
        try:
            await migrate(state)
            return await measure(state, messages)
        finally:
            await state.close()

    with tempfile.TemporaryDirectory(prefix="dure-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "pg")
        try:
            print(json.dumps(asyncio.run(on(server.start())), ensure_ascii=False, indent=1))
        finally:
            server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
