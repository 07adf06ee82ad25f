"""Invitations: how a caseworker lets a party without an account come to its case."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from api.actors import shown_actor
from api.context import current
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.party_access import (
    InvitationBodySchema,
    InvitationLinkSchema,
    InvitationSchema,
    InvitationsSchema,
)
from casework.access import require
from casework.party_access import (
    Invitation,
    invitation_address,
    invite_party,
    list_invitations,
    withdraw_invitation,
)

routes = Routes(
    "party-invitations",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/invitations",
    description="Links by which parties come to their case",
)


@routes.route("", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, InvitationsSchema)
def list_case_invitations(case_id: UUID) -> dict[str, Any]:
    """Every invitation to the case, newest first."""
    context = current()
    require(context.connection, context.viewer, "read", case_id)
    return {"items": [_shown(each) for each in list_invitations(context.connection, case_id, context.now)]}


@routes.route("", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(InvitationBodySchema)
@routes.response(201, InvitationSchema)
def create_case_invitation(body: dict[str, Any], case_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Invite a party: a link goes to the mobile number on file, or is shown at the window.

    An earlier link of the party, and what it had opened, ends. 422 `party_phone_missing` without a mobile number: the
    code of the link has nowhere to go.
    """
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    found = invite_party(context.work, context.bureau, case_id, body["party_id"], is_sent=body["is_sent"])
    return _shown(found), 201, {"Location": f"/api/v1/cases/{case_id}/invitations/{found.id}/link"}


@routes.route("/<uuid:invitation_id>/link", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, InvitationLinkSchema)
def get_case_invitation_link(case_id: UUID, invitation_id: UUID) -> dict[str, str]:
    """The link of an open invitation, to be shown to the party at the window."""
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    address = context.runtime.settings.address
    return {
        "address": invitation_address(context.connection, context.bureau, case_id, invitation_id, address, context.now)
    }


@routes.route("/<uuid:invitation_id>", methods=["DELETE"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(204)
def delete_case_invitation(case_id: UUID, invitation_id: UUID) -> None:
    """Withdraw an invitation: the link, its codes and its sessions are worth nothing from now on."""
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    withdraw_invitation(context.work, case_id, invitation_id)


def _shown(found: Invitation) -> dict[str, Any]:
    return asdict(found) | {"created_by": shown_actor(found.created_by)}
