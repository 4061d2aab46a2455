"""`make prove-boot`: a real Debian 12 under a real systemd, from the empty root to the first copy, and its faults."""
