"""The script in a root with nothing but a few of Debian's packages: no Python, nothing of ours but the bundle."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.agent.evidence.made import World
from tests.corpus.catalog import Corpus

CHROOT = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin")
PROGRAMS = {
    "dash": ("sh",),
    "coreutils": (
        *("base64", "basenc", "cat", "cp", "cut", "date", "dd", "dirname", "head", "ls", "mkdir", "mktemp", "od"),
        *("printf", "rm", "sha256sum", "sort", "stat", "tail", "tr", "wc"),
    ),
    "diffutils": ("cmp",),
    "mawk": ("awk",),
    "sed": ("sed",),
    "grep": ("grep",),
    "jq": ("jq",),
    "openssl": ("openssl",),
    "age": ("age",),
    "poppler-utils": ("pdfsig", "pdfdetach", "pdftotext"),
    "qpdf": ("qpdf",),
}
"""Programs by the Debian package that has them; the first six are in every Debian."""

DATA = ("/usr/share/poppler", "/usr/lib/ssl", "/etc/ssl/openssl.cnf")
"""What programs of these packages read besides their libraries."""

LOADED_LATER = ("libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so", "libnssdbm3.so", "libsqlite3.so.0")
"""Libraries that libnss3 loads when it is used."""

missing = [name for names in PROGRAMS.values() for name in names if shutil.which(name) is None]
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="chroot needs root"),
    pytest.mark.skipif(bool(missing), reason=f"needs the Debian packages of {', '.join(missing)}"),
]


def libraries_of(file: Path) -> set[Path]:
    """Return what the loader takes for a program or library."""
    said = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
    words = {word for line in said.splitlines() for word in line.split()}
    return {Path(word) for word in words if word.startswith("/") and Path(word).is_file()}


def copy_into(root: Path, file: Path, name: str | None = None) -> None:
    """Copy a file with the libraries that it needs to the same place below a root."""
    for each in {file, *libraries_of(file.resolve())}:
        target = root / str(each).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each.resolve(), target)
        target.chmod(0o755)
    if name:
        (root / "bin").mkdir(exist_ok=True)
        shutil.copyfile(file.resolve(), root / "bin" / name)
        (root / "bin" / name).chmod(0o755)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with these programs and what they need."""
    root = tmp_path_factory.mktemp("root")
    for package, names in PROGRAMS.items():
        for name in names:
            program = "dash" if package == "dash" else "mawk" if package == "mawk" else name
            path = shutil.which(program)
            assert path is not None, f"needs Debian's {package}"
            copy_into(root, Path(path).resolve(), name)
    for file in list(root.rglob("libnss3.so")):
        there = Path("/") / file.parent.relative_to(root)
        for place in (there, there / "nss"):
            for name in LOADED_LATER:
                if (place / name).exists():
                    copy_into(root, place / name)
    for name in DATA:
        if Path(name).is_dir():
            shutil.copytree(name, root / name.lstrip("/"), dirs_exist_ok=True, ignore_dangling_symlinks=True)
        elif Path(name).is_file():
            (root / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, root / name.lstrip("/"))
    for name in ("tmp", "dev"):
        (root / name).mkdir(exist_ok=True)
    (root / "tmp").chmod(0o1777)
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        os.mknod(root / "dev" / name, 0o20666, os.makedev(1, minor))
    return root


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    return Corpus(World.make(folder / "home"), folder / "honest")


def alone(root: Path, corpus: Corpus, name: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a bundle inside the root."""
    bundle = corpus.honest(name)
    shutil.copytree(bundle, root / "case", dirs_exist_ok=True)
    shutil.copytree(corpus.world.home / "trust", root / "trust", dirs_exist_ok=True)
    command = [str(CHROOT), str(root), "/bin/sh", "/case/verify.sh", "--trust", "/trust", "/case"]
    environment = {"PATH": "/bin:/usr/bin"}
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)
    finally:
        shutil.rmtree(root / "case")


def test_it_accepts_an_honest_bundle_and_names_what_it_could_not_check(root: Path, corpus: Corpus) -> None:
    assert not (root / "usr" / "bin" / "python3").exists()
    done = alone(root, corpus, "timestamped-and-logged")
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "result: PASS"
    assert done.returncode == 0
    lines = [line for line in done.stdout.splitlines() if not line.startswith("ok ")][:-2]
    assert [line.split()[2] for line in lines] == ["certificate-page"]
    assert "page-not-drawn" in lines[0]


@pytest.mark.parametrize(("program", "package"), [("jq", "jq"), ("openssl", "openssl"), ("pdfsig", "poppler-utils")])
def test_a_missing_tool_is_named_and_nothing_is_accepted(
    root: Path, corpus: Corpus, program: str, package: str
) -> None:
    places = [path for path in root.rglob(program) if path.parent.name in ("bin", "sbin")]
    for path in places:
        path.rename(path.with_suffix(".gone"))
    try:
        done = alone(root, corpus, "timestamped-and-logged")
    finally:
        for path in places:
            path.with_suffix(".gone").rename(path)
    assert done.returncode == 6
    assert "result: UNKNOWN" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "tool-missing" in line]
    assert line.startswith("not checkable")
    assert package in line
