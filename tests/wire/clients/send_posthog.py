"""PostHog's Python client as a program: `send_posthog.py FUNCTION URL KEY …`; prints what it was told as JSON."""

import json
import sys
from datetime import UTC, datetime

from posthog import Posthog

URL, KEY = sys.argv[2:4]
ERRORS = []


def client(mode, **options):
    def failed(error, batch):
        drops = [details for _, details in getattr(error, "drops", [])]
        ERRORS.append({"status": error.status, "message": str(error), "drops": drops, "events": len(batch or [])})

    return Posthog(KEY, host=URL, on_error=failed, capture_mode=mode, flush_interval=0.1, **options)


def calls():
    mode, user, device, packed = sys.argv[4:8]
    posthog = client(mode, gzip=packed == "gzip", **({"capture_compression": packed} if mode == "v1" else {}))
    posthog.capture("Opened", distinct_id=device, properties={"$process_person_profile": False})
    posthog.capture("$identify", distinct_id=user, properties={"$anon_distinct_id": device, "$set": {"name": "김미나"}})
    posthog.capture("Listen Started", distinct_id=user, properties={"genre": "jazz", "$set": {"plan": "pro"}},
                    groups={"company": "acc-1"})  # fmt: skip
    posthog.set(distinct_id=user, properties={"city": "서울"})
    posthog.set_once(distinct_id=user, properties={"first": "app"})
    posthog.group_identify("company", "acc-1", {"size": 40})
    posthog.alias(previous_id=f"old-{user}", distinct_id=user)
    posthog.capture("Long Ago", distinct_id=user, timestamp=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    posthog.shutdown()
    return {"errors": ERRORS}


def history():
    mode, user = sys.argv[4:6]
    posthog = client(mode, historical_migration=True)
    posthog.capture("Imported", distinct_id=user, timestamp=datetime(2020, 1, 2, tzinfo=UTC))
    posthog.shutdown()
    return {"errors": ERRORS}


def partial():
    mode, user = sys.argv[4:6]
    posthog = client(mode)
    posthog.capture("Good", distinct_id=user)
    posthog.capture("Nobody's", distinct_id="undefined")
    posthog.capture("Good", distinct_id=user)
    posthog.shutdown()
    return {"errors": ERRORS}


def flags():
    posthog = client("v0")
    answer = {
        "all": posthog.get_all_flags("user-flags"),
        "payloads": posthog.get_all_flags_and_payloads("user-flags"),
        "one": posthog.get_feature_flag("new-player", "user-flags"),
        "enabled": posthog.feature_enabled("new-player", "user-flags"),
    }
    posthog.shutdown()
    return answer | {"errors": ERRORS}


sys.stdout.write(json.dumps(globals()[sys.argv[1]]()) + "\n")
