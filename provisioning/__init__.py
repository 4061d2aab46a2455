"""The field technician's command and the one-machine set."""
