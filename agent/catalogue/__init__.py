"""Finding a procedure of the catalogue by ordinary words, on the device; and which catalogue is in force."""
