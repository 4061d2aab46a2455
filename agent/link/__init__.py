"""The only rooms that know MQTT."""
