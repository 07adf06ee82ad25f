"""What a retraction brings back in the dispute's tables."""

from casework.store.bookmarks import CURRENT
from casework.store.tables import metadata

NOT_OF_FORMS = {"deadline_event", "document", "limitation_event", "outside_record"}
"""Tables with superseded rows that no completion of a user task writes."""


def test_a_table_of_inputs_is_forgotten_by_retractions() -> None:
    superseded = {table.name for table in metadata.sorted_tables if {"superseded_at", "case_id"} <= set(table.c.keys())}
    assert superseded - NOT_OF_FORMS == set(CURRENT) - {"appointment"}
