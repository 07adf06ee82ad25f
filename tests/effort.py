"""How long random tests run: a short slice in `make test`, a long one in `make soak`."""

SOAK = 40
"""How many times as many examples a soak tries."""

_factor = 1


def set_soak(is_soak: bool) -> None:
    """Choose the long run; called once, before any test is collected."""
    global _factor
    _factor = SOAK if is_soak else 1


def examples(short: int) -> int:
    """Return how many examples or rounds to try where a short run tries `short`."""
    return short * _factor
