"""Asked by PyInstaller what goes with PySide6.QtGui."""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

from packaged.chosen import of_qt

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries, datas = of_qt(binaries), of_qt(datas)
