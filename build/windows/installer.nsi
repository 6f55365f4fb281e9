; The installer for one person, without admin rights. Made by windows.sh, which defines
;   PRODUCT, VERSION   what pyproject.toml states
;   PROGRAM            the folder of the finished program
;   ICON, PICTURES     the program's icon, and the folder of the setup's own pictures
;   LANGUAGE           the folder of British English
;   FILES              a file with the macros InstallFiles and RemoveFiles, made by nsis.py
;   SIGN               the command that signs the uninstaller; left out, it stays unsigned

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
; Of the setup's own pictures no time is kept: it would be that of whoever's checkout.
SetDateSave off

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "${FILES}"

!define WINDOW_PROGRAM "${PRODUCT}.exe"
!define SETTINGS "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PRODUCT}"

Name "${PRODUCT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${PRODUCT}"
InstallDirRegKey HKCU "${SETTINGS}" "InstallLocation"
BrandingText " "
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2057 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=2057 "CompanyName" "${PRODUCT}"
VIAddVersionKey /LANG=2057 "FileDescription" "${PRODUCT}: installer"
VIAddVersionKey /LANG=2057 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2057 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2057 "LegalCopyright" "${PRODUCT}'s contributors; MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${PICTURES}/setup-header.bmp"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/setup-side.bmp"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW_PROGRAM}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGEEX "${LANGUAGE}" "BritishEnglish"

!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

; Windows lets nobody write a program that runs: then nothing is touched.
!macro EndIfRunning
  ${If} ${FileExists} "$INSTDIR\${WINDOW_PROGRAM}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${WINDOW_PROGRAM}" a
    ${If} ${Errors}
      Abort "${PRODUCT} is open, or its folder cannot be written. Close it and try again."
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; Says in words what a command is for: the command itself is longer than the line.
!macro ExecAndSay WHAT COMMAND RESULT
  DetailPrint "${WHAT}"
  SetDetailsPrint none
  ExecWait '${COMMAND}' ${RESULT}
  SetDetailsPrint both
!macroend

; What somebody changed inside the program goes where layouts of their own are, with a note. If the
; program cannot be started, all layouts stay behind in a folder of another name.
!macro KeepEdits
  ${If} ${FileExists} "$INSTDIR\_internal\workbook_builder\layouts\*.*"
    ClearErrors
    !insertmacro ExecAndSay "Looking for layouts that were changed" \
      '"$INSTDIR\${WINDOW_PROGRAM}" layouts --keep-edited' $0
    ${If} ${Errors}
    ${OrIf} $0 <> 0
      ClearErrors
      Rename "$INSTDIR\_internal\workbook_builder\layouts" "$INSTDIR\layouts of before"
      ${If} ${Errors}
        Abort "Layouts in $INSTDIR that were changed could not be kept. Nothing was removed."
      ${EndIf}
    ${EndIf}
  ${EndIf}
!macroend

Section
  !insertmacro EndIfRunning
  ; An earlier version may have files that this one has not: it removes them itself.
  ReadRegStr $1 HKCU "${SETTINGS}" "InstallLocation"
  ${If} ${FileExists} "$1\Uninstall.exe"
    !insertmacro ExecAndSay "Removing the version that is installed" \
      '"$1\Uninstall.exe" /S _?=$1' $2
    ${If} $2 <> 0
      Abort "The version that is installed could not be removed."
    ${EndIf}
  ${EndIf}

  ; The program's files bear the commit's time already.
  SetDateSave on
  !insertmacro InstallFiles
  SetDateSave off
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  SetOutPath "$INSTDIR" ; where the shortcuts start the program
  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\${WINDOW_PROGRAM}"
  CreateShortcut "$SENDTO\${PRODUCT}.lnk" "$INSTDIR\${WINDOW_PROGRAM}"

  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${SETTINGS}" "EstimatedSize" "$0"
  WriteRegStr HKCU "${SETTINGS}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${SETTINGS}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${SETTINGS}" "DisplayIcon" "$INSTDIR\${WINDOW_PROGRAM}"
  WriteRegStr HKCU "${SETTINGS}" "Publisher" "${PRODUCT}"
  WriteRegStr HKCU "${SETTINGS}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${SETTINGS}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${SETTINGS}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${SETTINGS}" "NoModify" 1
  WriteRegDWORD HKCU "${SETTINGS}" "NoRepair" 1
SectionEnd

; Only what was installed goes, file by file: a layouts folder or a workbook that somebody put
; beside the program stays, and so do the settings.
Section "Uninstall"
  !insertmacro EndIfRunning
  !insertmacro KeepEdits
  !insertmacro RemoveFiles
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  Delete "$SENDTO\${PRODUCT}.lnk"
  DeleteRegKey HKCU "${SETTINGS}"
SectionEnd
