"""Failing steps in words for people who did not write the scenario."""

import pytest

from tingzhu.scenarios.expectations import CHECKS, Miss
from tingzhu.scenarios.names import Names
from tingzhu.scenarios.run import Failure
from tingzhu.scenarios.schemas import STEPS
from tingzhu.scenarios.words import EXPECTATIONS, VERBS, miss_words, step_words

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


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        (Miss("tasks 应为 [甲]，实为 [乙]", "tasks should be [甲], but is [乙]"), "打开的任务 应为 [甲]，实为 [乙]", "the open tasks should be"),
        (Miss("variables.fee 应为 1", "variables.fee should be 1"), "变量 fee 应为 1", "the variable fee should be 1"),
        (Miss("应已经过 甲", "甲 should have been passed"), "应已经过 甲", "甲 should have been passed"),
    ],
)  # fmt: skip
def test_what_was_expected_is_told_by_the_key_of_the_file(said: Miss, zh: str, en: str) -> None:
    told = miss_words(said)
    assert told.zh == zh
    assert told.en.startswith(en)


def test_an_expectation_has_no_words() -> None:
    by_sentence = {"passed", "not_passed", "not_notified"}
    assert set(CHECKS) - by_sentence == set(EXPECTATIONS)
