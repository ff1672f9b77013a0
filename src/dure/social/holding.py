"""What social holds about a person: what they wrote, and what others wrote of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.social import recent, store
from dure.state import Tx
from dure.state.blank import blank

# A handle without its @ and in lower case, on whatever network: one who asks to be gone is gone from all. What was
# linked to them or came from an address of theirs is theirs too.
_THEIRS = (
    "workspace = %(w)s and (lower(ltrim(handle, '@')) = any(%(handles)s) or lower(handle) = any(%(handles)s)"
    " or person = any(%(people)s) or (email <> '' and lower(email) = any(%(addresses)s)))"
)
_ASKED = "workspace = %(w)s and (person = any(%(people)s) or (source = 'mention' and ref = any(%(objects)s)))"
# What is kept beside a mention goes with it.
_BESIDE = ("decision", "link", "became")
# A talk that is theirs, whatever others said in it; and what they said in the talks of others.
_TALKS = (
    "workspace = %(w)s and (lower(ltrim(handle, '@')) = any(%(handles)s) or lower(handle) = any(%(handles)s)"
    " or person = any(%(people)s) or asked::text = any(%(objects)s))"
)
_SAID = "workspace = %(w)s and mention::text = any(%(objects)s)"


# A post of the company's own may speak of somebody, and a colleague of them beside it.
_OF_POSTS = {
    "post_plan": {"title": "text", "text": "text"},
    "post_variant": {"text": "text", "title": "text", "sent": "text", "outcome": "jsonb"},
    "post_version": {"content": "jsonb"},
    "post_review": {"note": "text", "comment": "text"},
    "post_comment": {"text": "text"},
    "publishing": {"paused_why": "text"},
}


class SocialHolder:
    """Posts by a handle of theirs go, and what they asked for; in what is others' their ids, addresses and handles are
    blanked."""

    name = "social"
    tables: Sequence[str] = (
        "social.mention", "social.spike", "social.payload", "social.saying", "social.name",
        "social.decision", "social.link", "social.became", "social.asking",
        "social.idea", "social.listen_query", "social.taken_back", "social.conversation", "social.entry",
        "social.saved_reply", "social.survey", "social.tracked_link", "social.story", "social.share",
        "social.post_plan", "social.post_variant", "social.post_version", "social.post_review", "social.post_comment",
        "social.publishing",
    )  # fmt: skip

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        rows = await tx.rows(f"select id, author from social.mention where {_THEIRS}", _of(whom))
        return whom.wider(
            objects=[str(row["id"]) for row in rows], names=[row["author"] for row in rows if row["author"]]
        )

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        payloads = await tx.rows(
            "select at, place, body from social.payload where workspace = %(w)s and body ~* %(words)s order by at",
            {"w": whom.tenant.workspace, "words": whom.strong or None},
        )
        beside = {
            f"social-{table}": await tx.rows(
                f"select * from social.{table} where workspace = %(w)s and mention::text = any(%(objects)s)", _of(whom)
            )
            for table in _BESIDE
        }
        return {
            "social-mention": await tx.rows(f"select * from social.mention where {_THEIRS}", _of(whom)), **beside,
            "social-payload": payloads,
            "social-conversation": await tx.rows(f"select * from social.conversation where {_TALKS}", _of(whom)),
            "social-entry": await tx.rows(
                f"select * from social.entry where {_SAID} or (workspace = %(w)s and conversation in"
                f" (select id from social.conversation where {_TALKS}))", _of(whom),
            ),
            "social-survey": await tx.rows(
                "select * from social.survey where workspace = %(w)s and conversation in"
                f" (select id from social.conversation where {_TALKS})", _of(whom),
            ),
            "social-asking": await tx.rows(f"select * from social.asking where {_ASKED}", _of(whom)),
            "social-link-made": await tx.rows(
                "select id, target, created_at, ended_at from social.tracked_link where workspace = %(w)s"
                " and person = any(%(people)s)", _of(whom)
            ),
        }  # fmt: skip

    async def erase(self, tx: Tx, whom: Whom) -> int:
        workspace = whom.tenant.workspace
        # What arrives meanwhile would be folded onto what goes.
        await store.lock_arrivals(tx, workspace)
        gone = await tx.rows(
            f"delete from social.mention where ({_THEIRS}) or (workspace = %(w)s and id::text = any(%(objects)s))"
            " returning id, original, text, external", _of(whom),
        )  # fmt: skip
        fewer = Counter(row["original"] for row in gone)
        await store.count_copies(tx, workspace, {original: -count for original, count in fewer.items()})
        heirs = [await store.inherit(tx, workspace, row["id"]) for row in gone]
        columns = dict.fromkeys(("text", "url", "author", "handle", "voice", "title", "email"), "text")
        changed = await blank(tx, "social.mention", {**columns, "entities": "text[]"}, whom)
        # As they read once nothing of the erased is left in them.
        await recent.remember_heirs(tx, workspace, await tx.value("select now()"), heirs)
        # A payload is only there to be looked into: one that tells of them goes whole.
        payloads = await tx.run(
            "delete from social.payload where workspace = %(w)s and (ids && %(ids)s::text[] or body ~* %(words)s)",
            {"w": whom.tenant.workspace, "ids": [row["external"] for row in gone], "words": whom.strong or None},
        )
        changed += payloads + await blank(tx, "social.saying", {"said": "jsonb", "outcome": "jsonb"}, whom)
        changed += await self._names(tx, whom)
        whom = whom.wider(objects=[str(row["id"]) for row in gone])
        changed += await tx.run(f"delete from social.asking where {_ASKED}", _of(whom))
        for table in _BESIDE:
            changed += await tx.run(
                f"delete from social.{table} where workspace = %(w)s and (mention::text = any(%(objects)s)"
                + (" or person = any(%(people)s) or handle = any(%(handles)s))" if table == "link" else ")"),
                _of(whom),
            )
        # What they took back before is taken out of the log with all that is theirs.
        changed += await tx.run(
            "delete from social.taken_back where workspace = %(w)s and (mention::text = any(%(objects)s)"
            " or said ~* %(words)s)",
            {**_of(whom), "words": whom.strong or None},
        )
        changed += await tx.run(f"delete from social.conversation where {_TALKS}", _of(whom))
        changed += await tx.run(f"delete from social.entry where kind = 'in' and {_SAID}", _of(whom))
        changed += await blank(tx, "social.conversation", dict.fromkeys(("subject", "author", "handle"), "text"), whom)
        changed += await blank(tx, "social.entry", {"text": "text", "detail": "text", "data": "jsonb"}, whom)
        changed += await blank(tx, "social.saved_reply", {"title": "text", "text": "text"}, whom)
        changed += await blank(tx, "social.survey", {"comment": "text"}, whom)
        # A query may look for somebody by handle or name.
        queries = dict.fromkeys(("name", "text", "leaves_out"), "text")
        changed += await blank(tx, "social.listen_query", queries, whom)
        changed += await blank(tx, "social.asking", {"said": "text"}, whom)
        changed += await blank(tx, "social.idea", {"title": "text", "about": "text"}, whom)
        changed += await blank(tx, "social.became", {"title": "text"}, whom)
        changed += await self._shared(tx, whom)
        for table, columns in _OF_POSTS.items():
            changed += await blank(tx, f"social.{table}", columns, whom)
        return len(gone) + changed + await self._examples(tx, whom, {row["text"] for row in gone})

    async def _shared(self, tx: Tx, whom: Whom) -> int:
        """A link that was made for them alone is for nobody and leads nowhere; stories and addresses do not tell of
        them."""
        changed = await tx.run(
            "update social.tracked_link set person = null, ended_at = coalesce(ended_at, now()) where workspace = %(w)s"
            " and person = any(%(people)s)", _of(whom),
        )  # fmt: skip
        changed += await blank(tx, "social.tracked_link", {"target": "text"}, whom)
        changed += await blank(tx, "social.share", {"url": "text"}, whom)
        columns = {"title": "text", "about": "text", "url": "text", "comment": "text", "texts": "jsonb"}
        return changed + await blank(tx, "social.story", columns, whom)

    async def _names(self, tx: Tx, whom: Whom) -> int:
        """Takes names that are theirs out of what mentions are looked through for."""
        rows = await tx.rows(
            "select id, kind, name, aliases from social.name where workspace = %s", (whom.tenant.workspace,)
        )
        theirs = {name.lower() for name in whom.names}
        gone = [
            row["id"] for row in rows
            if any(whom.told_in(one) or (row["kind"] == "person" and one.lower() in theirs)
                   for one in (row["name"], *row["aliases"]))
        ]  # fmt: skip
        if gone:
            await tx.run("delete from social.name where workspace = %s and id = any(%s)", (whom.tenant.workspace, gone))
            await tx.run("update social.reader set names = names + 1 where workspace = %s", (whom.tenant.workspace,))
        return len(gone)

    async def _examples(self, tx: Tx, whom: Whom, texts: set[str]) -> int:
        """Takes their posts out of the examples that spikes keep."""
        changed = await tx.run(
            "update social.spike s set examples = coalesce((select jsonb_agg(e) from jsonb_array_elements(s.examples) e"
            " where e ->> 'text' <> all(%(texts)s)), '[]') where workspace = %(w)s and exists (select from"
            " jsonb_array_elements(s.examples) e where e ->> 'text' = any(%(texts)s))",
            {"w": whom.tenant.workspace, "texts": list(texts)},
        )
        return changed + await blank(tx, "social.spike", {"examples": "jsonb", "why": "jsonb"}, whom)


def _of(whom: Whom) -> dict[str, Any]:
    return {
        "w": whom.tenant.workspace, "handles": list(whom.handles), "objects": list(whom.objects),
        "people": list(whom.people), "addresses": list(whom.addresses),
    }  # fmt: skip
