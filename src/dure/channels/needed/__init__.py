"""Who is needed in a channel: what each member does there, and whom one might leave out."""
