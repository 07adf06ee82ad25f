"""Demonstration data come through the ordinary commands, once."""

from dataclasses import replace

import pytest

from casework.commands.load_demo import has_demo_accounts, load_demo
from casework.errors import SiteInvalidError
from casework.queries.list_disputes import DisputeFilters, list_disputes
from casework.store.tables import dispute, user_account
from casework.users import deactivate_user, verify_password, viewer_for_username
from engine.domain.actor import Actor
from tests.integration.casework.office import Office


def load(office: Office):
    with office.work(Actor("system")) as uow:
        return load_demo(uow, office.bureau)


def test_every_account_of_the_site_signs_in_with_the_published_password(office: Office) -> None:
    assert len(load(office).usernames) == len(office.bureau.site.demo.users)
    demo = office.bureau.site.demo
    assert demo is not None
    with office.begin() as connection:
        assert has_demo_accounts(connection)
        for username in ("window", "mediator", "supervisor", "worker", "admin"):
            viewer = verify_password(connection, office.bureau, username, demo.password, office.clock.now())
            assert viewer.username == username


def test_the_disputes_are_registered_and_the_demonstration_parties_see_theirs(office: Office) -> None:
    assert load(office).business_keys == ("ZZ202600001", "ZZ202600002", "ZZ202600003")
    seen = {}
    with office.begin() as connection:
        for username in ("worker", "employer", "window", "district", "supervisor", "designer"):
            viewer = viewer_for_username(connection, username)
            assert viewer is not None
            page = list_disputes(connection, office.bureau, viewer, DisputeFilters(), now=office.clock.now())
            seen[username] = len(page.items)
    assert seen == {"worker": 1, "employer": 1, "window": 3, "district": 1, "supervisor": 3, "designer": 0}


def test_loading_again_adds_nothing(office: Office) -> None:
    load(office)
    again = load(office)
    assert (again.usernames, again.business_keys) == ((), ())
    assert (len(office.rows(user_account)), len(office.rows(dispute))) == (len(office.bureau.site.demo.users), 3)


def test_an_account_made_meanwhile_under_the_same_name_is_left_alone(office: Office) -> None:
    mine = office.user("window", "window-clerk", area="370400")
    assert "window" not in load(office).usernames
    with office.begin() as connection:
        found = verify_password(connection, office.bureau, "window", "correct horse", office.clock.now())
    assert found.user_id == mine.user_id


def test_closed_demonstration_accounts_are_no_danger(office: Office) -> None:
    load(office)
    with office.work() as uow:
        for row in office.rows(user_account):
            deactivate_user(uow, row.id)
        assert not has_demo_accounts(uow.connection)


def test_a_site_without_demonstration_data_says_so(office: Office) -> None:
    bare = replace(office.bureau, site=replace(office.bureau.site, demo=None))
    with pytest.raises(SiteInvalidError, match=r"demo\.yaml"), office.work() as uow:
        load_demo(uow, bare)
