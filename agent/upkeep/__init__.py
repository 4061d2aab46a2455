"""What the kiosk does for its operators: vitals, jobs from afar, the shadow, logs."""
