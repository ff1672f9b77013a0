"""Slack's Web API, as Slack's own clients speak it: `/slack/api/METHOD`."""
