"""`tingzhu seal`: makes, takes and retires the keys that papers are sealed and signed with."""

import json
import sys
from pathlib import Path
from uuid import UUID

import click
import sqlalchemy as sa

from casework.seal_keys import ALGORITHMS, DEFAULT_ALGORITHM, create_key, import_key, list_keys, retire_key
from casework.seals import SealLevel
from casework.store.tables import organisation, user_account
from casework.users import viewer_for_username
from casework.work import Work
from tingzhu.cli.output import fail, language_option
from tingzhu.cli.user import office

_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
_user_option = click.option("--user", "is_user", is_flag=True, help="HOLDER is a username. HOLDER 为账号。")


@click.group("seal", short_help="Keys for seals and signatures. 电子印章密钥。")
def command() -> None:
    """Make, take and retire the keys of electronic seals and signatures. 管理电子印章和签名的密钥。

    HOLDER is the code of an organisation, or with --user the username of who signs.
    """


@command.command("create")
@click.argument("holder")
@_user_option
@click.option(
    "--algorithm", default=DEFAULT_ALGORITHM, type=click.Choice(sorted(ALGORITHMS)), help="Kind of key. 密钥算法。"
)
@click.option(
    "--pkcs12",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take key and certificate from this file; its passphrase is read from standard input. 使用机构颁发的证书文件。",
)
@click.option(
    "--basic",
    is_flag=True,
    help="The file is not from a licensed authority: its level is basic. 证书并非依法设立的机构颁发。",
)
@_json_option
@language_option
def create(
    holder: str, is_user: bool, algorithm: str, pkcs12: Path | None, basic: bool, as_json: bool, language: str
) -> None:
    """Make a key for HOLDER, or take one from a PKCS#12 file; the key before is retired.

    \b
    tingzhu seal create SZ-GML-MED
    tingzhu seal create SZ-GML-MED --pkcs12 seal.p12 < passphrase

    A key made here has the level `basic`; one from a licensed authority `certified`. The private key is kept encrypted
    under the master secret. Exit code 0: done; 2: there is no such holder, or the file cannot be used.
    """
    with office() as (work, bureau):
        whose, name = _holder(work, holder, is_user, language)
        if pkcs12 is None:
            made = create_key(
                work,
                bureau,
                name,
                algorithm=algorithm,
                organisation_id=whose.get("organisation_id"),
                user_id=whose.get("user_id"),
            )
        else:
            passphrase = sys.stdin.readline().rstrip("\r\n")
            level: SealLevel = "basic" if basic else "certified"
            made = import_key(
                work,
                bureau,
                pkcs12.read_bytes(),
                passphrase,
                level=level,
                organisation_id=whose.get("organisation_id"),
                user_id=whose.get("user_id"),
            )
    told = {
        "holder": holder,
        "algorithm": made.algorithm,
        "level": made.level,
        "certificate_sha256": made.sha256,
        "valid_until": made.certificate.not_valid_after_utc.date().isoformat(),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    elif language == "zh":
        click.echo(
            f"已启用 {holder} 的密钥：{made.algorithm}，级别 {made.level}，有效至 {told['valid_until']}\n"
            f"证书 SHA-256：{made.sha256}"
        )
    else:
        click.echo(
            f"The key of {holder} is in use: {made.algorithm}, level {made.level}, valid until {told['valid_until']}\n"
            f"Certificate SHA-256: {made.sha256}"
        )


@command.command("list")
@_json_option
@language_option
def list_command(as_json: bool, language: str) -> None:
    """List the keys, retired ones too. 列出密钥。"""
    with office() as (work, _bureau):
        organisations = work.connection.execute(sa.select(organisation.c.id, organisation.c.code))
        codes = {row.id: row.code for row in organisations}
        accounts = work.connection.execute(sa.select(user_account.c.id, user_account.c.username))
        users = {row.id: row.username for row in accounts}
        rows = [
            {
                "holder": codes.get(key.organisation_id) if key.organisation_id else users.get(key.user_id),
                "algorithm": key.algorithm,
                "level": key.level,
                "certificate_sha256": key.sha256,
                "valid_until": key.certificate.not_valid_after_utc.date().isoformat(),
                "is_retired": key.retired_at is not None,
            }
            for key in list_keys(work.connection)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        retired = "" if not row["is_retired"] else ("（已停用）" if language == "zh" else " (retired)")
        click.echo(
            f"{row['holder']}{retired}  {row['algorithm']}  {row['level']}  {row['valid_until']}  "
            f"{str(row['certificate_sha256'])[:16]}"
        )


@command.command("retire")
@click.argument("holder")
@_user_option
@language_option
def retire(holder: str, is_user: bool, language: str) -> None:
    """Let the key of HOLDER seal no more; what it sealed stays good. 停用密钥。"""
    with office() as (work, _bureau):
        whose, _ = _holder(work, holder, is_user, language)
        if not retire_key(work, organisation_id=whose.get("organisation_id"), user_id=whose.get("user_id")):
            raise fail(language, f"{holder} 没有在用的密钥。", f"{holder} has no key in use.")
    click.echo(f"已停用 {holder} 的密钥。" if language == "zh" else f"The key of {holder} was retired.")


def _holder(work: Work, holder: str, is_user: bool, language: str) -> tuple[dict[str, UUID], str]:
    """Return whose key it is, and the name for its certificate: never a person's, but the username."""
    if is_user:
        viewer = viewer_for_username(work.connection, holder)
        if viewer is None:
            raise fail(language, f"没有在用账号 {holder}。", f"There is no open account {holder}.")
        return {"user_id": viewer.user_id}, holder
    row = work.connection.execute(sa.select(organisation).where(organisation.c.code == holder)).one_or_none()
    if row is None:
        raise fail(language, f"没有组织 {holder}。", f"There is no organisation {holder}.")
    return {"organisation_id": row.id}, row.seal_name or row.name
