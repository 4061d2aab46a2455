"""How a layer of the way to the hub says that it fails."""


class LayerDown(Exception):
    """The layer fails: what was seen, and the remedy."""

    def __init__(self, detail: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(detail)


class LayerDoubtful(LayerDown):
    """The layer works and wants somebody."""
