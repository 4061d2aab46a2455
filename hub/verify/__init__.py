"""What anyone may check."""
