"""What messages say: values, languages, channels; and what is refused, by field and line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dure.campaigns.design import Messaging
from dure.campaigns.model import Item, Recipient
from dure.campaigns.plugs import Content
from dure.campaigns.previewing import parts_of
from dure.campaigns.writing import Missing, check, compose, render, scope_of, spoken_in
from dure.campaigns.writing.fields import problems
from dure.kernel.errors import Invalid

SCOPE = {
    "person": {"name": "김미나", "city": "", "tags": ["a", "b"], "plan": None},
    "items": [{"title": "밤의 낭독"}, {"title": "아침"}],
    "event": {"seconds": 42},
    "now": datetime(2026, 11, 23, 3, tzinfo=UTC).astimezone(ZoneInfo("Asia/Seoul")),
}
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
OUT = "https://dure.example/u/secret?a=1&b=2"
MJML = (
    "<mjml><mj-head><mj-preview>{{ campaign.name }}</mj-preview></mj-head><mj-body>\n"
    "{% for item in items %}<mj-section><mj-column><mj-text>{{ item.title }}</mj-text>\n"
    '<mj-button href="{{ item.url }}">{{ person.name }}</mj-button></mj-column></mj-section>{% endfor %}\n'
    "</mj-body></mjml>"
)


def node(channel: str, **texts: Any) -> Messaging:
    texts = texts if set(texts) <= {"ko", "en"} else {"ko": texts}
    return msgspec.convert({"kind": "message", "id": "m", "channel": channel, "texts": texts}, Messaging)


def said(channel: str, *, out: str = OUT, traits: dict[str, Any] | None = None, **texts: Any) -> Content:
    to = Recipient(UUID(int=7), "mina", {"name": "<김미나> & co", "language": "ko-KR", **(traits or {})})
    items = [
        Item("b-1", {"ko": "밤의 낭독", "en": "Night"}, url="https://s.example/1?x=1&y=2"),
        Item("b-2", {"ko": "둘"}, url="https://s.example/2"),
    ]
    scope = scope_of(to, campaign="c-1", name={"ko": "가을", "en": "Autumn"}, now=NOW, items=items, unsubscribe_url=out)
    return compose(node(channel, **texts), to, scope, "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ person.name }}님", "김미나님"),
        ("{{items[1].title}}", "아침"),
        ('{{ person.city | default: "서울" }}', "서울"),
        ('{{ person.nothing | default: "" }}!', "!"),
        ("no holes { } 100%", "no holes { } 100%"),
        ("{% if person.plan %}paid{% else %}free{% endif %}", "free"),
        ("{% if person.age > 30 %}a{% else %}b{% endif %}", "b"),
        ("{% for item in items %}{{ forloop.index }}.{{ item.title }} {% endfor %}", "1.밤의 낭독 2.아침 "),
        ('{{ now | date: "%H:%M" }}', "12:00"),
        ("{{ person.tags | join: '+' }} {{ event.seconds | plus: 1 }}", "a+b 43"),
        ('{"name": {{ person.name | append: \'"\' | json }}}', '{"name": "김미나\\""}'),
    ],
)
def test_values_are_filled(text: str, expected: str) -> None:
    assert render(text, spoken_in(SCOPE, "ko")) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{{ person.age }}", "person.age"),
        ("{{ items[2].title }}", "items[2].title"),
        ("{{ person }}", "person"),
        ("{{ person.tags }}", "person.tags"),
        ("{{ person.city }}", "person.city"),
        ("\n{{ person.age | upcase }}", "person.age"),
        ('{{ person.born | date: "%Y" }}', "person.born"),
        ("{% for one in person.friends %}x{% endfor %}", "person.friends"),
        ("{{ event.name }}", "event.name"),
    ],
)
def test_a_missing_value_is_an_error_that_names_it(text: str, path: str) -> None:
    with pytest.raises(Missing) as raised:
        render(text, spoken_in(SCOPE, "ko"))
    assert raised.value.data["path"] == path
    assert raised.value.data["line"] == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in (1..2000) %}{% endfor %}",
        "{{ (1..99999999) | join: ',' }}",
        "{% assign a = 'aaaaaaaaaa' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
        "{% assign a = 'aaaaaaaaaa' | replace: '', 'bbbbbbbbbb' | replace: '', 'bbbbbbbbbbbbb' %}"
        "{{ a | replace: '', a | replace: '', a }}",
        "{% for i in (1..999) %}{{ items[0].title | append: '" + "x" * 300 + "' }}{% endfor %}",
        "{{ event.seconds | divided_by: 0 }}",
    ],
)
def test_what_would_never_end_or_fill_the_memory_ends_the_message(text: str) -> None:
    with pytest.raises(Missing):
        render(text, spoken_in(SCOPE, "ko"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{ person.__class__() }}", 1),
        ("fine\n{{ 1 + 1 }}", 2),
        ("{{ person.name }}\n\n{{ other.thing }}", 3),
        ("{{ person.name | shout }}", 1),
        ("a\n{% include 'secrets' %}", 2),
        ("{{ person.name | safe }}", 1),
        ("{% for i in items %}{{ i.title }}{% endfor %}{{ i }}", 1),
        ("{{ person.name", 1),
    ],
)
def test_what_nobody_could_be_written_is_refused_by_field_and_line(text: str, line: int) -> None:
    with pytest.raises(Invalid, match=f"Line {line}: ") as raised:
        check(text, "texts.ko.body")
    assert (raised.value.field, raised.value.data["line"]) == ("texts.ko.body", line)


def test_a_letter_of_plain_words_is_escaped_and_has_its_way_out() -> None:
    letter = said(
        "email", subject="{{ person.name }}\n님", body="{{ items[0].title }}\n{{ items[0].url }}", preheader="곧"
    )
    assert letter.title == "<김미나> & co 님"
    assert letter.text == f"밤의 낭독\nhttps://s.example/1?x=1&y=2\n\n--\n수신거부: {OUT}\n"
    assert '<a href="https://s.example/1?x=1&amp;y=2">' in letter.html
    assert 'opacity:0">곧</div>\n<p>밤의 낭독' in letter.html
    assert "secret?a=1&amp;b=2" in letter.html
    assert letter.more == {"out": OUT}


def test_mjml_is_laid_out_with_values_that_cannot_break_it() -> None:
    letter = said("email", subject="s", mjml=MJML, traits={"language": "en"}, body="")
    assert "googleapis" not in str(letter)  # whoever serves a font would see who opens the letter
    assert letter.language == "ko"  # the only one it is written in
    assert letter.html.count("&lt;김미나&gt; &amp; co</a>") == 2
    assert "<김미나>" not in letter.html
    assert 'href="https://s.example/1?x=1&amp;y=2"' in letter.html
    assert "밤의 낭독" in letter.text
    assert "<김미나> & co (https://s.example/1?x=1&y=2)" in letter.text
    assert letter.text.endswith(f"수신거부: {OUT}\n")


def test_a_message_that_is_no_marketing_has_no_way_out() -> None:
    letter = said("email", out="", subject="s", body="b")
    assert (letter.text, letter.more) == ("b", {})
    with pytest.raises(Missing, match="unsubscribe_url"):
        said("email", out="", subject="s", body="{{ unsubscribe_url }}")


def test_everybody_is_spoken_to_in_their_language_where_it_is_written() -> None:
    both = {"ko": {"body": "{{ campaign.name }} {{ items[0].title }}"}, "en": {"body": "{{ campaign.name }}!"}}
    assert said("sms", **both).text == "가을 밤의 낭독"
    assert said("sms", traits={"language": "en-US"}, **both).text == "Autumn!"
    assert said("sms", traits={"language": "fr"}, **both).text == "Autumn!"  # the workspace's
    assert said("sms", traits={"language": None}, ko=both["ko"]).text == "가을 밤의 낭독"


def test_each_channel_has_its_form() -> None:
    push = said("push", title="{{ person.name }}", body="곧 시작", url="sori://live/{{ items[0].id }}")
    assert (push.title, push.text, push.url) == ("<김미나> & co", "곧 시작", "sori://live/b-1")
    card = said("in_app", form="banner", title="t", body="b", url="/live", button="듣기", expires="2d")
    assert card.more == {"form": "banner", "button": "듣기", "expires": "2026-11-25T03:00:00+00:00"}
    post = said("post", text="{{ person.name }}님이 떠났어요", to="#care")
    assert (post.text, post.more["to"]) == ("<김미나> & co님이 떠났어요", "#care")
    hook = said("webhook", body='{"who": {{ person.name | json }}}')
    assert hook.text == '{"who": "<김미나> & co"}'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript://x/%0aalert(1)", "data:text/html,x", "//evil.example"]
)
def test_a_value_cannot_make_an_address_a_script(url: str) -> None:
    with pytest.raises(Missing, match="url"):
        said("web_push", title="t", body="b", url="{{ person.site }}", traits={"site": url})


@pytest.mark.parametrize(
    ("channel", "texts", "field", "told"),
    [
        ("email", {"subject": "s"}, "body", "body or mjml"),
        ("email", {"subject": " ", "body": "b"}, "subject", "subject"),
        ("email", {"subject": "s", "body": "b", "title": "t"}, "title", "consists of"),
        (
            "email",
            {"subject": "s", "mjml": "<mjml>\n<mj-body>\n<mj-nope/></mj-body></mjml>"},
            "mjml",
            "Line 3: <mj-nope>",
        ),
        (
            "email",
            {"subject": "s", "mjml": "<mjml><mj-body>\n<mj-section></mj-body></mjml>"},
            "mjml",
            "Line 2: </mj-body>",
        ),
        ("email", {"subject": "s", "mjml": '<mjml><mj-include path="/etc/passwd"/></mjml>'}, "mjml", "not known"),
        ("email", {"subject": "s", "mjml": "hello"}, "mjml", "begins with <mjml>"),
        ("email", {"subject": "s", "mjml": "<mjml>\n{{ persn.name }}</mjml>"}, "mjml", "Line 2: `persn`"),
        ("push", {"title": "t"}, "body", "has a body"),
        ("sms", {"body": "x" * 2001}, "body", "2,000"),
        ("in_app", {"title": "t", "form": "modal"}, "form", "card or banner"),
        ("in_app", {"title": "t", "expires": "soon"}, "expires", "soon"),
        ("post", {"text": ""}, "text", "has a text"),
    ],
)
def test_a_message_that_could_not_be_written_is_refused_by_its_field(
    channel: str, texts: dict[str, str], field: str, told: str
) -> None:
    found = {one.field: one.message for one in problems(node(channel, **texts), "texts")}
    assert told in found[f"texts.ko.{field}"]


def test_what_can_be_written_has_no_problem() -> None:
    assert list(problems(node("email", subject="s", mjml=MJML), "texts")) == []
    assert [one.field for one in problems(node("sms"), "texts")] == ["texts"]


def test_an_sms_is_counted_as_networks_count_it() -> None:
    assert parts_of("x" * 160) == {"encoding": "gsm7", "letters": 160, "parts": 1}
    assert parts_of("x" * 159 + "€") == {"encoding": "gsm7", "letters": 161, "parts": 2}
    assert parts_of("가" * 70)["parts"] == 1
    assert parts_of("가" * 135) == {"encoding": "ucs2", "letters": 135, "parts": 3}
