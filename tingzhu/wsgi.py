"""The WSGI application of one API process: `tingzhu.wsgi:app`."""

import os

from api.app import create_app
from casework.settings import Settings
from tingzhu.children import follow_parent
from tingzhu.composition import install
from tingzhu.logs import set_up_logs

follow_parent()
_settings = Settings.from_environment(os.environ)
set_up_logs(_settings)
_installation = install(_settings, _settings.database_url)
app = create_app(_installation.platform, _settings, _settings.database_url, _installation.bureau)
