"""The fleet: what every kiosk says of itself, for people and for machines."""
