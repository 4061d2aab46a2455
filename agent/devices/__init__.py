"""One file per device: capability, hardware class, simulation."""
