"""Routes of one resource: every view declares its access rule, runs in one transaction, and is documented."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint

from api.parsing import RequestParser
from api.rules import Rule, rule_of
from api.transaction import in_transaction

_SCOPES = {
    "none": "shows nothing of anybody",
    "own": "limited to what is the caller's own",
    "case": "limited to cases the caller may see; an unseen one answers 404",
    "area": "limited to the caller's area",
    "site": "the same for everybody who has the role",
}


class Routes(Blueprint):  # type: ignore[misc]
    """A blueprint whose views run in the request's transaction and cannot be registered without an access rule."""

    ARGUMENTS_PARSER = RequestParser()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a view function; raises TypeError when it declares no access rule."""
        if view_func is None:
            raise TypeError("a view function is needed")
        access = rule_of(view_func)
        view = in_transaction(view_func, access)
        _document(view, access, options.get("methods", ["GET"]))
        super().add_url_rule(
            rule, endpoint or view_func.__name__, view, provide_automatic_options=provide_automatic_options, **options
        )


def _document(view: Callable[..., Any], access: Rule, methods: list[str]) -> None:
    """Add to the view's OpenAPI operation what its rule says."""
    documented: dict[str, Any] = dict(getattr(view, "_apidoc", {}))
    manual = dict(documented.get("manual_doc", {}))
    manual.setdefault("operationId", view.__name__)
    manual["security"] = [] if access.is_public else [{"bearer": []}]
    manual["x-owner"] = access.owner
    manual["x-roles"] = list(access.roles)
    manual["x-scope"] = f"{access.scope}: {_SCOPES[access.scope]}"
    if "POST" in methods and access.needs_key:
        manual["x-needs-idempotency-key"] = True
    documented["manual_doc"] = manual
    view._apidoc = documented  # type: ignore[attr-defined]
