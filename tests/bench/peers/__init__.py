"""The readers that ours is measured against, each behind `find(page) -> list[Found]` or `read(crops)` as ours are."""
