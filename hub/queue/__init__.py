"""Queue numbers: booked places and walk-ins of one agency in one line, called by its counters."""
