"""MQTT workers: from message to committed row."""
