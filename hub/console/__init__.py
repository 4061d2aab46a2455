"""What officers and operators see."""
