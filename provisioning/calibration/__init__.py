"""A printed target, what a scan of it says of scanner and printer, and the record that is kept of it."""
