"""Mixpanel's Python client as a program: `send_mixpanel.py FUNCTION URL KEY …`; prints what it was told as JSON."""

import json
import sys
import time

from mixpanel import BufferedConsumer, Consumer, Mixpanel, MixpanelException, ServiceAccountCredentials

URL, KEY = sys.argv[2:4]
DOORS = {
    "events_url": f"{URL}/track", "people_url": f"{URL}/engage", "groups_url": f"{URL}/groups",
    "import_url": f"{URL}/import",
}  # fmt: skip


def calls():
    user, device = sys.argv[4:6]
    mixpanel = Mixpanel(KEY, Consumer(**DOORS))
    mixpanel.track(f"$device:{device}", "Opened", {"$device_id": device})
    mixpanel.track(
        user, "Listen Started", {"genre": "jazz", "$device_id": device, "$user_id": user, "company": "acc-1"}
    )
    mixpanel.people_set(user, {"$name": "김미나", "plan": "pro"})
    mixpanel.people_set_once(user, {"first": "app"})
    mixpanel.people_increment(user, {"listens": 2})
    mixpanel.people_append(user, {"tags": "a"})
    mixpanel.people_union(user, {"tags": ["b"]})
    mixpanel.people_remove(user, {"tags": "a"})
    mixpanel.people_unset(user, ["trial"])
    mixpanel.people_track_charge(user, 5000, {"$time": "2026-11-20T00:00:00"})
    mixpanel.people_clear_charges(user)
    mixpanel.people_delete(f"{user}-gone")
    mixpanel.group_set("company", "acc-1", {"size": 40})
    mixpanel.group_union("company", "acc-1", {"tags": ["a"]})
    mixpanel.group_delete("company", "acc-2")
    mixpanel.import_data(None, user, "Long Ago", 1_577_923_445, {"old": True})
    mixpanel.merge(None, user, f"old-{user}")
    return {}


def service():
    """With a service account the user name is nobody's key, and the token stands in the events."""
    credentials = ServiceAccountCredentials("service-account", "its-secret", "7")
    Mixpanel(KEY, Consumer(**DOORS, credentials=credentials)).import_data(None, sys.argv[4], "Imported", 1_577_923_445)
    return {}


def buffered():
    user = sys.argv[4]
    consumer = BufferedConsumer(**DOORS)
    mixpanel = Mixpanel(KEY, consumer)
    for number in range(60):
        mixpanel.track("undefined" if number == 7 else user, "Tick", {"number": number})
    consumer.flush()
    mixpanel.track(user, "Tock")
    consumer.flush()
    return {}


def refused():
    mixpanel = Mixpanel(KEY, Consumer(**DOORS))
    told = []
    for properties in ({}, {"time": time.time() - 6 * 86_400}):
        try:
            mixpanel.track("undefined" if not properties else "user-1", "Never", properties)
        except MixpanelException as error:
            told.append(str(error))
    return {"told": told}


sys.stdout.write(json.dumps(globals()[sys.argv[1]]()) + "\n")
