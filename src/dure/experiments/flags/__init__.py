"""Feature flags for product: what they are, what they answer, and PostHog's protocol for it."""
