"""Write files in one step: the old file stays whole until the new one takes its place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, ProblemKind, Result, Where

_PREFIX, _SUFFIX = ".workbook-", ".part"
#: The names of all unfinished files, and of nothing that a person would make.
_UNFINISHED = re.compile(r"\.workbook-\d+-.+-[0-9a-f]{8}\.part", re.DOTALL)
#: Characters of the file's name in that of its unfinished form; some file systems allow few.
_LONGEST_STEM = 40
#: Seconds after which an unfinished file is abandoned; writing one takes a few.
_ABANDONED_AFTER = 3600
#: Nobody else may read a file until it is whole.
_PRIVATE = 0o600
#: The files by which LibreOffice and Excel tell others that they have a workbook open.
_LOCK_FILES = (".~lock.{}#", "~${}")


@dataclass(frozen=True)
class Written:
    """What a file that is written is called, and the kinds of problems that it can have."""

    name: str
    locked: ProblemKind
    cannot_write: ProblemKind


WORKBOOK = Written("workbook", catalogue.LOCKED, catalogue.CANNOT_WRITE)
DECK = Written("deck", catalogue.DECK_LOCKED, catalogue.NO_SLIDES)


def write_file(
    path: Path, content: bytes, *, beside_if_locked: bool, kind: Written = WORKBOOK
) -> Result[Path | None]:
    """Write a workbook or a deck and return its path; None if it could not be written.

    If another program has opened the old file since it was looked at, the new one goes to a free
    name beside it, or nowhere without `beside_if_locked`.
    """
    fault = _replace(path, content)
    if isinstance(fault, PermissionError) and path.exists() and beside_if_locked:
        other = free_name_beside(path)
        if _replace(other, content) is None:
            what = "the file is open in another program."
            done = f"It was left unchanged; the new {kind.name} is {other.name}."
            return Result(other, (Problem(kind.locked, what, Where(str(path)), done),))
    return Result(None, (_cannot_write(path, fault, kind),)) if fault else Result(path)


def replace_file(path: Path, content: bytes) -> Problem | None:
    """Write a file in one step; a failure leaves everything as it was."""
    fault = _replace(path, content)
    return _cannot_write(path, fault, WORKBOOK) if fault else None


def is_locked(path: Path) -> bool:
    """Tell whether a file is open in another program or cannot be written for another reason."""
    if not path.is_file():
        return False
    if any((path.parent / lock.format(path.name)).exists() for lock in _LOCK_FILES):
        return True
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True


def free_name_beside(path: Path) -> Path:
    """Return the first free name beside a file: "board (2).xlsx"."""
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


def unfinished_prefix(process_id: int) -> str:
    """Return how the names of the files begin that a process has not finished writing."""
    return f"{_PREFIX}{process_id}-"


def unfinished_beside(path: Path) -> Path:
    """Return a name beside a file for its new content, until this process has finished it."""
    stem, token = path.stem[:_LONGEST_STEM], secrets.token_hex(4)
    return path.with_name(f"{unfinished_prefix(os.getpid())}{stem}-{token}{_SUFFIX}")


def remove_unfinished(folder: Path, process_id: int) -> None:
    """Remove what a process that was stopped left unfinished in a folder."""
    for unfinished in folder.glob(f"{unfinished_prefix(process_id)}*{_SUFFIX}"):
        unfinished.unlink(missing_ok=True)


def _replace(path: Path, content: bytes) -> OSError | None:
    """Write a file and move it to its place; return the fault, of which nothing is left."""
    unfinished = unfinished_beside(path)
    try:
        _remove_abandoned(path.parent)
        mode = _usual_mode(path)
        try:
            _write_vanishing(content, unfinished, path, mode)
        except OSError:  # not to be had here, or a fault that the plain way meets as well
            unfinished.unlink(missing_ok=True)
            _write_plain(content, unfinished, path, mode)
    except OSError as fault:
        unfinished.unlink(missing_ok=True)
        return fault
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return None


def _remove_abandoned(folder: Path) -> None:
    """Remove what runs that were killed while they wrote left unfinished in a folder.

    What somebody is still writing, perhaps on another computer, stays unless it is old.
    """
    for unfinished in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            status = unfinished.lstat()
            if not (_UNFINISHED.fullmatch(unfinished.name) and stat.S_ISREG(status.st_mode)):
                continue
            if time.time() - status.st_mtime > _ABANDONED_AFTER or is_abandoned(unfinished):
                unfinished.unlink()


def _usual_mode(path: Path) -> int:
    """Return the permissions of the old file, or those that a new file would be given."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cannot_write(path: Path, fault: OSError, kind: Written) -> Problem:
    if not path.parent.is_dir():
        what = f'the folder "{path.parent}" does not exist.'
    else:
        what = f"the {kind.name} could not be written ({fault.strerror or fault})."
    return Problem(kind.cannot_write, what, Where(str(path)), done="Nothing was changed.")


def _write_plain(content: bytes, unfinished: Path, path: Path, mode: int) -> None:
    """Write a file under another name and move it; a kill leaves the unfinished file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(unfinished, flags, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        _lock_while_open(descriptor)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    unfinished.chmod(mode)
    os.replace(unfinished, path)


# `_write_vanishing` writes a file that vanishes with its process until it is whole, and moves it.

if sys.platform == "win32":
    import ctypes
    import msvcrt
    import struct
    from ctypes import wintypes

    _GENERIC_WRITE, _DELETE, _CREATE_NEW, _NORMAL = 0x40000000, 0x00010000, 1, 0x80
    _RENAME, _DISPOSITION = 3, 4  # FileRenameInfo, FileDispositionInfo
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD,
        wintypes.DWORD, wintypes.HANDLE,
    ]  # fmt: skip
    _kernel.SetFileInformationByHandle.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
    ]  # fmt: skip
    _kernel.CloseHandle.argtypes = [wintypes.HANDLE]

    def is_abandoned(unfinished: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        return True  # Windows deletes no file that somebody has open

    def _lock_while_open(descriptor: int) -> None:
        """Do nothing: Windows lets nobody delete a file while it is open."""

    def _write_vanishing(content: bytes, unfinished: Path, path: Path, mode: int) -> None:
        name = os.path.abspath(path).encode("utf-16-le")
        rename = struct.pack("@?PI", True, 0, len(name)) + name + bytes(2)  # FILE_RENAME_INFO
        handle = _create_deleted_on_close(unfinished)
        with os.fdopen(msvcrt.open_osfhandle(handle, os.O_WRONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            # A kill between the two leaves a whole copy; so by the handle, which takes least time.
            _set_information(handle, _DISPOSITION, bytes([False]))
            _set_information(handle, _RENAME, rename)

    def _create_deleted_on_close(path: Path) -> int:
        """Create a file that goes when it is closed; a kill in between leaves it empty."""
        handle: int = _kernel.CreateFileW(
            str(path), _GENERIC_WRITE | _DELETE, 0, None, _CREATE_NEW, _NORMAL, None
        )
        if handle == wintypes.HANDLE(-1).value:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            _set_information(handle, _DISPOSITION, bytes([True]))
        except OSError:
            _kernel.CloseHandle(handle)
            raise
        return handle

    def _set_information(handle: int, kind: int, value: bytes) -> None:
        if not _kernel.SetFileInformationByHandle(handle, kind, value, len(value)):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def is_abandoned(unfinished: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        try:
            descriptor = os.open(unfinished, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # somebody else's
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _lock_while_open(descriptor: int) -> None:
        """Lock a file for as long as it is open, so that nobody takes it for abandoned."""
        with contextlib.suppress(OSError):  # some network drives have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    if sys.platform == "linux":

        def _write_vanishing(content: bytes, unfinished: Path, path: Path, mode: int) -> None:
            descriptor = os.open(unfinished.parent, os.O_WRONLY | os.O_TMPFILE, _PRIVATE)
            with os.fdopen(descriptor, "wb") as file:
                _lock_while_open(descriptor)
                file.write(content)
                file.flush()
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
                # The link is followed only where a folder is given, which the path overrides.
                itself = f"/proc/self/fd/{descriptor}"
                try:
                    os.link(itself, path, src_dir_fd=descriptor, follow_symlinks=True)
                except FileExistsError:
                    # No call of the system puts a file without a name in another's place: it is
                    # named first and moved then, with as little between the two as can be.
                    os.link(itself, unfinished, src_dir_fd=descriptor, follow_symlinks=True)
                    os.replace(unfinished, path)

    else:
        _write_vanishing = _write_plain
