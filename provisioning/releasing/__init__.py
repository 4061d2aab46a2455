"""The publisher's side of updates: keys, the TUF repository, and how a built program becomes a release."""
