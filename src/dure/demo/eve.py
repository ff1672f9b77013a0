"""The day before the story: what can only be told once a day has passed over it."""

from __future__ import annotations

from dure.demo.chapters import campaign, demand, flag, journey
from dure.demo.stage import Stage

WAIT = {"hours": campaign.WAIT_HOURS, "minutes": 5}
_SEGMENTS = (
    ("이번 주 새 청취자", "최근 7일 안에 가입한 사람", {"kind": "did", "event": "Signed Up", "within": "7d"}),
    ("단골 청취자", "28일 동안 열 번 넘게 들은 사람",
     {"kind": "did", "event": "Listen Started", "at_least": 10, "within": "28d"}),
    ("선물 보낸 사람", "90일 안에 크리에이터에게 선물한 사람", {"kind": "did", "event": "Gift Sent", "within": "90d"}),
)  # fmt: skip


async def begin(stage: Stage) -> None:
    """Segments are made and four things are begun: a campaign, a journey, a demand test and a flag's experiment.

    Told before the rest, because whether somebody is back within a day is only known a day later.
    """
    for name, about, rule in _SEGMENTS:
        made = await stage.post("/api/v1/segments", {"name": name, "about": about, "rule": rule})
        stage.told[name] = made["id"]
    await campaign.load_catalogue(stage)
    await campaign.launch(stage)
    await journey.launch(stage)
    await demand.launch(stage)
    await flag.start(stage)
    await campaign.on_their_way(stage)
    await journey.on_their_way(stage)
    stage.pass_time(**WAIT)
    await flag.ask(stage)
    await campaign.met(stage)
    await journey.met(stage)
    await demand.read(stage)
