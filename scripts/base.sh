#!/usr/bin/env bash
# Makes sure that the base image is there: pulled, or made from Debian's packages under the same tag.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

PULL_SECONDS=${PULL_SECONDS:-60}

if [ -n "$(image_id "$BASE_IMAGE")" ]; then exit 0; fi
make_state_dir

say "pulling $BASE_IMAGE"
if timeout "$PULL_SECONDS" docker pull --quiet "$BASE_IMAGE" > "$STATE_DIR/logs/pull.log" 2>&1; then
  say "base image $BASE_IMAGE is pulled"
  exit 0
fi
say "it cannot be pulled ($(tail -n 1 "$STATE_DIR/logs/pull.log" | cut -c 1-90)): making it with debootstrap"

is_root || die 2 "The base image $BASE_IMAGE cannot be pulled, and only root can make it." \
  "Let this machine reach an image registry, or run the same command once as root on Debian," \
  "or load it from another machine: docker save $BASE_IMAGE | ssh this-machine docker load"
if ! command -v debootstrap > /dev/null; then
  command -v apt-get > /dev/null || die 2 "debootstrap is needed to make $BASE_IMAGE, and is not here." \
    "Install debootstrap, or load the image from another machine (docker save, docker load)."
  apt_install debootstrap debian-archive-keyring
fi

root=$(mktemp -d "${TMPDIR:-/tmp}/dataflow-base.XXXXXX")
trap 'rm -rf "$root"' EXIT
log=$STATE_DIR/logs/debootstrap.log
debootstrap --variant=minbase "$BASE_SUITE" "$root" > "$log" 2>&1 || {
  tail -n 15 "$log" >&2
  die 1 "debootstrap could not make $BASE_SUITE." "The whole log: $log" "Can this machine reach Debian's mirrors? Try: apt-get update"
}

# What no container of ours needs, now or after later installs.
cat > "$root/etc/dpkg/dpkg.cfg.d/slim" << 'EOF'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
EOF
echo 'APT::Install-Recommends "false";' > "$root/etc/apt/apt.conf.d/slim"
# Security updates, as in the pulled image, where the mirror has them beside its archive.
mirror=$(awk '$1 == "deb" {print $2; exit}' "$root/etc/apt/sources.list")
cp "$root/etc/apt/sources.list" "$root/etc/apt/sources.plain"
printf 'deb %s %s main\ndeb %s %s-updates main\ndeb %s-security %s-security main\n' \
  "$mirror" "$BASE_SUITE" "$mirror" "$BASE_SUITE" "$mirror" "$BASE_SUITE" > "$root/etc/apt/sources.list"
if chroot "$root" apt-get -qq update >> "$log" 2>&1; then
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y upgrade >> "$log" 2>&1
  rm "$root/etc/apt/sources.plain"
else
  mv "$root/etc/apt/sources.plain" "$root/etc/apt/sources.list"
fi
find "$root/usr/share/doc" -type f ! -name copyright -delete
rm -rf "$root"/usr/share/man/* "$root"/usr/share/info/* "$root"/usr/share/locale/* \
  "$root"/etc/resolv.conf "$root"/etc/hostname "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log
mkdir -p "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial"

tar --numeric-owner --one-file-system -C "$root" -c . | docker import --change 'CMD ["bash"]' - "$BASE_IMAGE" > /dev/null
say "base image $BASE_IMAGE is made ($(docker image inspect --format '{{.Size}}' "$BASE_IMAGE" | numfmt --to=si))"
