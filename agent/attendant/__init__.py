"""The attendant of a real kiosk: camera, card reader and lamp ring before; chip, face and liveness behind."""
