"""Where people, partners and bots talk: conversations, messages, shared channels, and the time a customer waits."""
