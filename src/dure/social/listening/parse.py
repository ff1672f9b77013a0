"""What somebody types, read into a query; what makes no sense is said with its place, in both languages.

`(배송 OR 택배) NOT 광고`, `"고객 센터" NEAR/5 불친절`, `dure* language:en rating<=2 has:link`. Words beside each other
are all wanted. Operators are `AND OR NOT NEAR/n` in capitals, or 그리고, 또는, 제외, 근처/n.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dure.kernel.errors import Invalid
from dure.kernel.folding import IS_ANYWHERE, fold, wanted
from dure.social.listening.query import (
    DEEPEST,
    FARTHEST,
    LONGEST,
    MOST_TERMS,
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Text,
    looks_for_something,
    walk,
)
from dure.social.model import INTENTS, TOPICS

# Gives the query of a theme by its id or name; None where there is none.
Themes = Callable[[str], Node | None]

_OPERATORS = {
    "AND": "and", "그리고": "and", "&": "and", "OR": "or", "또는": "or", "|": "or", "NOT": "not", "제외": "not",
}  # fmt: skip
_FIELDS = {
    "author": "author", "작성자": "author", "handle": "handle", "핸들": "handle", "network": "network",
    "네트워크": "network", "language": "language", "언어": "language", "intent": "intent", "의도": "intent",
    "topic": "topic", "주제": "topic", "sentiment": "sentiment", "감정": "sentiment", "reach": "reach", "도달": "reach",
    "rating": "rating", "별점": "rating", "entity": "entity", "이름": "entity", "theme": "theme", "테마": "theme",
    "has": "has", "포함": "has", "kind": "kind", "종류": "kind",
}  # fmt: skip
FIELDS = tuple(dict.fromkeys(_FIELDS.values()))
_NUMBERS = ("reach", "rating")
_LANGUAGES = {"한국어": "ko", "korean": "ko", "영어": "en", "english": "en", "일본어": "ja", "중국어": "zh"}
_SENTIMENTS = {
    "positive": 1, "긍정": 1, "1": 1, "neutral": 0, "중립": 0, "0": 0, "negative": -1, "부정": -1, "-1": -1,
}  # fmt: skip
_HAS = {"link": "link", "링크": "link", "rating": "rating", "별점": "rating"}
_KINDS = {
    "post": "post", "글": "post", "comment": "comment", "댓글": "comment", "review": "review", "후기": "review",
    "message": "message", "쪽지": "message", "article": "article", "기사": "article",
}  # fmt: skip
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"：": ":", "（": "(", "）": ")", "＊": "*"})
_TOKEN = re.compile(
    r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<near>(?:NEAR|근처)(?:/(?P<within>\d+))?(?=[\s()"]|$))'
    r'|(?P<name>[^\W\d_]+)(?P<op>>=|<=|[:=<>])(?P<value>"[^"]*"?|[^\s()"]*)'
    r'|"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s()"]+))'
)

_SAID: Mapping[str, tuple[str, str]] = {
    "empty": ("찾을 말을 적어 주세요.", "Write what to look for."),
    "long": (f"질의는 {LONGEST:,}자까지입니다.", f"A query has at most {LONGEST:,} letters."),
    "terms": (f"말과 조건은 {MOST_TERMS}개까지입니다.", f"A query has at most {MOST_TERMS} words and fields."),
    "deep": (f"괄호는 {DEEPEST}겹까지입니다.", f"Brackets nest at most {DEEPEST} deep."),
    "open": ("이 괄호가 닫히지 않았습니다.", "This bracket is not closed."),
    "close": ("여는 괄호가 없습니다.", "This bracket was not opened."),
    "quote": ("따옴표가 닫히지 않았습니다.", "This quotation is not closed."),
    "before": ("{what} 앞에 찾을 말이 필요합니다.", "{what} needs something before it."),
    "after": ("{what} 뒤에 찾을 말이 필요합니다.", "{what} needs something after it."),
    "inside": ("괄호 안이 비었습니다.", "There is nothing in these brackets."),
    "star": ("*는 두 글자가 넘는 말의 끝에만 붙습니다.", "* stands only at the end of two letters or more."),
    "letters": ("글자나 숫자가 없습니다.", "There is no letter or digit in it."),
    "field": ("{what}(이)라는 조건은 없습니다. 있는 것: {fields}", "There is no field {what}; there are {fields}."),
    "value": ("{what}의 값이 필요합니다.", "{what} needs a value."),
    "compared": ("{what}에는 :만 쓸 수 있습니다.", "{what} only takes a colon."),
    "number": ("{what}에는 숫자가 필요합니다.", "{what} needs a number."),
    "one_of": ("{what}의 값은 {values} 가운데 하나입니다.", "{what} is one of {values}."),
    "theme": ("그런 테마가 없습니다.", "There is no such theme."),
    "near": (
        f"NEAR/n은 두 말 사이에 쓰고 n은 1에서 {FARTHEST}까지입니다.",
        f"NEAR/n stands between two words, with n from 1 to {FARTHEST}.",
    ),
    "near_of": ("NEAR는 말, 구절, 또는으로 묶인 말에만 씁니다.", "NEAR joins words, phrases, or words joined by OR."),
    "only_not": ("빼는 조건만으로는 찾을 수 없습니다.", "It only says what to leave out; say what to look for too."),
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # open, close, and, or, not, near, field, phrase, word
    text: str
    at: int
    to: int
    name: str = ""
    op: str = ""
    within: int = 0


def parse(text: str, themes: Themes = lambda _: None, *, field: str = "text", leaves_out: bool = False) -> Node:
    """The query that a text is. Invalid names the `field` and says in `data` where (`at`, `to`) and in both languages
    (`ko`, `en`) what is wrong. With `leaves_out` a text of only NOT is fine."""
    if len(text) > LONGEST:
        raise _refused("long", LONGEST, len(text), field)
    plain = text.translate(_QUOTES)
    reader = _Reader(_tokens(plain, field), themes, field, len(text.rstrip()))
    node = reader.whole()
    if not leaves_out and not looks_for_something(node):
        raise _refused("only_not", 0, len(text.rstrip()), field)
    return node


def _tokens(text: str, field: str) -> list[_Token]:
    found = []
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        begin = match.end() - len(match[0].lstrip())
        if match["open"] or match["close"]:
            found.append(_Token("open" if match["open"] else "close", match[0].strip(), begin, at))
        elif match["near"]:
            found.append(_Token("near", match["near"], begin, at, within=int(match["within"] or 0)))
        elif match["phrase"] is not None:
            if not match["end"]:
                raise _refused("quote", begin, at, field)
            found.append(_Token("phrase", match["phrase"], begin, at))
        elif match["name"] and not match["value"].startswith("//"):
            if match["value"].startswith('"') and not match["value"].endswith('"', 1):
                raise _refused("quote", begin, at, field)
            value = match["value"].strip('"').strip()
            found.append(_Token("field", value, begin, at, match["name"], match["op"]))
        else:
            word = match[0].strip()
            if word in _OPERATORS:
                found.append(_Token(_OPERATORS[word], word, begin, at))
            elif word.startswith("-") and len(word) > 1 and word[1] not in "-":
                found += [_Token("not", "-", begin, begin + 1), _Token("word", word[1:], begin + 1, at)]
            elif word == "-":
                found.append(_Token("not", "-", begin, at))
            else:
                found.append(_Token("word", word, begin, at))
    return found


class _Reader:
    def __init__(self, tokens: list[_Token], themes: Themes, field: str, end: int) -> None:
        self._tokens = tokens
        self._themes = themes
        self._field = field
        self._end = end
        self._at = 0
        self._terms = 0

    def whole(self) -> Node:
        if not self._tokens:
            raise self._refused("empty", 0, 0)
        node = self._or(0)
        if token := self._now:
            raise self._refused("close" if token.kind == "close" else "before", token.at, token.to, what=token.text)
        if sum(isinstance(one, Text | Near | Field) for one in walk(node)) > 10 * MOST_TERMS:
            raise self._refused("terms", 0, self._end)
        return node

    @property
    def _now(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *kinds: str) -> _Token | None:
        token = self._now
        if token is None or token.kind not in kinds:
            return None
        self._at += 1
        return token

    def _or(self, depth: int) -> Node:
        many = [self._and(depth)]
        while operator := self._take("or"):
            many.append(self._and(depth, operator))
        return many[0] if len(many) == 1 else Or(tuple(many))

    def _and(self, depth: int, after: _Token | None = None) -> Node:
        many = [self._not(depth, after)]
        while (token := self._now) and token.kind not in ("or", "close"):
            many.append(self._not(depth, self._take("and")))
        return many[0] if len(many) == 1 else And(tuple(many))

    def _not(self, depth: int, after: _Token | None) -> Node:
        if operator := self._take("not"):
            if depth >= DEEPEST:
                raise self._refused("deep", operator.at, operator.to)
            return Not(self._not(depth + 1, operator))
        return self._near(depth, after)

    def _near(self, depth: int, after: _Token | None) -> Node:
        left = self._one(depth, after)
        while operator := self._take("near"):
            if not 1 <= operator.within <= FARTHEST:
                raise self._refused("near", operator.at, operator.to)
            right = self._one(depth, operator)
            left = Near(self._wants(left, operator), self._wants(right, operator), operator.within)
        return left

    def _wants(self, node: Node, operator: _Token) -> tuple[str, ...]:
        if isinstance(node, Text):
            return (node.want,)
        if isinstance(node, Or) and len(node.many) <= 8 and all(isinstance(one, Text) for one in node.many):
            return tuple(one.want for one in node.many if isinstance(one, Text))
        raise self._refused("near_of", operator.at, operator.to)

    def _one(self, depth: int, after: _Token | None) -> Node:
        token = self._now
        if token is None or token.kind in ("close", "and", "or", "near"):
            raise self._nothing(token, after)
        self._at += 1
        if token.kind == "not":
            if depth >= DEEPEST:
                raise self._refused("deep", token.at, token.to)
            return Not(self._one(depth + 1, token))
        if token.kind == "open":
            return self._brackets(token, depth)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._refused("terms", token.at, token.to)
        return self._fact(token) if token.kind == "field" else self._text(token)

    def _nothing(self, token: _Token | None, after: _Token | None) -> Invalid:
        before = self._tokens[self._at - 1] if self._at else None
        if after is not None:
            return self._refused("after", after.at, after.to, what=after.text)
        if before is not None and before.kind == "open" and token is not None and token.kind == "close":
            return self._refused("inside", before.at, token.to)
        if before is not None and before.kind == "open" and token is None:
            return self._refused("open", before.at, before.to)
        if token is None:
            return self._refused("empty", self._end, self._end)
        return self._refused("close" if token.kind == "close" else "before", token.at, token.to, what=token.text)

    def _brackets(self, token: _Token, depth: int) -> Node:
        if depth >= DEEPEST:
            raise self._refused("deep", token.at, token.to)
        node = self._or(depth + 1)
        if not self._take("close"):
            raise self._refused("open", token.at, token.to)
        return node

    def _text(self, token: _Token) -> Node:
        bare = token.text.strip()
        open_end = bare.endswith("*")
        bare = bare.rstrip("*") if open_end else bare
        if "*" in bare:
            raise self._refused("star", token.at, token.to)
        want = wanted(bare, whole=not open_end)
        if not want:
            raise self._refused("letters", token.at, token.to)
        last = want.split()[-1]
        if open_end and len(last) < 2 and not IS_ANYWHERE.match(last):
            raise self._refused("star", token.at, token.to)
        return Text(want)

    def _fact(self, token: _Token) -> Node:
        name = _FIELDS.get(token.name.lower())
        if name is None:
            raise self._refused(
                "field", token.at, token.at + len(token.name), what=token.name, fields=", ".join(FIELDS)
            )
        if not token.text:
            raise self._refused("value", token.at, token.to, what=token.name)
        if name in _NUMBERS:
            number = token.text.replace(",", "")
            if not number.isascii() or not number.isdigit() or len(number) > 12:
                raise self._refused("number", token.at, token.to, what=token.name)
            return Field(name, token.op.replace(":", "="), int(number))
        if token.op not in (":", "="):
            raise self._refused("compared", token.at, token.to, what=token.name)
        value = token.text.casefold()
        match name:
            case "author":
                want = fold(token.text).strip()
                if not want:
                    raise self._refused("letters", token.at, token.to)
                return Field(name, "=", want)
            case "handle":
                return Field(name, "=", token.text.lower().lstrip("@"))
            case "language":
                return Field(name, "=", _LANGUAGES.get(value, value))
            case "intent" | "topic":
                return self._named(token, name, INTENTS if name == "intent" else TOPICS)
            case "sentiment":
                return Field(name, "=", self._of(token, _SENTIMENTS))
            case "has":
                return Field(name, "=", self._of(token, _HAS))
            case "kind":
                return Field(name, "=", self._of(token, _KINDS))
            case "theme":
                theme = self._themes(token.text)
                if theme is None:
                    raise self._refused("theme", token.at, token.to)
                return theme
        return Field(name, "=", value)

    def _named(self, token: _Token, name: str, known: Mapping[str, Mapping[str, str]]) -> Field:
        value = token.text.casefold()
        for key, titles in known.items():
            if value in (key, titles["ko"].casefold(), titles["en"].casefold()):
                return Field(name, "=", key)
        raise self._refused("one_of", token.at, token.to, what=token.name, values=", ".join(known))

    def _of(self, token: _Token, known: Mapping[str, str | int]) -> str | int:
        value = known.get(token.text.casefold())
        if value is None:
            raise self._refused("one_of", token.at, token.to, what=token.name, values=", ".join(map(str, known)))
        return value

    def _refused(self, code: str, at: int, to: int, **words: str) -> Invalid:
        return _refused(code, at, to, self._field, **words)


def _refused(code: str, at: int, to: int, field: str, **words: str) -> Invalid:
    ko, en = (said.format(**words) if words else said for said in _SAID[code])
    return Invalid(en, field=field, data={"code": code, "at": at, "to": to, "ko": ko, "en": en})
