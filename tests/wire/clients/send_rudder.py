"""RudderStack's Python client as a program: `send_rudder.py FUNCTION URL KEY …`; prints what it was told as JSON."""

import json
import sys

from rudderstack.analytics.client import Client

URL, KEY = sys.argv[2:4]


def calls():
    packed, user, device = sys.argv[4:7]
    errors = []
    client = Client(KEY, host=URL, gzip=packed == "gzip", on_error=lambda error, _: errors.append(str(error)))
    client.page(anonymous_id=device, category="Docs", name="Home", properties={"path": "/"})
    client.identify(user, {"name": "김미나", "plan": "free"}, anonymous_id=device)
    client.track(user, "Listen Started", {"genre": "jazz", "text": "x" * 50_000})
    client.screen(user, name="Player")
    client.group(user, "acc-1", {"name": "한빛커피"})
    client.alias(f"old-{user}", user)
    client.flush()
    client.join()
    return {"errors": errors}


def through_the_module():
    """As its documentation has it: settings of the module."""
    import rudderstack.analytics as rudder_analytics

    rudder_analytics.write_key = KEY
    rudder_analytics.dataPlaneUrl = URL
    rudder_analytics.track(sys.argv[4], "Tick")
    rudder_analytics.flush()
    return {}


def stranger():
    try:
        Client(KEY, host=URL, sync_mode=True).track("user-17", "Never")
    except Exception as error:
        return {"status": error.status, "message": error.message}
    return {}


sys.stdout.write(json.dumps(globals()[sys.argv[1]]()) + "\n")
