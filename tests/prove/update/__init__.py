"""`make prove-update`: updates that are cut, cheated and starved at random points end in the old version or the new."""
