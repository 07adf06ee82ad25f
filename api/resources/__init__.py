"""The routes, one module per resource; the listing is what the API offers."""

from api.resources import auth, health, metrics
from api.routes import Routes

RESOURCES: tuple[Routes, ...] = (
    auth.routes,
    health.routes,
    metrics.routes,
)
