"""`tingzhu up`: run the whole system until it is told to stop."""

import os

import click

from casework.settings import Settings, unknown_variables
from tingzhu.logs import set_up_logs
from tingzhu.supervisor import Supervisor


@click.command("up", short_help="Run the whole system. 启动整个系统。")
@click.option("--json", "as_json", is_flag=True, help="Announce the address as one line of JSON. 以 JSON 输出地址。")
def command(as_json: bool) -> None:
    """Start database, API and workers, and keep them running until Ctrl-C or TERM.

    \b
    The embedded PostgreSQL under var/pg is used unless TINGZHU_DATABASE_URL names another one. The schema is migrated,
    processes/ and forms/ are deployed, with TINGZHU_DEMO=1 demo accounts are created; then the address is printed.

    Exit codes: 0 stopped as asked, 1 could not start, 2 misuse (settings that cannot be used, refused exposure).
    """
    settings = Settings.from_environment(os.environ)
    set_up_logs(settings)
    for name, suggestion in unknown_variables(os.environ):
        hint = f"；是否为 {suggestion}？ / did you mean {suggestion}?" if suggestion else ""
        click.echo(f"未知环境变量 {name} / unknown variable{hint}", err=True)
    raise SystemExit(Supervisor(settings, os.environ, as_json=as_json).run())
