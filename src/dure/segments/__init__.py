"""Named sets of people: rules over the log, who is in them now, who came and went, and handing them over."""
