"""How a delivery can fail: for now, or for good."""


class DeliveryDelayedError(Exception):
    """The other side cannot be reached or is busy; the same message may be sent again later.

    The text names the channel and the trouble, never the recipient or the content.
    """


class DeliveryRefusedError(Exception):
    """The other side refused this message for good; sending it again is of no use."""

    def __init__(self, message: str, status: int | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
