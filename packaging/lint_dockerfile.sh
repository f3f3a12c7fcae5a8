#!/usr/bin/env bash
# Looks for what is known to go wrong in a Dockerfile (the rules named are hadolint's), where no engine can.
# usage: packaging/lint_dockerfile.sh DOCKERFILE
set -euo pipefail
file=$1
status=0
found() { echo "$file: $*"; status=1; }
# Continued lines as one, comments left out.
text=$(sed -e ':a;/\\$/{N;s/\\\n//;ba}' "$file" | grep -v '^[[:space:]]*#')

grep -Eq '^(FROM|ARG)' <<<"$(head -1 <<<"$text")" || found "does not begin with FROM or ARG (DL3061)"
while read -r image; do
  case $image in
    scratch | '${'*) ;;
    *:latest) found "FROM $image: latest is whatever it is today (DL3007)" ;;
    *:* | *@*) ;;
    *) found "FROM $image: no tag (DL3006)" ;;
  esac
done < <(sed -n 's/^FROM *\([^ ]*\).*/\1/p' <<<"$text")
if grep -q '^ADD' <<<"$text"; then found "ADD where COPY would do (DL3020)"; fi
if grep -q '^MAINTAINER' <<<"$text"; then found "MAINTAINER is no more (DL4000)"; fi
if grep -Eq '^RUN.*\bsudo\b' <<<"$text"; then found "sudo (DL3004)"; fi
if grep -Eq '^RUN cd ' <<<"$text"; then found "RUN cd instead of WORKDIR (DL3003)"; fi
if grep -Eq '^WORKDIR +[^/$]' <<<"$text"; then found "relative WORKDIR (DL3000)"; fi
if grep -Eq '^(CMD|ENTRYPOINT) +[^[]' <<<"$text"; then found "CMD or ENTRYPOINT by a shell (DL3025)"; fi
if grep -Eq '^(ENV|ARG).*(TOKEN|SECRET|PASSWORD|KEY)=' <<<"$text"; then found "a secret in the image"; fi
last=$(awk '/^FROM/ { part = "" } { part = part $0 "\n" } END { printf "%s", part }' <<<"$text")
grep -Eq '^USER +[1-9][0-9]*(:[0-9]+)?$' <<<"$last" || found "the last stage runs as root, or as a name that nobody can check (DL3002)"
grep -q '^HEALTHCHECK' <<<"$last" || found "no HEALTHCHECK (DL3055)"
# What is copied from the tree must be there, and what comes from a stage must come from one that is named.
while read -r _ source; do
  for path in ${source% *}; do [ -e "$(dirname "$file")/../${path%/}" ] || found "COPY $path: there is no such file"; done
done < <(grep -E '^COPY' <<<"$text" | grep -v -e '--from')
while read -r stage; do
  grep -Eiq "^FROM .* AS $stage\$" <<<"$text" || found "COPY --from=$stage: no such stage (DL3022)"
done < <(sed -n 's/^COPY --from=\([^ ]*\).*/\1/p' <<<"$text")
if [ $status -eq 0 ]; then echo "lint_dockerfile: $file has none of the faults it looks for"; fi
exit $status
