"""`make prove-image`: the disk image of a kiosk, booted by QEMU, and what power cuts do to it."""
