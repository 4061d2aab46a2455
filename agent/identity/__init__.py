"""Who is standing there: what a card says of its holder, and how far that is believed."""
