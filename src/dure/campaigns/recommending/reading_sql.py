"""What recommendations ask the log. Everybody counts under the id they have now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dure.campaigns.recommending.model import Selectors
from dure.kernel.errors import Invalid

NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
MERGED = """merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person
)"""
WHO = f"if(m.to_person = {NOBODY}, e.person, m.to_person)"
_ARRIVED = """e.workspace = {workspace:String} and e.received_at > {since:DateTime64(6, 'UTC')}
  and e.received_at <= {until:DateTime64(6, 'UTC')}"""

# The newest arrival after a moment, and how many there were until another.
NEWEST = """
select max(received_at), countIf(received_at <= {until:DateTime64(6, 'UTC')}) from events
where workspace = {workspace:String} and received_at > {since:DateTime64(6, 'UTC')}
"""

# How many consumptions arrived: what a first reading has before it.
ARRIVED = f"""
select count() from events as e where {_ARRIVED} and e.event = {{event:String}} and e.person != {NOBODY}
"""

# Who was joined with or parted from whom lately: their histories are read again as a whole.
JOINED = f"""
select distinct toUUIDOrZero(toString(arrayJoin([e.properties.from_person, e.properties.to_person]))) as who
from events as e where {_ARRIVED} and e.event = 'Person Linked' and e.source = 'people'
"""

# What went on air and off again lately, in the order it happened.
ON_AIR = (
    """
select e.event as event, {item} as item, {creator} as creator, {genre} as genre,
       toString(e.properties.title) as title, toString(e.properties.url) as url,
       toString(e.properties.language) as language, e.time as time
from events as e where """
    + _ARRIVED.replace("{", "{{").replace("}", "}}")
    + """
  and e.event in {{events:Array(String)}} and {item} != ''
order by e.time
"""
)


def tokens(selectors: Selectors) -> str:
    """Items and creators that were consumed, followed or blocked lately, with the newest genre of each."""
    item, creator, genre = places(selectors.item), places(selectors.creator), place(selectors.genre)
    named = places((*selectors.creator, "object"))
    return f"""
select what, id, argMax(genre, at) as genre from (
    select 'item' as what, {item} as id, {genre} as genre, e.time as at from events as e
    where {_ARRIVED} and e.event = {{event:String}}
    union all
    select 'creator', {creator}, {genre}, e.time from events as e
    where {_ARRIVED} and e.event = {{event:String}}
    union all
    select if(e.event in {{of_items:Array(String)}}, 'item', 'creator'),
           if(e.event in {{of_items:Array(String)}}, {item}, {named}), '', toDateTime64(0, 6, 'UTC')
    from events as e where {_ARRIVED} and e.event in {{events:Array(String)}}
)
where id != '' and length(id) <= 200 group by what, id
"""


def heard(selectors: Selectors, where: str) -> str:
    """Who consumed what, how often and when last: rows of `who, item, creator, plays, last`, fixed width, by person.

    Items and creators are given as the numbers they have here; 0 is none.
    """
    item, creator = places(selectors.item), places(selectors.creator)
    return f"""
with {MERGED}
select {WHO} as who,
       toUInt32(transform({item}, {{items:Array(String)}}, {{item_numbers:Array(UInt32)}}, 0)) as item,
       toUInt32(transform({creator}, {{creators:Array(String)}}, {{creator_numbers:Array(UInt32)}}, 0)) as creator,
       toUInt32(count()) as plays, toUInt32(toUnixTimestamp(max(e.time))) as last
from events as e left any join merged as m on e.person = m.from_person
where {_ARRIVED} and e.event = {{event:String}} and e.person != {NOBODY}
  and e.time > {{oldest:DateTime64(6, 'UTC')}}{where}
  and cityHash64({WHO}) % {{parts:UInt32}} = {{part:UInt32}}
  and (empty({{people:Array(UUID)}}) or {WHO} in {{people:Array(UUID)}})
group by who, item, creator having item > 0 or creator > 0
order by who
"""


def said(selectors: Selectors) -> str:
    """Whom people follow and whom and what they block: the last word of each on each, as rows of fixed width."""
    creator, item = places((*selectors.creator, "object")), places(selectors.item)
    return f"""
with {MERGED}
select {WHO} as who,
       toUInt32(if(e.event in {{of_items:Array(String)}},
           transform({item}, {{items:Array(String)}}, {{item_numbers:Array(UInt32)}}, 0),
           transform({creator}, {{creators:Array(String)}}, {{creator_numbers:Array(UInt32)}}, 0))) as token,
       toUInt8(if(e.event in {{follows:Array(String)}}, 1, 2)) as about,
       toUInt8(argMax(e.event in {{yes:Array(String)}}, e.time)) as yes,
       toUInt32(toUnixTimestamp(max(e.time))) as last
from events as e left any join merged as m on e.person = m.from_person
where {_ARRIVED} and e.event in {{events:Array(String)}} and e.person != {NOBODY}
  and (empty({{people:Array(UUID)}}) or {WHO} in {{people:Array(UUID)}})
group by who, token, about having token > 0
order by who
"""


def on_air(selectors: Selectors) -> str:
    return ON_AIR.format(item=places(selectors.item), creator=places(selectors.creator), genre=place(selectors.genre))


def places(names: Sequence[str]) -> str:
    """The first of the places that holds something, else the empty text."""
    shown = [place(name) for name in names]
    if not shown:
        return "''"
    return f"coalesce({', '.join(f'nullIf({one}, {chr(39) * 2})' for one in shown)}, '')"


def place(name: str) -> str:
    """A property's text, "" where there is none; `object` is the event's own."""
    if name == "object":
        return "e.object"
    path = ".".join(f"`{part}`" for part in name.split("."))
    return f"ifNull(toString(e.properties.{path}), '')"


def checked(names: Mapping[str, Sequence[str]]) -> None:
    """Invalid for a place whose name could not be a property's."""
    for field, each in names.items():
        for name in each:
            if not all(part and part.replace("_", "a").replace(" ", "a").isalnum() for part in name.split(".")):
                raise Invalid(f"{name!r} is no name of a property.", field=field)
