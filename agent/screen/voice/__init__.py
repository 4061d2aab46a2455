"""The voice that reads each scene aloud, for who can't read the screen."""
