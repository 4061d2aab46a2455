"""One file per document kind; the codes are those of the project's list of document types."""
