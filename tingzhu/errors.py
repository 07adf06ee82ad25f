"""Errors of starting and running the whole system; the tree they hang on is `engine.domain.errors`."""

from engine.domain.errors import ConflictError, InvalidInputError, UnavailableError


class EmbeddedDatabaseInUseError(ConflictError):
    """Another process owns the embedded database of this folder."""

    zh = "{folder} 中的内嵌数据库正由另一个进程使用。请先停止它，或用 TINGZHU_VAR_DIR 指定另一目录。"
    en = (
        "The embedded database in {folder} is in use by another process. "
        "Stop that one first, or choose another folder with TINGZHU_VAR_DIR."
    )


class EmbeddedDatabaseFailedError(UnavailableError):
    """The embedded database did not start."""

    zh = "内嵌数据库未能启动：{problem}\n日志 {log}：\n{tail}"
    en = "The embedded database did not start: {problem}\nLog {log}:\n{tail}"


class EmbeddedDatabaseVersionError(ConflictError):
    """The data were written by another major version of PostgreSQL."""

    zh = "{folder} 中的数据由 PostgreSQL {found} 写成，当前版本为 {wanted}。请先用旧版本导出，再导入。"
    en = "The data in {folder} were written by PostgreSQL {found}; this is {wanted}. Dump them with the old one first."


class DatabaseUnreachableError(UnavailableError):
    """The database that the settings name does not answer."""

    zh = "无法连接 TINGZHU_DATABASE_URL 指定的数据库：{problem}"
    en = "The database of TINGZHU_DATABASE_URL does not answer: {problem}"


class PortInUseError(ConflictError):
    """Something listens on the port already."""

    zh = "端口 {host}:{port} 已被占用。请停止占用它的程序，或用 TINGZHU_PORT 指定另一端口。"
    en = "Something listens on {host}:{port} already. Stop it, or choose another port with TINGZHU_PORT."


class AddressUnusableError(InvalidInputError):
    """The host in the settings is no address of this machine."""

    zh = "无法在 {host}:{port} 监听：{problem}。请检查 TINGZHU_HOST 与 TINGZHU_PORT。"
    en = "Cannot listen on {host}:{port}: {problem}. Check TINGZHU_HOST and TINGZHU_PORT."


class ExposureRefusedError(InvalidInputError):
    """Beyond loopback with demo accounts or a default key."""

    zh = "拒绝在 {host} 上监听：{reasons_zh}。对外服务前请先处理，或将 TINGZHU_HOST 设为 127.0.0.1。"
    en = (
        "Refused to listen on {host}: {reasons_en}. Mend that before others can reach this system, "
        "or set TINGZHU_HOST to 127.0.0.1."
    )


class SchemaTooNewError(ConflictError):
    """A newer release has migrated this database."""

    zh = "数据库结构版本 {found} 比本程序（{newest}）新。请使用新版本程序，或恢复备份。"
    en = "The database has schema {found}, newer than this release ({newest}). Run the newer one, or restore a backup."


class StartFailedError(UnavailableError):
    """A part of the system did not start; what it said stands above."""

    zh = "启动失败（{step}，状态 {status}）。原因见上文。"
    en = "The start failed (step {step}, status {status}). The reason stands above."
