"""What trials write to the feed: who sent which test where."""

TESTED = "Test Sent"
SEEDED = "Seeds Sent"
