"""Letters through a real mail server that answers as the address says."""

from __future__ import annotations

import asyncio

import pytest

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Accepted, Refused, Unknown
from dure.connectors.smtp import SmtpMailer
from tests.campaigns.carriers.world import SITE, World

pytestmark = pytest.mark.anyio
OUT = f"{SITE}/u/secret"


async def test_a_letter_carries_its_id_its_way_out_and_what_tells_of_it(world: World) -> None:
    page = f'<body><a class="b" href="https://s.example/1?a=1&amp;b=2">방송</a> <a href="{OUT}">out</a></body>'
    parcel = world.parcel("mina@x.example", html=page, more={"out": OUT})
    assert isinstance(await world.carry(parcel), Accepted)
    mail = world.office.letters[-1]
    assert mail["Message-ID"] == f"<{parcel.key}@sorimaru.example>"
    assert mail["From"] == "소리마루 <hello@sorimaru.example>"
    assert mail["List-Unsubscribe"] == f"<{OUT}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Feedback-ID"] == f"c-1:{world.tenant.workspace}:campaign:dure"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert plain.split() == ["안녕하세요"]
    assert f'<a href="{OUT}">' in html  # the way out is not led by anywhere
    assert f'<a class="b" href="{SITE}/c/' in html
    assert f'<img src="{SITE}/o/' in html


async def test_a_workspace_has_its_own_sender_and_may_leave_out_what_tells(world: World) -> None:
    await world.provide(
        "email",
        {"sender": "Dawn <dawn@sori.example>", "envelope": "bounce+*@sori.example", "opens": "no", "clicks": "no"},
    )
    parcel = world.parcel("joon@x.example", html='<body><a href="https://s.example/">x</a></body>')
    assert isinstance(await world.carry(parcel), Accepted)
    mail, envelope = world.office.letters[-1], world.office.envelopes[-1]
    assert (mail["From"], envelope.mail_from) == ("Dawn <dawn@sori.example>", f"bounce+{parcel.key}@sori.example")
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert html.strip() == '<body><a href="https://s.example/">x</a></body>'
    assert mail["List-Unsubscribe"] is None
    await world.reach.providers.remove(world.cast.mina, "email")


@pytest.mark.parametrize(
    ("to", "permanent", "gone", "again"),
    [
        ("451@x.example", False, False, True),
        ("421@x.example", False, False, True),
        ("550@x.example", True, True, False),
        ("550-5.1.1@x.example", True, True, False),
        ("550-5.7.1@x.example", True, False, False),  # a policy, not the address
        ("552-5.2.2@x.example", True, False, False),  # full
        ("data-554@x.example", True, False, False),  # the text
        ("data-451@x.example", False, False, True),
    ],
)
async def test_what_a_refusal_says_of_the_address(
    world: World, to: str, permanent: bool, gone: bool, again: bool
) -> None:
    answer = await world.carry(world.parcel(to))
    assert isinstance(answer, Refused)
    assert (answer.permanent, answer.gone, answer.retry_after is not None) == (permanent, gone, again)
    assert answer.reached


async def test_a_line_that_breaks_or_falls_silent_after_the_text_leaves_it_unknown(world: World) -> None:
    assert isinstance(await world.carry(world.parcel("drop@x.example")), Unknown)
    slow = SmtpMailer("127.0.0.1", world.mailer.port, seconds=0.1)
    carrier = world.reach.carriers["email"]
    carrier._mailer, before = slow, carrier._mailer  # type: ignore[attr-defined]
    try:
        assert isinstance(await world.carry(world.parcel("slow@x.example")), Unknown)
    finally:
        carrier._mailer = before  # type: ignore[attr-defined]
        await slow.close()


async def test_conversations_are_kept_and_a_dead_one_costs_nothing(world: World) -> None:
    office, mailer = world.office, world.mailer
    await mailer.close()
    office.conversations.clear()
    for _ in range(5):
        assert isinstance(await world.carry(world.parcel("mina@x.example")), Accepted)
    assert isinstance(await world.carry(world.parcel("550@x.example")), Refused)
    assert isinstance(await world.carry(world.parcel("mina@x.example")), Accepted)
    assert len(office.conversations) == 1
    # The server hangs up on the kept one before it has the text: said once more on a new one.
    office.hang_up_at_mail = True
    count = len(office.letters)
    assert isinstance(await world.carry(world.parcel("mina@x.example")), Accepted)
    assert len(office.letters) == count + 1


async def test_many_at_once_share_few_conversations(world: World) -> None:
    await world.mailer.close()
    world.office.conversations.clear()
    parcels = [world.parcel(f"u-{number}@x.example") for number in range(40)]
    answers = await asyncio.gather(*(world.carry(one) for one in parcels))
    assert all(isinstance(one, Accepted) for one in answers)
    assert len(world.office.conversations) <= 8


async def test_nobody_there_is_not_reached(world: World) -> None:
    mailer = SmtpMailer("127.0.0.1", 1, seconds=2)
    answer = await mailer.send(Letter("a@x.example", "b@x.example", "s", "t", "<p>t</p>", {}), "key")
    assert isinstance(answer, Refused)
    assert (answer.reached, answer.gone) == (False, False)
