"""Simulated people, and simulated attacks, before a kiosk's camera. Nobody real is shown, and no photograph is used."""
