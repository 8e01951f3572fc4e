#!/bin/sh
# Installs, shows or removes the Yagura agent on Linux with systemd.
#
#   sudo ./install.sh --server https://yagura.example.jp --key yk1.…   install (or update) and start
#   ./install.sh --status                                               how it is
#   sudo ./install.sh --uninstall [--purge]                             remove; --purge also its state
#
#   --root DIR    install below DIR and start nothing (for images and packages)
#   --no-start    install and enable, start later
set -eu

root=''
server=''
key=''
action=install
start=yes
purge=no
say() { printf '%s\n' "$*"; }
fail() { printf 'yagura-agent: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case "$1" in
    --server) server=${2:?--server needs an address}; shift 2 ;;
    --key) key=${2:?--key needs a key}; shift 2 ;;
    --root) root=${2:?--root needs a folder}; shift 2 ;;
    --no-start) start=no; shift ;;
    --status) action=status; shift ;;
    --uninstall) action=uninstall; shift ;;
    --purge) purge=yes; shift ;;
    -h | --help) sed -n '2,10p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
opt="$root/opt/yagura-agent"
etc="$root/etc/yagura-agent"
unit="$root/etc/systemd/system/yagura-agent.service"
link="$root/usr/local/bin/yagura-agent"
live() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

if [ "$action" = status ]; then
  [ -x "$opt/bin/yagura-agent" ] || fail "not installed"
  if live; then systemctl --no-pager --lines=0 status yagura-agent.service || true; fi
  exec "$opt/bin/yagura-agent" status --state "$root/var/lib/yagura-agent"
fi

if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then fail "run this as root (sudo)"; fi

if [ "$action" = uninstall ]; then
  if live; then systemctl disable --now yagura-agent.service 2>/dev/null || true; fi
  rm -f "$unit"
  if [ -L "$link" ]; then rm -f "$link"; fi
  rm -rf "$opt"
  if live; then systemctl daemon-reload; fi
  if [ "$purge" = yes ]; then
    rm -rf "$etc" "$root/var/lib/yagura-agent" "$root/var/lib/private/yagura-agent"
    say "The agent and its state were removed."
  else
    say "The agent was removed. Its state (/var/lib/yagura-agent) and settings (/etc/yagura-agent) stay; --purge removes them."
  fi
  exit 0
fi

# --- install or update ---
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail "the package is damaged: download it again"
case "$key" in
  '' | yk1.*.*) ;;
  *) fail "the key is not complete: it starts with yk1 and has two dots" ;;
esac
if [ ! -f "$etc/environment" ] && { [ -z "$server" ] || [ -z "$key" ]; }; then
  fail "the first installation needs --server and --key from the invitation mail"
fi
if live; then systemctl stop yagura-agent.service 2>/dev/null || true; fi

mkdir -p "$root/opt" "$etc" "$(dirname "$unit")" "$(dirname "$link")"
rm -rf "$opt.new"
mkdir -p "$opt.new"
cp -R "$here/bin" "$here/lib" "$here/LICENSE" "$here/SHA256SUMS" "$here/install.sh" "$opt.new/"
chmod -R u=rwX,go=rX "$opt.new"
rm -rf "$opt"
mv "$opt.new" "$opt"
ln -sf /opt/yagura-agent/bin/yagura-agent "$link"
cp "$here/yagura-agent.service" "$unit"
chmod 0644 "$unit"

if [ -n "$server" ] || [ -n "$key" ]; then
  umask 077
  old="$etc/environment"
  new="$etc/environment.new"
  # Lines of your own (HTTPS_PROXY, NO_PROXY) stay.
  { [ ! -f "$old" ] || grep -v -e '^YAGURA_SERVER=' -e '^YAGURA_KEY=' "$old" || true; } >"$new"
  if [ -z "$server" ]; then server=$(sed -n 's/^YAGURA_SERVER=//p' "$old"); fi
  printf 'YAGURA_SERVER=%s\n' "$server" >>"$new"
  [ -z "$key" ] || printf 'YAGURA_KEY=%s\n' "$key" >>"$new"
  mv "$new" "$old"
fi

if live; then
  systemctl daemon-reload
  systemctl enable yagura-agent.service
  if [ "$start" = yes ]; then
    systemctl restart yagura-agent.service
    sleep 2
    systemctl --no-pager --lines=5 status yagura-agent.service || true
  fi
elif [ -z "$root" ]; then
  say "systemd does not run here: start it with 'yagura-agent --state /var/lib/yagura-agent' under your own supervisor,"
  say "with the lines of /etc/yagura-agent/environment as its environment."
fi
say "Installed. 'yagura-agent status --state /var/lib/yagura-agent' (as root) shows how it is."
