"""The source of the MSI, for wixl.

Every identifier follows from what it identifies, so that the same program gives the same MSI.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path, PureWindowsPath
from uuid import UUID, uuid5

from packaged.identity import PRODUCT
from windows.program_files import Folder

WINDOW_PROGRAM = f"{PRODUCT}.exe"
#: By this every version knows the others; it never changes.
UPGRADE_CODE = UUID("04f49a7f-8f52-48ba-b8d5-42767e044829")
#: wixl has an earlier program removed once the new one is installed, and no way to say otherwise.
#: Then Windows would keep each old file that is of the same version, or that somebody changed.
#: So it is removed as soon as the installation has begun, and comes back if that fails.
EARLIER_REMOVAL = (
    "UPDATE `InstallExecuteSequence` SET `Sequence`=1510 WHERE `Action`='RemoveExistingProducts'"
)
_KILO = 1024


def as_source(program: Folder, icon: Path, version: str) -> bytes:
    """Return the source of an MSI, which names files as they are seen from the root."""
    wix = ET.Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    product = ET.SubElement(
        wix, "Product", Id=_code(f"product {version} {_content(program)}"), Name=PRODUCT,
        Version=version, Manufacturer=PRODUCT, UpgradeCode=str(UPGRADE_CODE), Language="2057",
        Codepage="1252",
    )  # fmt: skip
    ET.SubElement(
        product, "Package", InstallerVersion="500", Compressed="yes", InstallScope="perMachine",
        Description=f"{PRODUCT} {version}", Manufacturer=PRODUCT, Languages="2057",
    )  # fmt: skip
    ET.SubElement(product, "MajorUpgrade",
                  DowngradeErrorMessage="A newer version is installed.")  # fmt: skip
    ET.SubElement(product, "Media", Id="1", Cabinet="program.cab", EmbedCab="yes")
    ET.SubElement(product, "Icon", Id="Program.ico", SourceFile=_from_the_root(icon))
    size = sum(file.stat().st_size for folder in program.walk() for file in folder.files)
    said = {
        "ARPPRODUCTICON": "Program.ico", "ARPNOMODIFY": "1", "ARPSIZE": str(size // _KILO),
    }  # fmt: skip
    for name, value in said.items():
        ET.SubElement(product, "Property", Id=name, Value=value)
    _replace_the_same_version(product, version)
    _act(product)
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    program_files = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    components = _folder(program_files, program, PRODUCT)
    components.append(_start_menu(top))
    feature = ET.SubElement(product, "Feature", Id="Program", Title=PRODUCT, Level="1")
    for component in components:
        ET.SubElement(feature, "ComponentRef", Id=component)
    ET.indent(wix)
    return bytes(ET.tostring(wix, encoding="utf-8", xml_declaration=True))


def _replace_the_same_version(product: ET.Element, version: str) -> None:
    """Let a program take the place of another build of its version: MajorUpgrade does not.

    wixl knows no upper end that is included, so it is the next version.
    """
    first, second, third = (int(one) for one in version.split(".")[:3])
    upgrade = ET.SubElement(product, "Upgrade", Id=str(UPGRADE_CODE))
    ET.SubElement(
        upgrade, "UpgradeVersion", Minimum=version, IncludeMinimum="yes",
        Maximum=f"{first}.{second}.{third + 1}", Property="SAMEVERSION",
    )  # fmt: skip


def _act(product: ET.Element) -> None:
    """Add what is done beside copying: say where the program lies, and keep changed layouts.

    Those go into "layouts" beside the program, which is for all who use it: whoever may change
    files in Program Files changed them for everybody. It runs with the rights of the installation,
    and a failure stops the removal; DROPEDITS=1 on the command line goes on without it.
    """
    ET.SubElement(product, "CustomAction", Id="SayWhere", Property="ARPINSTALLLOCATION",
                  Value="[INSTALLDIR]", Impersonate="yes")  # fmt: skip
    ET.SubElement(
        product, "CustomAction", Id="KeepEdits", FileKey=_id("f", PureWindowsPath(WINDOW_PROGRAM)),
        ExeCommand='layouts --keep-edited "[INSTALLDIR]layouts"', Execute="deferred",
        Impersonate="no", Return="check",
    )  # fmt: skip
    sequence = ET.SubElement(product, "InstallExecuteSequence")
    ET.SubElement(sequence, "Custom", Action="SayWhere", After="CostFinalize")
    keep = ET.SubElement(sequence, "Custom", Action="KeepEdits", After="InstallInitialize")
    keep.text = 'REMOVE="ALL" AND NOT DROPEDITS'


def _folder(parent: ET.Element, folder: Folder, name: str) -> list[str]:
    """Add a folder with all below it, and return its components: one for each file."""
    path = folder.path
    here = ET.SubElement(parent, "Directory", Id=_folder_id(path), Name=name)
    components = []
    for file in folder.files:
        components.append(_id("c", path / file.name))
        component = ET.SubElement(here, "Component", Id=components[-1], Win64="yes",
                                  Guid=_code(f"component {path / file.name}"))  # fmt: skip
        ET.SubElement(component, "File", Id=_id("f", path / file.name), Name=file.name,
                      Source=_from_the_root(file), KeyPath="yes")  # fmt: skip
    for one in folder.folders:
        components += _folder(here, one, one.path.name)
    return components


def _start_menu(top: ET.Element) -> str:
    menu = ET.SubElement(top, "Directory", Id="ProgramMenuFolder")
    component = ET.SubElement(menu, "Component", Id="StartMenu", Win64="yes",
                              Guid=_code("component start menu"))  # fmt: skip
    ET.SubElement(component, "Shortcut", Id="StartMenuShortcut", Name=PRODUCT,
                  WorkingDirectory="INSTALLDIR",
                  Target=f"[INSTALLDIR]{WINDOW_PROGRAM}")  # fmt: skip
    ET.SubElement(component, "RegistryValue", Root="HKLM", Key=f"Software\\{PRODUCT}",
                  Name="StartMenu", Type="integer", Value="1", KeyPath="yes")  # fmt: skip
    return component.attrib["Id"]


def _from_the_root(file: Path) -> str:
    return str(file.absolute()).lstrip("/")


def _folder_id(path: PureWindowsPath) -> str:
    return _id("d", path) if path.parts else "INSTALLDIR"


def _id(kind: str, path: PureWindowsPath) -> str:
    return f"{kind}{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


def _code(name: str) -> str:
    return str(uuid5(UPGRADE_CODE, name)).upper()


def _content(program: Folder) -> str:
    """Return a hash of everything that will be installed."""
    hashed = hashlib.sha256()
    for folder in program.walk():
        for file in folder.files:
            hashed.update(str(folder.path / file.name).encode() + b"\0")
            hashed.update(hashlib.sha256(file.read_bytes()).digest())
    return hashed.hexdigest()
