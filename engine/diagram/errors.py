"""What can be wrong with a file that is to be drawn."""

from engine.domain.errors import InvalidInputError


class DiagramUnreadableError(InvalidInputError):
    """The file is not XML that may be read."""

    zh = "无法绘制：{zh}"
    en = "Cannot draw this file: {en}"


class DiagramMissingError(InvalidInputError):
    """The file holds no diagram interchange, or none of the wanted plane."""

    zh = "文件中没有图形信息（BPMN DI），无法绘制。请用流程编辑器打开并保存一次。"
    en = "The file holds no diagram interchange (BPMN DI) to draw. Open and save it in a modeler once."


class HighlightUnknownError(InvalidInputError):
    """An element is to be highlighted in a way there is not."""

    zh = "没有标记方式 {style!r}。可用：{known}，或 #rrggbb 颜色。"
    en = "There is no highlight {style!r}. Use one of {known}, or a colour #rrggbb."


class LayoutUnsupportedError(InvalidInputError):
    """The file holds something that cannot be laid out automatically."""

    zh = "无法自动排布：{problem_zh}请在流程编辑器中绘制。"
    en = "Cannot lay this file out: {problem} Draw it in a modeler."
