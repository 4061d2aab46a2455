"""The chip of an identity card or passport: reading and proof after ICAO Doc 9303-10 and -11."""
