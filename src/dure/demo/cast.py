"""Who is who at Sorimaru: employees, customers, creators and their broadcasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

GENRES = ("music", "talk", "study", "asmr", "comedy", "story", "game", "sports", "language", "news")
GENRE_KO = {
    "music": "음악", "talk": "토크", "study": "공부", "asmr": "ASMR", "comedy": "코미디",
    "story": "낭독", "game": "게임", "sports": "스포츠", "language": "외국어", "news": "뉴스",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody at Sorimaru. `function`: one of `governance.model.FUNCTIONS`."""

    name_ko: str
    name_en: str
    email: str
    function: str
    title: str
    role: str  # owner, admin or member


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at a customer."""

    name: str
    email: str
    title: str


@dataclass(frozen=True, slots=True)
class Customer:
    """An advertiser. `size` is its number of employees."""

    key: str
    name: str
    industry: str
    size: int
    country: str
    domain: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Creator:
    """Somebody who is on air. `popularity` sums to one over all; hours and weekdays are Seoul's (Monday 0)."""

    key: str
    name: str
    genre: str
    popularity: float
    live_hour: int
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One live stream, heard again as a recording afterwards."""

    key: str
    creator: int  # index into the creators
    genre: str
    title_ko: str
    title_en: str
    started: datetime


def _staff(line: str) -> Employee:
    ko, en, function, title, role = (part.strip() for part in line.split("|"))
    given, family = en.lower().split()
    return Employee(ko, en, f"{given}.{family}@sorimaru.example", function, title, role)


EMPLOYEES: tuple[Employee, ...] = tuple(
    map(
        _staff,
        """\
한지우 | Jiwoo Han | product | Chief Product Officer | owner
오세린 | Serin Oh | product | Product Manager, Listening | admin
문태오 | Taeo Moon | product | Product Manager, Payments | member
배나윤 | Nayoon Bae | product | Data Analyst | member
류건 | Gun Ryu | product | Engineer, Player | member
서미래 | Mirae Seo | marketing | Head of Growth | admin
남도현 | Dohyun Nam | marketing | CRM Marketer | member
유하린 | Harin Yoo | marketing | Brand Marketer | member
엘라 브룩스 | Ella Brooks | marketing | Global Marketing | member
장우진 | Woojin Jang | sales | Head of Sales | admin
송다은 | Daeun Song | sales | Account Executive | member
백승호 | Seungho Baek | sales | Account Executive | member
고은비 | Eunbi Ko | sales | Account Executive | member
마커스 리드 | Marcus Reed | sales | Account Executive, Global | member
정소라 | Sora Jung | sales | Sales Operations | member
임재하 | Jaeha Lim | ad_ops | Head of Ad Operations | admin
권유나 | Yuna Kwon | ad_ops | Campaign Manager | member
신동규 | Donggyu Shin | ad_ops | Campaign Manager | member
표민서 | Minseo Pyo | ad_ops | Trafficking Specialist | member
양채원 | Chaewon Yang | social | Social Lead | admin
하은결 | Eungyeol Ha | social | Community Manager | member
노아 킴 | Noah Kim | social | Creator Relations | member
차수빈 | Subin Cha | care | Customer Care Lead | admin
도현아 | Hyuna Do | care | Care Agent | member""".splitlines(),
    )
)

_COMPANIES = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """\
한빛커피 | food | KR | hanbitcoffee
도담식품 | food | KR | dodamfood
바다소금 | food | KR | badasogeum
초록우유 | food | KR | chorokmilk
별주부치킨 | food | KR | byeolchicken
새참도시락 | food | KR | saecham
구름은행 | finance | KR | gureumbank
든든생명 | finance | KR | deundeunlife
모아카드 | finance | KR | moacard
바로증권 | finance | KR | barosec
나루페이 | finance | KR | narupay
온누리보험 | finance | KR | onnuriins
솔잎화장품 | beauty | KR | solipbeauty
이슬스킨 | beauty | KR | iseulskin
달무리향수 | beauty | KR | dalmuri
고운결헤어 | beauty | KR | gounhair
누리모빌리티 | mobility | KR | nurimobility
한걸음킥보드 | mobility | KR | hangeoreum
푸른렌터카 | mobility | KR | pureunrent
길벗내비 | mobility | KR | gilbeotnavi
가람여행 | travel | KR | garamtour
돌담스테이 | travel | KR | doldamstay
제주바람항공 | travel | KR | jejubaram
쉼표호텔 | travel | KR | swimpyo
글샘교육 | education | KR | geulsaem
또박영어 | education | KR | ttobak
깊은숲독서 | education | KR | deepforest
하나둘코딩 | education | KR | hanadul
온기가구 | home | KR | ongi
살림터 | home | KR | sallimteo
포근침구 | home | KR | pogeun
반짝청소 | home | KR | banjjak
오름게임즈 | games | KR | oreumgames
미리내소프트 | games | KR | mirinaesoft
불꽃인터랙티브 | games | KR | bulkkot
다람쥐스튜디오 | games | KR | daramstudio
튼튼약국 | health | KR | teunteun
맑은숨 | health | KR | malgeun
걷기좋은날 | health | KR | walkday
새벽배송마트 | retail | KR | dawnmart
골목장터 | retail | KR | golmok
무지개문구 | retail | KR | mujigae
단추패션 | retail | KR | danchu
늘봄통신 | telecom | KR | neulbom
울림전자 | electronics | KR | ullim
소담가전 | electronics | KR | sodam
Northlight Audio | electronics | US | northlight
Juniper & Finch | beauty | US | juniperfinch
Cloudberry Games | games | FI | cloudberrygames
Meridian Air | travel | SG | meridianair
Brightfold | education | US | brightfold
Hollow Oak Coffee | food | US | hollowoak
Kestrel Bank | finance | GB | kestrelbank
Tidewater Foods | food | AU | tidewaterfoods
Orrin Motors | mobility | DE | orrinmotors
Lumen & Loom | home | SE | lumenloom
Aozora Stationery | retail | JP | aozorabungu
Hinode Beverages | food | JP | hinodebev
Papaya Mobile | telecom | VN | papayamobile
Fernway Health | health | CA | fernway""".splitlines()
)

FAMILY_KO = "김이박최정강조윤장임한오서신권황안송전홍"
GIVEN_KO = ("민준", "서연", "하윤", "도윤", "지호", "수아", "예준", "지안", "시우", "채은", "은우", "다인", "현우",
            "소율", "준서", "유진", "태윤", "가온", "나래", "보람", "해린", "주원", "성민", "아린")  # fmt: skip
GIVEN_EN = ("Alice", "Ben", "Clara", "Daniel", "Emma", "Felix", "Grace", "Henry", "Iris", "Jonas", "Kate", "Liam",
            "Maya", "Nora", "Owen", "Priya", "Ruth", "Sam", "Tessa", "Victor")  # fmt: skip
FAMILY_EN = ("Archer", "Bell", "Carver", "Doyle", "Ellis", "Frost", "Gale", "Hart", "Ives", "Jensen", "Lowell",
             "Marsh", "Novak", "Price", "Quinn", "Rowe", "Stone", "Tran", "Vance", "Webb")  # fmt: skip
_TITLES = ("마케팅 팀장", "브랜드 매니저", "퍼포먼스 마케터", "광고 담당")
_TITLES_EN = ("Marketing Director", "Brand Manager", "Media Buyer")


def person_name(rng: np.random.Generator, korean: bool) -> str:
    if korean:
        return FAMILY_KO[int(rng.integers(len(FAMILY_KO)))] + GIVEN_KO[int(rng.integers(len(GIVEN_KO)))]
    return f"{GIVEN_EN[int(rng.integers(len(GIVEN_EN)))]} {FAMILY_EN[int(rng.integers(len(FAMILY_EN)))]}"


def customers(rng: np.random.Generator, count: int) -> tuple[Customer, ...]:
    """The first `count` companies (at most 60), each with one to three contacts."""
    made = []
    for number, (name, industry, country, slug) in enumerate(_COMPANIES[:count], start=1):
        domain = f"{slug}.example"
        korean = country == "KR"
        titles = _TITLES if korean else _TITLES_EN
        contacts = tuple(
            Contact(person_name(rng, korean), f"{word}@{domain}", titles[int(rng.integers(len(titles)))])
            for word in ("marketing", "brand", "media")[: int(rng.integers(1, 4))]
        )
        size = int(10 ** rng.uniform(1.3, 4.2))
        made.append(Customer(f"acc-{number:02d}", name, industry, size, country, domain, contacts))
    return tuple(made)


_MOODS = ("새벽", "달빛", "느린", "졸린", "동네", "파란", "오늘의", "심야", "골목", "비 오는", "첫차", "낮잠", "여름밤",
          "옥상", "다락방", "창가", "자정", "따뜻한", "엉뚱한", "조용한")  # fmt: skip
_THINGS = ("라디오", "우체국", "책상", "고양이", "다방", "산책", "주파수", "편지", "레코드", "이야기꾼", "부엌",
           "정거장", "수다방", "극장", "서재", "마이크")  # fmt: skip
_MOODS_EN = ("Midnight", "Slow", "Paper", "Velvet", "Rooftop", "Sunday", "Quiet", "Neon")
_THINGS_EN = ("Frequency", "Kitchen", "Tape", "Commute", "Letters", "Static", "Garden", "Lounge")


def creators(rng: np.random.Generator, count: int) -> tuple[Creator, ...]:
    """Creators with Zipf popularity; the genres take turns so that each has stars and beginners."""
    korean = [f"{mood} {thing}" for mood in _MOODS for thing in _THINGS]
    english = [f"{mood} {thing}" for mood in _MOODS_EN for thing in _THINGS_EN]
    names = [korean.pop(int(rng.integers(len(korean)))) if number % 6 or not english
             else english.pop(int(rng.integers(len(english)))) for number in range(count)]  # fmt: skip
    weight = 1.0 / np.arange(1, count + 1) ** 0.9
    weight /= weight.sum()
    genre_of = rng.permutation(np.arange(count) % len(GENRES)) if count > 40 else np.arange(count) % len(GENRES)
    made = []
    for number in range(count):
        days = rng.permutation(7)[: int(rng.integers(2, 6))]
        hour = int(rng.choice([7, 8, 12, 18, 19, 20, 21, 22, 23], p=[0.06, 0.06, 0.08, 0.1, 0.1, 0.15, 0.2, 0.15, 0.1]))
        made.append(
            Creator(
                key=f"c-{number + 1}",
                name=names[number],
                genre=GENRES[int(genre_of[number])],
                popularity=float(weight[number]),
                live_hour=hour,
                weekdays=tuple(sorted(int(day) for day in days)),
            )
        )
    return tuple(made)


_SHOWS: dict[str, tuple[tuple[str, str], ...]] = {
    "music": (("신청곡 받아요, {n}번째 밤", "Your requests, night {n}"),
              ("LP로 듣는 {n}월의 노래", "Songs on vinyl, vol. {n}"),
              ("기타 한 대로 부르는 라이브", "One guitar, live")),
    "talk": (("퇴근길 수다 {n}회", "After-work talk no. {n}"), ("사연 읽어 드려요 #{n}", "Reading your letters #{n}"),
             ("오늘 하루 어땠어요?", "How was your day?")),
    "study": (("같이 공부해요 3시간 #{n}", "Study with me, 3 hours #{n}"), ("시험 기간 독서실", "Exam week library"),
              ("아침 6시 기상 스터디", "Six o'clock club")),
    "asmr": (("빗소리와 함께 잠들기 {n}", "Falling asleep to rain {n}"), ("연필 소리 한 시간", "An hour of pencils"),
             ("장작 타는 밤", "Firewood night")),
    "comedy": (("웃으면 지는 방송 {n}탄", "Don't laugh, round {n}"), ("흑역사 대방출", "Embarrassing stories"),
               ("전화 연결 아무 말 대잔치", "Open phones, no topic")),
    "story": (("단편소설 읽는 밤 #{n}", "Short story night #{n}"), ("무서운 이야기 {n}화", "Ghost story {n}"),
              ("시 한 편, 차 한 잔", "A poem and a cup of tea")),
    "game": (("랭크 올리기 {n}일 차", "Ranked climb, day {n}"), ("구독자와 함께하는 한 판", "A round with subscribers"),
             ("공포 게임 소리만 듣기", "Horror game, sound only")),
    "sports": (("야구 중계 같이 들어요 {n}", "Baseball watch-along {n}"),
               ("주말 축구 총정리", "Weekend football review"),
               ("달리기하며 듣는 방송", "A show to run with")),
    "language": (("하루 영어 열 문장 #{n}", "Ten sentences a day #{n}"),
                 ("여행 일본어 첫걸음", "First steps in Japanese"),
                 ("한국어로 수다 떨기", "Chatting in Korean")),
    "news": (("출근길 뉴스 브리핑 {n}", "Commute briefing {n}"), ("한 주 경제 이야기", "The week in money"),
             ("신문 대신 읽어 드립니다", "The papers, read aloud")),
}  # fmt: skip


def broadcasts(
    rng: np.random.Generator, cast: tuple[Creator, ...], count: int, start: datetime, end: datetime
) -> tuple[Broadcast, ...]:
    """About `count` broadcasts, popular creators more often; each creator has one from before `start`."""
    days = (end - start).days
    midnight = (start + timedelta(hours=9)).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=9)
    spare = max(count - len(cast), 0)
    slots: list[tuple[datetime, int]] = []
    for index, creator in enumerate(cast):
        first = midnight - timedelta(days=int(rng.integers(1, 8))) + timedelta(hours=creator.live_hour)
        slots.append((first, index))
        on_air = [
            day for day in range(days)
            if (midnight + timedelta(days=day, hours=9)).weekday() in creator.weekdays
        ]  # fmt: skip
        wanted = min(len(on_air), round(spare * (0.5 * creator.popularity + 0.5 / len(cast))))
        for day in sorted(rng.permutation(on_air)[:wanted].tolist()):
            at = midnight + timedelta(days=int(day), hours=creator.live_hour, minutes=int(rng.integers(0, 12)) * 5)
            if at < end:
                slots.append((at, index))
    slots.sort()
    made = []
    for number, (at, index) in enumerate(slots, start=1):
        genre = cast[index].genre
        ko, en = _SHOWS[genre][int(rng.integers(3))]
        episode = int(rng.integers(1, 13))
        made.append(Broadcast(f"b-{number}", index, genre, ko.format(n=episode), en.format(n=episode), at))
    return tuple(made)
