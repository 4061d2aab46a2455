"""The line finder: synthetic pages, the net, its training, export and measurement."""
