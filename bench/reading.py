"""What mentions are read as and how fast: language, near copies, sentiment, everything. `dure bench reading`

Accuracy is on sentences the weights were not taught (`bench/told/held_out.txt`, by the hand that wrote the lessons) and
on the demo's posts (which its phrases resemble), beside what others published on NSMC. Speed is in texts per second of
one core's time, on the Korean comments of `DURE_SHARED_DATA` (else `../shared/data`) where they are, else on the
demo's posts. `rensa` (MIT) is measured beside the own near-copy search where it is installed.
"""

from __future__ import annotations

import gzip
import importlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parents[1])]

import numpy as np  # noqa: E402
from bench.told import nsmc  # noqa: E402

from dure.demo.mentions import mentions  # noqa: E402
from dure.demo.world import Sizes, build  # noqa: E402
from dure.social import copies, recent  # noqa: E402
from dure.social.reading import spam, weights  # noqa: E402
from dure.social.reading.builtin import built_in  # noqa: E402
from dure.social.reading.entities import Dictionary, Name, entities  # noqa: E402
from dure.social.reading.language import language_of  # noqa: E402
from dure.social.reading.pieces import pieces  # noqa: E402

DATA = Path(os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
# Accuracy on NSMC's official test, from the READMEs of monologg/KoELECTRA and Beomi/KcELECTRA.
PUBLISHED = {"DistilKoBERT": 88.41, "KoELECTRA-Small": 88.76, "KoBERT": 89.63, "KoELECTRA-Base v3": 90.63,
             "KcELECTRA-Base": 91.71}  # fmt: skip
LANGUAGES = {
    "ko": ["ㅋㅋㅋㅋ ㅠㅠ", "thx 감사", "iphone 15 pro max 개좋음", "오늘 배송 왔어요"],
    "en": ["so good, thanks", "gg", "Where is my order?", "Merci Samsung for nothing, what is this"],
    "ja": ["とても良い", "配送が遅いです"], "zh": ["非常好", "快递太慢了"], "": ["👍👍 123", "!!!"],
    "es": ["no me gusta esta aplicación, es muy lenta", "¿cuándo llega mi pedido?", "gracias por la ayuda"],
    "fr": ["je n'aime pas du tout cette application", "où est ma commande, c'est trop long"],
    "de": ["die App stürzt ab und niemand hilft mir", "ich warte noch immer auf das Paket"],
    "pt": ["o meu pedido ainda não chegou", "não consigo abrir o aplicativo"],
    "it": ["il mio ordine non è ancora arrivato", "questa app non funziona più"],
    "id": ["pesanan saya belum sampai dan tidak ada kabar", "aplikasi ini bagus banget untuk kerja"],
    "vi": ["đơn hàng của tôi vẫn chưa đến", "ứng dụng này rất tốt"], "tr": ["bu uygulama çok yavaş ve kötü"],
}  # fmt: skip


def main() -> None:
    texts, where = corpus()
    print(f"{len(texts):,} texts of {sum(map(len, texts)) / len(texts):.0f} letters from {where}\n")
    accuracy()
    duplicates(texts)
    speed(texts)
    held_up(texts)


def corpus() -> tuple[list[str], str]:
    path = DATA / "nsmc" / "test.tsv.gz"
    if path.is_file():
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()[1:]
        return [line.split("\t")[1] for line in lines], "shared data (comments; only their letters count here)"
    return [one.text for one in posts()], "the demo"


def posts() -> Sequence[Any]:
    return mentions(build(7, datetime(2026, 11, 23, 3, tzinfo=UTC), Sizes(listeners=200, visitors=20, mentions=1_500)))


def accuracy() -> None:
    said = [(one, language_of(text)) for one, texts in LANGUAGES.items() for text in texts]
    print(
        f"language: {sum(a == b for a, b in said)}/{len(said)} right, {sum(map(len, LANGUAGES.values()))} short texts"
    )
    print("  wrong:", [pair for pair in said if pair[0] != pair[1]] or "none")
    print("\nhead       language  texts  right   ECE   right where ≥ .7 sure (share answered)")
    for head, languages in weights.card()["held_out"].items():
        for language, one in languages.items():
            sure = next(row for row in one["sure"] if row["bound"] == 0.7)
            print(f"{head:10} {language:9} {one['number']:5}  {one['right']:.3f}  {one['ece']:.3f}"
                  f"  {sure['right'] or 0:.3f} ({sure['answered']:.2f})")  # fmt: skip
    known = posts()
    found = built_in().read([one.text for one in known])
    both = list(zip(found, known, strict=True))
    shares = [f"{name} {sum(getattr(a, name) == getattr(b.truth, name) for a, b in both) / len(both):.3f}"
              for name in ("sentiment", "intent", "topic")]  # fmt: skip
    print(f"demo's posts: {', '.join(shares)}; taken for spam {sum(one.spam >= spam.HIDDEN for one in found)}")
    print("\nNSMC, official test, published:", ", ".join(f"{name} {value}" for name, value in PUBLISHED.items()))
    try:
        comments = nsmc.part(DATA / "nsmc", "test")
    except nsmc.OtherData as error:
        print(f"  own: not measured. {error}")
        return
    chances = weights.shipped().chances(weights.shipped().scores(pieces([one.text for one in comments])), "sentiment")
    right = (chances[:, 2] > chances[:, 0]) == np.array([one.feeling == 1 for one in comments])
    print(f"  own: {100 * right.mean():.2f} (taught by {', '.join(weights.card()['corpora'])})")
    for bound in (0.6, 0.7, 0.8, 0.9):
        kept = chances.max(axis=1) >= bound
        print(f"  where ≥ {bound} sure: answers {kept.mean():.2f}, right {right[kept].mean():.3f}")


def duplicates(texts: Sequence[str]) -> None:
    """Altered copies of a thousand among three thousand, and what else is taken for a copy."""
    rng = random.Random(5)
    once = list({copies.normal(text): text for text in texts if 20 <= len(copies.normal(text)) <= 300}.values())
    rng.shuffle(once)
    known = once[: min(3_000, len(once) // 2)]
    others = once[len(known) : 2 * len(known)]
    altered = [_altered(text, rng) for text in known[:1_000]]
    print("\nnear copies              recall  taken wrongly  texts/s of one core")
    for name, search in _searches().items():
        began = time.process_time()
        shingled = [copies.shingles(text) for text in (*known, *altered, *others)]
        met = search(shingled[: len(known)], shingled[len(known) :])
        same = {
            (asked, other) for asked, other in met
            if copies.are_copies(shingled[len(known) + asked], shingled[other])
        }  # fmt: skip
        seconds = time.process_time() - began
        recall = np.mean([(at, at) in same for at in range(len(altered))])
        wrong = len({asked for asked, _ in same if asked >= len(altered)}) / len(others)
        print(f"{name:24} {recall:.3f}   {wrong:.4f}         {len(shingled) / seconds:,.0f}")


Pieces = Sequence[frozenset[str]]
Search = Callable[[Pieces, Pieces], Iterable[tuple[int, int]]]


def _searches() -> dict[str, Search]:
    """What of the known each of the asked may be a copy of, as pairs of their numbers."""
    made: dict[str, Search] = {
        "exact (normalised)": lambda known, asked: _by_band([[hash(one)] for one in (*known, *asked)], len(known)),
        "own, 12 bands of 3": _own,
    }
    try:
        rensa = importlib.import_module("rensa")
    except ImportError:
        print("\n(rensa is not installed: pip install rensa, to see it beside the own search)")
        return made

    def of_rensa(known: Pieces, asked: Pieces) -> Iterable[tuple[int, int]]:
        found = []
        for pieces_ in (*known, *asked):
            signer = rensa.RMinHash(num_perm=36, seed=42)
            signer.update(list(pieces_))
            digest = signer.digest()
            found.append([(band, *digest[band * 3 : band * 3 + 3]) for band in range(12)])
        return _by_band(found, len(known))

    return {**made, "rensa, 12 bands of 3": of_rensa}


def _own(known: Pieces, asked: Pieces) -> Iterable[tuple[int, int]]:
    now = datetime.now(UTC)
    rows = [
        recent.rows_of((UUID(int=at), now, one) for at, one in enumerate(copies.signatures(many)))
        for many in (known, asked)
    ]
    return zip(*recent.Block(rows[0]).met(rows[1]), strict=True)


def _by_band(banded: Sequence[Sequence[Any]], known: int) -> Iterable[tuple[int, int]]:
    index: dict[Any, list[int]] = {}
    for at, bands in enumerate(banded[:known]):
        for band in bands:
            index.setdefault(band, []).append(at)
    return {(at, other) for at, bands in enumerate(banded[known:]) for band in bands for other in index.get(band, ())}


def _altered(text: str, rng: random.Random) -> str:
    kind = rng.randrange(4)
    if kind == 0:
        return f"RT @someone: {text}"
    if kind == 1:
        return f"{text} https://t.example/{rng.randrange(999)}"
    if kind == 2:
        return f"{text} ㅋㅋㅋ!!"
    letters = list(text)
    for _ in range(max(1, len(letters) * 3 // 100)):
        at = rng.randrange(len(letters))
        letters[at : at + 1] = [rng.choice("가나다라마바사")] if rng.random() < 0.5 else []
    return "".join(letters)


def speed(texts: Sequence[str]) -> None:
    names = Dictionary(Name(kind="product", name=f"제품{number}번") for number in range(500))
    parts: dict[str, Callable[[Sequence[str]], object]] = {
        "language": lambda many: [language_of(text) for text in many],
        "names (500) and figures": lambda many: [entities(text, names) for text in many],
        "pieces": pieces,
        "all readings": built_in().read,
        "near copies": lambda many: copies.signatures([copies.shingles(text) for text in many]),
    }
    print("\nof one core              texts/s     µs a text")
    for name, part in parts.items():
        for size in (1_000, 20) if name in ("all readings", "near copies") else (1_000,):
            rounds = []
            for _ in range(3):
                began = time.process_time()
                for at in range(0, len(texts), size):
                    part(texts[at : at + size])
                rounds.append((time.process_time() - began) / len(texts))
            best = min(rounds)
            print(f"{name + (f', by {size}' if size != 1_000 else ''):24} {1 / best:9,.0f}  {best * 1e6:8.1f}")


def held_up(texts: Sequence[str]) -> None:
    """How late a loop that wakes each half millisecond wakes while another thread reads all the time."""
    done = threading.Event()

    def reading() -> None:
        while not done.is_set():
            built_in().read(texts[:1_000])

    late = {}
    for name, thread in (("nobody reads", None), ("another thread reads", threading.Thread(target=reading))):
        if thread:
            thread.start()
        waits, until = [], time.monotonic() + 2
        while time.monotonic() < until:
            began = time.perf_counter()
            time.sleep(0.0005)
            waits.append((time.perf_counter() - began - 0.0005) * 1_000)
        late[name] = waits
        if thread:
            done.set()
            thread.join()
    print("\na loop wakes late by      median     99 %")
    for name, waits in late.items():
        print(f"{name:24} {np.median(waits):6.2f} ms {np.quantile(waits, 0.99):6.2f} ms")


if __name__ == "__main__":
    main()
