"""What `tram doctor` looks at beside the devices: the way to the hub layer by layer, and the machine itself."""
