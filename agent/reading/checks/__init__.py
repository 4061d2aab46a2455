"""What speaks against certifying a paper, as far as pixels can tell; one file per subject. A person decides (R1)."""
