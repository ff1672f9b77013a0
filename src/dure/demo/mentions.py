"""What people write about Sorimaru outside, Korean and English, with a spike about a broken payment page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from dure.demo.habits import DAY, HOURS, SEOUL, micros
from dure.demo.world import World

NETWORKS = ("x", "naver_blog", "app_store", "play_store", "community", "instagram")
SPIKE = 120  # mentions about the payment page
SPIKE_MINUTES = 120  # within so many minutes before the end


@dataclass(frozen=True, slots=True)
class Truth:
    """What the mention was made to be; only tests look at it.

    `intent`: praise, question, complaint, purchase, hiring or press; `sentiment`: -1, 0 or 1.
    """

    intent: str
    topic: str
    sentiment: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One public post; `reach` is how many people may have seen it; `time` in UTC."""

    id: str
    network: str
    author: str
    handle: str
    text: str
    language: str
    time: datetime
    url: str
    reach: int
    truth: Truth


# share of all, truth, Korean texts, English texts; a slot in braces is filled from _SLOTS
_KINDS: tuple[tuple[float, Truth, tuple[str, ...], tuple[str, ...]], ...] = (
    (0.3, Truth("praise", "creator", 1), (
        "{creator} 방송 들으면서 {doing} 중인데 {good}",
        "요즘 소리마루에서 {creator} 듣는 맛에 산다 {laugh}",
        "{when} {creator} 목소리 들으니까 {good}. 다들 꼭 들어보세요",
        "소리마루 {creator} 진짜 {good} {laugh} 구독 눌렀다",
        "{creator} 오늘 방송 레전드였음. {doing} 하다가 혼자 웃었네 {laugh}",
        "잠 안 올 때는 역시 {creator}. {when} 듣기 딱 좋다",
    ), (
        "listening to {creator} on Sorimaru while {doing_en}, {good_en}",
        "{creator} tonight was {good_en}. Go listen on Sorimaru",
        "Sorimaru is my new habit. {creator} is {good_en}",
    )),
    (0.12, Truth("praise", "app", 1), (
        "소리마루 앱 업데이트하고 나서 {good}. {feature} 기능 최고예요",
        "{feature} 되는 라디오 앱 찾다가 소리마루 정착했어요 {laugh}",
        "별 다섯 개 드려요. {feature} 덕분에 {doing} 할 때 매일 써요",
    ), (
        "Five stars. {feature_en} works so well on Sorimaru",
        "Finally an audio app where {feature_en} is {good_en}",
    )),
    (0.16, Truth("question", "usage", 0), (
        "소리마루에서 {feature} 어떻게 쓰나요?",
        "혹시 소리마루 {feature} 되는 분 계신가요? {device}입니다",
        "소리마루 플러스 구독하면 {feature} 가능한가요?",
        "{creator} 지난 방송은 어디서 다시 들을 수 있나요?",
        "소리마루 방송하려면 장비 뭐 필요해요? 초보라서요",
    ), (
        "How do I use {feature_en} on Sorimaru? I'm on {device_en}",
        "Does Sorimaru Plus include {feature_en}?",
        "Where can I replay {creator} on Sorimaru?",
    )),
    (0.09, Truth("complaint", "buffering", -1), (
        "소리마루 {when} 방송이 자꾸 끊겨요. {device} 쓰는데 저만 그런가요",
        "{creator} 듣는데 버퍼링 때문에 {bad}",
        "와이파이 멀쩡한데 소리마루만 끊김 {cry} {bad}",
    ), (
        "Sorimaru keeps buffering on {device_en} {when_en}, {bad_en}",
        "{creator} stream cut out three times {when_en}. {bad_en}",
    )),
    (0.06, Truth("complaint", "crash", -1), (
        "업데이트하고 나서 소리마루 앱이 계속 튕겨요. {device}예요",
        "소리마루 켜자마자 꺼짐 {cry} {device}인데 {bad}",
        "{feature} 누르면 앱이 그냥 종료됩니다. {bad}",
    ), (
        "App crashes every time I open {feature_en}. {device_en}. {bad_en}",
        "Sorimaru crashes on launch since the update, {bad_en}",
    )),
    (0.06, Truth("complaint", "refund", -1), (
        "소리마루 플러스 해지했는데 환불이 {days}일째 안 들어와요. {bad}",
        "구독 환불 문의 남겼는데 답이 없네요 {cry} {bad}",
        "실수로 두 번 구독됐는데 환불 어떻게 받나요? {days}일 기다렸습니다",
    ), (
        "Cancelled Sorimaru Plus {days} days ago, still no refund. {bad_en}",
        "Charged twice for the subscription, refund please @sorimaru",
    )),
    (0.03, Truth("complaint", "payment", -1), (
        "소리마루 선물하기 결제가 한 번에 안 되네요. {device}",
        "플러스 구독하려는데 카드 등록이 {bad}",
    ), (
        "My card gets declined on Sorimaru Plus for no reason, {bad_en}",
    )),
    (0.06, Truth("purchase", "advertising", 0), (
        "소리마루에 오디오 광고 집행해 보신 분 계세요? 단가가 궁금합니다. {company} 마케팅 담당입니다",
        "{company}에서 {creator} 협찬 광고 문의드리고 싶은데 어디로 연락하면 될까요?",
        "이번 분기 오디오 광고 예산 잡는 중인데 소리마루 광고 소개서 받을 수 있나요",
    ), (
        "Who do I talk to about running audio ads on Sorimaru? We are {company}",
        "Looking for Sorimaru's ad rates and media kit for next quarter, {company} marketing team",
    )),
    (0.05, Truth("hiring", "jobs", 0), (
        "소리마루 {role} 채용 공고 떴던데 면접 후기 있나요?",
        "소리마루 {role} 지원했어요. 서류 결과 보통 며칠 걸리나요",
    ), (
        "Is Sorimaru hiring a {role_en}? Would love to apply",
    )),
    (0.07, Truth("press", "company", 0), (
        "[기사] 소리마루, {quarter}분기 청취 시간 {percent}% 증가… 오디오 라이브 시장 커진다",
        "소리마루 {company}와/과 손잡고 브랜드 채널 연다",
        "오디오 스트리밍 시장 정리: 소리마루는 왜 {percent}% 성장했나",
    ), (
        "Sorimaru listening hours up {percent}% as live audio grows in Korea",
        "Report: {company} partners with Sorimaru on a branded audio channel",
    )),
)  # fmt: skip

_SPIKE_TEXTS = (
    "소리마루 결제 페이지가 안 열려요 {cry} {device}",
    "소리마루 결제 오류 저만 그런가요? {tries} 번째 시도 중",
    "플러스 구독하려는데 결제 페이지에서 하얀 화면만 나와요",
    "선물 보내려고 하는데 결제가 안 돼요 {cry} {creator} 방송 끝나겠다",
    "소리마루 결제창 계속 로딩만 돌아요. {pay}로 하는데 안 됨",
    "결제 오류 떴는데 돈은 빠져나간 것 같아요. 확인 부탁드려요 {pay}",
    "지금 소리마루 결제 터진 듯? {pay} {device} 둘 다 해봐도 오류",
    "결제 페이지 오류 언제 고쳐지나요? {tries} 번 해봤는데 똑같아요",
    "소리마루 구독 결제하면 '잠시 후 다시 시도' 만 나와요. {bad}",
    "{creator} 선물하려는데 결제 페이지가 안 열림. 소리마루 장애인가요?",
)

_SLOTS: dict[str, tuple[str, ...]] = {
    "doing": ("빨래", "설거지", "과제", "야근", "산책", "운전", "뜨개질", "시험공부", "다이어리 정리", "러닝"),
    "doing_en": ("cooking", "studying", "driving home", "folding laundry", "running", "working late"),
    "good": (
        "너무 좋아요",
        "위로가 되네요",
        "마음이 편해진다",
        "완전 힐링",
        "시간 가는 줄 모름",
        "진짜 최고",
        "귀가 녹는다",
    ),
    "good_en": ("so good", "pure comfort", "the best part of my day", "hilarious", "exactly what I needed"),
    "bad": ("너무 불편해요", "짜증나네요", "못 듣겠어요", "실망이에요", "빨리 고쳐 주세요", "며칠째 이래요"),
    "bad_en": ("so annoying", "please fix this", "really disappointed", "it's been days"),
    "laugh": ("ㅋㅋㅋ", "ㅎㅎ", "♡", "👍", "ㅋㅋ", "🎧"),
    "cry": ("ㅠㅠ", "ㅜㅜ", "😭", "하..", "ㅠ"),
    "when": ("출근길에", "새벽에", "퇴근하고", "자기 전에", "점심시간에", "주말 아침에", "어젯밤"),
    "when_en": ("tonight", "this morning", "all weekend", "on my commute"),
    "feature": (
        "취침 타이머",
        "배속 재생",
        "오프라인 저장",
        "채팅 숨기기",
        "백그라운드 재생",
        "알림 설정",
        "차량 모드",
        "클립 공유",
    ),
    "feature_en": ("the sleep timer", "offline mode", "background play", "clip sharing", "car mode"),
    "device": ("아이폰 15", "갤럭시 S24", "아이폰 SE", "갤럭시 A35", "아이패드", "맥북 에어", "픽셀 9"),
    "device_en": ("iPhone 15", "a Galaxy S24", "Pixel 8", "iPad", "desktop Chrome"),
    "days": ("3", "5", "7", "10", "14"),
    "tries": ("세", "네", "다섯", "열"),
    "pay": ("카카오페이", "네이버페이", "신용카드", "휴대폰 결제", "토스", "나루페이"),
    "role": ("백엔드 개발자", "프로덕트 디자이너", "데이터 분석가", "광고 영업", "콘텐츠 매니저"),
    "role_en": ("backend engineer", "product designer", "data analyst", "sales manager"),
    "quarter": ("1", "2", "3", "4"),
    "percent": ("12", "18", "23", "31", "40"),
}
_NICKS = ("달토끼", "새벽감성", "퇴근요정", "감자칩", "무선이어폰", "소리덕후", "고양이집사", "라떼한잔", "비오는날",
          "귤까는중", "야행성", "라디오키드", "민트초코", "느린산책", "두부조림", "밤편지")  # fmt: skip
_NICKS_EN = ("nightowl", "earbudlife", "radiokid", "latteandlofi", "quietcommute", "seoulwaves", "inkandtape", "hummer")
_NETWORK_MIX = {
    "praise": (0.34, 0.14, 0.08, 0.1, 0.16, 0.18), "question": (0.26, 0.06, 0.08, 0.1, 0.42, 0.08),
    "complaint": (0.3, 0.04, 0.2, 0.26, 0.18, 0.02), "purchase": (0.36, 0.1, 0.0, 0.0, 0.34, 0.2),
    "hiring": (0.3, 0.1, 0.0, 0.0, 0.6, 0.0), "press": (0.45, 0.5, 0.0, 0.0, 0.05, 0.0),
}  # fmt: skip
_REACH = {"x": 5.6, "naver_blog": 5.2, "app_store": 3.6, "play_store": 3.6, "community": 6.1, "instagram": 5.9}
_URLS = {
    "x": "https://x.example/{handle}/status/{n}", "naver_blog": "https://blog.naver.example/{handle}/{n}",
    "app_store": "https://apps.example/ios/sorimaru/reviews/{n}", "community": "https://community.example/talk/{n}",
    "play_store": "https://apps.example/android/sorimaru/reviews/{n}", "instagram": "https://instagram.example/p/{n}",
}  # fmt: skip
_STARS = {"praise": "★★★★★ ", "question": "★★★★☆ ", "complaint": "★☆☆☆☆ "}
_SLOT = re.compile(r"\{(\w+)\}")
_PARTICLE = re.compile(r"(\S)(와|가|를|는)/(과|이|을|은)")


def mentions(world: World) -> tuple[Mention, ...]:
    """`sizes.mentions` posts in time order, the spike's included; ids are `m-<n>` in that order."""
    rng = world.rng("mentions")
    spike = min(SPIKE, world.sizes.mentions // 4)
    usual = world.sizes.mentions - spike
    rows = [_usual(rng, world, at) for at in _moments(rng, world, usual)]
    end = micros(world.end)
    # the later the denser, as word spreads
    for ago in (SPIKE_MINUTES * 60_000_000 * rng.beta(1.0, 2.2, spike)).astype(np.int64).tolist():
        text = fill(rng, _SPIKE_TEXTS[int(rng.integers(len(_SPIKE_TEXTS)))], world)
        network = ("x", "community", "play_store")[int(rng.choice(3, p=[0.6, 0.28, 0.12]))]
        rows.append((end - ago - 1_000_000, network, text, "ko", Truth("complaint", "payment", -1)))
    rows.sort(key=lambda row: row[0])
    return tuple(_post(rng, number, *row) for number, row in enumerate(rows, start=1))


def fill(
    rng: np.random.Generator,
    template: str,
    world: World,
    more: Mapping[str, tuple[str, ...]] | None = None,
    chosen: dict[str, str] | None = None,
) -> str:
    """Fill a template's slots: creators by popularity, companies from the customers, the rest from word lists.

    `more` goes before the lists here; `chosen` keeps what was picked, so that several lines speak of the same thing.
    """

    def choose(match: re.Match[str]) -> str:
        slot = match[1]
        if chosen is not None and slot in chosen:
            return chosen[slot]
        if slot == "creator":  # squaring the lot favours the first, who are the popular ones
            word = world.creators[int(rng.random() ** 2 * len(world.creators))].name
        elif slot == "company":
            word = world.customers[int(rng.integers(len(world.customers)))].name
        else:
            words = (more or {}).get(slot) or _SLOTS[slot]
            word = words[int(rng.integers(len(words)))]
        if chosen is not None and slot in ("creator", "company", "feature"):
            chosen[slot] = word
        return word

    return with_particles(_SLOT.sub(choose, template))


def with_particles(text: str) -> str:
    """Choose between the two forms of a Korean particle, written `와/과`, `가/이` and so on: open/closed syllable."""
    return _PARTICLE.sub(lambda found: found[1] + (found[3] if _closed(found[1]) else found[2]), text)


def _closed(letter: str) -> bool:
    """Whether a syllable ends in a consonant; anything but Hangul counts as open."""
    return "가" <= letter <= "힣" and (ord(letter) - ord("가")) % 28 > 0


def _usual(rng: np.random.Generator, world: World, at: int) -> tuple[int, str, str, str, Truth]:
    shares = np.array([share for share, *_ in _KINDS])
    _, truth, korean, english = _KINDS[int(rng.choice(len(_KINDS), p=shares / shares.sum()))]
    language = "ko" if rng.random() < 0.7 else "en"
    texts = korean if language == "ko" else english
    network = NETWORKS[int(rng.choice(len(NETWORKS), p=_NETWORK_MIX[truth.intent]))]
    text = fill(rng, texts[int(rng.integers(len(texts)))], world)
    if network in ("app_store", "play_store"):
        text = _STARS[truth.intent] + text
    elif network == "instagram":
        text += " #소리마루 #오디오라이브" if language == "ko" else " #sorimaru #liveaudio"
    return at, network, text, language, truth


def _post(
    rng: np.random.Generator, number: int, at: int, network: str, text: str, language: str, truth: Truth
) -> Mention:
    nicks = _NICKS if language == "ko" else _NICKS_EN
    tag = int(rng.integers(10, 9999))
    author = f"{nicks[int(rng.integers(len(nicks)))]}{tag % 97}"
    handle = f"{_NICKS_EN[int(rng.integers(len(_NICKS_EN)))]}_{tag}"
    return Mention(
        id=f"m-{number}",
        network=network,
        author=author,
        handle=handle,
        text=text,
        language=language,
        time=datetime.fromtimestamp(at / 1_000_000, UTC),
        url=_URLS[network].format(handle=handle, n=780_000_000 + number * 17),
        reach=int(np.clip(rng.lognormal(_REACH[network], 1.3), 3, 400_000)),
        truth=truth,
    )


def _moments(rng: np.random.Generator, world: World, count: int) -> list[int]:
    """Microseconds between start and end, by the hour of the week in Seoul."""
    hours = HOURS.mean(axis=0)
    start, end = micros(world.start), micros(world.end)
    at = rng.integers(start, end, count)
    day = (at + SEOUL) // DAY
    ends = np.cumsum(hours, axis=1)[((day + 3) % 7 >= 5).astype(np.int64)]
    hour = np.minimum((rng.random(count)[:, None] > ends).sum(axis=1), 23)
    at = day * DAY - SEOUL + hour * 3_600_000_000 + rng.integers(0, 3_600_000_000, count)
    at += DAY * ((at < start).astype(np.int64) - (at >= end))
    return [int(moment) for moment in at]
