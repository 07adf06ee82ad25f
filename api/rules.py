"""Who may call a route: every view declares one rule, and a view without a rule cannot be registered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from casework.access import Viewer
from casework.roles import ROLES
from engine.domain.errors import ForbiddenError
from engine.store.raw import Query

Scope = Literal["none", "own", "case", "area", "site"]
"""How the objects of a route are limited beyond the role:

- none: nothing of anybody is shown (health, metrics, sign-in);
- own: the viewer's own things (profile, notifications, access token);
- case: cases the viewer may see, and what hangs on them; an unseen one answers 404;
- area: the viewer's area and below;
- site: the same for everybody who has the role (definitions, rules, registers).
"""

View = TypeVar("View", bound=Callable[..., Any])

WINDOW = ("window-clerk",)
MEDIATION = ("mediator", "organisation-head")
ARBITRATION = ("arbitration-clerk", "reviewer", "arbitration-director")
PARTNERS = ("court-liaison", "union-station")
PARTIES = ("worker", "employer")
OFFICERS = (*WINDOW, *MEDIATION, *ARBITRATION, *PARTNERS, "supervisor")
CASEWORKERS = (*OFFICERS, *PARTIES)
REGISTRARS = tuple(code for code, role in ROLES.items() if "register" in role.global_actions)
OPERATORS = tuple(code for code, role in ROLES.items() if "operate" in role.global_actions)
DESIGNERS = tuple(code for code, role in ROLES.items() if "deploy" in role.global_actions)
ISSUERS = tuple(code for code, role in ROLES.items() if "issue-document" in role.actions)
SEALERS = tuple(code for code, role in ROLES.items() if role.actions & {"seal-document", "sign-document"})
MACHINISTS = ("supervisor", "designer", "admin")
WORKERS = ("external-worker",)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "caseworkers": CASEWORKERS,
    "officers": OFFICERS,
    "issuers": ISSUERS,
    "sealers": SEALERS,
    "registrars": REGISTRARS,
    "machinists": MACHINISTS,
    "operators": OPERATORS,
    "designers": DESIGNERS,
}
"""Names for sets of roles, the largest first; for the reference page."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route, and what its objects are limited to."""

    owner: str
    """The area of the product that answers for the route, e.g. `casework`."""
    roles: tuple[str, ...]
    """Any one of these roles is enough; empty with `is_public` False: anybody who signed in."""
    scope: Scope
    is_public: bool = False
    reason: str = ""
    """Why a public route may be public."""
    needs_key: bool = True
    """Whether a POST needs an Idempotency-Key."""
    commits_on: tuple[type[Exception], ...] = ()
    """Errors that are answered after a commit, because what led to them must stay recorded."""
    admits_parties: bool = False
    """Whether a party that came by link and code may call it: only routes that are limited to one's own seat do."""
    body_limit: int | None = None
    """Largest body in bytes; None: the application's limit."""
    logs_reading: bool = False
    """Whether a GET writes down who read, or that it failed, and so commits."""
    answers_by_item: bool = False
    """Whether each item of the request is done and answered in a transaction of its own (`transaction.run_item`)."""
    prefetch: Callable[..., Query] | None = None
    """Takes the route's arguments and returns a query to be sent together with authentication, to save a trip."""

    def check(self, viewer: Viewer) -> None:
        """Raise ForbiddenError unless the viewer has one of the roles."""
        if self.roles and not viewer.roles.intersection(self.roles):
            raise ForbiddenError()


def requires(
    *roles: str,
    owner: str,
    scope: Scope,
    needs_key: bool = True,
    commits_on: tuple[type[Exception], ...] = (),
    admits_parties: bool = False,
    body_limit: int | None = None,
    logs_reading: bool = False,
    answers_by_item: bool = False,
    prefetch: Callable[..., Query] | None = None,
) -> Callable[[View], View]:
    """Declare that a view is for signed-in viewers with one of `roles` (none given: any), limited to `scope`."""
    return _declare(
        Rule(
            owner,
            roles,
            scope,
            needs_key=needs_key,
            commits_on=commits_on,
            admits_parties=admits_parties,
            body_limit=body_limit,
            logs_reading=logs_reading,
            answers_by_item=answers_by_item,
            prefetch=prefetch,
        )
    )


def public(
    *,
    owner: str,
    reason: str,
    needs_key: bool = True,
    commits_on: tuple[type[Exception], ...] = (),
    logs_reading: bool = False,
    body_limit: int | None = None,
) -> Callable[[View], View]:
    """Declare that a view asks for no access token, and why that is right."""
    return _declare(
        Rule(
            owner,
            (),
            "none",
            is_public=True,
            reason=reason,
            needs_key=needs_key,
            commits_on=commits_on,
            logs_reading=logs_reading,
            body_limit=body_limit,
        )
    )


def rule_of(view: Callable[..., Any]) -> Rule:
    """Return the rule that `view` declares; raises TypeError when it declares none."""
    rule = getattr(view, "access_rule", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"the view {view.__qualname__} declares no access rule: add @requires(...) or @public(...)")
    return rule


def _declare(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark
