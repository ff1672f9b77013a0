"""What documents say: read before a message carries them, within limits, and honestly where it cannot be read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.documents.model import MEMBERS, PAGES, TEXT, UNPACKED, Reading
from dure.channels.documents.reader import Reader, is_document
from dure.channels.documents.words import words_of
from dure.channels.files.holding import erase
from dure.channels.files.looks import decoded
from dure.channels.guarding.api import Guards, Rule
from dure.channels.guarding.refusals import Guarded, Heed, KeptBack
from dure.channels.search.index import Indexer
from dure.governance.api import Principal
from dure.kernel.whom import Whom
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio
KEPT = Path(__file__).parent / "documents"
# Made by python-docx, openpyxl, python-pptx, Chromium and ReportLab. All hold this number and this card.
READ = ("staff.docx", "staff.xlsx", "staff.pptx", "printed.pdf", "named.pdf")
RESIDENT, CARD = "880101-1123459", "4111-1111-1111-1111"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kept(name: str) -> bytes:
    return (KEPT / name).read_bytes()


def package(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(*lines: str, head: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    said = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return package({"word/document.xml": f'{head}<w:document xmlns:w="w">{said}</w:document>', **(more or {})})


def pdf(stream: bytes, kids: int = 1) -> bytes:
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    font = b"<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (kids, b"4 0 R " * kids),
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R/Resources<</Font%s>>>>" % font,
        ),
        1,
    ):  # fmt: skip
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = out.tell()
    out.write(
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, start)
    )
    return out.getvalue()


def nested(times: int) -> bytes:
    made = word("innermost")
    for depth in range(times):
        made = word(f"depth {depth}", more={"word/embeddings/a.docx": made})
    return made


@pytest.mark.parametrize("name", READ)
async def test_korean_text_and_numbers_are_read_of_each_format(name: str) -> None:
    read = words_of(kept(name))
    assert read.why == ""
    for said in (RESIDENT, CARD, "홍길동" if "pptx" not in name else "발표"):
        assert said in read.text


async def test_what_is_hidden_struck_out_or_beside_the_text_is_read_too() -> None:
    for said in ("숨은 비밀", "메모 비밀", "8801011123459", "0505054123451"):  # shown by 000000-0000000
        assert said in words_of(kept("staff.xlsx")).text
    assert "머리글 비밀" in words_of(kept("staff.docx")).text
    assert "제목 비밀" in words_of(kept("staff.docx")).text
    struck = package({"word/document.xml": '<w:document xmlns:w="w"><w:r><w:delText>880101</w:delText></w:r>'
                      "<w:r><w:t>-1123459</w:t></w:r></w:document>"})  # fmt: skip
    assert RESIDENT in words_of(struck).text
    link = word("x", more={"word/_rels/document.xml.rels": '<Relationships><Relationship TargetMode="External" '
                           f'Target="https://a.example/?no={CARD}"/></Relationships>'})  # fmt: skip
    assert CARD in words_of(link).text
    inner = word(
        "outer", more={"word/embeddings/book.xlsx": kept("staff.xlsx"), "word/embeddings/p.pdf": kept("named.pdf")}
    )
    assert (words_of(inner).why, words_of(inner).text.count(CARD)) == ("", 2)


UNREAD: Sequence[tuple[str, Callable[[], bytes], str]] = (
    ("a locked pdf", lambda: kept("locked.pdf"), "encrypted"),
    ("a locked Office file", lambda: _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("an old document", lambda: _OLE + bytes(2_000), "unknown"),
    ("a scanned pdf", lambda: kept("scanned.pdf"), "scanned"),
    ("a picture in a document", lambda: word("", more={"word/media/a.png": b"x"}), "scanned"),
    ("half a document", lambda: kept("staff.docx")[:20_000], "broken"),
    ("half a pdf", lambda: kept("printed.pdf")[:900], "broken"),
    ("no archive", lambda: b"PK\x03\x04" + b"x" * 500, "broken"),
    ("markup that ends early", lambda: package({"word/document.xml": '<w:document xmlns:w="w"><w:t>a'}), "broken"),
    ("an entity that grows", lambda: word("&a;", head='<!DOCTYPE x [<!ENTITY b "ha"><!ENTITY a "&b;&b;">]>'),
     "broken"),
    ("an entity of the server", lambda: word("&a;", head='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
     "broken"),
    ("an archive", lambda: package({"a.txt": "x"}), "unknown"),
    ("an object of an older program", lambda: word("x", more={"word/embeddings/oleObject1.bin": _OLE}), "unknown"),
    ("too deep", lambda: nested(6), "too_large"),
    ("more words than are kept", lambda: word("비" * (TEXT + 1)), "too_large"),
    ("an archive that unpacks to far more", lambda: package({"word/a.xml": b"<w:a/>" + b" " * UNPACKED}), "too_large"),
    ("too many parts", lambda: package({f"word/h{n}.xml": "<a/>" for n in range(MEMBERS)}), "too_large"),
    ("a page that unpacks to far more", lambda: pdf(zlib.compress(b" " * (100 << 20), 1)), "too_large"),
    ("too many pages", lambda: pdf(zlib.compress(b"BT ET"), PAGES + 1), "too_large"),
    ("pages in a circle", lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count"
                                  b" 5/Kids[2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R>>", "broken"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "why"), [one[1:] for one in UNREAD], ids=[one[0] for one in UNREAD])
async def test_what_cannot_be_read_is_said(content: Callable[[], bytes], why: str) -> None:
    read = words_of(content())
    assert read.why == why
    assert "root:" not in read.text
    assert len(read.text) <= TEXT


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_document_is_read_in_a_process_that_is_ended_when_it_takes_too_long() -> None:
    read = await Reader().read(_parts(kept("staff.docx")), len(kept("staff.docx")))
    assert RESIDENT in read.text
    long = pdf(zlib.compress(b"BT /F1 9 Tf " + b"(a) Tj " * 300_000 + b"ET"))
    assert await Reader(patience=0.2).read(_parts(long), len(long)) == Reading(why="slow")
    assert await Reader().read(_parts(b""), 1 << 40) == Reading(why="too_large")


async def test_which_files_hold_words_and_which_letters_they_use() -> None:
    for name, head in (("a.docx", b""), ("A.PDF", b""), ("a.bin", b"%PDF-1.4"), ("a", b"PK\x03\x04"), ("a.hwp", b"")):
        assert is_document(name, head), name
    for name, head in (("a.png", b"\x89PNG"), ("a.mp4", b"\0\0\0"), ("a", b"hello")):
        assert not is_document(name, head), name
    for letters in ("utf-8", "cp949", "utf-16"):
        assert decoded("주민번호 880101".encode(letters)) == "주민번호 880101"
    assert decoded("가나다".encode()[:-1]).startswith("가나")


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


def guards_of(room: Room) -> Guards:
    return Guards(room.state, room.clock, room.cast.governance, room.channels)


async def switch_on(room: Room, action: Any, **more: Any) -> None:
    made = Rule("", "", "", f"{action} {len(more)}", action, enabled=True, **more)
    await guards_of(room).put(room.cast.mina, made, whole=True)


async def share(
    room: Room, channel: str, content: bytes, name: str, who: Principal | None = None, guard: Any = ""
) -> str:
    who = who or room.cast.joon
    file = await room.files.upload(who, name, _parts(content))
    draft = Draft("look", files=(file.id,), guard=guard) if guard else Draft("look", files=(file.id,))
    await room.channels.post(who, channel, draft)
    return file.id


def told(refused: Any) -> dict[str, Any]:
    """What the writer was told of the rule."""
    guard: dict[str, Any] = refused.value.data["guard"]
    return guard


async def test_a_number_in_a_document_is_refused_before_anybody_is_told(room: Room) -> None:
    channel = await room.shared()
    await switch_on(room, "refuse", detectors=("resident_number",), confidence="likely")
    for name in READ:
        with pytest.raises(Guarded) as refused:
            await share(room, channel, kept(name), name)
        guard = told(refused)
        assert (guard["what"], guard["unread"]) == ("file", ""), name
        assert "••••••-•••••••" in guard["excerpt"], name
    with pytest.raises(Guarded):  # under another name, too
        await share(room, channel, kept("staff.docx"), "holiday.jpg.bin")
    feeds = str([await room.told(one) for one in (room.cast.tenant.workspace, room.cast.rina.tenant.workspace)])
    assert RESIDENT not in feeds
    assert feeds.count("'Guard Met'") == len(READ) + 1
    assert "Message Posted" not in feeds
    await share(room, channel, word("인사말"), "fine.docx")


async def test_a_rule_says_what_becomes_of_files_that_cannot_be_read(room: Room) -> None:
    channel, guards, joon = await room.shared(), guards_of(room), room.cast.joon
    await switch_on(room, "refuse", words=("bluebird",))
    await share(room, channel, kept("locked.pdf"), "first.pdf")  # no rule asks for it
    await switch_on(room, "refuse", words=("redbird",), unreadable=True)
    with pytest.raises(Guarded) as refused:
        await share(room, channel, kept("locked.pdf"), "급여.pdf")
    guard = told(refused)
    assert (guard["excerpt"], guard["unread"]) == ("급여.pdf", "encrypted")
    room.clock.advance(timedelta(seconds=1))
    with pytest.raises(Guarded):
        await share(room, channel, b"a" * (4 << 20) + b"b", "long.txt")  # more than is read of a text
    await share(room, channel, b"\x89PNG\r\n\x1a\n" + bytes(50), "photo.png")  # holds no words
    await share(room, channel, word("fine"), "fine.docx")
    ((newest, *_), _) = await guards.violations(room.cast.mina)
    assert (newest.what, newest.unread, newest.excerpt) == ("file", "too_large", "long.txt")
    met = [one for one in await room.told(room.cast.tenant.workspace) if one.event == "Guard Met"]
    assert [one.properties["unread"] for one in met] == ["encrypted", "too_large"]
    for one in await guards.rules(room.cast.mina):
        await guards.drop(room.cast.mina, one.id)
    await switch_on(room, "mask", words=("redbird",), unreadable=True)
    with pytest.raises(Guarded):  # nothing can be masked in it
        await share(room, channel, kept("scanned.pdf"), "scan.pdf")
    for one in await guards.rules(room.cast.mina):
        await guards.drop(room.cast.mina, one.id)
    await switch_on(room, "warn", words=("redbird",), unreadable=True)
    with pytest.raises(Heed):
        await share(room, channel, kept("scanned.pdf"), "scan.pdf", guard="ask")
    await switch_on(room, "keep", words=("greenbird",), unreadable=True)
    with pytest.raises(KeptBack):
        await share(room, channel, kept("scanned.pdf"), "scan.pdf")
    (waits,) = await guards.mine(joon)
    done = await guards.let(room.cast.mina, waits.id)
    assert [file.name for file in (await room.channels.message(joon, channel, done.ts)).carried] == ["scan.pdf"]


async def indexed(indexer: Indexer) -> None:
    while await indexer.step():
        pass


async def test_search_finds_what_a_document_says_until_it_is_gone(room: Room) -> None:
    mina, channel = room.cast.mina, await room.channel(room.cast.mina, room.cast.joon)
    file, indexer = await share(room, channel, kept("staff.pptx"), "a.pptx"), Indexer(room.state)
    await indexed(indexer)
    assert [one.id for one in (await room.search.files(mina, "발표")).found] == [file]
    assert len((await room.search.messages(mina, "발표")).hits) == 1
    assert not (await room.search.files(room.cast.rina, "발표")).found
    await room.files.delete(room.cast.joon, file)
    await indexed(indexer)
    assert not (await room.search.messages(mina, "발표")).hits
    assert not (await room.search.files(mina, "발표")).found
    async with room.state.begin_system() as tx:
        assert await tx.value("select count(*) from channels.file_text where file = %s", (file,)) == 0


async def test_one_that_came_before_documents_were_read_is_read_when_it_is_said(room: Room) -> None:
    channel = await room.channel(room.cast.mina, room.cast.joon)
    file = await room.files.upload(room.cast.joon, "a.xlsx", _parts(kept("staff.xlsx")))
    async with room.state.begin_system() as tx:
        await tx.run("delete from channels.file_text where file = %s", (file.id,))
    await switch_on(room, "refuse", words=("숨은 비밀",))
    with pytest.raises(Guarded):
        await room.channels.post(room.cast.joon, channel, Draft("look", files=(file.id,)))


async def test_what_was_read_loses_what_points_at_an_erased_person(room: Room) -> None:
    channel = await room.channel(room.cast.mina, room.cast.joon)
    file = await share(room, channel, word("고객 sujin.han@naver.example 의 주문"), "orders.docx")
    whom = Whom(room.cast.tenant, addresses=("sujin.han@naver.example",))
    async with room.state.begin(room.cast.tenant) as tx:
        await erase(tx, whom)
        said = await tx.value("select text from channels.file_text where file = %s", (file,))
        assert (await tx.value("select state from channels.file where id = %s", (file,))) == "kept"
    assert "sujin" not in said
    assert "주문" in said
