"""Is the person before the camera the one on the card? A machine's opinion for the officer (R20), never a lock.

Frames and embeddings live in memory for one journey; nothing here writes, logs or sends them.
"""
