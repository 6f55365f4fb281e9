"""Says which packages folders of packages lack on Windows, and leaves with 1 if any.

usage: wanted_on_windows.py FOLDER...
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WINDOWS = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.11.9",
    "python_version": "3.11",
    "sys_platform": "win32",
}


def missing(folders: list[str]) -> Iterator[str]:
    """Return what the packages in folders require on Windows and is not there as they want it."""
    there = list(distributions(path=folders))
    installed = {canonicalize_name(one.name): one.version for one in there}
    for one in there:
        for text in one.requires or ():
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate(WINDOWS):
                continue
            version = installed.get(canonicalize_name(wanted.name))
            if version is None or not wanted.specifier.contains(version, prereleases=True):
                yield f"{one.name} wants {wanted}; there is {version or 'none'}"


if __name__ == "__main__":
    _missing = list(missing(sys.argv[1:]))
    for _line in _missing:
        print(_line)
    sys.exit(bool(_missing))
