"""`make prove-matrix`: every device lost, jammed, slow, or gone with the kiosk's power, in every step."""
