"""Which kinds of paper a case has once, and which as often as the occasion comes."""

REPEATED = frozenset(
    {
        "transfer-slip",
        "negotiation-term",
        "negotiation-record",
        "negotiation-mediation-proposal",
        "oral-application-record",
        "mediation-session-notice",
        "mediation-record",
        "mediation-extension-consent",
        "service-address-confirmation",
        "power-of-attorney",
        "legal-representative-certificate",
        "review-correction-notice",
        "review-extension-approval",
        "performance-urging-letter",
        "follow-up-record",
        "service-receipt",
    }
)
"""A second session has a second notice: another paper with another number. Of every other kind a case has one paper
at a time, and rendering it again makes its next version, which replaces the one before."""


def is_repeated(kind: str) -> bool:
    """Tell whether a case may have several papers of this kind side by side."""
    return kind in REPEATED
