"""Office verbs on user tasks in any order: one holder, nothing lost, nothing twice, and a retraction restores exactly."""

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.domain.errors import TingzhuError
from engine.domain.resource import Resource
from tests.effort import examples
from tests.integration.casework.office import Office
from tests.office_desk import ACTS, FORM, MODEL, PEOPLE, OfficeDesk

LI, WANG, _ = PEOPLE


PAIRED = [name for name in ACTS if name not in ("assign", "comment", "draft", "unclaim")]
PARTS = 5
"""The pairs are tried in so many tests: each test's time is limited."""

NAMES = [*ACTS, "claim", "claim", "complete", "complete", "complete", "retract", "retract"]
"""What happens most happens more often."""


def open_office(engine: sa.Engine, var: Path) -> Office:
    office = Office(engine, var)
    office.deploy(MODEL, Resource("facts.form", FORM))
    return office


@pytest.mark.parametrize("part", range(PARTS))
def test_a_pair_of_verbs_leaves_something_torn(engine: sa.Engine, tmp_path: Path, part: int) -> None:
    office = open_office(engine, tmp_path)
    for position, first in enumerate(PAIRED):
        if position % PARTS == part:
            for second in PAIRED:
                desk = OfficeDesk(office)
                prepare(desk, position)
                for name in (first, second):
                    for who in (LI, WANG):
                        ACTS[name](desk, 1 + position, who)
                desk.check()


def prepare(desk: OfficeDesk, position: int) -> None:
    """Bring a dispute to where verbs have something to act on: one task completed, the next one claimed or not."""
    desk.complete(0, LI)
    if position % 3:
        desk.claim(0, LI)


class AnyOrder(RuleBasedStateMachine):
    """One dispute, and everybody who may touch it."""

    def __init__(self, office: Office, worked: Counter[str]) -> None:
        super().__init__()
        self.office, self.worked = office, worked

    @initialize()
    def begin(self) -> None:
        self.desk = OfficeDesk(self.office)

    @rule(name=st.sampled_from(NAMES), choice=st.integers(0, 999), who=st.sampled_from(PEOPLE))
    def act(self, name: str, choice: int, who: str) -> None:
        outcome = ACTS[name](self.desk, choice, who)
        self.worked[name] += outcome is not None and not isinstance(outcome, TingzhuError)

    @invariant()
    def everything_fits_together(self) -> None:
        if hasattr(self, "desk"):
            self.desk.check()


def test_some_order_of_verbs_leaves_something_torn(engine: sa.Engine, tmp_path: Path) -> None:
    office = open_office(engine, tmp_path)
    worked: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: AnyOrder(office, worked),
        settings=settings(
            max_examples=examples(8),
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # to shrink such a run takes minutes: read its steps instead
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    missing = [name for name in ("claim", "complete", "retract") if not worked[name]]
    assert not missing, worked
