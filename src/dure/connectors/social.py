"""The sources that ship with Dure, in the order in which they are offered."""

from __future__ import annotations

from dure.connectors.social_activitypub import ActivityPub
from dure.connectors.social_app_store import AppStore
from dure.connectors.social_bluesky import Bluesky
from dure.connectors.social_discourse import Discourse
from dure.connectors.social_email import Mailbox
from dure.connectors.social_feeds import Feeds
from dure.connectors.social_files import EmployerReviews, Files
from dure.connectors.social_github import GitHub
from dure.connectors.social_mastodon import Mastodon
from dure.connectors.social_play_store import PlayStore
from dure.connectors.social_reddit import Reddit
from dure.connectors.social_webhook import Webhook
from dure.connectors.social_youtube import YouTube
from dure.social.plugs import Source, Web


def sources(web: Web) -> list[Source]:
    """Every source of this installation, each asking by `web`."""
    return [
        Feeds(web), Mastodon(web), Bluesky(web), YouTube(web), AppStore(web), PlayStore(web), Mailbox(web),
        Discourse(web), GitHub(web), ActivityPub(web), Reddit(web), Webhook(), Files(), EmployerReviews(),
    ]  # fmt: skip
