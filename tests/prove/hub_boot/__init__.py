"""`make prove-hub-boot`: a hub from its package on a booted Debian 12, from the empty root through years' faults."""
