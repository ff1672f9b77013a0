"""What a channel's administrators set for it: who writes, who answers, who calls everybody, how many it holds."""
