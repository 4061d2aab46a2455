"""How a machine becomes a kiosk of this hub, stays one, and is told apart from its copy."""
