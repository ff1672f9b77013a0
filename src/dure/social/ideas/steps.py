"""What ideas offer automations: a wish taken down, and who has to hear what became of it."""

from __future__ import annotations

import uuid

import msgspec

from dure.automation.plugs import Recipe, Setting, StepCall, StepKind
from dure.kernel.cards import node, of, post
from dure.kernel.errors import Invalid
from dure.social.events import plain
from dure.social.ideas import events
from dure.social.ideas.api import Ideas
from dure.state import Tx


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`source` is care, sales or hand; `ref` says where it was said, so that it is taken down once."""

    title: str
    source: str = "hand"
    ref: str = ""
    said: str = ""
    account: str = ""


class Taken(msgspec.Struct, frozen=True):
    """The idea that it became or joined."""

    idea: str
    title: str
    path: str
    fresh: bool


class OfIdea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    idea: str


class Askers(msgspec.Struct, frozen=True):
    """`owners` are user ids; `called` the same as they are called in a message; `accounts` and `said` are lines."""

    count: int
    owners: list[str]
    called: str
    accounts: str
    said: str


def steps(api: Ideas) -> list[StepKind]:
    """social.idea, social.askers."""

    async def wish(tx: Tx, call: StepCall, inputs: Wish) -> Taken:
        idea, fresh = await api.wish_in(
            tx, call.principal, inputs.title, source=inputs.source, ref=inputs.ref or call.key, said=inputs.said,
            account=inputs.account,
        )  # fmt: skip
        return Taken(str(idea.id), plain(idea.title), f"/ideas?idea={idea.id}", fresh)

    async def askers(tx: Tx, call: StepCall, inputs: OfIdea) -> Askers:
        try:
            idea = uuid.UUID(inputs.idea)
        except ValueError as error:
            raise Invalid("`idea` is an idea's id.", field="idea") from error
        _, askings, owners = await api.askers_in(tx, call.principal, idea)
        accounts = list(dict.fromkeys(plain(one.account_name) for one in askings if one.account))
        said = [f"> {plain(' '.join(one.said.split()))[:160]}" for one in askings[:3]]
        return Askers(
            len(askings), owners, " ".join(f"<@{one}>" for one in owners[:20]), ", ".join(accounts[:10]),
            "\n".join(said),
        )  # fmt: skip

    return [
        StepKind(
            "social.idea", {"ko": "아이디어로 적기", "en": "Take down an idea"}, Wish, Taken, wish,
            about={"ko": "요청을 비슷한 아이디어에 보태거나 새 아이디어로 만듭니다.",
                   "en": "What somebody asks for joins the idea of nearly the same words, or becomes one."},
        ),
        StepKind(
            "social.askers", {"ko": "아이디어를 원한 사람들", "en": "Who asked for an idea"}, OfIdea, Askers, askers,
            about={"ko": "누가 원했는지, 그 고객을 맡은 동료가 누구인지 찾습니다.",
                   "en": "Finds who asked, and the colleagues who look after them."},
        ),
    ]  # fmt: skip


RECIPES: list[Recipe] = [
    Recipe(
        "idea-shipped",
        {"ko": "아이디어 출시를 원했던 고객의 담당자에게", "en": "A shipped idea, to those who look after its askers"},
        {
            "ko": "아이디어가 출시되면 그것을 원했던 고객의 담당자를 불러, 고객에게 알릴 수 있게 합니다.",
            "en": "When an idea ships, whoever looks after those who asked for it is called, so that they can tell"
                  " them.",
        },
        {
            "trigger": {
                "event": events.CHANGED,
                "where": [{"prop": "state", "op": "=", "value": "shipped"},
                          {"prop": "moved", "op": "=", "value": True}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("askers", "social.askers", {"idea": of("idea")}, "any"),
                node("any", "branch", {"where": [{"prop": "steps.askers.count", "op": ">", "value": 0}]},
                     {"yes": "tell"}),
                post(
                    "tell", "[[channel]]",
                    ":ship: *" + of("title_plain") + "* 출시됨 · shipped\n"
                    "{{ steps.askers.count }}번 요청됨 · asked {{ steps.askers.count }} times:"
                    " {{ steps.askers.accounts }}\n{{ steps.askers.said }}\n{{ steps.askers.called }}",
                ),
            ],
        },
        [Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "product")],
        "care",
    ),
    Recipe(
        "idea-command",
        {"ko": "/idea로 아이디어 적기", "en": "Take down an idea with /idea"},
        {
            "ko": "채널에서 /idea 뒤에 쓴 말이 비슷한 아이디어에 보태지거나 새 아이디어가 됩니다.",
            "en": "What is typed after /idea joins the idea of nearly the same words, or becomes one.",
        },
        {
            "trigger": {"kind": "channels.command", "with": {"command": "/idea", "usage": "[text]"}},
            "nodes": [
                node("take", "social.idea", {
                    "title": of("text"), "said": of("text"), "source": "[[source]]",
                }, "say"),
                post("say", of("channel"),
                     ':bulb: <{{ run.site | default: "" }}{{ steps.take.path }}|{{ steps.take.title }}>'),
            ],
        },
        [
            Setting(
                "source", {"ko": "누구의 요청인가", "en": "Whose wish it is"}, "choice", "sales",
                [("sales", {"ko": "영업", "en": "Sales"}), ("care", {"ko": "고객 응대", "en": "Care"}),
                 ("hand", {"ko": "직접", "en": "By hand"})],
            ),
        ],
        "care",
    ),
]  # fmt: skip
