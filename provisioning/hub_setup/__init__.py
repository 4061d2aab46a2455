"""A hub's machine made ready by commands: its file, its keys, its database and its broker."""
