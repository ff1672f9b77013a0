"""A network that takes posts."""

from __future__ import annotations

from dataclasses import dataclass, field

from dure.social.plugs import Given, Manifest, Outcome, Post, Said


@dataclass
class Wall:
    """A network that takes posts; `answers` are given, one a post, instead of taking it."""

    manifest = Manifest(
        "wall", "mastodon", {"ko": "담", "en": "Wall"}, {"ko": "", "en": ""}, "official", frozenset({"publish"})
    )
    taken: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        self.taken.append((key, post.text))
        return self.answers.pop(0) if self.answers else Said(f"w{len(self.taken)}", f"https://wall.example/{key[-3:]}")
