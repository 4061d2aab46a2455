"""What a page's pixels say about the paper itself: a first issue or a copy, a place that was changed. Advice only."""
