"""What citizens think of the service: faces and words from the kiosks, and the answers to those who asked for one."""
