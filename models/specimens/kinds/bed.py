"""A small paper, booklet or certificate as it lies on a scanner's bed."""

from ..order import Order
from ..sheet import Sheet, blank, px
from ..values import PX_PER_MM

BED = (246, 246, 244)
_SHADE = (212, 212, 210)


def on_bed(order: Order, page: int, item: Sheet, what: str, *, top: float = 40.0, play: float = 8.0) -> Sheet:
    """Return the A4 scan of an item that lies about `top` mm below the edge, give or take `play`; mark `card`."""
    bed, stream = blank(order.dice(f"bed{page}"), BED), order.dice(f"laid{page}")
    wide, high = (side / PX_PER_MM for side in item.image.size)
    x, y = (210 - wide) / 2 + stream.uniform(-play, play), top + stream.uniform(-play, play)
    bed.pen.rectangle((px(x) - 3, px(y) - 2, px(x + wide) + 6, px(y + high) + 8), fill=_SHADE)
    bed.lay(item, x, y)
    bed.mark("card", (px(x), px(y), px(x) + item.image.width, px(y) + item.image.height), what)
    return bed
