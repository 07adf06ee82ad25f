"""What the dispute domain needs beside the database: one site's data, its keys and its files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casework.encryption import Keyring, keyring_from_secrets
from casework.files import FileStore
from casework.model_words import NO_MODEL_WORDS, ModelWords
from casework.site import Site, load_site


@dataclass(frozen=True, slots=True, repr=False)
class Bureau:
    """One installation: site, keys, files, and the English of its models; built once per process and shared."""

    site: Site
    keyring: Keyring
    files: FileStore
    words: ModelWords = NO_MODEL_WORDS


def open_bureau(
    site_folder: Path,
    var_dir: Path,
    secret_key: str,
    retired_keys: Iterable[str] = (),
    words: ModelWords = NO_MODEL_WORDS,
) -> Bureau:
    """Return the bureau of a site whose files lie in `var_dir`/files.

    `retired_keys` are earlier secret keys, still good for reading; without `words` the names of models are shown as
    they stand there. Raises SiteInvalidError.
    """
    keyring = keyring_from_secrets(secret_key, retired_keys)
    return Bureau(load_site(site_folder), keyring, FileStore(var_dir / "files", keyring), words)
