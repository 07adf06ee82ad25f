"""The WSGI application of one API process: `tingzhu.wsgi:app`."""

import os

from api.app import create_app
from casework.settings import Settings
from tingzhu.composition import install

_settings = Settings.from_environment(os.environ)
_installation = install(_settings, _settings.database_url)
app = create_app(_installation.platform, _settings, _settings.database_url, _installation.bureau)
