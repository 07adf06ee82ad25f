"""A drawing with other names in it is the same drawing, and its names can be read."""

from pathlib import Path

import pytest

from engine.diagram import rename
from engine.diagram.model import Diagram
from engine.diagram.read import read_diagram

FILES = sorted((Path(__file__).parents[4] / "processes").rglob("*.bpmn"))
LONG = "Extraordinarily long name"


def places(diagram: Diagram) -> list[object]:
    return [(node.id, node.bounds) for node in diagram.nodes] + [(edge.id, edge.waypoints) for edge in diagram.edges]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_renamed_drawing_has_its_elements_elsewhere(path: Path) -> None:
    before = read_diagram(path.read_bytes())
    after = read_diagram(rename(path.read_bytes(), lambda name: LONG))
    assert places(after) == places(before)
    assert {node.name for node in after.nodes if node.name} == {LONG}
    for old, new in zip(before.nodes, after.nodes, strict=True):
        if old.label and new.label and old.name:
            assert new.label.width >= len("Extraordinarily") * 6.5
            assert new.label.centre.x == pytest.approx(old.label.centre.x)
            if new.label.y == old.label.y:
                assert new.label.height == old.label.height
            else:  # above its element: it grew upwards, off it
                assert old.label.bottom <= old.bounds.centre.y
                assert new.label.bottom == pytest.approx(old.label.bottom)


def test_names_that_stay_leave_their_places_alone() -> None:
    content = FILES[0].read_bytes()
    assert read_diagram(rename(content, lambda name: name)) == read_diagram(content)


def test_what_is_no_drawing_is_returned_as_it_is() -> None:
    assert rename(b"<!DOCTYPE x><x/>", str.upper) == b"<!DOCTYPE x><x/>"
