"""Papers on offer at the window are the papers that there are."""

import pytest

from casework.paper_offers import OFFERS
from casework.roles import ROLES
from casework.stages import STAGES
from handlers.papers.content import PAPERS
from handlers.reference import ground_codes


@pytest.mark.parametrize("kind", OFFERS)
def test_an_offer_names_its_paper_as_the_paper_names_itself(kind: str) -> None:
    offer, paper = OFFERS[kind], PAPERS[kind]
    assert (offer.zh, offer.en) == (paper.title, paper.title_en)
    assert set(offer.grounds) == set(ground_codes(kind))


@pytest.mark.parametrize("kind", OFFERS)
def test_what_is_offered_needs_nothing_that_a_case_may_lack_in_that_stage(kind: str) -> None:
    paper = PAPERS[kind]
    assert (paper.event_dates, paper.statements) == ((), ())
    assert paper.bodies == () or OFFERS[kind].stages == {"med_running", "med_extended"}


@pytest.mark.parametrize("kind", OFFERS)
def test_an_offer_is_for_roles_that_issue_papers_and_for_stages_that_there_are(kind: str) -> None:
    offer = OFFERS[kind]
    assert all("issue-document" in ROLES[role].actions for role in offer.roles)
    assert offer.stages is None or offer.stages <= set(STAGES)
