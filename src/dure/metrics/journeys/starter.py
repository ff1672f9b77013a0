"""The journey map to begin with: a listener's way, from hearing of us to paying and to cheering others on."""

from __future__ import annotations

from dure.kernel.filters import Filter
from dure.metrics.journeys.course import NewJourneyMap, Rule, Stage
from dure.metrics.question import Selector

_INNER_PAGES = ["/live", "/creators", "/pricing", "/signup"]

JOURNEY = NewJourneyMap(
    id="listener", name_ko="청취자의 여정", name_en="A listener’s journey",
    about_ko="처음 알게 된 사람이 습관이 되고, 돈을 내고, 응원하기까지.",
    about_en="From hearing of us to a habit, to paying and to cheering creators on.",
    activity=(Selector(event="App Opened"),),
    stages=(
        Stage(
            id="heard", name_ko="알게 됨", name_en="Heard of us", function="marketing", patience="14d",
            about_ko="홈페이지나 앱에 한 번이라도 온 사람.", about_en="Came to the site or the app at all.",
            rule=Rule(any=(Rule(event="Page Viewed"), Rule(event="App Opened"))),
        ),
        Stage(
            id="visited", name_ko="둘러봄", name_en="Visited", function="marketing", patience="14d",
            about_ko="첫 화면 다음을 더 본 사람.", about_en="Looked further than the first page.",
            rule=Rule(event="Page Viewed", where=(Filter("path", "in", _INNER_PAGES),)),
        ),
        Stage(
            id="signed-up", name_ko="가입", name_en="Signed up", function="marketing", patience="7d",
            about_ko="가입을 마친 사람.", about_en="Signed up.", rule=Rule(event="Signed Up"),
        ),
        Stage(
            id="first-listen", name_ko="첫 청취", name_en="First listen", function="product", patience="21d",
            about_ko="방송을 3분 이상 들은 사람.", about_en="Heard three minutes or more of a broadcast.",
            rule=Rule(event="Listen Ended", where=(Filter("seconds", ">=", 180),)),
        ),
        Stage(
            id="habit", name_ko="습관", name_en="Habit", function="product", holds="while", patience="4d",
            about_ko="7일 안에 세 번 이상 들은 사람. 그만두면 앞 단계로 돌아갑니다.",
            about_en="Listened three times or more within seven days; who stops falls back.",
            rule=Rule(event="Listen Started", at_least=3, within="7d"), metric="weekly-listeners",
        ),
        Stage(
            id="paying", name_ko="결제", name_en="Paying", function="sales", patience="30d",
            about_ko="선물을 보냈거나 플러스를 구독한 사람.", about_en="Sent a gift or subscribed to Plus.",
            rule=Rule(any=(Rule(event="Subscription Started"), Rule(event="Gift Sent"))),
        ),
        Stage(
            id="advocating", name_ko="응원", name_en="Advocating", function="social", patience="30d",
            about_ko="선물을 세 번 이상 보낸 사람.", about_en="Sent three gifts or more.",
            rule=Rule(event="Gift Sent", at_least=3),
        ),
    ),
)  # fmt: skip
