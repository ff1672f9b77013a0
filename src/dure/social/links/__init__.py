"""Tracked links: short addresses that lead on to a page, and what is known of the clicks on them."""
