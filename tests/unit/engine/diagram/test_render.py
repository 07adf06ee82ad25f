"""The picture of a BPMN file shows every shape, in its place, and nothing that it was not given."""

import importlib.util
from pathlib import Path

import pytest
from lxml import etree

from engine.diagram import DiagramMissingError, DiagramUnreadableError, HighlightUnknownError, render_svg

_SPEC = importlib.util.spec_from_file_location("gallery", Path(__file__).with_name("gallery.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
gallery = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(gallery)

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def group(root: etree._Element, element_id: str) -> etree._Element:
    found = root.find(f".//{SVG}g[@data-element-id='{element_id}']")
    assert found is not None, f"{element_id} is not drawn"
    return found


def texts(root: etree._Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def picture() -> etree._Element:
    return drawn(render_svg(gallery.gallery()))


def test_every_shape_and_edge_of_the_file_is_drawn(picture: etree._Element) -> None:
    source = etree.fromstring(gallery.gallery())
    wanted = {
        node.get("bpmnElement") for node in source.iter() if etree.QName(node).localname in ("BPMNShape", "BPMNEdge")
    }
    assert wanted == {node.get("data-element-id") for node in picture.iter(f"{SVG}g")} - {None}


@pytest.mark.parametrize("kind", [kind for kind in gallery.TASKS if kind != "task"])
def test_a_typed_task_carries_its_type_marker(picture: etree._Element, kind: str) -> None:
    task = group(picture, f"Task_{gallery.TASKS.index(kind)}")
    assert task.findall(f"{SVG}g/{SVG}path")
    assert not group(picture, "Task_0").findall(f"{SVG}g/{SVG}path")


def test_a_call_activity_has_a_thick_border(picture: etree._Element) -> None:
    def border(element_id: str) -> float:
        rectangle = group(picture, element_id).find(f"{SVG}rect")
        assert rectangle is not None
        return float(rectangle.get("stroke-width", "0"))

    assert border("Call") > 2 * border("Task_0")


def test_a_non_interrupting_boundary_event_is_dashed_and_an_interrupting_one_is_not(picture: etree._Element) -> None:
    def dashes(element_id: str) -> set[str | None]:
        return {circle.get("stroke-dasharray") for circle in group(picture, element_id).findall(f"{SVG}circle")}

    assert dashes("On_timer_0") == {None}
    assert dashes("On_timer_1") == {"5 3"}


def test_a_throwing_message_event_is_solid_and_a_catching_one_is_not(picture: etree._Element) -> None:
    def fills(element_id: str) -> set[str | None]:
        return {path.get("fill") for path in group(picture, element_id).iter(f"{SVG}path")} - {"none"}

    assert fills("Catch_message") == {"#ffffff"}
    assert fills("Throw_message") == {"#1f2933"}


def test_an_end_event_is_drawn_with_one_thick_circle_and_an_intermediate_one_with_two(picture: etree._Element) -> None:
    assert len(group(picture, "To_none").findall(f"{SVG}circle")) == 1
    assert len(group(picture, "Catch_none").findall(f"{SVG}circle")) == 2


def test_the_default_flow_has_its_slash_and_a_conditional_flow_its_diamond(picture: etree._Element) -> None:
    def marks(element_id: str) -> int:
        return len(group(picture, element_id).findall(f"{SVG}path")) - 1

    assert marks("Flow") == 1
    assert marks("Bent") == 1
    assert marks("Link") == 0


def test_a_long_chinese_name_is_broken_into_even_lines_that_fit_the_task(picture: etree._Element) -> None:
    lines = texts(group(picture, "Task_1"))
    assert lines == ["调解员组织双方", "第一次调解会议"]


def test_everything_drawn_lies_within_the_view_box(picture: etree._Element) -> None:
    x, y, width, height = (float(value) for value in picture.get("viewBox", "").split())
    for text in picture.iter(f"{SVG}text"):
        assert x <= float(text.get("x", "0")) <= x + width
        assert y <= float(text.get("y", "0")) <= y + height


def test_a_lane_name_stands_upright_when_it_is_chinese_and_is_turned_when_it_is_not() -> None:
    def lane(name: str) -> etree._Element:
        elements = f'<bpmn:laneSet id="S"><bpmn:lane id="Lane" name="{name}"/></bpmn:laneSet>'
        return group(drawn(render_svg(gallery.bpmn(elements, gallery.shape("Lane", 0, 0, 400, 120)))), "Lane")

    assert texts(lane("调解员")) == ["调", "解", "员"]
    assert "rotate(-90" in etree.tostring(lane("Mediator"), encoding="unicode")


def test_a_name_with_markup_in_it_stays_text() -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    content = gallery.bpmn(f'<bpmn:task id="T" name="{hostile}"/>', gallery.shape("T", 0, 0, 300, 80))
    root = drawn(render_svg(content))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>alert(1)</script>" in texts(root)


def test_a_hostile_colour_does_not_reach_the_picture() -> None:
    attributes = {"bioc:stroke": "url(http://evil.example/x)", "bioc:fill": "#ABCDEF"}
    content = gallery.bpmn('<bpmn:task id="T"/>', gallery.shape("T", 0, 0, 100, 80, **attributes))
    svg = render_svg(content)
    assert "evil.example" not in svg
    assert "#ABCDEF" in svg


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", DiagramUnreadableError),
        (b"this is not xml", DiagramUnreadableError),
        (b"<definitions/>", DiagramMissingError),
        (gallery.bpmn('<bpmn:task id="T"/>', ""), DiagramMissingError),
        (gallery.bpmn('<bpmn:task id="T"/>', gallery.shape("T", float("nan"), 0, 100, 80)), DiagramUnreadableError),
        (gallery.bpmn('<bpmn:task id="T"/>', gallery.shape("T", 1e300, 0, 100, 80)), DiagramUnreadableError),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_with_a_sentence(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        render_svg(content)
    assert "{" not in str(raised.value)


def test_highlighted_elements_take_the_colours_of_their_style() -> None:
    svg = render_svg(
        gallery.gallery(), highlight={"Task_1": "passed", "Flow": "passed", "Task_2": "#123456", "gone": "failed"}
    )
    root = drawn(svg)
    assert group(root, "Task_1").find(f"{SVG}rect").get("stroke") == "#1b7f4b"  # type: ignore[union-attr]
    assert group(root, "Flow").find(f"{SVG}path").get("marker-end") == "url(#arrow-1b7f4b)"  # type: ignore[union-attr]
    assert root.find(f".//{SVG}marker[@id='arrow-1b7f4b']") is not None
    assert group(root, "Task_2").find(f"{SVG}rect").get("stroke") == "#123456"  # type: ignore[union-attr]


def test_an_unknown_highlight_is_refused_with_the_known_ones() -> None:
    with pytest.raises(HighlightUnknownError, match="passed"):
        render_svg(gallery.gallery(), highlight={"Task_1": "sparkling"})
