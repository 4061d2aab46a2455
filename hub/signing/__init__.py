"""From a recorded decision to signed bytes."""
