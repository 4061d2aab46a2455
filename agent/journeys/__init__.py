"""One file per thing a citizen can do."""
