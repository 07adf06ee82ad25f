"""A scenario as values: what is given, the steps, and what is expected between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from casework.registration import RegisterDispute

Day = date
"""A legal day, as opposed to an instant."""


@dataclass(frozen=True, slots=True)
class Script:
    """What happens instead of a handler's own work."""

    fails: int = 0
    """So many attempts of each job fail before the rest happens."""
    never: bool = False
    throws: str | None = None
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    returns: Mapping[str, Any] | None = None
    """None: the real handler runs."""


@dataclass(frozen=True, slots=True)
class Given:
    """How things stand when the first step is taken."""

    at: datetime
    process: str = "dispute"
    by: str = "window"
    registration: RegisterDispute | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    organisation: str | None = None
    sent_to: tuple[str, ...] = ()
    handlers: Mapping[str, Script] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Who:
    """Who takes a step: an account, or any account of a role that may; neither: whoever may."""

    role: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Behalf:
    """For which party a user task is completed, how the party made itself known, and when."""

    side: str
    position: int
    method: str
    at: str


@dataclass(frozen=True, slots=True)
class Complete:
    """Completes the oldest open user task of an element."""

    element: str
    data: Mapping[str, Any]
    who: Who
    behalf: Behalf | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Claims the oldest open user task of an element."""

    element: str
    who: Who


@dataclass(frozen=True, slots=True)
class Retract:
    """Takes back the last completion of a user task of an element."""

    element: str
    who: Who


@dataclass(frozen=True, slots=True)
class CorrectTask:
    """Corrects fields of the user task of an element that was completed last."""

    element: str
    data: Mapping[str, Any]
    reason: str
    who: Who


@dataclass(frozen=True, slots=True)
class AskCorrection:
    """Asks for what is missing before the oldest open user task of an element can go on."""

    element: str
    about: str | None
    """Element whose last completed user task it is about; None: a party is asked."""
    party: tuple[str, int] | None
    missing: tuple[str, ...]
    due_on: date
    who: Who


@dataclass(frozen=True, slots=True)
class EndCorrection:
    """Answers or withdraws the oldest open request for correction of a user task of an element."""

    element: str
    is_answer: bool
    who: Who


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hands the oldest open user task of an element over to an account or to a group."""

    element: str
    to_user: str | None
    to_group: str | None
    reason: str
    who: Who


@dataclass(frozen=True, slots=True)
class Delegate:
    """Lets another account work on the oldest open user task of an element."""

    element: str
    to_user: str
    who: Who


@dataclass(frozen=True, slots=True)
class EndDelegation:
    """Brings a delegated user task back to its owner: given back by the delegate, or recalled by the owner."""

    element: str
    is_recall: bool
    who: Who


@dataclass(frozen=True, slots=True)
class Advance:
    """Lets time pass: by an ISO 8601 duration, or until an instant."""

    duration: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Correlates a message to the case."""

    name: str
    variables: Mapping[str, Any]
    who: Who


@dataclass(frozen=True, slots=True)
class CorrectDate:
    """Corrects an event date."""

    name: str
    value: date
    reason: str
    who: Who


@dataclass(frozen=True, slots=True)
class RecordDates:
    """Records event dates outside a form."""

    values: Mapping[str, date]
    who: Who


@dataclass(frozen=True, slots=True)
class Sign:
    """Records signatures on the mediation agreement outside its task, or withdraws one; signatory -> day."""

    days: Mapping[str, date]
    withdrawn: str | None
    reason: str
    who: Who


@dataclass(frozen=True, slots=True)
class Pay:
    """Records payments on the agreement outside any task."""

    rows: Sequence[Mapping[str, Any]]
    who: Who


@dataclass(frozen=True, slots=True)
class ResolveIncident:
    """Resolves the oldest open incident of an element with a retry."""

    element: str
    who: Who


@dataclass(frozen=True, slots=True)
class Operate:
    """An operator's verb on the process instance: suspend, resume or cancel."""

    verb: str
    reason: str
    who: Who


@dataclass(frozen=True, slots=True)
class Expect:
    """What must hold now; key -> expected, as the file says it."""

    expectations: Mapping[str, Any]


Deed = (
    Complete
    | Claim
    | Retract
    | CorrectTask
    | AskCorrection
    | EndCorrection
    | HandOver
    | Delegate
    | EndDelegation
    | Advance
    | SendMessage
    | CorrectDate
    | RecordDates
    | Sign
    | Pay
    | ResolveIncident
    | Operate
    | Expect
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done or expected, where it stands in the file, and the code it must be refused with, if any."""

    number: int
    line: int
    title: str
    """The step in the words of the file, e.g. `complete: Task_check_intake`."""
    deed: Deed
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario file."""

    file: str
    name: str
    given: Given
    steps: tuple[Step, ...]
    lines: Mapping[tuple[Any, ...], int] = field(default_factory=dict, repr=False)
    """Path in the document -> line, for messages about it."""
