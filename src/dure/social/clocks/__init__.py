"""How long customers wait: policies, clocks in opening hours, warnings, surveys, the care report."""
