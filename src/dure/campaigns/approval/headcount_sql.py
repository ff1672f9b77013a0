"""Approval's questions to the log."""

from __future__ import annotations

_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"

# How many people a trigger met in a time.
MET = (
    "select uniqExact(e.person) from events as e where e.workspace = {{workspace:String}}"
    " and e.event = {{event:String}} and e.person != " + _NOBODY + " and e.time > {{since:DateTime64(6, 'UTC')}}"
    " and e.time <= {{now:DateTime64(6, 'UTC')}}{where}"
)

# How many people there are at all.
EVERYBODY = f"select uniq(person) from events where workspace = {{workspace:String}} and person != {_NOBODY}"

# Some of the people whom events met lately, newest first.
SOME = (
    "select e.person from events as e where e.workspace = {{workspace:String}} and e.person != "
    + _NOBODY
    + " and e.time > {{since:DateTime64(6, 'UTC')}} and e.time <= {{now:DateTime64(6, 'UTC')}}{where}"
    " group by e.person order by max(e.time) desc limit {{count:UInt32}}"
)
