"""Block Kit: what a message, a modal or an app's home may be made of, judged as Slack judges it."""
