"""The hub behind the kiosks."""
