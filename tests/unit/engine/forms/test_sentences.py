"""The sentences about fields that the pages show are those of the server."""

from engine.forms.sentences import EXAMPLES, SENTENCES, as_text, examples, sentences


def test_the_pages_say_something_else_of_a_field_than_the_server() -> None:
    renew = "renew it: python -m engine.forms.sentences"
    assert SENTENCES.read_text() == as_text(sentences()), renew
    assert EXAMPLES.read_text() == as_text(examples()), renew
