"""`make prove-image`: the disk image of a kiosk, booted by QEMU from its own firmware on, and what power cuts do to it."""
