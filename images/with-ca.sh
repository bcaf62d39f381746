#!/bin/sh
# Runs a command so that it trusts the host's CA bundle, given as the build secret `ca`; without the secret, runs it as it is.
# Nothing of the bundle stays behind: the clients are pointed at the secret's mount, and Java's copy of it is removed.
set -eu
bundle=/run/secrets/ca
[ -s "$bundle" ] || exec "$@"

export SSL_CERT_FILE="$bundle" PIP_CERT="$bundle" REQUESTS_CA_BUNDLE="$bundle" CURL_CA_BUNDLE="$bundle" \
       NODE_EXTRA_CA_CERTS="$bundle" npm_config_cafile="$bundle" GIT_SSL_CAINFO="$bundle"

if command -v keytool >/dev/null 2>&1; then
  # Java reads no PEM bundle. Debian's own store has all but the host's additions, and each import starts a JVM:
  # so copy the store and add only certificates that Debian's bundle does not have.
  store=$(mktemp -d)
  trap 'rm -rf "$store"' EXIT
  cp /etc/ssl/certs/java/cacerts "$store/trust" && chmod u+w "$store/trust"
  # One certificate a line, so that two bundles can be compared.
  join() { awk '/BEGIN CERT/{body=""} /BEGIN|END/{if (/END CERT/) print body; next} {body=body $0}' "$1" | sort -u; }
  join /etc/ssl/certs/ca-certificates.crt > "$store/debian"
  join "$bundle" | comm -23 - "$store/debian" > "$store/added"
  number=0
  while read -r body; do
    number=$((number + 1))
    { echo '-----BEGIN CERTIFICATE-----'; echo "$body" | fold -w 64; echo '-----END CERTIFICATE-----'; } > "$store/$number.pem"
    keytool -importcert -noprompt -trustcacerts -keystore "$store/trust" -storepass changeit \
      -alias "host-$number" -file "$store/$number.pem" >/dev/null 2>&1
  done < "$store/added"
  export MAVEN_OPTS="${MAVEN_OPTS:-} -Djavax.net.ssl.trustStore=$store/trust -Djavax.net.ssl.trustStorePassword=changeit"
fi
"$@"
