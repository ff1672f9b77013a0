"""The router on a labelled stream: what it is worth with how many answers, and while people correct it.

The stream is the demo's own (Korean and English posts made of templates and slots, `dure.demo.mentions`), read by the
built-in reader. Whose each post is follows from what it was made to be, by a company that differs from the built-in
rules: praise of shows is marketing's, questions that come in app reviews are product's. One answer in twelve names a
wrong team, as people do. Texts of the test do not occur in training. Templates are easier than the world: read the
figures as what a click does, not as what to expect outside.

- answers: a model learned of so many answers, judged on posts it did not see
- corrected: posts come in order; what falls below the gate is answered, a twentieth of the rest is asked, half of the
  other mistakes are moved by people; learned anew every 250 posts. Accuracy is of what went by itself
- speed: decided in sets of a thousand

    python bench/routing.py [--posts 9000] [--gate 0.5] [--wrong 0.083]
"""

from __future__ import annotations

import argparse
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from dure.social.understand import built_in
from rich.console import Console
from rich.table import Table

from dure.demo import mentions as demo
from dure.demo.world import Sizes, build
from dure.governance.model import FUNCTIONS
from dure.social.model import Mention
from dure.social.routing.learning import Model, first, learn, quality
from dure.social.routing.model import CLASSES, NOBODY, Example, Settings, Setup
from dure.social.routing.router import FIRST_RULES, Router, sampled

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TEST, EVERY = 1_500, 250


def theirs(post: demo.Mention) -> str:
    """Whose a post is at this company."""
    truth = post.truth
    if truth.intent == "praise" and truth.topic == "creator":
        return "marketing"
    if truth.intent == "question" and post.network in ("app_store", "play_store"):
        return "product"
    return first(truth.intent, truth.topic) or NOBODY


def stream(posts: int) -> list[Example]:
    """Distinct texts with the right answer, in the order of a shuffle with a seed."""
    said = {one.text: one for one in demo.mentions(build(7, NOW, Sizes(listeners=200, visitors=20, mentions=posts)))}
    readings = built_in().read(list(said))
    made = [
        Example(
            post.text, post.network, post.handle, "post", read.language, read.intent, read.topic, read.sentiment,
            read.confidence, None, False, answer=theirs(post),
        )
        for post, read in zip(said.values(), readings, strict=True)
    ]  # fmt: skip
    random.Random(3).shuffle(made)
    return made


def mistaken(examples: Sequence[Example], share: float) -> list[Example]:
    """As people answer: some name a wrong team."""
    dice = random.Random(5)
    return [replace(one, answer=dice.choice(FUNCTIONS)) if dice.random() < share else one for one in examples]


def answers(console: Console, known: Sequence[Example], test: Sequence[Example], gate: float) -> None:
    table = Table("answers", "accuracy", "in the top 3", "by itself", "of that right", "macro recall", "ECE",
                  "learned in CPU-s", title=f"judged on {len(test):,} posts, gate {gate}")  # fmt: skip
    for count in (0, 50, 100, 250, 500, 1_000, 2_000, len(known)):
        if count > len(known):
            continue
        before = time.process_time()
        model = learn(1, known[:count])[0] if count else Model()
        took = time.process_time() - before
        told = quality(test, model.probabilities(test), gate)
        recall = np.mean([row["recall"] or 0 for row in told["functions"].values() if row["answers"]])
        shown = (told["accuracy"], told["top3"], told["coverage"], told["precision"] or 0, recall, told["calibration"])
        table.add_row(f"{count:,}", *(f"{value:.3f}" for value in shown), f"{took:.2f}")
    console.print(table)


def corrected(console: Console, posts: Sequence[Example], gate: float, wrong: float) -> None:
    table = Table("posts", "by itself", "of that right", "people touched", title=f"corrected as it goes, gate {gate}")
    dice, model, said = random.Random(9), Model(), list[Example]()
    quarters = [part.tolist() for part in np.array_split(np.arange(len(posts)), 4)]
    for part in quarters:
        alone, right, touched = 0, 0, 0
        for at in range(part[0], part[-1] + 1, EVERY):
            batch = posts[at : min(at + EVERY, part[-1] + 1)]
            chances = model.probabilities(batch)
            for one, row in zip(batch, chances, strict=True):
                named, sure = CLASSES[int(row.argmax())], float(row.max())
                went = named != NOBODY and sure >= gate
                alone += went
                right += went and named == one.answer
                ask = not went or sampled(one.network, one.text, 0.05) or (named != one.answer and dice.random() < 0.5)
                touched += ask
                if ask:
                    said.append(replace(one, answer=dice.choice(FUNCTIONS)) if dice.random() < wrong else one)
            model = learn(1, said[-4_000:])[0] if len(said) >= 20 else model
        table.add_row(f"{part[0]:,}–{part[-1] + 1:,}", f"{alone / len(part):.3f}", f"{right / max(alone, 1):.3f}",
                      f"{touched / len(part):.3f}")  # fmt: skip
    console.print(table)


def speed(console: Console, known: Sequence[Example], model: Model) -> None:
    posts = [
        Mention(
            id=uuid.uuid5(uuid.NAMESPACE_OID, one.text), network=one.network, external=one.text[:60], author="",
            handle=one.handle, text=one.text, url="", reach=1, posted_at=NOW, arrived_at=NOW, language=one.language,
            intent=one.intent, topic=one.topic, sentiment=one.sentiment, confidence=one.confidence,
            original=uuid.uuid5(uuid.NAMESPACE_OID, one.text), copies=0, state="new", function="", channel="",
            corrected_by="", version=1,
        )
        for one in known[:1_000]
    ]  # fmt: skip
    router = Router(Setup(FIRST_RULES, Settings(), 0, 1), model)
    times = []
    for _ in range(7):
        before = time.process_time()
        router.decide(posts)
        times.append((time.process_time() - before) / len(posts) * 1e6)
    console.print(f"decided in sets of {len(posts):,}: {min(times):.0f} µs of CPU a mention (limit: 50)")


def main() -> None:
    asked = argparse.ArgumentParser(description="The router on a labelled stream.")
    asked.add_argument("--posts", type=int, default=9_000)
    asked.add_argument("--gate", type=float, default=0.5)
    asked.add_argument("--wrong", type=float, default=0.083)
    given, console = asked.parse_args(), Console()
    posts = stream(given.posts)
    test, known = posts[:TEST], mistaken(posts[TEST:], given.wrong)
    answers(console, known, test, given.gate)
    corrected(console, posts[TEST:], given.gate, given.wrong)
    speed(console, known, learn(1, known[:1_000])[0])


if __name__ == "__main__":
    main()
