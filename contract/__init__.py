"""What kiosk and hub agree on, and nothing else."""
