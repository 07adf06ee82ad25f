"""Makes the Flask application: HTTP in, commands and queries out."""

import time
from typing import Any

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from api.database import db, engine_options
from api.documentation import register_documentation
from api.openapi import make_api
from api.problems import register_problem_handlers
from api.request_metrics import RequestMetrics
from api.resources import RESOURCES
from api.runtime import Runtime, attach
from api.security_headers import register_security_headers
from api.verification_page import register_verification_page
from api.web_pages import register_web_pages
from casework.bureau import Bureau, open_bureau
from casework.model_words import read_model_words
from casework.secret_key import secret_key
from casework.settings import Settings
from engine.runtime.platform import Platform

LARGEST_BODY = 10 * 2**20


class OrjsonProvider(JSONProvider):
    """JSON by orjson: dates, instants and UUIDs as strings."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        """Return `obj` as JSON text."""
        return orjson.dumps(obj, default=str).decode()

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        """Return the value of a JSON text."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a JSON answer."""
        body = orjson.dumps(self._prepare_response_obj(args, kwargs), default=str)
        return Response(body, mimetype="application/json")


def create_app(platform: Platform, settings: Settings, database_url: str, bureau: Bureau | None = None) -> Flask:
    """Return the application over `database_url`; `bureau` is opened from the settings when it is not given."""
    app = Flask("api", static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=_with_driver(database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.api_threads),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=1000,
        PROPAGATE_EXCEPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    db.init_app(app)
    if bureau is None:
        bureau = open_bureau(
            settings.site_dir,
            settings.var_dir,
            secret_key(settings),
            settings.retired_secret_keys,
            read_model_words(settings),
        )
    attach(app, Runtime(platform, bureau, settings))
    register_problem_handlers(app)
    register_security_headers(app)
    api = make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource)
    register_documentation(app, api, settings.assets_dir)
    register_verification_page(app)
    register_web_pages(app, settings.assets_dir / "web")
    _count_requests(app, settings)
    if settings.proxies:
        # what counts wrong guesses per address must see the browser's, not the proxy's; with none in front the headers are anybody's
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _with_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in ("postgresql", "postgres") else url


def _count_requests(app: Flask, settings: Settings) -> None:
    """Measure every answered request by its route; call after every route is registered."""
    routes = [(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
    metrics = RequestMetrics(settings.var_dir / "metrics", routes)
    app.extensions["request_metrics"] = metrics

    def start() -> None:
        g.started = time.perf_counter()

    def stop(response: Response) -> Response:
        if request.url_rule is not None and "started" in g:
            metrics.count(request.method, request.url_rule.rule, response.status_code, time.perf_counter() - g.started)
        return response

    app.before_request(start)
    app.after_request(stop)
