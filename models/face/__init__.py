"""The face network: dlib's, turned into the file that the kiosk runs."""
