"""The one settings object: every environment variable the software reads, with its default and its meaning."""
# ruff: noqa: RUF009 - `_setting` makes dataclass fields, as dataclasses.field does

import base64
import binascii
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.domain.errors import InvalidInputError

PREFIX = "TINGZHU_"
CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder that holds `processes/`, `forms/`, `sites/` and `build/`."""
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET_KEY_BYTES = 32


class SettingInvalidError(InvalidInputError):
    """An environment variable holds something that cannot be used."""

    zh = "环境变量 {variable} 的值{value}无效：{problem_zh}"
    en = "The environment variable {variable} has the value {value}, which cannot be used: {problem_en}"


class SiteUndecidedError(InvalidInputError):
    """No site was chosen, and there is not exactly one to choose."""

    zh = "请用环境变量 TINGZHU_SITE 指定站点。{folder} 中的站点：{known}"
    en = "Choose a site with the environment variable TINGZHU_SITE. Sites in {folder}: {known}"


class _RefusedError(Exception):
    """Why a raw value is refused, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en


Read = Callable[[str], Any]


def _text(raw: str) -> str:
    return raw


def _flag(raw: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if raw.lower() not in words:
        raise _RefusedError("应为 1 或 0。", "it must be 1 or 0.")
    return words[raw.lower()]


def _folder(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _number(least: int, most: int) -> Read:
    def read(raw: str) -> int:
        try:
            number = int(raw)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise _RefusedError(
                f"应为 {least} 到 {most} 的整数。", f"it must be a whole number from {least} to {most}."
            )
        return number

    return read


def _seconds(least: int, most: int) -> Read:
    number = _number(least, most)
    return lambda raw: timedelta(seconds=number(raw))


def _choice(*words: str) -> Read:
    def read(raw: str) -> str:
        if raw.lower() not in words:
            raise _RefusedError(f"可选值：{'、'.join(words)}。", f"it must be one of {', '.join(words)}.")
        return raw.lower()

    return read


def _database_url(raw: str) -> str:
    scheme, separator, rest = raw.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise _RefusedError(
            "应形如 postgresql://用户:密码@主机:5432/库名。",
            "it must look like postgresql://user:password@host:5432/database.",
        )
    return f"postgresql+psycopg://{rest}"


def _web_url(raw: str) -> str:
    try:
        parts = urlsplit(raw)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise _RefusedError("应以 http:// 或 https:// 开头。", "it must start with http:// or https://.")
    return raw.rstrip("/")


def _secret_key(raw: str) -> str:
    try:
        key = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SECRET_KEY_BYTES:
        raise _RefusedError("应为 32 字节的 Base64 编码。", "it must be 32 bytes in base64.")
    return raw


def _secret_keys(raw: str) -> tuple[str, ...]:
    return tuple(_secret_key(part.strip()) for part in raw.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Note:
    """What the reference page says about a setting, and how its raw text is read."""

    name: str
    read: Read
    zh: str
    en: str
    default: str | None = None
    """What the page shows as the default where the default value itself would not tell."""
    is_secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable's full name."""
        return PREFIX + self.name


def _setting(
    default: Any, name: str, read: Read, zh: str, en: str, *, shown: str | None = None, is_secret: bool = False
) -> Any:
    note = Note(name, read, zh, en, shown, is_secret)
    return field(default=default, repr=not is_secret, metadata={"note": note})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set from outside; built once at start and handed on."""

    # --- where things lie
    database_url: str = _setting(
        "",
        "DATABASE_URL",
        _database_url,
        "PostgreSQL 连接地址；留空则使用内嵌数据库。",
        "PostgreSQL to use; empty means the embedded server.",
        shown="（内嵌数据库 / embedded）",
        is_secret=True,
    )
    var_dir: Path = _setting(
        Path("var"),
        "VAR_DIR",
        _folder,
        "运行数据目录：内嵌数据库、上传文件、密钥、日志。请整体备份。",
        "Folder of everything that is written: embedded database, files, keys, logs. Back it up as a whole.",
        shown="./var",
    )
    assets_dir: Path = _setting(
        CHECKOUT / "build" / "assets",
        "ASSETS_DIR",
        _folder,
        "安装时生成的资源目录：字体、FEEL 解释器、接口页面。",
        "Folder of what set-up builds: fonts, FEEL interpreter, API page.",
        shown="build/assets",
    )
    processes_dir: Path = _setting(
        CHECKOUT / "processes",
        "PROCESSES_DIR",
        _folder,
        "启动时部署的流程与决策目录。",
        "Folder of the processes and decisions that are deployed at start.",
        shown="processes",
    )
    forms_dir: Path = _setting(
        CHECKOUT / "forms",
        "FORMS_DIR",
        _folder,
        "启动时部署的表单目录。",
        "Folder of the forms that are deployed at start.",
        shown="forms",
    )
    sites_dir: Path = _setting(
        CHECKOUT / "sites", "SITES_DIR", _folder, "站点目录。", "Folder of the sites.", shown="sites"
    )
    site: str = _setting(
        "",
        "SITE",
        _text,
        "站点名，即站点目录下的文件夹名；仅有一个站点时可省略。",
        "Name of the site: a folder under the sites folder; may be left out where there is one only.",
        shown="（唯一的站点 / the only one）",
    )

    # --- serving
    host: str = _setting(
        "127.0.0.1",
        "HOST",
        _text,
        "监听地址。演示账号或默认密钥存在时拒绝监听本机以外的地址。",
        "Address to listen on. Beyond loopback is refused while there are demo accounts or a default key.",
    )
    port: int = _setting(8000, "PORT", _number(1, 65535), "监听端口。", "Port to listen on.")
    public_url: str = _setting(
        "",
        "PUBLIC_URL",
        _web_url,
        "用户与合作方访问本系统的地址，用于通知和回调。",
        "Address under which people and partners reach this system; used in notices and callbacks.",
        shown="http://HOST:PORT",
    )
    proxies: int = _setting(
        0,
        "PROXIES",
        _number(0, 5),
        "前面有几层由本单位管理的反向代理；0 表示浏览器直接连接。代理须覆盖 X-Forwarded-For、X-Forwarded-Proto。",
        "Reverse proxies of the office in front of the server; 0 means that browsers connect to it. They must set X-Forwarded-For and -Proto.",
    )
    api_processes: int = _setting(
        2, "API_PROCESSES", _number(1, 64), "接口服务的进程数。", "Processes that serve the API."
    )
    api_threads: int = _setting(
        4, "API_THREADS", _number(1, 64), "每个接口进程的线程数。", "Threads in each of those processes."
    )
    demo: bool = _setting(
        False, "DEMO", _flag, "1 表示建立演示账号和演示数据。", "1 creates demo accounts and demo data.", shown="0"
    )

    # --- secrets
    secret_key: str = _setting(
        "",
        "SECRET_KEY",
        _secret_key,
        "个人信息加密主密钥：32 字节的 Base64。留空则首次启动时生成到 VAR_DIR/keys，视为默认密钥。",
        "Master key of personal data: 32 bytes in base64. Empty: made at first start in VAR_DIR/keys; "
        "that counts as a default key.",
        shown="（首次启动时生成 / made at first start）",
        is_secret=True,
    )
    retired_secret_keys: tuple[str, ...] = _setting(
        (),
        "RETIRED_SECRET_KEYS",
        _secret_keys,
        "停用但仍需用于解密的主密钥，以逗号分隔。",
        "Former master keys, separated by commas; they open what they once sealed, and seal nothing.",
        is_secret=True,
    )

    # --- workers and jobs
    workers: int = _setting(1, "WORKERS", _number(0, 64), "作业进程数。", "Worker processes.")
    worker_slots: int = _setting(
        2,
        "WORKER_SLOTS",
        _number(1, 64),
        "每个作业进程同时执行的作业数。",
        "Jobs that one worker process runs at the same time.",
    )
    job_time_limit: timedelta = _setting(
        timedelta(seconds=60),
        "JOB_TIME_LIMIT",
        _seconds(1, 3600),
        "单个作业的时限（秒），超时即终止并重试。",
        "Seconds a job's handler may take; then it is killed and the job retried.",
    )
    job_lease: timedelta = _setting(
        timedelta(seconds=30),
        "JOB_LEASE",
        _seconds(2, 600),
        "作业租约（秒）：进程失联超过此时长，作业交由其他进程。",
        "Seconds after which the job of a worker that fell silent is given to another.",
    )
    sweep_interval: timedelta = _setting(
        timedelta(seconds=10),
        "SWEEP_INTERVAL",
        _seconds(1, 600),
        "补扫到期定时器与遗失作业的间隔（秒）。",
        "Seconds between two sweeps for due timers and lost jobs.",
    )
    http_timeout: timedelta = _setting(
        timedelta(seconds=10),
        "HTTP_TIMEOUT",
        _seconds(1, 120),
        "对外 HTTP 请求的时限（秒）。",
        "Seconds that a request to a partner may take.",
    )

    # --- e-mail
    smtp_host: str = _setting(
        "", "SMTP_HOST", _text, "邮件服务器；留空则不发邮件。", "Mail server; empty: no mail is sent."
    )
    smtp_port: int = _setting(25, "SMTP_PORT", _number(1, 65535), "邮件服务器端口。", "Port of the mail server.")
    smtp_security: str = _setting(
        "none",
        "SMTP_SECURITY",
        _choice("none", "starttls", "tls"),
        "邮件加密方式：none、starttls 或 tls。",
        "How mail is secured: none, starttls or tls.",
    )
    smtp_username: str = _setting("", "SMTP_USERNAME", _text, "邮件账号。", "Account at the mail server.")
    smtp_password: str = _setting(
        "", "SMTP_PASSWORD", _text, "邮件账号密码。", "Password of that account.", is_secret=True
    )
    smtp_sender: str = _setting(
        "tingzhu@localhost", "SMTP_SENDER", _text, "发件人地址。", "Address that mail is sent from."
    )

    # --- partners
    sms_gateway_url: str = _setting(
        "",
        "SMS_GATEWAY_URL",
        _web_url,
        "短信网关地址；留空则不发短信。",
        "Gateway for text messages; empty: none are sent.",
    )
    sms_gateway_secret: str = _setting(
        "",
        "SMS_GATEWAY_SECRET",
        _text,
        "短信网关签名密钥。",
        "Secret that signs requests to that gateway.",
        is_secret=True,
    )
    seal_gateway_url: str = _setting(
        "",
        "SEAL_GATEWAY_URL",
        _web_url,
        "电子印章服务地址；留空则使用 tingzhu seal create 建立的密钥签章。",
        "Seal service; empty: papers are sealed with the keys that `tingzhu seal create` made.",
    )
    seal_gateway_secret: str = _setting(
        "",
        "SEAL_GATEWAY_SECRET",
        _text,
        "电子印章服务签名密钥。",
        "Secret that signs requests to that service.",
        is_secret=True,
    )
    court_gateway_url: str = _setting(
        "",
        "COURT_GATEWAY_URL",
        _web_url,
        "法院网关地址；留空则由法院联络员线下办理。",
        "Gateway of the court; empty: the court liaison does it by hand.",
    )
    court_gateway_secret: str = _setting(
        "",
        "COURT_GATEWAY_SECRET",
        _text,
        "与法院网关互相签名的密钥。",
        "Secret by which the court's gateway and this system sign to each other.",
        is_secret=True,
    )

    # --- logging
    log_level: str = _setting(
        "info",
        "LOG_LEVEL",
        _choice("debug", "info", "warning", "error"),
        "日志级别：debug、info、warning 或 error。",
        "Least severe level that is logged: debug, info, warning or error.",
    )
    log_format: str = _setting(
        "text",
        "LOG_FORMAT",
        _choice("text", "json"),
        "日志格式：text 或 json（每行一条）。",
        "Log format: text, or json with one object per line.",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that `environment` gives; an empty variable counts as not set.

        Raises SettingInvalidError naming the variable, SiteUndecidedError where the site is open.
        """
        values: dict[str, Any] = {}
        for each, note in notes():
            raw = environment.get(note.variable, "").strip()
            if not raw:
                continue
            try:
                values[each.name] = note.read(raw)
            except _RefusedError as refusal:
                shown = "***" if note.is_secret else repr(raw)
                raise SettingInvalidError(
                    variable=note.variable, value=shown, problem_zh=refusal.zh, problem_en=refusal.en
                ) from None
        values["var_dir"] = values.get("var_dir") or _folder("var")
        sites_dir = values.get("sites_dir") or CHECKOUT / "sites"
        values["site"] = _chosen_site(sites_dir, values.get("site", ""))
        return cls(**values)

    @property
    def has_default_key(self) -> bool:
        """Whether the master key is the one made by the software itself."""
        return not self.secret_key

    @property
    def is_loopback_only(self) -> bool:
        """Whether nobody on another machine can reach what listens on `host`."""
        return self.host in LOOPBACK_HOSTS

    @property
    def site_dir(self) -> Path:
        """The chosen site's folder."""
        return self.sites_dir / self.site

    @property
    def fonts(self) -> tuple[Path, ...]:
        """Folders with fonts: the shipped ones first, then those an installation adds for rare characters."""
        return tuple(folder for folder in (self.assets_dir / "fonts", self.var_dir / "fonts") if folder.is_dir())

    @property
    def address(self) -> str:
        """The public URL, or the address the server listens on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


def notes() -> Iterator[tuple["Field[Any]", Note]]:
    """Yield each setting's field with its note, in the order of the reference page."""
    for each in fields(Settings):
        yield each, each.metadata["note"]


def unknown_variables(environment: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Return variables with our prefix that nothing reads, each with the known name it resembles, if any."""
    known = [note.variable for _, note in notes()]
    strangers = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return [(name, next(iter(difflib.get_close_matches(name, known, 1)), None)) for name in strangers]


def _chosen_site(sites_dir: Path, name: str) -> str:
    sites = sorted(child.name for child in sites_dir.iterdir() if child.is_dir()) if sites_dir.is_dir() else []
    if name in sites:
        return name
    if not name and len(sites) == 1:
        return sites[0]
    raise SiteUndecidedError(folder=sites_dir, known=", ".join(sites) or "-")
