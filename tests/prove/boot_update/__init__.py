"""`make prove-boot-update`: real releases for a booted kiosk, by the fleet and by hand; cuts, bad ones, lies."""
