"""What Slack's app manifest may hold, as a JSON Schema: field names, lengths and counts are those of its reference.

Parts that describe apps which run at Slack (workflows, data stores) are let through as objects; nothing here uses them.
"""

from __future__ import annotations

from typing import Any

_URL = r"^https?://"


def _text(longest: int, shortest: int = 1, pattern: str = "") -> dict[str, Any]:
    rule = {"type": "string", "minLength": shortest, "maxLength": longest}
    return {**rule, "pattern": pattern} if pattern else rule


def _list(of: dict[str, Any], most: int, least: int = 0, *, once: bool = False) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most, "uniqueItems": once}


def _object(needed: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    """An object of these fields and no others."""
    return {"type": "object", "required": list(needed), "additionalProperties": False, "properties": properties}


_YES_OR_NO = {"type": "boolean"}
_ANY_OBJECT = {"type": "object"}
_ANY_LIST = {"type": "array"}
_NAMES = _list(_text(50), 255)
_EVENTS = _list(_text(50), 100, once=True)
_DOMAIN = _text(255, pattern=r"^(?![.\-])[-a-z0-9.]+[a-z0-9]$")

_FEATURES = _object(
    app_home=_object(
        home_tab_enabled=_YES_OR_NO,
        messages_tab_enabled=_YES_OR_NO,
        messages_tab_read_only_enabled=_YES_OR_NO,
    ),
    bot_user=_object(("display_name",), display_name=_text(80), always_online=_YES_OR_NO),
    shortcuts=_list(
        _object(
            ("name", "type", "callback_id", "description"),
            name=_text(24),
            type={"enum": ["message", "global"]},
            callback_id=_text(255),
            description=_text(150),
        ),
        10,
        1,
    ),
    slash_commands=_list(
        _object(
            ("command", "description"),
            command=_text(32, 2, r"^/"),
            url=_text(3000, pattern=_URL),
            description=_text(2000),
            usage_hint=_text(1000),
            should_escape=_YES_OR_NO,
        ),
        50,
        1,
    ),
    unfurl_domains=_list(_DOMAIN, 5, 1, once=True),
    workflow_steps=_list(_object(("name", "callback_id"), name=_text(50), callback_id=_text(50)), 10, 1),
    assistant_view=_ANY_OBJECT,
    functions=_ANY_LIST,
    rich_previews=_ANY_OBJECT,
    search=_ANY_OBJECT,
)

_SETTINGS = _object(
    allowed_ip_address_ranges=_list(_text(50), 50, 1, once=True),
    event_subscriptions=_object(
        request_url=_text(3500, pattern=_URL),
        bot_events=_EVENTS,
        user_events=_EVENTS,
        metadata_subscriptions=_list(
            _object(("app_id", "event_type"), app_id={"type": "string"}, event_type=_text(50)), 20, 1, once=True
        ),
    ),
    incoming_webhooks=_object(incoming_webhooks_enabled=_YES_OR_NO),
    interactivity=_object(
        ("is_enabled",),
        is_enabled=_YES_OR_NO,
        request_url=_text(3500, pattern=_URL),
        message_menu_options_url=_text(3500, pattern=_URL),
    ),
    siws_links=_object(initiate_uri=_text(3500, pattern=r"^https://")),
    org_deploy_enabled=_YES_OR_NO,
    socket_mode_enabled=_YES_OR_NO,
    token_rotation_enabled=_YES_OR_NO,
    is_hosted=_YES_OR_NO,
    is_mcp_enabled=_YES_OR_NO,
    hermes_app_type={"type": "string"},
    function_runtime={"type": "string"},
)

MANIFEST: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object(
        ("display_information",),
        **{"$schema": {"type": "string"}},
        _metadata=_object(
            schema_version={"type": "integer"},
            min_version={"type": "integer"},
            major_version={"enum": [1, 2]},
            minor_version={"type": "integer"},
        ),
        display_information=_object(
            ("name",),
            name=_text(35),
            description=_text(140),
            background_color=_text(7, 4, r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
            long_description=_text(4000, 175),
        ),
        features=_FEATURES,
        oauth_config=_object(
            redirect_urls=_list(_text(2500), 1000, once=True),
            scopes=_object(user=_NAMES, bot=_NAMES, user_optional=_NAMES, bot_optional=_NAMES),
            token_management_enabled=_YES_OR_NO,
            pkce_enabled=_YES_OR_NO,
        ),
        settings=_SETTINGS,
        functions=_ANY_OBJECT,
        workflows=_ANY_OBJECT,
        datastores=_ANY_OBJECT,
        types=_ANY_OBJECT,
        outgoing_domains=_ANY_LIST,
        external_auth_providers=_ANY_OBJECT,
        app_directory=_ANY_OBJECT,
    ),
}
