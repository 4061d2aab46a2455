"""Staff vouch for a citizen."""

from agent.screen.page.pin_pad import PinHeld

NAMES = ("Lê Thị Mẫu", "Trần Văn Thử")
TABLE = {"who": PinHeld.of(NAMES), "pin": PinHeld(scene="pin", names=NAMES, who=NAMES[0], pin="123", refused="wrong")}
BUILT_KEYS = ("vouch.who", "vouch.pin", "pin.wrong", "pin.shut")
