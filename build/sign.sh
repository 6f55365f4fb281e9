#!/usr/bin/env bash
# Signs in place what nobody has signed yet: sign.sh FILE_OR_FOLDER...
# Of a folder: the programs and libraries in it. Those that bear their makers' signature keep it.
#
# SIGN_WITH names a file with osslsigncode's options, one in each line: where the certificate and the
# key are, and the server that stamps the time. For a certificate in a file:
#     -pkcs12
#     /path/to/certificate.p12
#     -readpass
#     /path/to/password.txt
#     -ts
#     http://timestamp.digicert.com
# and for one in a hardware token -pkcs11module, -pkcs11cert and -key.
set -euo pipefail
: "${SIGN_WITH:?names no file with options}"
mapfile -t options <"$SIGN_WITH"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is_signed() {
  rm -f "$work/signature" # osslsigncode writes into no file that is there
  osslsigncode extract-signature -in "$1" -out "$work/signature" >/dev/null 2>&1
}

sign() {
  if ! is_signed "$1"; then
    osslsigncode sign -h sha256 -n "Workbook Builder" "${options[@]}" -in "$1" -out "$1.signed" \
      >/dev/null
    mv "$1.signed" "$1"
    echo "signed: $1"
  fi
}

for given in "$@"; do
  while IFS= read -r -d '' file; do
    sign "$file"
  done < <(find "$given" -type f -regextype posix-extended \
    -iregex '.*\.(exe|dll|pyd|msi)' -print0 | sort -z)
done
