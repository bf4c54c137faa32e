"""Tokens in software (softhsm2), made before the library that holds them is loaded: it looks for them only then."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

MODULE = next(
    (
        str(path)
        for path in (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/local/lib/softhsm/libsofthsm2.so"))
        if path.exists()
    ),
    "",
)
PIN = "730914"
WHY = "softhsm2 is not installed (Debian package softhsm2)"


def there() -> bool:
    return bool(MODULE and shutil.which("softhsm2-util"))


def make_tokens(folder: Path, *labels: str, pin: str = PIN) -> dict[str, str]:
    """Make tokens, and return what the environment must say for a process to find them."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    found = {"SOFTHSM2_CONF": str(configuration)}
    for label in labels:
        words = ["--init-token", "--free", "--label", label, "--so-pin", "90817263", "--pin", pin]
        subprocess.run(
            ["softhsm2-util", *words], env={**os.environ, **found}, check=True, capture_output=True, timeout=60
        )
    return found
