"""Pixels to facts: pure functions on values."""
