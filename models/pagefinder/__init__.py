"""A small net that shows where in a photograph a paper lies: drawn scenes, training, export."""
