"""Which language a reader wants: `?lang=` first, then `Accept-Language`, else Chinese."""

from flask import Request

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


def language_of(request: Request) -> str:
    """Return "zh" or "en" for the sentences of the answer to `request`; never raises."""
    asked = request.args.get("lang", "").lower()[:2]
    if asked in LANGUAGES:
        return asked
    for tag, _quality in request.accept_languages:
        primary = tag.replace("_", "-").split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return DEFAULT_LANGUAGE
