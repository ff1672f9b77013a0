"""A company's past in Slack, from the export that Slack makes of it: read, shown, brought in."""
