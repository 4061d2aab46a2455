"""One file per document kind."""
