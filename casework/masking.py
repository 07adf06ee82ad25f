"""How personal data look to those who need not know them in full."""


def masked_name(name: str) -> str:
    """Return a person's name with all but the first character hidden; two at least are shown as hidden."""
    return name[:1] + "*" * max(len(name) - 1, 2) if name else name


def masked_number(number: str | None) -> str | None:
    """Return an identity number with its first and last four characters; all of it hidden when it is short."""
    if number is None:
        return None
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) >= 12 else "*" * len(number)


def masked_phone(phone: str | None) -> str | None:
    """Return a telephone number with its first three and last two characters; all of it hidden when it is short."""
    if phone is None:
        return None
    return f"{phone[:3]}{'*' * (len(phone) - 5)}{phone[-2:]}" if len(phone) >= 8 else "*" * len(phone)
