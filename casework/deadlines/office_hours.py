"""When an office works and when it writes to people: times of day in Asia/Shanghai, set by the site."""

import re
from dataclasses import dataclass
from datetime import time

from casework.deadlines.errors import TimeOfDayInvalidError

_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening hours on working days, and the hour at which reminders go out."""

    opens: time = time(9)
    closes: time = time(17)
    reminder: time = time(9)


def time_of_day(text: object) -> time:
    """Return a time written as HH:MM. Raises TimeOfDayInvalidError."""
    match = _TIME_OF_DAY.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise TimeOfDayInvalidError(time=text)
    return time(int(match.group(1)), int(match.group(2)))
