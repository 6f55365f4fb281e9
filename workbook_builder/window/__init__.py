"""The window: what it shows and does, with Qt apart in `qt`."""
