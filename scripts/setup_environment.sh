#!/usr/bin/env bash
# Sets this machine up for an environment: .venv with the locked packages, terraform where there is none, the checks of
# `envctl doctor`, what terraform reads; with --up also the running platform. Run it again at any time: what is there stays.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
Usage: scripts/setup_environment.sh [--up] [ENVIRONMENT]

  Sets this machine up for an environment (by default local). Run it again at any time.

  --up        also bring the environment up, and wait until its services are well (local only)
  -h, --help  show this

  Example: bash scripts/setup_environment.sh --up && eval "$(.venv/bin/envctl env local)"

  Exit codes: 0 set up, 1 something is missing, 2 misuse.
TEXT
}
misuse() { printf 'error: %s\n' "$1" >&2; usage >&2; exit 2; }

environment="" up=false
while (( $# )); do
  case "$1" in
    --up) up=true ;;
    -h|--help) usage; exit 0 ;;
    -*) misuse "there is no $1" ;;
    *) [[ -z "$environment" ]] || misuse "one environment at a time"; environment="$1" ;;
  esac
  shift
done
environment="${environment:-local}"
[[ "$environment" =~ ^[a-z][a-z0-9-]*$ && -f "envs/$environment.yaml" ]] || misuse "there is no envs/$environment.yaml"
[[ "$up" == false || "$environment" == local ]] || misuse "--up is for local; others are planned and applied: envctl plan $environment"

make --no-print-directory setup
.venv/bin/envctl doctor >&2 || { code=$?; (( code == 1 )) && exit 1; } # 2: findings, which are shown
.venv/bin/envctl render "$environment"
if [[ "$up" == true ]]; then
  .venv/bin/envctl up "$environment"
  .venv/bin/python scripts/health_checker.py --env "$environment" --wait 60
fi
# shellcheck disable=SC2016 # it is for the reader to run
printf 'set up for %s. Point other tools there: eval "$(.venv/bin/envctl env %s)"\n' "$environment" "$environment" >&2
