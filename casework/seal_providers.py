"""Which provider seals: the service that the settings name, else the keys kept here."""

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.gateway import Gateway
from casework.gateway_signatures import SigningKey
from casework.seals import SealProvider
from casework.seals_gateway import GatewaySealProvider
from casework.seals_local import LocalSealProvider
from casework.settings import Settings


def seal_provider(connection: sa.Connection, bureau: Bureau, settings: Settings) -> SealProvider:
    """Return the provider of this installation."""
    if settings.seal_gateway_url:
        key = SigningKey(settings.seal_gateway_secret)
        seconds = settings.http_timeout.total_seconds()
        return GatewaySealProvider(Gateway("电子印章服务", settings.seal_gateway_url, key, seconds))
    return LocalSealProvider(connection, bureau, settings.fonts)
