"""Failing steps in words for people who did not write the scenario."""

import pytest

from tingzhu.scenarios.names import Names
from tingzhu.scenarios.run import Failure
from tingzhu.scenarios.schemas import STEPS
from tingzhu.scenarios.words import VERBS, step_words

NOTHING = Names({}, frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize("verb", [*STEPS, "given", "history"])
def test_a_step_has_no_words(verb: str) -> None:
    said = step_words(Failure(1, 1, f"{verb}: Task_a", ()), NOTHING)
    assert said.zh
    assert said.en
    assert said.zh != said.en
    assert said.places == ()
    assert "{}" not in said.zh + said.en


def test_there_are_words_for_steps_that_do_not_exist() -> None:
    assert set(VERBS) - {"given", "history"} == set(STEPS)


def test_what_is_not_an_element_is_not_repeated_as_it_was_written() -> None:
    assert step_words(Failure(3, 9, "advance: P5D", ()), NOTHING).zh == "时间过去 P5D"
