"""Files in PostgreSQL: what is known of each, where it is shared, who can see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.documents.model import Reading
from dure.channels.files import blob_store
from dure.channels.files.kinds import TYPES
from dure.channels.files.model import File, Filter, Shared, Thumb
from dure.kernel.tenant import Tenant
from dure.state import Tx

# What is known of a file: its small pictures, and whether an open channel of its owner's workspace has it.
_KNOWN = """f.*,
coalesce((select jsonb_agg(to_jsonb(t) order by t.size) from channels.thumb t where t.file = f.id), '[]') as thumbs,
exists (
    select 1 from channels.file_share o join channels.conversation oc on oc.id = o.channel and oc.kind = 'channel'
    join channels.share os on os.channel = o.channel and os.workspace = f.workspace and not os.private
    where o.file = f.id
) as open"""
_FILE = f"select {_KNOWN} from channels.file f"

# A place where a caller can see a file: they can read the conversation, and the owner's side is still connected to it.
_SEEN_AT = """
from channels.file_share h
join channels.conversation c on c.id = h.channel
join channels.share mine on mine.channel = h.channel and mine.workspace = %(workspace)s and mine.state = 'connected'
    and not (%(program)s and mine.limited)
join channels.share theirs on theirs.channel = h.channel and theirs.workspace = f.workspace
    and (theirs.state = 'connected' or (theirs.org = c.org and mine.org = c.org))
left join channels.membership m on m.channel = h.channel and m.account = %(account)s
where h.file = f.id and (m.account is not null
    or (c.kind = 'channel' and (%(everything)s or (%(open_too)s and not mine.private and not mine.limited))))
"""

_VISIBLE = f"((f.workspace = %(workspace)s and f.account = %(account)s) or exists (select 1 {_SEEN_AT}))"


# -- one file -------------------------------------------------------------------------------------------------------


async def add(tx: Tx, file: File, *, secret: str | None = None, expires_at: datetime | None = None) -> None:
    await tx.run(
        "insert into channels.file (id, workspace, org, account, app, name, title, alt, mimetype, filetype, mode,"
        " state, size, sha256, secret, expires_at, preview, lines, width, height, external_id, external_url,"
        " created_at)"
        " values (%(id)s, %(workspace)s, %(org)s, %(user)s, %(app)s, %(name)s, %(title)s, %(alt)s, %(mimetype)s,"
        " %(filetype)s, %(mode)s, %(state)s, %(size)s, %(sha256)s, %(secret)s, %(expires_at)s, %(preview)s, %(lines)s,"
        " %(width)s, %(height)s, %(external_id)s, %(external_url)s, %(created_at)s)",
        {**_values(file), "secret": secret, "expires_at": expires_at},
    )


async def reserved(tx: Tx, secret: str, *, lock: bool = False) -> File | None:
    """The file that an upload address was given out for; None where nothing may be sent there (any more)."""
    row = await tx.row(
        f"select * from channels.file where secret = %s and state = 'reserved'{' for update' if lock else ''}",
        (secret,),
    )
    return None if row is None else _file({**row, "thumbs": []})


async def fill(tx: Tx, file: File) -> None:
    """Writes what the bytes turned out to be; the upload address is used up."""
    await tx.run(
        "update channels.file set state = %(state)s, size = %(size)s, sha256 = %(sha256)s, mimetype = %(mimetype)s,"
        " filetype = %(filetype)s, mode = %(mode)s, preview = %(preview)s, lines = %(lines)s, width = %(width)s,"
        " height = %(height)s, secret = null where id = %(id)s and workspace = %(workspace)s",
        _values(file),
    )


async def add_thumbs(tx: Tx, file: str, thumbs: Sequence[Thumb]) -> None:
    await tx.many(
        "insert into channels.thumb (file, size, sha256, mimetype, width, height, bytes)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [(file, one.size, one.sha256, one.mimetype, one.width, one.height, one.bytes) for one in thumbs],
    )


async def put_text(tx: Tx, file: str, workspace: str, read: Reading) -> None:
    """Keeps what a document says."""
    await tx.run(
        "insert into channels.file_text (file, workspace, text, why) values (%s, %s, %s, %s)"
        " on conflict (file) do nothing",
        (file, workspace, read.text, read.why),
    )


async def text(tx: Tx, file: str, workspace: str) -> Reading | None:
    """What a document says; None where nobody read it yet."""
    row = await tx.row("select text, why from channels.file_text where file = %s and workspace = %s", (file, workspace))
    return None if row is None else Reading(row["text"], row["why"])


async def keep(tx: Tx, tenant: Tenant, file: str, title: str) -> None:
    """The file is its owner's from now on."""
    await tx.run(
        "update channels.file set state = 'kept', expires_at = null, title = %s where id = %s and workspace = %s",
        (title, file, tenant.workspace),
    )


async def change(tx: Tx, file: File) -> None:
    """Writes what can be changed about a file: its words, its address elsewhere, its public secret."""
    await tx.run(
        "update channels.file set title = %(title)s, name = %(name)s, filetype = %(filetype)s,"
        " mimetype = %(mimetype)s, external_url = %(external_url)s, public_secret = %(public_secret)s"
        " where id = %(id)s and workspace = %(workspace)s",
        _values(file),
    )


async def remove(tx: Tx, file: str, workspace: str, now: datetime) -> None:
    """Empties a file; the row stays, so that messages which carried it know that it is gone."""
    await blob_store.let_go(tx, file, now)
    await tx.run("delete from channels.thumb where file = %s", (file,))
    await tx.run("delete from channels.file_text where file = %s and workspace = %s", (file, workspace))
    await tx.run(
        "update channels.file set state = 'deleted', sha256 = null, secret = null, expires_at = null, preview = '',"
        " name = '', title = '', alt = '', public_secret = null, external_id = null, external_url = null"
        " where id = %s and workspace = %s",
        (file, workspace),
    )


# -- looking --------------------------------------------------------------------------------------------------------


async def find(
    tx: Tx,
    workspace: str,
    account: str,
    file: str,
    *,
    everything: bool,
    open_too: bool,
    program: bool,
    lock: bool = False,
) -> File | None:
    """A file that the caller owns or can see somewhere, a deleted one included."""
    params = _who(workspace, account, everything, open_too, program)
    row = await tx.row(
        f"{_FILE} where f.id = %(file)s and f.state <> 'reserved' and {_VISIBLE}{' for update of f' if lock else ''}",
        {**params, "file": file},
    )
    return None if row is None else _file(row)


async def find_external(tx: Tx, workspace: str, external_id: str) -> str | None:
    found: str | None = await tx.value(
        "select id from channels.file where workspace = %s and external_id = %s and state <> 'deleted'",
        (workspace, external_id),
    )
    return found


async def find_public(tx: Tx, secret: str) -> File | None:
    """The file that its owner made public under a secret."""
    row = await tx.row(f"{_FILE} where f.public_secret = %s and f.state = 'kept'", (secret,))
    return None if row is None else _file(row)


async def shares(
    tx: Tx, workspace: str, account: str, files: Sequence[str], *, everything: bool, open_too: bool, program: bool
) -> dict[str, list[Shared]]:
    """Where the caller can see files, the oldest place first."""
    rows = await tx.rows(
        "select f.id as file, seen.* from channels.file f cross join lateral (select h.channel, mine.name, c.kind,"
        f" mine.private, h.ts, h.thread, h.account, h.team, h.shared_at {_SEEN_AT}) seen"
        " where f.id = any(%(files)s) order by seen.ts",
        {**_who(workspace, account, everything, open_too, program), "files": list(files)},
    )
    found: dict[str, list[Shared]] = {file: [] for file in files}
    for row in rows:
        found[row["file"]].append(
            Shared(row["channel"], row["name"], row["kind"], row["private"], row["ts"], row["thread"], row["account"],
                   row["team"], row["shared_at"])
        )  # fmt: skip
    return found


async def listed(
    tx: Tx,
    workspace: str,
    account: str,
    wanted: Filter,
    *,
    everything: bool,
    open_too: bool,
    program: bool,
    offset: int,
    limit: int,
) -> tuple[list[File], int]:
    """A page of the kept files that the caller can see, the newest first, and how many there are."""
    groups = [TYPES[name] for name in wanted.types]
    where = [
        f"f.state = 'kept' and {_VISIBLE}",
        "(%(channel)s = '' or exists (select 1 from channels.file_share i where i.file = f.id"
        " and i.channel = %(channel)s))",
        "(%(user)s = '' or f.account = %(user)s)",
        "(%(since)s::timestamptz is null or f.created_at >= %(since)s)",
        "(%(until)s::timestamptz is null or f.created_at <= %(until)s)",
    ]
    params: dict[str, Any] = {
        **_who(workspace, account, everything, open_too, program), "channel": wanted.channel, "user": wanted.user,
        "since": wanted.since, "until": wanted.until, "offset": offset, "limit": limit,
    }  # fmt: skip
    if groups:
        parts = []
        for number, (column, patterns) in enumerate(groups):
            parts.append(f"f.{column} like any(%(type{number})s)")
            params[f"type{number}"] = list(patterns)
        where.append(f"({' or '.join(parts)})")
    condition = " and ".join(where)
    total: int = await tx.value(f"select count(*) from channels.file f where {condition}", params)
    rows = await tx.rows(
        f"{_FILE} where {condition} order by f.created_at desc, f.id limit %(limit)s offset %(offset)s", params
    )
    return [_file(row) for row in rows], total


async def carried(tx: Tx, channel: str, files: Sequence[str]) -> dict[str, File]:
    """Files that messages of a conversation carry, by id, for whoever may read these; `cut` where the owner's side
    is no longer connected."""
    if not files:
        return {}
    rows = await tx.rows(
        f"select {_KNOWN}, not exists (select 1 from channels.share s where s.channel = %s and s.workspace ="
        " f.workspace and s.state = 'connected') as cut from channels.file f where f.id = any(%s)",
        (channel, list(files)),
    )
    return {row["id"]: _file(row) for row in rows}


# -- in messages ----------------------------------------------------------------------------------------------------


async def share(tx: Tx, file: str, home: str, shared: Shared) -> None:
    await tx.run(
        "insert into channels.file_share (file, channel, ts, thread, workspace, team, account, shared_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (file, shared.channel, shared.ts, shared.thread, home, shared.team, shared.user, shared.at),
    )


async def carries(tx: Tx, channel: str, files: Sequence[str]) -> bool:
    """Whether one message of a conversation carries all of these."""
    row = await tx.row(
        "select ts from channels.file_share where channel = %s and file = any(%s) group by ts having count(*) = %s",
        (channel, list(files), len(set(files))),
    )
    return row is not None


async def places(tx: Tx, file: str) -> list[Shared]:
    """Every message that carries a file, whoever can see it."""
    rows = await tx.rows("select * from channels.file_share where file = %s order by channel, ts", (file,))
    return [
        Shared(row["channel"], "", "", False, row["ts"], row["thread"], row["account"], row["team"], row["shared_at"])
        for row in rows
    ]


async def unshare(tx: Tx, channel: str, ts: int) -> None:
    """A message that is deleted carries nothing any more; the files are still their owners'."""
    await tx.run("delete from channels.file_share where channel = %s and ts = %s", (channel, ts))


async def is_open_elsewhere(tx: Tx, file: str, channel: str, ts: int) -> bool:
    """Whether an open channel of the owner's workspace had the file before this message brought it to one."""
    return (
        await tx.row(
            "select 1 from channels.file_share h join channels.file f on f.id = h.file"
            " join channels.share s on s.channel = h.channel and s.workspace = f.workspace"
            " join channels.conversation c on c.id = h.channel"
            " where h.file = %s and (h.channel, h.ts) <> (%s, %s) and c.kind = 'channel' and not s.private limit 1",
            (file, channel, ts),
        )
        is not None
    )


async def hold(tx: Tx, workspace: str, files: Sequence[str]) -> None:
    """Uploaded files that a message which waits is going to carry are not swept meanwhile."""
    await tx.run(
        "update channels.file set expires_at = null where workspace = %s and id = any(%s) and state = 'uploaded'",
        (workspace, list(files)),
    )


async def let_go(tx: Tx, workspace: str, files: Sequence[str], now: datetime) -> None:
    """Nobody waits for these any more; what no message kept is swept."""
    await tx.run(
        "update channels.file set expires_at = %s where workspace = %s and id = any(%s) and state = 'uploaded'",
        (now, workspace, list(files)),
    )


# -- never kept -------------------------------------------------------------------------------------------------


async def expired(tx: Tx, now: datetime, limit: int) -> list[File]:
    """Files that nobody kept in time, for this worker alone."""
    rows = await tx.rows(
        "select *, '[]'::jsonb as thumbs from channels.file where expires_at <= %s order by expires_at limit %s"
        " for update skip locked",
        (now, limit),
    )
    return [_file(row) for row in rows]


async def forget(tx: Tx, file: File, now: datetime) -> None:
    """Takes a file that was never kept away altogether."""
    await blob_store.let_go(tx, file.id, now)
    await tx.run("delete from channels.file where id = %s and workspace = %s", (file.id, file.workspace))


def _who(workspace: str, account: str, everything: bool, open_too: bool, program: bool) -> dict[str, Any]:
    return {"workspace": workspace, "account": account, "everything": everything, "open_too": open_too,
            "program": program}  # fmt: skip


def _values(file: File) -> dict[str, Any]:
    names = (
        "id", "workspace", "org", "user", "app", "name", "title", "alt", "mimetype", "filetype", "mode", "state",
        "size", "sha256", "preview", "lines", "width", "height", "public_secret", "external_id", "external_url",
        "created_at",
    )  # fmt: skip
    return {name: getattr(file, name) for name in names}


def _file(row: dict[str, Any]) -> File:
    return File(
        id=row["id"], workspace=row["workspace"], org=row["org"], user=row["account"], app=row["app"],
        name=row["name"], title=row["title"], alt=row["alt"], mimetype=row["mimetype"], filetype=row["filetype"],
        mode=row["mode"], state=row["state"], size=row["size"], sha256=row["sha256"], created_at=row["created_at"],
        preview=row["preview"], lines=row["lines"], width=row["width"], height=row["height"],
        public_secret=row["public_secret"], external_id=row["external_id"], external_url=row["external_url"],
        thumbs=tuple(
            Thumb(t["size"], t["sha256"], t["mimetype"], t["width"], t["height"], t["bytes"]) for t in row["thumbs"]
        ),
        open=row.get("open", False), cut=row.get("cut", False),
    )  # fmt: skip
