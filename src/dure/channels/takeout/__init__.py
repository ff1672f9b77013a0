"""What a workspace said, as a file to take out: for those who must prove it, and for leaving."""
