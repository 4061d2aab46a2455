"""`make prove-privacy`: a visit with marked faces and a marked card, and a search for the marks on disk and broker."""
