"""Everything on one machine: broker, hub, kiosk and the software that stands in for devices, as child processes."""
