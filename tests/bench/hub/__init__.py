"""The hub under a fleet: ingestion beside a peer, signing, and request to reply."""
