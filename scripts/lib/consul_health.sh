#!/usr/bin/env bash
# Runs inside Consul's container, which has no other HTTP client than bash: consul_health.sh SERVICE... prints each service that Consul
# knows with its word for it: passing, warning, critical or maintenance (somebody took it out of use: consul maint).
set -u
for service; do
  exec 3<> "/dev/tcp/127.0.0.1/$CONSUL_PORT" || exit 1
  printf 'GET /v1/agent/health/service/id/%s?format=text HTTP/1.0\r\nHost: consul\r\n\r\n' "$service" >&3
  # The body is one word on the last line; a service that is not registered gets a sentence.
  said=$(timeout 2 cat <&3 | tail -n 1)
  exec 3<&-
  case $said in
    passing | warning | critical | maintenance) echo "$service $said" ;;
  esac
done
