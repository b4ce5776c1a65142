#!/usr/bin/env bash
# Finds or installs what the suite needs beside Python: PostgreSQL, Chromium, LibreOffice, OCR, libical, Dovecot. Says in one line what it cannot.
# In CI a missing part fails; on a desk the tests that need it say that they skip.
set -u
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-writer libreoffice-calc)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
command -v ocrmypdf >/dev/null || missing+=(ocrmypdf)
tesseract --list-langs 2>/dev/null | grep -qx vie || missing+=(tesseract-ocr tesseract-ocr-vie)
command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || missing+=(dovecot-imapd)
ls /usr/lib/*/libical.so.3 >/dev/null 2>&1 || missing+=(libical3)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: ${missing[*]} ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-liberation; } >/tmp/dondoc-services.log 2>&1 \
        || { tail -3 /tmp/dondoc-services.log; }
    missing=()
    for name in chromium soffice pdftoppm ocrmypdf tesseract dovecot; do command -v $name >/dev/null || missing+=("$name"); done
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "Not on this machine: ${missing[*]}. Tests that need them will skip (in CI: fail)."
    [ -z "${CI:-}" ] || exit 1
fi
exit 0
