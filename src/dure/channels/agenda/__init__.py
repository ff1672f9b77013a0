"""The agenda that a channel's page begins with: what is to be spoken of, whose it is and until when."""
