"""The statutes that papers rest on, to be cited by article in both languages."""

from casework.deadlines.citations import Citation, Words

_MEDIATION_LAW = Words("《劳动争议调解仲裁法》", "Labour Dispute Mediation and Arbitration Law")
_PROVISIONS = Words(
    "《企业劳动争议协商调解规定》", "Provisions on Negotiation and Mediation of Enterprise Labour Disputes"
)
_CASE_RULES = Words("《劳动人事争议仲裁办案规则》", "Rules on Handling Labour and Personnel Arbitration Cases")
_CIVIL_PROCEDURE = Words("《民事诉讼法》", "Civil Procedure Law")
_INTERPRETATION = Words("《民诉法解释》", "Interpretation of the Civil Procedure Law")
_CONFIRMATION = Words(
    "《关于人民调解协议司法确认程序的若干规定》", "Provisions on Judicial Confirmation of Mediation Agreements"
)


def law(*articles: str) -> Citation:
    """Cite the law on mediation and arbitration of labour disputes."""
    return Citation(_MEDIATION_LAW, articles)


def provisions(*articles: str) -> Citation:
    """Cite the ministry's provisions on negotiation and mediation (令17号)."""
    return Citation(_PROVISIONS, articles)


def case_rules(*articles: str) -> Citation:
    """Cite the rules on handling arbitration cases (令33号)."""
    return Citation(_CASE_RULES, articles)


def civil_procedure(*articles: str) -> Citation:
    """Cite the Civil Procedure Law (2023)."""
    return Citation(_CIVIL_PROCEDURE, articles)


def interpretation(*articles: str) -> Citation:
    """Cite the Supreme People's Court's interpretation of the Civil Procedure Law."""
    return Citation(_INTERPRETATION, articles)


def confirmation_provisions(*articles: str) -> Citation:
    """Cite the provisions on judicial confirmation (法释〔2011〕5号)."""
    return Citation(_CONFIRMATION, articles)
