"""Lists that somebody keeps."""
