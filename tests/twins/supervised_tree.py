"""A supervised tree with small stand-ins for the API and the worker: python tests/twins/supervised_tree.py KIND

Both write their process id below the var folder. KIND is `orderly`; `stubborn`, where the worker ignores TERM;
`hopeless`, where the API ends at once; or `unprepared`, where the preparation fails.
"""

import os
import sys

from casework.settings import Settings
from tingzhu.supervisor import Programs, Supervisor

NOTE_PID = """
import os, pathlib, sys, time
folder = pathlib.Path(os.environ["TINGZHU_VAR_DIR"])
def note(name):
    part = folder / f"{name}.{os.getpid()}"
    part.write_text(str(os.getpid()))
    os.replace(part, folder / name)
"""

PREPARE = """
import json
print(json.dumps({"demo_accounts": [{"username": "window", "password": "open-sesame", "roles": "clerk"}]}))
"""

API = (
    NOTE_PID
    + """
import http.server
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *arguments): pass
http.server.HTTPServer.allow_reuse_address = True
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["TINGZHU_PORT"])), Health)
note("api")
server.serve_forever()
"""
)

WORKER = (
    NOTE_PID
    + """
import psycopg, sqlalchemy
url = sqlalchemy.make_url(os.environ["TINGZHU_DATABASE_URL"])
psycopg.connect(host=url.query["host"], user=url.username, dbname=url.database).close()
note("worker")
time.sleep(600)
"""
)

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WORKER


def _python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


KINDS = {
    "orderly": Programs(_python(PREPARE), _python(API), _python(WORKER)),
    "stubborn": Programs(_python(PREPARE), _python(API), _python(STUBBORN)),
    "hopeless": Programs(_python(PREPARE), _python("raise SystemExit(3)"), _python(WORKER)),
    "unprepared": Programs(_python("raise SystemExit(7)"), _python(API), _python(WORKER)),
}

if __name__ == "__main__":
    settings = Settings.from_environment(os.environ)
    raise SystemExit(Supervisor(settings, os.environ, KINDS[sys.argv[1]]).run())
