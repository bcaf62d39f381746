#!/usr/bin/env bash
# Makes sure that a Docker engine answers. One that answers is never touched; on Debian, root gets one installed and started.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

WAIT_SECONDS=60
log=$STATE_DIR/dockerd.log

if docker_answers; then exit 0; fi

reason=$(docker version 2>&1 > /dev/null | tail -n 1 || true)
if ! is_root; then
  if command -v docker > /dev/null && [ -S "$(docker_socket || echo /none)" ]; then
    die 2 "Docker is installed, but does not answer you: $reason" \
      "Ask the machine's administrator to start it (systemctl start docker) and to add you to its group" \
      "(usermod -aG docker $(id -un), then log in again); or run the same command as root."
  fi
  die 2 "No Docker engine answers, and only root can install one." \
    "Install Docker Engine with its compose and buildx plugins (Debian: apt-get install docker.io), start it and" \
    "join the group docker; or run the same command as root on Debian, and it is done for you."
fi
if [ -n "${DOCKER_HOST:-}" ]; then
  die 2 "DOCKER_HOST is $DOCKER_HOST, and no engine answers there." "Start it, or unset DOCKER_HOST to use this machine's own."
fi

make_state_dir
if ! command -v dockerd > /dev/null; then
  command -v apt-get > /dev/null || die 2 "No Docker engine answers, and this is no Debian that could be given one." \
    "Install Docker Engine with its compose and buildx plugins, start it, and run the same command again."
  apt_install docker.io iptables procps
  hash -r
fi

started=
start_by_hand() {
  say "starting dockerd (log: $log)"
  # A container that died leaves this file behind, and dockerd then refuses to start.
  if [ -f /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2> /dev/null; then rm -f /var/run/docker.pid; fi
  # Its own session, away from this terminal: it outlives the command that started it.
  setsid nohup dockerd < /dev/null >> "$log" 2>&1 &
  started=$!
}

if ! docker_answers; then
  if [ "$(ps -p 1 -o comm= 2> /dev/null || cat /proc/1/comm)" = systemd ]; then
    say "starting the service docker"
    log="journalctl -u docker"
    systemctl enable --now docker > /dev/null 2>&1 || true
  else
    start_by_hand
  fi
fi

deadline=$((SECONDS + WAIT_SECONDS))
until docker_answers; do
  if [ $SECONDS -ge $deadline ] || { [ -n "$started" ] && ! kill -0 "$started" 2> /dev/null && ! docker_answers; }; then
    if [ -f "$log" ]; then grep -v level=info "$log" | tail -n 10 >&2; fi
    die 1 "dockerd did not answer within $WAIT_SECONDS seconds, or ended." "Its log: $log" \
      "Docker inside a container needs --privileged. Without systemd, cgroups must be mounted (Debian: apt-get install" \
      "cgroupfs-mount). If it complains of iptables: update-alternatives --set iptables /usr/sbin/iptables-legacy"
  fi
  sleep 0.5
done
say "Docker engine $(docker version --format '{{.Server.Version}}') answers"
