#!/bin/sh
# Installs, shows or removes the Yagura sensor on Linux with systemd.
#
#   sudo ./install.sh --interface eth1 --server https://yagura.example.jp --key yk1.…   install (or update) and start
#   ./install.sh --status                      how it is
#   sudo ./install.sh --uninstall [--purge]    remove; --purge also its state
#
#   --interface NAME   interface at the switch's mirror port; several times for several
#   --token-key FILE   key that turns names and addresses into tokens before they leave
#   --enforcement FILE with it the sensor may take devices off the network (docs/enforcement.md); of root, mode 0600
#   --root DIR    install below DIR and start nothing (for images and packages)
#   --no-start    install and enable, start later
set -eu

root=''
server=''
key=''
interfaces=''
tokens=''
enforcement=''
action=install
start=yes
purge=no
# In the language of the person at this machine: English, then Japanese.
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in [jJ][aA]*) japanese=yes ;; *) japanese=no ;; esac
say() { if [ $japanese = yes ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
fail() { say "yagura-sensor: $1" "yagura-sensor: $2" >&2; exit 1; }
value() { [ -n "${2:-}" ] || fail "$1 needs a value (see --help)" "$1 には値が必要です(--help を参照)"; }

while [ $# -gt 0 ]; do
  case "$1" in
    --server) value "$@"; server=$2; shift 2 ;;
    --key) value "$@"; key=$2; shift 2 ;;
    --interface) value "$@"; interfaces="$interfaces${interfaces:+ }$2"; shift 2 ;;
    --token-key) value "$@"; tokens=$2; shift 2 ;;
    --enforcement) value "$@"; enforcement=$2; shift 2 ;;
    --root) value "$@"; root=$2; shift 2 ;;
    --no-start) start=no; shift ;;
    --status) action=status; shift ;;
    --uninstall) action=uninstall; shift ;;
    --purge) purge=yes; shift ;;
    -h | --help) sed -n '2,12p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) fail "unknown option $1 (see --help)" "オプション $1 はありません(--help を参照)" ;;
  esac
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
opt="$root/opt/yagura-sensor"
etc="$root/etc/yagura-sensor"
unit="$root/etc/systemd/system/yagura-sensor.service"
link="$root/usr/local/bin/yagura-sensor"
live() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

if [ "$action" = status ]; then
  [ -x "$opt/bin/yagura-sensor" ] || fail "the sensor is not installed in $opt" "センサーは $opt にインストールされていません"
  if live; then systemctl --no-pager --lines=0 status yagura-sensor.service || true; fi
  exec "$opt/bin/yagura-sensor" status --state "$root/var/lib/yagura-sensor"
fi

if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then fail "run this as root: sudo $0 …" "root 権限で実行してください: sudo $0 …"; fi

if [ "$action" = uninstall ]; then
  if live; then systemctl disable --now yagura-sensor.service 2>/dev/null || true; fi
  rm -f "$unit"
  rm -rf "$unit.d"
  if [ -L "$link" ]; then rm -f "$link"; fi
  rm -rf "$opt"
  if live; then systemctl daemon-reload; fi
  if [ "$purge" = yes ]; then
    rm -rf "$etc" "$root/var/lib/yagura-sensor" "$root/var/lib/private/yagura-sensor"
    say "The sensor and its state were removed." "センサーとその状態を削除しました。"
  else
    say "The sensor was removed. Its state (/var/lib/yagura-sensor) and settings (/etc/yagura-sensor) stay; --purge removes them." \
      "センサーを削除しました。状態(/var/lib/yagura-sensor)と設定(/etc/yagura-sensor)は残っています。--purge を付けると削除します。"
  fi
  exit 0
fi

# --- install or update ---
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail "the package is damaged: download it again" "パッケージが破損しています。もう一度ダウンロードしてください"
case "$key" in
  '' | yk1.*.*) ;;
  *) fail "the key is not complete: it starts with yk1 and has two dots" "登録キーが不完全です(yk1 で始まり、ドットが 2 つあります)" ;;
esac
if [ ! -f "$etc/environment" ] && { [ -z "$server" ] || [ -z "$key" ] || [ -z "$interfaces" ]; }; then
  fail "the first installation needs --interface, and --server and --key from the invitation mail" \
    "最初のインストールには、--interface と、招待メールに記載された --server と --key が必要です"
fi
if [ -n "$tokens" ] && [ ! -r "$tokens" ]; then
  fail "the token key $tokens cannot be read" "トークンの鍵 $tokens を読み取れません"
fi
case "$tokens" in '' | /*) ;; *) tokens="$(pwd)/$tokens" ;; esac
if [ -n "$enforcement" ] && [ ! -r "$enforcement" ]; then
  fail "the file $enforcement cannot be read" "ファイル $enforcement を読み取れません"
fi
case "$enforcement" in '' | /*) ;; *) enforcement="$(pwd)/$enforcement" ;; esac
if live; then systemctl stop yagura-sensor.service 2>/dev/null || true; fi

mkdir -p "$root/opt" "$etc" "$(dirname "$unit")" "$(dirname "$link")"
rm -rf "$opt.new"
mkdir -p "$opt.new"
cp -R "$here/bin" "$here/lib" "$here/LICENSE" "$here/SHA256SUMS" "$here/install.sh" "$opt.new/"
chmod -R u=rwX,go=rX "$opt.new"
rm -rf "$opt"
mv "$opt.new" "$opt"
ln -sf /opt/yagura-sensor/bin/yagura-sensor "$link"
cp "$here/yagura-sensor.service" "$unit"
chmod 0644 "$unit"

if [ -n "$tokens" ]; then
  # Handed over by systemd: the sensor's user cannot read the file itself.
  mkdir -p "$unit.d"
  printf '[Service]\nLoadCredential=token-key:%s\nEnvironment=YAGURA_TOKEN_KEY=%%d/token-key\n' "$tokens" >"$unit.d/token-key.conf"
fi

if [ -n "$enforcement" ]; then
  # Opened by systemd as root and handed over as an open file: nobody of the sensor's user can open it again. It keeps only the
  # keys of switches away from who reads packets; who may change it is root.
  mkdir -p "$unit.d"
  chmod 0600 "$enforcement"
  printf '[Service]\nStandardInput=file:%s\nEnvironment=YAGURA_ENFORCEMENT=-\n' "$enforcement" >"$unit.d/enforcement.conf"
fi

if [ -n "$server$key$interfaces" ]; then
  umask 077
  old="$etc/environment"
  new="$etc/environment.new"
  kept() { if [ -f "$old" ]; then sed -n "s/^$1=//p" "$old" | tr -d '"'; fi; }
  # Lines of your own (HTTPS_PROXY, NO_PROXY) stay.
  { [ ! -f "$old" ] || grep -v -e '^YAGURA_SERVER=' -e '^YAGURA_KEY=' -e '^YAGURA_INTERFACES=' "$old" || true; } >"$new"
  if [ -z "$server" ]; then server=$(kept YAGURA_SERVER); fi
  if [ -z "$interfaces" ]; then interfaces=$(kept YAGURA_INTERFACES); fi
  printf 'YAGURA_SERVER=%s\n' "$server" >>"$new"
  printf 'YAGURA_INTERFACES="%s"\n' "$interfaces" >>"$new"
  [ -z "$key" ] || printf 'YAGURA_KEY=%s\n' "$key" >>"$new"
  mv "$new" "$old"
fi

if live; then
  systemctl daemon-reload
  systemctl enable yagura-sensor.service
  if [ "$start" = yes ]; then
    systemctl restart yagura-sensor.service
    sleep 2
    systemctl --no-pager --lines=5 status yagura-sensor.service || true
  fi
elif [ -z "$root" ]; then
  say "systemd does not run here: start 'yagura-sensor' under your own supervisor, with the lines of /etc/yagura-sensor/environment as its environment." \
    "systemd が動作していません。/etc/yagura-sensor/environment の内容を環境変数として、お使いの監視プログラムから「yagura-sensor」を起動してください。"
fi
if [ -n "$root" ]; then
  say "Installed below $root. Nothing was started." "$root 以下にインストールしました。起動はしていません。"
else
  say "Installed. 'sudo yagura-sensor status' shows how it is." "インストールしました。状態は「sudo yagura-sensor status」で確認できます。"
fi
