"""Looking back: runs found by what they are about, counts by node, and what failed over all automations."""
