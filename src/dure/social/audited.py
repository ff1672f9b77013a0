"""Which of social's events are proven for ever: what the company says aloud, through which accounts, by which rules."""

from __future__ import annotations

from dure.governance.plugs import AuditTable, audited, left_out
from dure.social import events
from dure.social.advocacy import events as advocacy
from dure.social.care import events as care
from dure.social.clocks import events as clocks
from dure.social.ideas import events as ideas
from dure.social.links import events as links
from dure.social.listening import events as listening
from dure.social.publishing import events as publishing
from dure.social.reading import events as reading
from dure.social.routing import events as routing

AUDITED: AuditTable = {
    **audited(
        events.SOURCE_CONNECTED, events.SOURCE_CHANGED, events.SOURCE_DISCONNECTED, events.POST_PUBLISHED,
        events.RULES_CHANGED, routing.SETTINGS_CHANGED, routing.MODEL_CHANGED, care.SETTINGS, clocks.POLICIES,
        reading.READER_CHANGED, listening.SETTING_CHANGED, listening.QUERY_SAVED, listening.QUERY_DELETED,
        publishing.APPROVED, publishing.RETURNED, publishing.REMOVED, publishing.PAUSED, publishing.RESUMED,
        publishing.RULES_CHANGED, advocacy.APPROVED, advocacy.RETURNED, advocacy.STARTED, advocacy.ENDED,
        advocacy.WITHDRAWN, advocacy.RULES_CHANGED, advocacy.ACCOUNT_GIVEN, links.CREATED, links.ENDED,
        keep=("source", "network", "name", "kind", "post", "story", "title", "state", "was", "hash", "version", "link",
              "user", "before", "sources", "held"),
    ),
    **left_out(
        "what arrives from outside, and what models and clocks make of it",
        events.MENTION_ARRIVED, events.OWN_POST_ARRIVED, events.MENTION_ROUTED, events.MENTION_EDITED,
        events.MENTION_DELETED, events.SOURCE_FAILED, events.SOURCE_RECOVERED, events.MENTIONS_SPIKED,
        events.MENTIONS_CALMED, routing.ROUTED_TOGETHER, routing.CARDS_OUTDATED, links.CLICKED, links.FETCHED,
        clocks.DUE_SOON, clocks.OVERDUE, clocks.GIVEN, clocks.RETIMED, clocks.ASKED, clocks.NOT_ASKED, clocks.RATED,
        care.OPENED, care.CONTINUED, care.WOKEN, care.MESSAGE_CHANGED, care.RELINKED, reading.LAYER_LEARNED,
        reading.LAYER_FAILED, listening.QUERY_UNLABELLED, listening.QUERY_STOPPED, listening.QUERY_APPLIED,
        advocacy.REACHED, advocacy.REMINDED, advocacy.LEFT, publishing.CHECKED,
    ),
    **left_out(
        "daily work on mentions and conversations; each has a history of its own",
        events.MENTION_CORRECTED, events.MENTION_DONE, events.MENTION_REOPENED, events.MENTION_ANSWERED,
        routing.ACCEPTED, routing.REFUSED, reading.MENTION_JUDGED, reading.NAME_SAVED, reading.NAME_REMOVED,
        reading.LAYER_ASKED, clocks.GIVEN_BACK, care.ANSWERED, care.NOT_ANSWERED, care.SETTLED, care.DRAFTED,
        care.DISCARDED, care.ASSIGNED, care.TRANSFERRED, care.PRIORITY, care.NOTED, care.WAITING, care.SNOOZED,
        care.RESOLVED, care.REOPENED, care.SAVED, care.UNSAVED, ideas.CREATED, ideas.CHANGED, ideas.VOTED,
        ideas.LINKED, ideas.MERGED, ideas.UNMERGED,
    ),
    **left_out(
        "drafts; what is published has been approved, and that is proven",
        publishing.DRAFTED, publishing.EDITED, publishing.SET_ASIDE, publishing.COMMENTED, publishing.SUBMITTED,
        publishing.SCHEDULED, publishing.UNSCHEDULED, publishing.HELD, publishing.ENDED, publishing.RETRIED,
        advocacy.DRAFTED, advocacy.EDITED, advocacy.SUBMITTED,
    ),
    **left_out(
        "employees' own sharing", advocacy.PREPARED, advocacy.SHARED, advocacy.NOTED, advocacy.JOINED
    ),
}  # fmt: skip
