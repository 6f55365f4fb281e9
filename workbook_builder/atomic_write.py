"""Bytes onto disk in one step: the old file stays whole until the new one takes its place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from itertools import count
from pathlib import Path

from workbook_builder import problem_catalogue as catalogue
from workbook_builder.problems import Problem, Result, Where

#: Who may read the file until it is whole.
_OWN = 0o600


def put_in_place(content: bytes, part: Path, place: Path, mode: int) -> None:
    """Write a file down to the disk, as `part` meanwhile, and move it to its place in one step.

    The file has these rights in the end. Raises OSError; then nothing is left of it.
    """
    try:
        _put_unseen(content, part, place, mode)
    except OSError:
        # This way is not to be had here, or there is a fault that the plain way meets as well.
        part.unlink(missing_ok=True)
        _put_seen(content, part, place, mode)


def _put_seen(content: bytes, part: Path, place: Path, mode: int) -> None:
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _OWN)
    try:
        with os.fdopen(number, "wb") as unfinished:
            _hold(number)
            unfinished.write(content)
            unfinished.flush()
            os.fsync(number)
        part.chmod(mode)
        os.replace(part, place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


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

    def is_abandoned(part: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        return True  # Windows deletes no file that somebody has open

    def _hold(number: int) -> None:
        """Windows lets nobody delete a file while it is open."""

    def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
        rename = _rename_to(os.path.abspath(place))
        handle = _created_doomed(part)
        with os.fdopen(msvcrt.open_osfhandle(handle, os.O_WRONLY), "wb") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            # A kill between the two leaves a whole copy; so by the handle, which takes least time.
            _doom(handle, doomed=False)
            _set(handle, _RENAME, rename)

    def _created_doomed(part: Path) -> int:
        """Create a file that goes when it is closed; a kill between the two leaves it empty."""
        handle: int = _kernel.CreateFileW(
            str(part), _GENERIC_WRITE | _DELETE, 0, None, _CREATE_NEW, _NORMAL, None
        )
        if handle == wintypes.HANDLE(-1).value:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            _doom(handle, doomed=True)
        except OSError:
            _kernel.CloseHandle(handle)
            raise
        return handle

    def _doom(handle: int, *, doomed: bool) -> None:
        """Say whether a file goes when it is closed, by whatever."""
        _set(handle, _DISPOSITION, bytes([doomed]))

    def _rename_to(place: str) -> bytes:
        """Return the wish to move an open file to a place, whether there is another or not."""
        name = place.encode("utf-16-le")
        return struct.pack("@?PI", True, 0, len(name)) + name + bytes(2)

    def _set(handle: int, what: int, said: bytes) -> None:
        if not _kernel.SetFileInformationByHandle(handle, what, said, len(said)):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def is_abandoned(part: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        try:
            number = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # somebody else's
            return False
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(number)
        return True

    def _hold(number: int) -> None:
        """Hold a file for as long as it is open, so that nobody takes it for abandoned."""
        with contextlib.suppress(OSError):  # some network drives have no locks
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

    if sys.platform == "linux":

        def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
            number = os.open(part.parent, os.O_WRONLY | os.O_TMPFILE, _OWN)
            with os.fdopen(number, "wb") as unnamed:
                _hold(number)
                unnamed.write(content)
                unnamed.flush()
                os.fchmod(number, mode)
                os.fsync(number)
                _name(number, str(part), str(place))

        def _name(number: int, part: str, place: str) -> None:
            """Name a file; no call of the system puts an unnamed one in another's place.

            So where there is another it is two, with as little between them as can be.
            """
            itself = f"/proc/self/fd/{number}"
            # The link is followed only where a folder is given, which the whole path overrides.
            try:
                os.link(itself, place, src_dir_fd=number, follow_symlinks=True)
            except FileExistsError:
                os.link(itself, part, src_dir_fd=number, follow_symlinks=True)
                os.replace(part, place)

    else:
        _put_unseen = _put_seen


ALL = (catalogue.CANNOT_WRITE, catalogue.LOCKED, catalogue.LEFT_ALONE)

#: The files by which LibreOffice and Excel tell others that they have a workbook open.
_LOCKS = (".~lock.{}#", "~${}")


def is_locked(path: Path) -> bool:
    """Tell whether another program has a file open, or it may not be written for another reason."""
    if not path.is_file():
        return False
    if any((path.parent / lock.format(path.name)).exists() for lock in _LOCKS):
        return True
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True


def beside(path: Path) -> Path:
    """Return the first free name beside a file: "board (2).xlsx"."""
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


def write_workbook(path: Path, content: bytes, *, beside_if_locked: bool) -> Result[Path | None]:
    """Write a workbook and return where it stands; None where that cannot be.

    Another program may have opened the old file since it was looked at.
    """
    fault = _replaced(path, content)
    if isinstance(fault, PermissionError) and path.exists() and beside_if_locked:
        other = beside(path)
        if _replaced(other, content) is None:
            what = "the file is open in another program."
            done = f"It was left as it is; the new workbook is {other.name}."
            return Result(other, (Problem(catalogue.LOCKED, what, Where(str(path)), done),))
    return Result(None, (_problem(path, fault),)) if fault else Result(path)


_START, _PART = ".workbook-", ".part"
#: The names of all unfinished files, and of nothing that a person would make.
_UNFINISHED = re.compile(rf"{re.escape(_START)}\d+-.+-[0-9a-f]{{8}}{re.escape(_PART)}", re.DOTALL)
_LONGEST_STEM = 40
#: Seconds after which an unfinished file is nobody's any more; one is written in a few.
_OLD = 3600


def part_start(process: int) -> str:
    """Return how the name of a file begins that a process has not finished yet."""
    return f"{_START}{process}-"


def _part_of(path: Path) -> Path:
    """Return a new place for a file's unfinished form; names may not be long everywhere."""
    named = f"{part_start(os.getpid())}{path.stem[:_LONGEST_STEM]}-{secrets.token_hex(4)}{_PART}"
    return path.with_name(named)


def clear_parts(folder: Path, process: int) -> None:
    """Take away what a process that was stopped left unfinished in a folder."""
    for part in folder.glob(f"{part_start(process)}*{_PART}"):
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> Problem | None:
    """Write a file beside its place and move it there; a failure leaves things as they were."""
    fault = _replaced(path, content)
    return _problem(path, fault) if fault else None


def _replaced(path: Path, content: bytes) -> OSError | None:
    part = _part_of(path)
    try:
        _remove_left_over(path.parent)
        put_in_place(content, part, path, _usual_mode(path))
    except OSError as fault:
        part.unlink(missing_ok=True)
        return fault
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return None


def _remove_left_over(folder: Path) -> None:
    """Remove what runs that were killed while they wrote left unfinished in a folder.

    What somebody is still writing, perhaps on another computer, stays unless it is old.
    """
    for left in folder.glob(f"{_START}*{_PART}"):
        with contextlib.suppress(OSError):
            if _UNFINISHED.fullmatch(left.name) and _is_nobodys(left):
                left.unlink()


def _is_nobodys(part: Path) -> bool:
    told = part.lstat()
    is_old = time.time() - told.st_mtime > _OLD
    return stat.S_ISREG(told.st_mode) and (is_old or is_abandoned(part))


def _usual_mode(path: Path) -> int:
    """Return the rights that the old file had, or those that a new file would be given."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _problem(path: Path, fault: OSError) -> Problem:
    if not path.parent.is_dir():
        what = f'the folder "{path.parent}" does not exist.'
    else:
        what = f"the workbook could not be written ({fault.strerror or fault})."
    return Problem(catalogue.CANNOT_WRITE, what, Where(str(path)), done="Nothing was changed.")
