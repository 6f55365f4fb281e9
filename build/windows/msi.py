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
    for name, value in (("ARPPRODUCTICON", "Program.ico"), ("ARPNOMODIFY", "1")):
        ET.SubElement(product, "Property", Id=name, Value=value)
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    program_files = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    components = _folder(program_files, program, PRODUCT)
    components.append(_start_menu(top))
    feature = ET.SubElement(product, "Feature", Id="Program", Title=PRODUCT, Level="1")
    for component in components:
        ET.SubElement(feature, "ComponentRef", Id=component)
    ET.indent(wix)
    return bytes(ET.tostring(wix, encoding="utf-8", xml_declaration=True))


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
