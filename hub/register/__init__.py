"""Numbers and books."""
