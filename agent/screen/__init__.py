"""The touch screen: a local web server that journeys drive."""
