"""The roles that users hold, and what each may do anywhere; what it may do in one case is `casework.access`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Sight = Literal["none", "masked", "contact", "full"]
"""How much of a party a role sees: nothing, masked names, names and contacts, or identity numbers too."""


@dataclass(frozen=True, slots=True)
class Role:
    """A part that people play; also the candidate group of user tasks."""

    code: str
    zh: str
    en: str
    sight: Sight
    """What the role sees of the parties of a case in its scope."""
    list_sight: Sight
    """What it sees of them in lists."""
    actions: frozenset[str]
    """What it may do with a case in its scope (`casework.access.Action`)."""
    global_actions: frozenset[str] = frozenset()
    """What it may do without a case."""


_READ = ("read", "read-document")
_WORK = (*_READ, "work", "add-document", "correct-event-date", "audit")
# the hand that signs and the hand that keeps the organisation's seal are two rights, each with its own log
_ISSUE, _SIGN, _SEAL = "issue-document", "sign-document", "seal-document"


def _role(
    code: str, zh: str, en: str, sight: Sight, list_sight: Sight, actions: tuple[str, ...], *global_actions: str
) -> Role:
    return Role(code, zh, en, sight, list_sight, frozenset(actions), frozenset(global_actions))


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            _role(
                "window-clerk",
                "窗口受理员",
                "Window clerk",
                "full",
                "contact",
                (*_WORK, _ISSUE, "transfer"),
                "register",
            ),
            _role(
                "mediator",
                "调解员",
                "Mediator",
                "full",
                "contact",
                (*_WORK, _ISSUE, _SIGN, "read-confidential"),
                "register",
            ),
            _role(
                "organisation-head",
                "调解组织负责人",
                "Head of a mediation organisation",
                "full",
                "contact",
                (*_WORK, _ISSUE, _SEAL, "transfer"),
                "register",
            ),
            _role("arbitration-clerk", "仲裁院立案员", "Arbitration clerk", "full", "contact", (*_WORK, _ISSUE)),
            _role("reviewer", "仲裁员（审查）", "Reviewing arbitrator", "full", "contact", (*_WORK, _ISSUE, _SIGN)),
            _role(
                "arbitration-director",
                "仲裁院院长",
                "Director of arbitration",
                "full",
                "contact",
                (*_WORK, _ISSUE, _SEAL),
            ),
            _role("court-liaison", "法院联络员", "Court liaison", "full", "contact", _WORK),
            _role(
                "union-station",
                "工会驻站",
                "Union station",
                "contact",
                "masked",
                (*_READ, "work", "add-document"),
                "register",
            ),
            _role(
                "worker",
                "劳动者",
                "Worker",
                "contact",
                "contact",
                (*_READ, "work", "add-document", "read-confidential"),
                "register",
            ),
            _role(
                "employer",
                "用人单位",
                "Employer",
                "contact",
                "contact",
                (*_READ, "work", "add-document", "read-confidential"),
            ),
            _role(
                "supervisor",
                "主管（人社局）",
                "Supervisor",
                "contact",
                "masked",
                (*_READ, "transfer", "correct-event-date", "operate", "audit"),
                "operate",
                "register",
            ),
            _role("designer", "流程设计者", "Process designer", "none", "none", (), "deploy"),
            _role("admin", "系统管理员", "Administrator", "none", "none", (), "deploy", "operate", "manage-users"),
            # does jobs over HTTP: it is given their input (references, codes, amounts), and sees no case
            _role("external-worker", "外部系统", "External system", "none", "none", ()),
        )
    }
)
