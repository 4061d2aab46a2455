"""Who is standing there: what the kiosk can tell the officer about it."""
