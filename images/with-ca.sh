#!/bin/sh
# Runs a command so that it trusts the host's CA bundle, given as the build secret `ca`; without the secret, runs it as it is.
# Nothing of the bundle stays behind: the clients are pointed at the secret's mount, and Java's copy of it is removed.
set -eu
bundle=/run/secrets/ca
[ -s "$bundle" ] || exec "$@"

export SSL_CERT_FILE="$bundle" PIP_CERT="$bundle" REQUESTS_CA_BUNDLE="$bundle" CURL_CA_BUNDLE="$bundle" \
       NODE_EXTRA_CA_CERTS="$bundle" npm_config_cafile="$bundle" GIT_SSL_CAINFO="$bundle"

store=
if command -v keytool >/dev/null 2>&1; then
  # Java reads no PEM bundle: one certificate at a time goes into a store that lives as long as the command.
  store=$(mktemp -d)
  trap 'rm -rf "$store"' EXIT
  awk -v dir="$store" '/BEGIN CERT/{n++} n{print > (dir "/" n ".pem")}' "$bundle"
  for pem in "$store"/*.pem; do
    keytool -importcert -noprompt -trustcacerts -storetype PKCS12 -keystore "$store/trust.p12" -storepass changeit \
      -alias "$(basename "$pem")" -file "$pem" >/dev/null 2>&1 || true
  done
  export MAVEN_OPTS="${MAVEN_OPTS:-} -Djavax.net.ssl.trustStore=$store/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
fi
"$@"
