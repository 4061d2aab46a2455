"""What is measured of each device, beside its limits, and the record that is kept of it."""
