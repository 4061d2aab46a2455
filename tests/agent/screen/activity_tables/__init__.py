"""What each scene of an activity holds, a file for an activity under its name: TABLE by the scene's row."""
