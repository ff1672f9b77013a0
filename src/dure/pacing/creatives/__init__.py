"""What is to be shown or heard: creatives, the check against their format's rules, and their way to being on air."""
