"""Amplitude's Python client as a program: `send_amplitude.py FUNCTION URL KEY`; prints what it was told as JSON."""

import json
import logging
import sys
import threading

from amplitude import Amplitude, BaseEvent, Config, EventOptions, Identify, Revenue

URL, KEY = sys.argv[2:4]


class Told:
    """What the client told its program of each event, once it was done with it."""

    def __init__(self, **options):
        self.codes = {}
        self.logged = []
        self._news = threading.Condition()
        handler = logging.Handler()
        handler.emit = lambda record: self.logged.append(record.getMessage())
        logger = logging.getLogger("told")
        logger.addHandler(handler)
        self.client = Amplitude(KEY, Config(callback=self._note, logger=logger, flush_interval_millis=200, **options))

    def _note(self, event, code, message):
        with self._news:
            self.codes[event.event_type] = [code, message]
            self._news.notify_all()

    def until(self, count):
        """Sends until it heard of `count` kinds of events; what it takes back it sends again."""
        with self._news:
            for _ in range(50):
                if len(self.codes) >= count:
                    return self.codes
                self.client.flush()
                self._news.wait(1)
        raise AssertionError(self.codes)


def calls():
    path = sys.argv[4]
    user, device = sys.argv[5:7]
    told = Told(server_url=URL + path)
    client, both = told.client, EventOptions(user_id=user, device_id=device)
    client.track(BaseEvent("Opened", device_id=device))
    client.track(BaseEvent("Listen Started", user_id=user, device_id=device, event_properties={"genre": "jazz"},
                           groups={"company": "acc-1"}, os_name="iOS", price=3.5, quantity=2))  # fmt: skip
    identify = Identify()
    identify.set("plan", "pro").set_once("first", "app").add("listens", 2).append("tags", "a").prepend("tags", "z")
    identify.unset("trial").pre_insert("seen", "x").post_insert("watched", "y").remove("lists", "l")
    client.identify(identify, both)
    client.group_identify("company", "acc-1", Identify().set("size", 40))
    client.set_group("company", "acc-1", both)
    client.revenue(Revenue(price=9.5, quantity=1, product_id="p-1"), both)
    codes = told.until(5)
    client.shutdown()
    return {"codes": codes, "logged": told.logged}


def partial():
    told = Told(server_url=URL + "/2/httpapi")
    for number in range(5):
        told.client.track(BaseEvent(f"Good {number}", user_id="user-partial"))
    told.client.track(BaseEvent("Nobody's", user_id="undefined"))
    told.client.track(BaseEvent("Future", user_id="user-partial", time=4_000_000_000_000))
    codes = told.until(7)
    told.client.shutdown()
    return {"codes": codes}


def too_large():
    told = Told(server_url=URL + "/2/httpapi", flush_queue_size=3)
    for number in range(3):
        text = {f"text {n}": "x" * 1000 for n in range(500)}
        told.client.track(BaseEvent(f"Large {number}", user_id="user-large", event_properties=text))
    codes = told.until(3)
    told.client.shutdown()
    return {"codes": codes}


def one():
    told = Told(server_url=URL + "/2/httpapi")
    told.client.track(BaseEvent("Never", user_id="user-never"))
    for future in told.client.flush():
        future.result()
    told.client.shutdown()
    return {"codes": told.codes, "logged": told.logged}


sys.stdout.write(json.dumps(globals()[sys.argv[1]]()) + "\n")
