"""Weights, their manifest, and how each was made."""
