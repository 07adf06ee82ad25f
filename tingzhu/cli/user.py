"""`tingzhu user`: adds, lists and closes accounts, and gives them another password, in the database itself."""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
import sqlalchemy as sa

from casework.bureau import Bureau, open_bureau
from casework.organisations import synchronise_site
from casework.roles import ROLES
from casework.secret_key import secret_key
from casework.settings import Settings
from casework.users import NewUser, change_password, create_user, deactivate_user, list_users, viewer_for_username
from casework.work import PlainWork, Work
from engine.domain.actor import Actor
from engine.domain.clock import SystemClock
from engine.domain.ids import uuid7_source
from tingzhu import migrations
from tingzhu.cli.output import fail, language_option
from tingzhu.embedded import database

ACTOR = Actor("command-line")
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input. 从标准输入读取密码。"
)


@contextmanager
def office() -> Iterator[tuple[Work, Bureau]]:
    """Give a transaction in the database that the settings mean, migrated and with the site's organisations."""
    settings = Settings.from_environment(os.environ)
    bureau = open_bureau(settings.site_dir, settings.var_dir, secret_key(settings), settings.retired_secret_keys)
    clock = SystemClock()
    with database(settings) as url:
        migrations.upgrade(url)
        engine = sa.create_engine(url)
        try:
            with engine.begin() as connection:
                work = PlainWork(connection, ACTOR, clock.now(), uuid7_source(clock))
                synchronise_site(work, bureau, with_demo=settings.demo)
                yield work, bureau
        finally:
            engine.dispose()


@click.group("user", short_help="Add, list and close accounts. 账号管理。")
def command() -> None:
    """Add, list and close user accounts. 新增、列出、停用账号。"""


@command.command("add")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="Whom the account belongs to. 姓名或岗位。")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(sorted(ROLES)),
    help="May be given more than once. 角色，可多次给出。",
)
@click.option("--area", help="Code of the area, as in the site files. 行政区划代码。")
@click.option("--organisation", help="Code of the organisation, e.g. SZ-ARB. 所属组织代码。")
@click.option("--phone", help="Telephone for notices. 手机号。")
@click.option("--email", help="Address for notices. 邮箱。")
@_password_option
@_json_option
@language_option
def add(
    username: str,
    display_name: str,
    roles: tuple[str, ...],
    area: str | None,
    organisation: str | None,
    phone: str | None,
    email: str | None,
    password_stdin: bool,
    as_json: bool,
    language: str,
) -> None:
    """Add an account. Asks for the password, reads it from standard input, or makes one and prints it once.

    \b
    tingzhu user add li --name "李明" --role mediator --area AREA-CODE --organisation ORGANISATION-CODE

    Exit code 0: added; 1: the username is taken; 2: misuse.
    """
    password, is_made = _password(password_stdin, language)
    with office() as (work, bureau):
        user_id = create_user(
            work,
            bureau,
            NewUser(
                username=username,
                password=password,
                display_name=display_name,
                roles=roles,
                area_code=area,
                organisation_code=organisation,
                phone=phone,
                email=email,
                language=language,
            ),
        )
    if as_json:
        answer = {"id": str(user_id), "username": username, "roles": sorted(set(roles))}
        click.echo(json.dumps(answer | ({"password": password} if is_made else {}), ensure_ascii=False))
    else:
        click.echo(f"已新增账号 {username}。" if language == "zh" else f"The account {username} was added.")
        if is_made:
            click.echo(f"密码（仅显示一次）：{password}" if language == "zh" else f"Password, shown once: {password}")


@command.command("list")
@click.option("--role", type=click.Choice(sorted(ROLES)), help="Only accounts with this role. 只列出该角色。")
@_json_option
@language_option
def list_command(role: str | None, as_json: bool, language: str) -> None:
    """List the accounts. 列出账号。"""
    with office() as (work, bureau):
        users = list_users(work.connection, bureau, role=role)
    if as_json:
        rows = [
            {
                "id": str(user.id),
                "username": user.username,
                "display_name": user.display_name,
                "roles": list(user.roles),
                "area_code": user.area_code,
                "organisation_code": user.organisation_code,
                "is_active": user.is_active,
                "is_demo": user.is_demo,
            }
            for user in users
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for user in users:
        names = "、".join(ROLES[role].zh for role in user.roles) if language == "zh" else ", ".join(user.roles)
        place = " ".join(part for part in (user.area_code, user.organisation_code) if part)
        closed = "" if user.is_active else ("（已停用）" if language == "zh" else " (closed)")
        click.echo(f"{user.username}{closed}  {user.display_name}  {names}  {place}".rstrip())


@command.command("password")
@click.argument("username")
@_password_option
@language_option
def password_command(username: str, password_stdin: bool, language: str) -> None:
    """Give an account another password; ends its sign-ins. 重设密码。"""
    password, is_made = _password(password_stdin, language)
    with office() as (work, _bureau):
        change_password(work, _existing(work, username, language), password)
    click.echo(f"已重设 {username} 的密码。" if language == "zh" else f"The password of {username} was changed.")
    if is_made:
        click.echo(f"密码（仅显示一次）：{password}" if language == "zh" else f"Password, shown once: {password}")


@command.command("close")
@click.argument("username")
@language_option
def close(username: str, language: str) -> None:
    """Close an account; what it did stays in history. 停用账号。"""
    with office() as (work, _bureau):
        deactivate_user(work, _existing(work, username, language))
    click.echo(f"已停用账号 {username}。" if language == "zh" else f"The account {username} was closed.")


def _existing(work: Work, username: str, language: str) -> UUID:
    found = viewer_for_username(work.connection, username)
    if found is None:
        raise fail(language, f"没有在用账号 {username}。", f"There is no open account {username}.")
    return found.user_id


def _password(from_stdin: bool, language: str) -> tuple[str, bool]:
    """Return the password and whether it was made here."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(12), True
    prompt = "密码" if language == "zh" else "Password"
    again = "再次输入" if language == "zh" else "Again"
    password: str = click.prompt(prompt, hide_input=True, confirmation_prompt=again)
    return password, False
