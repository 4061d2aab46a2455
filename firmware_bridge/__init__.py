"""The kiosk's microcontroller: its firmware, its simulated board, and the host's side of the wire."""
