"""The window in Qt. Nothing outside this folder knows Qt."""
