#!/bin/sh
# verify.sh - checks a posretire bundle with stock tools alone, and comes to the verdict of `posretire verify`.
#
#   sh verify.sh [--trust DIR]... [--json] [BUNDLE]
#
# BUNDLE is the folder with the evidence (default: the one that this script lies in). A trust folder holds what you got
# by a way of your own: makers/*.pem (who certifies terminals), agents/*.pem (who certifies stations), tsa/*.pem (timestamp
# authorities), beside them *.crl with what these revoked, and logs/*.vkey (keys of logs of cases).
#
#   A script that lies inside what it is to check deserves no trust. Take it from the program (`posretire verify
#   --script > verify.sh`) or from its source, or read it: it is made to be read.
#
# Needs Debian's packages jq (1.6), openssl (3.0) and coreutils, sed, grep and mawk, which every Debian has. With
# poppler-utils and qpdf it also checks a certificate.pdf. It needs no network, writes only below a folder of its own in
# $TMPDIR, and runs nothing out of the bundle.
#
# Output: a line a check, "ok", "failed" or "not checkable", its name, and a code with facts where it does not hold; at
# the end what the statement is of, for of an unbinding PASS says that nothing was wiped, and the result. Exit: 0
# accepted (PASS), 6 otherwise, 2 wrong usage or unreadable trust folder.
#
# How it is built. Each step leaves files in $work, and nothing is taken from the bundle but by step 1:
#   1. take_files     only files of known names, regular and not too large, are copied; their digests taken
#   2. canonical      each JSON document must be byte for byte its RFC 8785 form, so that it has one meaning
#   3. open_envelope  DSSE: the statement and its signature
#   4. read_token     an attestation's COSE_Sign1, in deterministic CBOR, is turned to JSON by awk; its signature checked
#   5. read.jq        checks the fields of every document, and lists what is to be computed with other tools
#   6. compute        digests of blank memory, answers of filled memory, chains of certificates
#   7. judge.jq       all checks; builds the statement's predicate again from the evidence and compares
# A check that cannot be made is never counted as one that holds. Two things are left to posretire, which has the means:
# drawing the page of certificate.pdf again to compare all of its words (here case, result and serial number are looked
# for), and searching for card numbers in UTF-16, in GB 18030 and in what a PDF does not show.
set -u
LC_ALL=C
export LC_ALL
unset CDPATH OPENSSL_CONF GREP_OPTIONS POSIXLY_CORRECT
umask 077
set -f

usage() {
    printf '%s\n' 'usage: sh verify.sh [--trust DIR]... [--json] [BUNDLE]' >&2
    [ $# -eq 0 ] || printf '%s\n' "$1" >&2
    exit 2
}

# What the bundle's folder holds is never run, not even where somebody's PATH names the present folder.
case :$PATH: in *::* | *:[!/]*) usage 'PATH holds a folder that does not begin with /' ;; esac
case ${TMPDIR:-/} in /*) ;; *) TMPDIR=$PWD/$TMPDIR && export TMPDIR ;; esac
work=$(mktemp -d) || exit 2
trap 'rm -rf -- "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/in" "$work/doc" "$work/certs" "$work/makers" "$work/agents" "$work/tsa" "$work/hash" "$work/lines"
here=$PWD
newline='
'
json=false
bundle=
: >"$work/trust"
while [ $# -gt 0 ]; do
    case $1 in
    --trust)
        [ $# -ge 2 ] || usage '--trust needs a folder'
        case $2 in /*) folder=$2 ;; *) folder=$here/$2 ;; esac
        { [ -n "$2" ] && [ -d "$folder" ]; } || usage "no such trust folder: $2"
        case $folder in *"$newline"*) usage 'a trust folder with a line break in its name' ;; esac
        printf '%s\n' "$folder" >>"$work/trust"
        shift
        ;;
    --json) json=true ;;
    --help | -h) usage ;;
    --) shift; break ;;
    -*) usage "unknown option: $1" ;;
    *) break ;;
    esac
    shift
done
[ $# -le 1 ] || usage 'one bundle at a time'
if [ $# -eq 1 ]; then bundle=$1; else bundle=$(dirname -- "$0"); fi
case $bundle in /*) ;; *) bundle=$here/$bundle ;; esac
[ -d "$bundle" ] || usage 'no such folder (an archive has to be unpacked first)'
cd -- "$bundle" || usage 'the bundle cannot be entered'

# ---------------------------------------------------------------------------------------------------- 1. files

limit_of() {
    case $1 in
    job.json) echo 262144 ;;
    device-pre.eat | device-post.eat) echo 16384 ;;
    export.age) echo 8589934592 ;;
    intent.json) echo 1048576 ;;
    erasure-proof.json) echo 262144 ;;
    journal.jsonl) echo 16777216 ;;
    agent.pem | intent.tlog-proof | statement.tsr | statement.tlog-proof) echo 65536 ;;
    verify.sh) echo 262144 ;;
    statement.dsse.json | certificate.pdf) echo 4194304 ;;
    *) return 1 ;;
    esac
}

# Ends the run where the bundle is none, or a tool is missing without which nothing can be judged.
end_early() { # result, status, check, code, facts
    if $json; then
        printf '{"accepted":false,"act":"","checks":[{"code":"%s","detail":"%s","id":"%s","status":"%s"}],"result":"%s"}\n' \
            "$4" "$5" "$3" "$2" "$1"
    else
        printf '%-14s %-18s %s %s\n' "$(printf %s "$2" | tr - ' ')" "$3" "$4" "$5"
        printf 'result: %s\n' "$1"
    fi
    exit 6
}

take_files() {
    # shellcheck disable=SC2012  # find would print a line break in a name as such
    # Names are printed with escapes, so none can hold a line break; no more are read than there may be, and one.
    ls -1UAb . 2>/dev/null | head -n 15 | cut -c 1-100 | sort >"$work/names"
    while read -r name; do
        limit_of "$name" >/dev/null ||
            end_early FAIL failed files file-unknown "$(printf %s "$name" | tr -c 'A-Za-z0-9._-' '?')"
    done <"$work/names"
    while read -r name; do
        limit=$(limit_of "$name")
        { [ ! -L "./$name" ] && [ -f "./$name" ]; } || end_early FAIL failed files file-kind "$name"
        [ -r "./$name" ] || end_early FAIL failed files file-unreadable "$name"
        [ "$(stat -c %s "./$name")" -le "$limit" ] || end_early FAIL failed files file-too-large "$name"
        if [ "$name" = export.age ]; then
            # The one file that may be large stays where it is; only its header is looked into.
            dd if="./$name" of="$work/export.head" iflag=nofollow,nonblock,fullblock bs=65536 count=1 status=none
            digest=$(dd if="./$name" iflag=nofollow,nonblock bs=1048576 status=none | sha256sum)
            printf '%s  %s\n' "${digest%% *}" "$name" >"$work/export.sum"
            stat -c '%s %n' "./$name" >"$work/export.size"
        else
            dd if="./$name" of="$work/in/$name" iflag=nofollow,nonblock,fullblock bs=65536 \
                count=$((limit / 65536 + 1)) status=none || end_early FAIL failed files file-unreadable "$name"
            [ "$(stat -c %s "$work/in/$name")" -le "$limit" ] || end_early FAIL failed files file-too-large "$name"
        fi
    done <"$work/names"
    : >>"$work/export.sum"
    : >>"$work/export.size"
    { (set +f && cd "$work/in" && sha256sum -- *) && cat "$work/export.sum"; } >"$work/sums"
    { (set +f && cd "$work/in" && stat -c '%s %n' -- *) && cat "$work/export.size"; } >"$work/sizes"
    awk '
        FNR == NR { sub(/^\.\//, "", $2); size[$2] = $1; next }
        { printf "%s\"%s\":{\"sha256\":\"%s\",\"size\":%s}", (n++ ? "," : "{"), $2, $1, size[$2] }
        END { print "}" }' "$work/sizes" "$work/sums" >"$work/files.json"
}

# ---------------------------------------------------------------------------------------------------- 2. JSON

# Takes a document for canonical if jq writes the same bytes: keys sorted and once, no blanks, one form of each text and
# number. U+007F goes in disguise, for jq writes it as an escape, which RFC 8785 does not: so that escape is refused. jq
# sorts keys by code points and RFC 8785 by UTF-16 units, so keys that these two (or the disguise) would sort apart are
# refused; no document of posretire has any.
sorted='def odd: [.. | objects | keys[] | explode[]]
        | any(.[]; . == 57471) or (any(.[]; . > 57343 and . < 65536) and any(.[]; . > 65535));
    [inputs | select(odd)] == []'
canonical() { # file, name, how many documents
    sed 's/\x7f/\xee\x81\xbf/g' "$1" >"$work/plain"
    [ "$3" -gt 0 ] || printf '\n' >>"$work/plain"
    if ! jq -cS 'walk(if type == "number" then . + 0 else . end)' <"$work/plain" >"$work/again" 2>/dev/null || [ ! -s "$work/again" ]; then
        fault "$2" json-broken
    elif grep -F '\u007f' "$work/plain" | grep -qE '(^|[^\\])(\\\\)*\\u007f'; then
        fault "$2" json-not-canonical
    elif grep -q "$(printf '[\356\357\360-\364]')" "$work/plain" && ! jq -e -n "$sorted" <"$work/plain" >/dev/null 2>&1; then
        fault "$2" json-not-canonical
    elif ! cmp -s "$work/plain" "$work/again" || { [ "$3" -eq 0 ] && [ "$(wc -l <"$work/again")" -ne 1 ]; }; then
        fault "$2" json-not-canonical
    else
        cp "$1" "$work/doc/$2"
    fi
}

fault() { # document, code
    printf '%s %s\n' "$1" "$2" >>"$work/faults"
}

read_documents() {
    : >"$work/faults"
    for name in job.json intent.json erasure-proof.json statement.dsse.json; do
        if [ -e "$work/in/$name" ]; then
            canonical "$work/in/$name" "$name" 0
        else
            fault "$name" file-absent
        fi
    done
    read_journal
}

# Each line is hashed without its own hash, which stands behind the facts: so the last such key is the entry's.
read_journal() {
    journal=$work/in/journal.jsonl
    if [ ! -e "$journal" ]; then
        fault journal.jsonl file-absent
    elif [ ! -s "$journal" ]; then
        fault journal.jsonl journal-empty
    elif [ "$(tail -c 1 "$journal" | od -An -tx1)" != " 0a" ]; then
        fault journal.jsonl journal-cut
    elif [ "$(wc -l <"$journal")" -gt 100000 ] || [ "$(wc -L <"$journal")" -gt 262144 ]; then
        fault journal.jsonl journal-too-long
    else
        canonical "$journal" journal.jsonl "$(wc -l <"$journal")"
        [ -e "$work/doc/journal.jsonl" ] || return 0
        awk -v folder="$work/lines/" '
            BEGIN { ORS = "" }
            {
                name = sprintf("%s%06d", folder, NR)
                if (match($0, /.*,"hash":"/) && substr($0, RLENGTH + 65, 2) == "\",")
                    $0 = substr($0, 1, RLENGTH - 9) substr($0, RLENGTH + 66)
                print $0 > name
                close(name)
            }' "$journal"
        (set +f && cd "$work/lines" && sha256sum -- *) | sed 's/ .*/"/; s/^/"/' >"$work/journal.sums"
    fi
}

# ---------------------------------------------------------------------------------------------------- 3. DSSE

open_envelope() {
    : >"$work/payload"
    [ -e "$work/doc/statement.dsse.json" ] || return 0
    jq -r '
        if type == "object" and keys == ["payload", "payloadType", "signatures"]
            and .payloadType == "application/vnd.in-toto+json" and (.payload | type == "string")
            and (.signatures | type == "array" and length == 1)
            and (.signatures[0] | type == "object" and keys == ["keyid", "sig"] and (.sig | type == "string")
                and (.keyid | type == "string" and test("\\A[0-9a-f]{64}\\z")))
        then .payload, .signatures[0].sig, .signatures[0].keyid else empty end
        ' "$work/doc/statement.dsse.json" >"$work/envelope" 2>/dev/null
    rm "$work/doc/statement.dsse.json"
    sed -n 1p "$work/envelope" | tr -d '\n' >"$work/payload.64"
    sed -n 2p "$work/envelope" | tr -d '\n' >"$work/sig.64"
    keyid=$(sed -n 3p "$work/envelope")
    # One form alone: as `base64` writes it again.
    if [ "$(wc -l <"$work/envelope")" -ne 3 ] ||
        ! base64 -d <"$work/payload.64" >"$work/payload" 2>/dev/null ||
        ! base64 -d <"$work/sig.64" >"$work/sig" 2>/dev/null ||
        ! base64 -w 0 <"$work/payload" | cmp -s - "$work/payload.64" ||
        ! base64 -w 0 <"$work/sig" | cmp -s - "$work/sig.64"; then
        fault statement.dsse.json dsse-malformed
        return 0
    fi
    { printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c <"$work/payload")" && cat "$work/payload"; } >"$work/pae"
    canonical "$work/payload" statement.dsse.json 0
}

check_signature() {
    signature=
    [ -e "$work/certs/agent.0.key" ] && [ -e "$work/pae" ] || return 0
    if [ "$keyid" != "$(cat "$work/certs/agent.0.sum")" ]; then
        signature=dsse-key
    elif openssl dgst -sha256 -verify "$work/certs/agent.0.key" -signature "$work/sig" "$work/pae" >/dev/null 2>&1; then
        signature=ok
    else
        signature=dsse-signature
    fi
}

# ---------------------------------------------------------------------------------------------------- certificates

# Splits PEM into one file a certificate: PREFIX.0, PREFIX.1, ...
split_pem() { # file, prefix
    awk -v prefix="$2" '
        /^-----BEGIN CERTIFICATE-----\r?$/ { inside = 1; name = prefix "." n++ }
        inside { print > name }
        /^-----END CERTIFICATE-----\r?$/ { if (inside) close(name); inside = 0 }' "$1"
}

# Reads one certificate: FILE.key (public key, PEM), FILE.sum (SHA-256 of SubjectPublicKeyInfo), FILE.json (the rest).
certificate() { # file
    openssl x509 -in "$1" -noout -pubkey -issuer -subject -serial -fingerprint -sha256 -ext basicConstraints,keyUsage \
        -nameopt sep_comma_plus,dn_rev,oid,esc_2253,esc_ctrl,utf8 >"$1.text" 2>/dev/null || return 1
    sed -n '/^-----BEGIN PUBLIC KEY-----$/,/^-----END PUBLIC KEY-----$/p' "$1.text" >"$1.key"
    grep -v -e '^-----' "$1.key" | tr -d '\n' | base64 -d | sha256sum | cut -d ' ' -f 1 | tr -d '\n' >"$1.sum"
    awk -v sum="$(cat "$1.sum")" '
        # The match twice is two backslashes in every awk; written as such they are one to mawk.
        function text(s) { gsub(/\\/, "&&", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
        function plain(s) { gsub(/\\/, "", s); return s }
        # The value of an attribute that stands in a name once. Escaped separators are none.
        function attribute(name, oid,    s, parts, n, i, found, count) {
            s = name
            gsub(/\\\\/, "\001\001", s); gsub(/\\,/, "\001\002", s); gsub(/\\\+/, "\001\003", s)
            n = split(s, parts, /[,+]/)
            for (i = 1; i <= n; i++) if (index(parts[i], oid "=") == 1) { found = substr(parts[i], length(oid) + 2); count++ }
            if (count != 1) return ""
            gsub(/\001\001/, "\\\\", found); gsub(/\001\002/, ",", found); gsub(/\001\003/, "+", found)
            return found
        }
        # As RFC 4514 names the attributes that it knows.
        function named(s,    n, i, pair, pairs) {
            n = split("2.5.4.3=CN 2.5.4.6=C 2.5.4.7=L 2.5.4.8=ST 2.5.4.9=STREET 2.5.4.10=O 2.5.4.11=OU " \
                "0.9.2342.19200300.100.1.25=DC 0.9.2342.19200300.100.1.1=UID", pairs, " ")
            s = "," s
            for (i = 1; i <= n; i++) {
                split(pairs[i], pair, "=")
                gsub(/\./, "[.]", pair[1])
                gsub("," pair[1] "=", "," pair[2] "=", s)
                gsub("[+]" pair[1] "=", "+" pair[2] "=", s)
            }
            return substr(s, 2)
        }
        /^issuer=/ { issuer = substr($0, 8) }
        /^subject=/ { subject = substr($0, 9) }
        /^serial=/ { serial = substr($0, 8) }
        /^sha256 Fingerprint=/ { print_of = substr($0, 20); gsub(/:/, "", print_of) }
        /^-----BEGIN PUBLIC/ { getline; p256 = index($0, "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE") == 1 }
        /^X509v3 Basic Constraints:/ { basic = 1; critical = /critical/; getline; ca = /CA:TRUE/ }
        /^X509v3 Key Usage:/ { usage = 1; getline; signs = /Digital Signature/; vouches = /Non Repudiation/; certifies = /Certificate Sign/ }
        END {
            printf "{\"key\":\"%s\",\"p256\":%s,\"issuer\":%s,", sum, (p256 ? "true" : "false"), text(named(issuer))
            printf "\"self\":%s,\"tusn\":%s,", (issuer == subject ? "true" : "false"), text(attribute(subject, "2.5.4.5"))
            printf "\"ca\":%s,\"signs\":%s}\n", (ca ? "true" : "false"), (signs ? "true" : "false")
            file = FILENAME
            sub(/text$/, "", file)
            # For the shell: whether it may certify others, whether it may only sign, and its names.
            print (ca && critical && certifies ? "authority" : ca ? "other" : signs ? "leaf" : vouches ? "voucher" : "mute") > (file "role")
            print issuer > (file "issuer")
            print subject > (file "subject")
            print print_of > (file "print")
            print serial > (file "serial")
            print plain(attribute(subject, "2.5.4.10")) > (file "organization")
        }' "$1.text" >"$1.json"
}

# Reads PREFIX.0, PREFIX.1, ... ; leaves PREFIX.json, a line a certificate, and PREFIX.untrusted, those that may certify.
certificates() { # prefix
    : >"$1.json"
    : >"$1.untrusted"
    number=0
    while [ -e "$1.$number" ]; do
        certificate "$1.$number" || { rm -f "$1.0.key"; echo '{"fault":true}' >"$1.json"; return 0; }
        cat "$1.$number.json" >>"$1.json"
        if [ "$number" -gt 0 ] && [ "$(cat "$1.$number.role")" = authority ]; then
            cat "$1.$number" >>"$1.untrusted"
        fi
        number=$((number + 1))
    done
}

read_agent() {
    : >"$work/certs/agent.json"
    [ -e "$work/in/agent.pem" ] || return 0
    split_pem "$work/in/agent.pem" "$work/certs/agent"
    certificates "$work/certs/agent"
    # One form alone, with nothing around it: what another reader takes for a certificate must be one here.
    number=0
    : >"$work/agent.again"
    while [ -e "$work/certs/agent.$number" ]; do
        openssl x509 -in "$work/certs/agent.$number" >>"$work/agent.again" 2>/dev/null
        number=$((number + 1))
    done
    if ! cmp -s "$work/agent.again" "$work/in/agent.pem"; then
        rm -f "$work/certs/agent.0.key"
        echo '{"fault":true}' >"$work/certs/agent.json"
    fi
}

read_trust() {
    : >"$work/logs"
    for kind in makers agents tsa; do
        : >"$work/$kind/list"
        : >"$work/$kind/crls"
    done
    while IFS= read -r folder; do
        for kind in makers agents tsa; do
            set +f
            for file in "$folder/$kind"/*.pem "$folder/$kind"/*.crl; do
                set -f
                [ -e "$file" ] || [ -L "$file" ] || continue
                { [ -f "$file" ] && [ -r "$file" ] && [ "$(stat -L -c %s "$file")" -le 4194304 ]; } ||
                    usage "the trusted roots in $file cannot be read"
                case $file in
                *.crl)
                    form=DER
                    if grep -q -e '-----BEGIN' "$file"; then form=PEM; fi
                    openssl crl -inform $form -in "$file" -noout 2>/dev/null ||
                        usage "the trusted roots in $file cannot be read"
                    # A copy, for a name may hold anything, and what is not found later would revoke nothing.
                    copy=$work/$kind/$(wc -l <"$work/$kind/crls").crl
                    cp -- "$file" "$copy" || usage "the trusted roots in $file cannot be read"
                    printf '%s\n' "$copy" >>"$work/$kind/crls"
                    continue
                    ;;
                esac
                before=$(wc -l <"$work/$kind/list")
                split_pem "$file" "$work/$kind/$before"
                number=0
                while [ -e "$work/$kind/$before.$number" ]; do
                    certificate "$work/$kind/$before.$number" || usage "the trusted roots in $file cannot be read"
                    printf '%s\n' "$work/$kind/$before.$number" >>"$work/$kind/list"
                    number=$((number + 1))
                done
                [ "$number" -gt 0 ] || usage "the trusted roots in $file cannot be read"
            done
            set -f
        done
        set +f
        for file in "$folder"/logs/*.vkey; do
            set -f
            [ -e "$file" ] || [ -L "$file" ] || continue
            # One that cannot be read would leave every log trusted.
            { [ -f "$file" ] && [ -r "$file" ]; } || usage "the keys of logs in $file cannot be read"
            awk '$0 != ""' <"$file" >>"$work/logs"
        done
        set -f
    done <"$work/trust"
    if grep -qv '^[!-*,-~]\{1,200\}+[0-9a-f]\{8\}+[A-Za-z0-9+/]\{44\}$' "$work/logs"; then
        usage 'a file below logs/ of a trust folder holds what is no key of a log'
    fi
}

# Follows a chain to one of the trusted authorities of a kind. Prints "ok ROOT", unknown, certificate-chain or
# certificate-revoked.
follow() { # prefix of the chain, makers or agents, when (seconds since 1970)
    known=no
    anchor=
    while read -r root; do
        [ "$(cat "$root.role")" = authority ] || continue
        known=yes
        case $2.$(cat "$1.0.role") in *.leaf | tsa.voucher) ;; *) continue ;; esac
        # One file for both would trust the intermediates, and an empty one is refused.
        between=$1.untrusted
        [ -s "$between" ] || between=$root
        if openssl verify -no-CApath -no-CAstore -no-CAfile -partial_chain -trusted "$root" -untrusted "$between" \
            -attime "$3" -verify_depth 5 -auth_level 2 "$1.0" >/dev/null 2>&1; then
            anchor=$root
            break
        fi
    done <"$work/$2/list"
    if [ -n "$anchor" ]; then
        if revoked "$1" "$2" "$3"; then echo certificate-revoked; else echo "ok $anchor"; fi
    elif [ "$known" = yes ]; then
        echo certificate-chain
    else
        echo unknown
    fi
}

# Tells whether lists of its issuers name a certificate as revoked in a way that counts at some time. A list counts even
# where it is overdue, with the signature of whoever issued the certificate. What a revocation does to what was signed
# before it: nothing for terminals; a key of an agent that is not known to be in nobody else's hands may have been used
# with its clock set back, so only a time that an authority proved counts for it (RFC 5280, section 5.3.1).
revoked() { # prefix of the chain, makers, agents or tsa, when
    [ -s "$work/$2/crls" ] || return 1
    cat "$work/$2/list" >"$work/signers"
    number=0
    while [ -e "$1.$number" ]; do
        printf '%s\n' "$1.$number" >>"$work/signers"
        number=$((number + 1))
    done
    number=0
    while [ -e "$1.$number" ]; do
        # Whoever is trusted as a root is not looked up.
        if [ "$number" -eq 0 ] || ! cmp -s "$1.$number.print" "$anchor.print"; then
            : >"$work/entries"
            while read -r list; do entries_of "$list" "$1.$number" >>"$work/entries"; done <"$work/$2/crls"
            if [ -s "$work/entries" ] && spoils "$2" "$3"; then return 0; fi
        fi
        number=$((number + 1))
    done
    return 1
}

# Prints what a list says of a certificate, where it bears its issuer's name and signature: since when, plainly when, why.
entries_of() { # list, certificate
    form=DER
    if grep -q -e '-----BEGIN' "$1"; then form=PEM; fi
    openssl crl -inform $form -in "$1" -out "$work/crl" 2>/dev/null
    openssl crl -in "$work/crl" -noout -text -nameopt sep_comma_plus,dn_rev,oid,esc_2253,esc_ctrl,utf8 >"$work/crl.text"
    by=$(sed -n 's/^ *Issuer: *//p' "$work/crl.text" | head -n 1)
    [ "$(cat "$2.issuer")" = "$by" ] || return 0
    awk -v serial="$(cat "$2.serial")" '
        function bare(s) { sub(/^0+/, "", s); return toupper(s) }
        function trimmed(s) { gsub(/^ +| +$/, "", s); return s }
        /^ *Serial Number:/ { if (date != "") exit; here = bare($3) == bare(serial) }
        /^ *Signature Algorithm:/ { if (date != "") exit }
        here && /^ *Revocation Date:/ { sub(/^ *Revocation Date: */, ""); date = $0 }
        here && /Invalidity Date:/ { getline; invalid = trimmed($0) }
        here && /CRL Reason Code:/ { getline; reason = trimmed($0) }
        END { if (date != "") { print date; print invalid; print reason } }' "$work/crl.text" >"$work/entry"
    [ -s "$work/entry" ] || return 0
    while read -r signer; do
        [ "$(cat "$signer.role")" = authority ] || continue
        [ "$(cat "$signer.subject")" = "$by" ] || continue
        openssl crl -in "$work/crl" -noout -CAfile "$signer" -no-CApath -no-CAstore 2>&1 | grep -q '^verify OK$' || continue
        # A date that cannot be read is one long ago: in doubt it is revoked.
        plainly=$(date -u -d "$(sed -n 1p "$work/entry")" +%s) || plainly=0
        since=$plainly
        if [ -n "$(sed -n 2p "$work/entry")" ]; then since=$(date -u -d "$(sed -n 2p "$work/entry")" +%s) || since=0; fi
        [ "$since" -le "$plainly" ] || since=$plainly
        printf '%s %s %s\n' "$since" "$plainly" "$(sed -n 3p "$work/entry")"
        return 0
    done <"$work/signers"
}

spoils() { # makers, agents or tsa, when
    if [ "$1" = makers ]; then
        while read -r _ plainly _; do [ "$plainly" -gt "$2" ] || return 0; done <"$work/entries"
        return 1
    fi
    grep -v 'Remove From CRL$' "$work/entries" >"$work/counting"
    since=$(sort -n "$work/counting" | sed -n '1s/ .*//p')
    [ -n "$since" ] || return 1
    if [ "$1" = agents ] && [ -n "$stamped" ]; then
        [ "$(date -u -d "$stamped" +%s)" -ge "$since" ]
        return
    fi
    given_up='(Affiliation Changed|Superseded|Cessation Of Operation)$'
    [ "$1" = agents ] || given_up='(Affiliation Changed|Superseded|Cessation Of Operation|Unspecified)$'
    grep -vqE "$given_up" "$work/counting" || [ "$2" -ge "$since" ]
}

# ---------------------------------------------------------------------------------------------------- 4. attestations

cat >"$work/cbor.awk" <<'EOF'
# Reads a COSE_Sign1 (RFC 9052) from a line of hex digits, in deterministic CBOR (RFC 8949, section 4.2) and only with
# what attestations hold: whole numbers, texts, byte strings, arrays, maps keyed by numbers, true and false.
# Prints: {"protected":..,"unprotected":..,"claims":..,"signature":LENGTH}, the Sig_structure and the signature as DER
# in hex, then each certificate of x5chain in hex; or {"fault":..}. Texts and byte strings are {"text":..}, {"bytes":..}.
BEGIN {
    for (i = 0; i < 256; i++) { pair = sprintf("%02x", i); value[pair] = i }
    for (i = 32; i < 256; i++) letter[i] = sprintf("%c", i)
    letter[34] = "\\\""; letter[92] = "\\\\"
    for (i = 0; i < 32; i++) letter[i] = sprintf("\\u%04x", i)
    tail = "[89ab][0-9a-f]"
    utf8 = "^([0-7][0-9a-f]|c[2-9a-f]" tail "|d[0-9a-f]" tail "|e0[ab][0-9a-f]" tail "|e[1-9abcef]" tail tail \
        "|ed[89][0-9a-f]" tail "|f0[9ab][0-9a-f]" tail tail "|f[123]" tail tail tail "|f48[0-9a-f]" tail tail ")*$"
}
{ hex = $0; size = length(hex) / 2; main(); exit }

function broken(why) {
    if (fault == "") fault = why
    pos = size + 1
    return "null"
}
function byte(i) { return value[substr(hex, 2 * i + 1, 2)] }
function number(count,    n) {
    if (pos + count > size) { broken("cut"); return 0 }
    for (n = 0; count > 0; count--) n = n * 256 + byte(pos++)
    return n
}
# Reads the head of an item: sets major, and argument.
function head(    info, width) {
    if (pos >= size) { broken("cut"); return }
    info = byte(pos++)
    major = int(info / 32)
    info %= 32
    if (info < 24) { argument = info; return }
    if (info > 27 || major == 7) { broken("kind"); return }
    width = 2 ^ (info - 24)
    argument = number(width)
    if (fault == "" && argument < (width == 1 ? 24 : 256 ^ (width / 2))) broken("not deterministic")
    if (argument > 9007199254740991) broken("number out of range")
}
function text_of(from, count,    i, made) {
    made = substr(hex, 2 * from + 1, 2 * count)
    if (made !~ utf8) return broken("no UTF-8")
    made = ""
    for (i = from; i < from + count; i++) made = made letter[byte(i)]
    return "\"" made "\""
}
function item(depth, collect,    start, kind, n, i, made, key, last, from) {
    if (depth > 8) return broken("depth")
    head()
    if (fault != "") return "null"
    kind = major
    n = argument
    if (kind == 0) return sprintf("%.0f", n)
    if (kind == 1) return sprintf("%.0f", -1 - n)
    if (kind == 2 || kind == 3) {
        if (pos + n > size) return broken("cut")
        start = pos
        pos += n
        if (kind == 3) return "{\"text\":" text_of(start, n) "}"
        if (collect) certificate[certificates++] = substr(hex, 2 * start + 1, 2 * n)
        return "{\"bytes\":\"" substr(hex, 2 * start + 1, 2 * n) "\"}"
    }
    if (kind == 4) {
        for (i = 0; i < n && fault == ""; i++) made = made (i ? "," : "") item(depth + 1, collect)
        return "[" made "]"
    }
    if (kind == 5) {
        for (i = 0; i < n && fault == ""; i++) {
            from = pos
            if (byte(pos) >= 64) return broken("key")
            key = item(depth + 1, 0)
            start = substr(hex, 2 * from + 1, 2 * (pos - from))
            # Shorter keys first, and among those of one length in the order of their bytes.
            if (i && (length(start) < length(last) || (length(start) == length(last) && start "" <= last "")))
                return broken("not deterministic")
            last = start
            made = made (i ? "," : "") "\"" key "\":" value_of(depth, key)
        }
        return "{" made "}"
    }
    if (kind == 7 && (n == 20 || n == 21)) return n == 21 ? "true" : "false"
    return broken("kind")
}
function value_of(depth, key) {
    # Measurements (RFC 9711, section 4.2.16) are arrays of [content format, CBOR in a byte string].
    if (in_claims && depth == 0 && key == "273") return measurements()
    return item(depth + 1, !in_claims && depth == 0 && key == "33")
}
function measurements(    n, i, made, format) {
    head()
    if (fault != "" || major != 4) return broken("measurements")
    n = argument
    for (i = 0; i < n && fault == ""; i++) {
        head()
        if (fault != "" || major != 4 || argument != 2) return broken("measurements")
        format = item(2, 0)
        made = made (i ? "," : "") "[" format "," inside() "]"
    }
    return "[" made "]"
}
# Reads the one item that a byte string holds.
function inside(    outer, whole, made) {
    head()
    if (fault != "" || major != 2 || pos + argument > size) return broken("no CBOR in a byte string")
    outer = pos + argument
    whole = size
    size = outer
    made = item(1, 0)
    if (fault == "" && pos != outer) return broken("something follows")
    size = whole
    return made
}
function part(    from, to) {
    from = pos
    head()
    if (fault != "" || major != 2 || pos + argument > size) { broken("no COSE_Sign1"); return "" }
    to = pos + argument
    pos = to
    return substr(hex, 2 * from + 1, 2 * (to - from))
}
function integer(digits) {
    while (length(digits) > 2 && substr(digits, 1, 2) == "00") digits = substr(digits, 3)
    if (digits ~ /^[89a-f]/) digits = "00" digits
    return "02" sprintf("%02x", length(digits) / 2) digits
}
function within(from, to,    whole, made) {
    whole = size
    size = to
    pos = from
    made = item(0, 0)
    if (fault == "" && pos != to) broken("something follows")
    size = whole
    return made
}
function main(    protected, unprotected, payload, signature, body, start, end, made_protected, made_claims) {
    if (substr(hex, 1, 4) != "d284") broken("no COSE_Sign1")
    else {
        pos = 2
        protected = part(); start = pos - argument; end = pos
        if (fault == "") { made_protected = within(start, end); pos = end }
        if (fault == "" && (byte(pos) < 160 || byte(pos) > 191)) broken("no COSE_Sign1")
        if (fault == "") unprotected = item(0, 0)
        payload = part(); start = pos - argument; end = pos
        if (fault == "") { in_claims = 1; made_claims = within(start, end); pos = end }
        if (fault == "") { signature = part(); signature = substr(hex, 2 * (pos - argument) + 1, 2 * argument) }
        if (fault == "" && pos != size) broken("something follows")
        if (fault == "" && (made_protected !~ /^[{]/ || made_claims !~ /^[{]/)) broken("no map")
    }
    if (fault != "") { print "{\"fault\":\"" fault "\"}"; return }
    print "{\"protected\":" made_protected ",\"unprotected\":" unprotected ",\"claims\":" made_claims \
        ",\"signature\":" length(signature) / 2 "}"
    print "846a5369676e617475726531" protected "40" payload
    body = length(signature) == 128 ? integer(substr(signature, 1, 64)) integer(substr(signature, 65)) : ""
    print "30" sprintf("%02x", length(body) / 2) body
    for (i = 0; i < certificates && i < 6; i++) print certificate[i]
}
EOF

bytes() { tr -d '\n' | tr a-f A-F | basenc --base16 -d; }

# Writes certificates, a line of hex each, as certs/NAME.0, certs/NAME.1, ...
pem_files() { # name
    number=0
    while read -r digits; do
        # A certificate is one DER sequence, and nothing follows it.
        case $digits in
        3082????*) [ $((2 * 0x$(printf %.4s "${digits#3082}") + 8)) -eq ${#digits} ] || digits= ;;
        *) digits= ;;
        esac
        {
            echo '-----BEGIN CERTIFICATE-----'
            printf %s "$digits" | bytes | base64
            echo '-----END CERTIFICATE-----'
        } >"$work/certs/$1.$number"
        number=$((number + 1))
    done
}

# Leaves eat.NAME.json, certs/NAME.* and, where the signature holds, certs/NAME.signed.
read_token() { # file, name
    : >"$work/eat.$2.json"
    : >"$work/certs/$2.json"
    [ -e "$work/in/$1" ] || return 0
    od -An -v -tx1 "$work/in/$1" | tr -d ' \n' | awk -f "$work/cbor.awk" >"$work/token"
    [ -s "$work/token" ] || echo '{"fault":"empty"}' >"$work/token"
    sed -n 1p "$work/token" >"$work/eat.$2.json"
    sed -n '4,$p' "$work/token" >"$work/token.certs"
    pem_files "$2" <"$work/token.certs"
    certificates "$work/certs/$2"
    [ -e "$work/certs/$2.0.key" ] || return 0
    sed -n 2p "$work/token" | bytes >"$work/signed"
    sed -n 3p "$work/token" | bytes >"$work/signature"
    if openssl dgst -sha256 -verify "$work/certs/$2.0.key" -signature "$work/signature" "$work/signed" >/dev/null 2>&1; then
        : >"$work/certs/$2.signed"
    fi
}

# ---------------------------------------------------------------------------------------------------- 5. reading

cat >"$work/common.jq" <<'EOF'
def reject($code; $facts): error({status: "failed", code: $code, facts: $facts});
def gap($code; $facts): error({status: "not-checkable", code: $code, facts: $facts});
def in_words($words): . as $w | any($words[]; . == $w);
def whole($least; $most): type == "number" and . >= $least and . <= $most and floor == .;
def largest: 9007199254740991;
def hex_digits: type == "string" and test("\\A[0-9a-f]{64}\\z");
def clean($most): type == "string" and length <= $most and all(explode[]; . > 31 and (. < 127 or . > 159));

# The bytes of a text as hex.
def hex: [.] | map(floor | ["0123456789abcdef"[(. / 16 | floor):(. / 16 | floor) + 1], "0123456789abcdef"[. % 16:. % 16 + 1]]
    | add) | add;
def tail($at): 128 + ((. / $at | floor) % 64);
def utf8_hex: [explode[] | if . < 128 then . elif . < 2048 then 192 + (. / 64 | floor), tail(1)
    elif . < 65536 then 224 + (. / 4096 | floor), tail(64), tail(1)
    else 240 + (. / 262144 | floor), tail(4096), tail(64), tail(1) end | hex] | add // "";

# RFC 3339 in UTC as microseconds since 1970; null where it is no such time.
def days($y; $m; $d): (if $m <= 2 then $y - 1 else $y end) as $Y | ($Y / 400 | floor) as $era | ($Y - $era * 400) as $yoe
    | (((153 * ($m + (if $m > 2 then -3 else 9 end)) + 2) / 5 | floor) + $d - 1) as $doy
    | $era * 146097 + $yoe * 365 + ($yoe / 4 | floor) - ($yoe / 100 | floor) + $doy - 719468;
def month_days($y; $m): if $m == 2 then (if ($y % 4 == 0 and $y % 100 != 0) or $y % 400 == 0 then 29 else 28 end)
    else [31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][$m - 1] end;
def micro:
    if type != "string" or (test("\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z\\z") | not)
    then null
    else [.[0:4], .[5:7], .[8:10], .[11:13], .[14:16], .[17:19] | tonumber] as $t
        | (.[20:-1] + "000000")[0:6] as $fraction
        | if $t[0] < 1 or $t[1] < 1 or $t[1] > 12 or $t[2] < 1 or $t[2] > month_days($t[0]; $t[1])
            or $t[3] > 23 or $t[4] > 59 or $t[5] > 59 then null
        else ((days($t[0]; $t[1]; $t[2]) * 24 + $t[3]) * 60 + $t[4]) * 60000000 + $t[5] * 1000000 + ($fraction | tonumber)
        end
    end;

# Checks a value against a description: "digest", {word: [..]}, {rows: N, of: ..}, or an object with each field's; a field
# whose name ends with ? may be missing; "*": true allows more fields.
def fields($doc; $at; $form):
    . as $v
    | def bad: reject("document-field"; {document: $doc, field: $at});
    def must(c): if (try c catch false) then empty else bad end;
    if ($form | type) == "string" then
        if $form == "text" then must($v | clean(2000))
        elif $form == "name" then must($v | clean(2000) and length > 0)
        elif $form == "short" then must($v | clean(64))
        elif $form == "place" then must($v | clean(64) and length > 0)
        elif $form == "date" then must($v | length == 10 and (. + "T00:00:00Z" | micro != null))
        elif $form == "digest" then must($v | hex_digits)
        elif $form == "number" then must($v | whole(0; largest))
        elif $form == "byte" then must($v | whole(0; 255))
        elif $form == "signed" then must($v | whole(-largest; largest))
        elif $form == "flag" then must($v | type == "boolean")
        elif $form == "object" then must($v | type == "object")
        elif $form == "time" or ($form == "time?" and $v != "") then
            must($v | clean(2000)), (if $v | micro == null then reject("time-form"; {where: $at}) else empty end)
        elif $form == "time?" then empty
        else bad end
    elif $form | has("word") then must($v | type == "string" and in_words($form.word))
    elif $form | has("most") then must($v | whole($form.least // 0; $form.most))
    elif $form | has("rows") then
        must($v | type == "array" and length <= $form.rows),
        (range($v | length) as $i | $v[$i] | fields($doc; "\($at).\($i)"; $form.of))
    elif $form | has("named") then
        must($v | type == "object" and length <= $form.named), ($v | keys[] as $k | $v[$k] | fields($doc; "\($at).\($k)"; $form.of))
    elif $form | has("or_null") then if $v == null then empty else fields($doc; $at; $form.or_null) end
    else
        must($v | type == "object"),
        ($form | keys_unsorted[] | select(. != "*") as $k | ($k | rtrimstr("?")) as $name
            | (if $at == "" then $name else "\($at).\($name)" end) as $path
            | if $v | has($name) then $v[$name] | fields($doc; $path; $form[$k])
              elif $k | endswith("?") then empty else reject("document-field"; {document: $doc, field: $path}) end),
        (if $form["*"] then empty else $v | keys[] | select(in_words($form | keys | map(rtrimstr("?"))) | not)
            | reject("document-field"; {document: $doc, field: .}) end)
    end;

# A part of the evidence is {value: ..} or {fault: ..}.
def report: if has("fault") then error(.fault) else .value end;
def need($what): if has("fault") then gap("needs"; {what: $what}) else .value end;
def made(f): try {value: f} catch {fault: (if type == "object" then . else {status: "failed", code: "unreadable", facts: {why: .}} end)};
EOF

cat >"$work/read.jq" <<'EOF'
# Checks the form of every document. Prints the evidence as one line of JSON, then what other tools have to compute.
def link: {private: "flag", tls_version: "short", cipher_suite: "short", peer_certificate_sha256: "text", binding: "text"};
def check_link: . as $l | if .private
    then (if (.tls_version == "" or .cipher_suite == "" or (.peer_certificate_sha256 | hex_digits | not) or (.binding | hex_digits | not))
        then reject("document-field"; {document: "link", field: "private"}) else empty end)
    elif [.tls_version, .cipher_suite, .peer_certificate_sha256, .binding] != ["", "", "", ""]
    then reject("document-field"; {document: "link", field: "private"}) else empty end;
def job_form: {
    schema: {word: ["urn:posretire:job:v1"]}, case: "name", tusn: "name", maker: "text", model: "text",
    hardware_version: "text", firmware_name: "text", firmware_version: "text", label_number: "text", device_key: "digest",
    opened: "time", challenge: "digest", work_order: "text", reason: "text", operator: "text", policy_digest: "digest",
    bindings: {rows: 256, of: {name: "name", kind: {word: ["device", "account", "merchant"]},
        state: {word: ["unbound", "bound", "pending"]}, hmac: "digest"}},
    "link?": link};
def intent_form: {
    schema: {word: ["urn:posretire:intent:v1"]}, case: "name", tusn: "name", time: "time",
    digests: {named: 10000, of: "digest"},
    export: {or_null: {sha256: "digest", size: "number", journal_digest: "digest", records: "number",
        totals: {rows: 1000, of: {
            kind: {word: ["sale", "void", "refund", "preauthorisation", "completion", "reversal", "reload", "issue", "balance"]},
            scheme: {word: ["unionpay", "visa", "mastercard", "jcb", "amex", "alipay", "wechat_pay", "prepaid"]},
            count: "number", amount: "signed"}},
        recipients: {rows: 64, of: "name"}, verification_recipients: {most: 16}}},
    waivers: {named: 64, of: "text"}, unbind: {rows: 256, of: "name"},
    wipe: {or_null: {method: {word: ["clear", "purge"]},
        technique: {word: ["overwrite", "block_erase", "cryptographic_erase"]}, erase_keys: "flag",
        regions: {rows: 1000, of: "number"},
        memory_map: {rows: 1000, of: {region: "number", name: "text",
            holds: {word: ["journal", "parameters", "receipts", "logs", "keys", "identity", "system"]},
            start: "number", size: "number", block_size: "number", wipeable: "flag",
            addressable: {word: ["no", "yes", "unknown"]}, blank: "byte"}}}},
    journal: {entries: "number", head: "digest"}};
def proof_form: {
    schema: {word: ["urn:posretire:erasure-proof:v1"]}, cipher: {word: ["aes-256-ctr"]}, case: "name",
    wipe_nonce: "digest", seed: "digest", filled: "time",
    regions: {rows: 255, of: {region: "byte", size: "number", key: "digest", answer: "digest", milliseconds: "number"}}};
def line_form: {
    case: "name", time: "time", event: {word: ["INTENT", "DONE", "FAILED", "UNKNOWN", "NOTE"]}, step: "name",
    facts: "object", hash: "digest", previous: "digest", sequence: "number"};
def statement_form: {
    _type: "text", predicateType: "text", predicate: "object",
    subject: {rows: 64, of: {name: "name", digest: {sha256: "digest"}}}};
def predicate_form: {"*": true,
    person: {"*": true, name: "text", title: "text", place: "text", contact: "text", "id?": "name", "login?": {word: ["password"]}},
    media: {"*": true, property_number: {or_null: "text"}, media_source: "text", pre_sanitization_confidentiality: "text", post_sanitization_confidentiality: "text"},
    sanitization: {"*": true, destination: "text", tool_version: "text"},
    times: {"*": true, issued: "time", wipe_started: "time?", wipe_ended: "time?"},
    read_back: {rows: 1000, of: {"*": true, region: "number", method: {word: ["full", "digest"]}, bytes_read: "number",
        not_blank: "number", first_not_blank: {least: -1, most: largest}, digest_matches: "flag"}},
    order: {"*": true, authorisation: "text"},
    bindings: {"*": true, platform: {"*": true, state: {word: ["back office pending", "confirmed"]}, reference: "text",
        obtained_by: "text"}},
    backup: {or_null: {"*": true, "copies?": {rows: 8, of: "place"}, "retention?": {"*": true, until: "date", basis: "text"}}},
    "log?": {"*": true, vkey: "text"},
    "links?": {rows: 1000, of: link},
    "attachments?": {rows: 3, of: "name"},
    result: {word: ["PASS", "UNKNOWN", "FAIL"]}, evidence: {"*": true, level: {most: 3}},
    findings: {rows: 1000, of: {"*": true, code: "name", text: "text", effect: {word: ["note", "unknown", "fail"]}}},
    not_checked: {rows: 1000, of: {"*": true, code: "name", text: "text"}}};

def sane: if any(paths; length > 31) or any(.. | numbers; whole(-largest; largest) | not)
    then error({status: "failed", code: "json-broken", facts: {}}) else . end;
def document($name; $rows; check): made(
    if $faults[$name] then error({status: (if $faults[$name] == "file-absent" then "not-checkable" else "failed" end),
        code: $faults[$name], facts: {document: $name}}) else . end
    | $rows[0] | sane | . as $v | [check] | $v);
def statement_of: fields("statement"; ""; statement_form),
    (if ._type != "https://in-toto.io/Statement/v1"
        or (.predicateType | in_words(["urn:posretire:retirement:v1", "urn:posretire:unbinding:v1"]) | not)
        then reject("statement-type"; {}) else empty end),
    ([.subject[].name] as $n | if ($n | unique | length) != ($n | length) then reject("statement-subjects"; {}) else empty end),
    (.predicate | fields("statement"; "predicate"; predicate_form), (.links // [] | .[] | check_link),
        ((.attachments // []) as $a | if [$later[] | select(in_words($a))] != $a
            then reject("document-field"; {document: "statement", field: "predicate.attachments"}) else empty end));
def journal_of($rows; $sums): made(
    if $faults["journal.jsonl"] then error({status: (if $faults["journal.jsonl"] == "file-absent" then "not-checkable"
        else "failed" end), code: $faults["journal.jsonl"], facts: {document: "journal.jsonl"}}) else . end
    | [range($rows | length) as $i | $rows[$i] | sane | fields("journal.jsonl:\($i + 1)"; ""; line_form),
        (if .sequence != $i + 1 then reject("journal-sequence"; {line: ($i + 1)}) else empty end),
        (if .hash != $sums[$i] or .previous != (if $i > 0 then $rows[$i - 1].hash else "0" * 64 end)
            then reject("journal-chain"; {line: ($i + 1)}) else empty end)]
    | $rows);

# What an attestation says, believed or not.
def malformed($why): reject("eat-malformed"; {why: $why});
def octets($n): if (.bytes? | type == "string") and ($n == null or (.bytes | length) == 2 * $n) then .bytes else malformed("claims") end;
def words: if .text? | type == "string" then .text else malformed("claims") end;
def count: if whole(0; largest) then . else malformed("claims") end;
def truth: if type == "boolean" then . else malformed("claims") end;
def version: if type == "array" and length == 2 and .[1] == 3 then .[0] | words else malformed("claims") end;
def rows($n): if type == "array" and all(.[]; type == "array" and length == $n) then .[] else malformed("claims") end;
def measured: if type == "array" and length == 2 and .[0] == 258 and (.[1] | type == "object"
        and keys == ["0", "1", "12", "13", "14", "2", "3"] and .["12"] == 0 and .["14"] == 3
        and (.["2"] | type == "object" and keys == ["31", "33"] and .["33"] == [1, 2])
        and (.["3"] | type == "object" and keys == ["17"]) and (.["3"]["17"] | type == "object" and keys == ["20", "24", "7"]
            and (.["7"] | type == "array" and length == 2 and .[0] == 1)))
    then .[1] | {tag: (.["0"] | octets(16)), name: (.["1"] | words), version: (.["13"] | words), maker: (.["2"]["31"] | words),
        file: (.["3"]["17"]["24"] | words), size: (.["3"]["17"]["20"] | count), sha256: (.["3"]["17"]["7"][1] | octets(32))}
    else malformed("measurement") end;
def claims:
    if keys - ["-70010", "273"] != ["-70001", "-70002", "-70003", "-70004", "-70005", "-70006", "-70007", "-70008", "-70009",
        "10", "256", "258", "259", "260", "263", "267", "270", "271"] or .["273"] == [] or .["-70010"] == []
    then malformed("claims") else . end
    | (.["10"] | if type == "array" then . else [., {bytes: ""}] end) as $nonces
    | if ($nonces | length) != 2 or ((.["10"] | type) == "array" and $nonces[1].bytes? == "") then malformed("nonce") else . end
    | {nonce: ($nonces[0] | octets(32)), binding: ($nonces[1] | if .bytes? == "" then "" else octets(32) end),
       ueid: (.["256"] | octets(33)), tusn: (.["-70009"] | words), oemid: (.["258"] | octets(16)), hwmodel: (.["259"] | octets(null)),
       hwversion: (.["260"] | version), swname: (.["270"] | words), swversion: (.["271"] | version),
       boot_count: (.["267"] | count), debug_status: (.["263"] | if whole(0; 4) then . else malformed("debug status") end),
       phase: (.["-70001"] | count), wipe_count: (.["-70002"] | count), wipe_state: (.["-70003"] | count),
       wipe_nonce: (.["-70004"] | octets(32)),
       key_slots: [.["-70005"] | rows(5) | {slot: (.[0] | count), kind: (.[1] | count), state: (.[2] | count),
           survives: (.[3] | truth), check: (.[4] | octets(null))}],
       bindings: [.["-70006"] | rows(2) | [(.[0] | words), (.[1] | count)]],
       regions: [.["-70007"] | rows(6) | {region: (.[0] | count), start: (.[1] | count), size: (.[2] | count),
           wipeable: (.[3] | truth), result: (.[4] | count), digest: (.[5] | octets(null))}],
       unsettled: (.["-70008"] | count),
       measurements: [.["273"] // [] | rows(2) | measured],
       answers: [.["-70010"] // [] | rows(3) | {region: (.[0] | count), key: (.[1] | octets(32)), answer: (.[2] | octets(32))}]};
def said($name; $token; $chain; $file): made(
    if $token == null then gap("file-absent"; {file: $file}) else $token end
    | if .fault then malformed(.fault) else . end
    | .protected as $p | .unprotected as $u
    | if $p["1"] != -7 then reject("eat-algorithm"; {}) else . end
    | if ($p | keys - ["1", "33"]) != [] or ($u | keys - ["33"]) != [] then reject("eat-header"; {}) else . end
    | if .signature != 64 then malformed("length of the signature") else . end
    | ([$p, $u] | map(select(has("33")) | .["33"])) as $given
    | if ($given | length) != 1 then reject("eat-header"; {}) else . end
    | ($given[0] | if type == "array" then . else [.] end) as $x5
    | if ($x5 | length) < 1 or ($x5 | length) > 5 or any($x5[]; type != "object" or (has("bytes") | not)) then reject("eat-header"; {}) else . end
    | (.claims | claims) as $claims
    | if any($chain[]; .fault) or ($chain | length) != ($x5 | length) then reject("certificate-unreadable"; {where: "terminal"}) else . end
    | {claims: $claims, chain: $chain});

def asked_hashes($name; $part): $part | select(has("value")) | .value.claims
    | "hash \($name).ueid \(.oemid)\(.tusn | utf8_hex)",
      (range(.measurements | length) as $i | .measurements[$i]
        | "hash \($name).tag.\($i) \([.maker, .name, .version] | join("\u0000") | utf8_hex)");

{
    job: document("job.json"; $job; fields("job.json"; ""; job_form), (select(.link) | .link | check_link)),
    intent: document("intent.json"; $intent; fields("intent.json"; ""; intent_form)),
    proof: document("erasure-proof.json"; $proof; fields("erasure-proof.json"; ""; proof_form)),
    statement: document("statement.dsse.json"; $statement; statement_of),
    journal: journal_of($journal; $sums),
    before: said("pre"; $pre[0]; $pre_chain; "device-pre.eat"),
    after: said("post"; $post[0]; $post_chain; "device-post.eat"),
    agent: made(if $files[0]["agent.pem"] == null then gap("file-absent"; {file: "agent.pem"})
        elif $agent == [] or any($agent[]; .fault) then reject("certificate-unreadable"; {where: "agent"}) else $agent end)
}
| tojson,
(.job.value | select(.) | "tusn \(.tusn | gsub("[^0-9A-Za-z]"; "?"))", "opened \(.opened | micro / 1000000 | floor)", "hash oemid \(.maker | utf8_hex)"),
(.statement.value | select(.) | .predicate | "shown.case \(.case)", "shown.result \(.result)",
    "shown.serial \(.media.serial_number)" | select(contains("\n") | not)),
(.intent.value | select(.) | "intended \(.time | micro / 1000000 | floor)"),
(.statement.value | select(.) | "issued \(.predicate.times.issued | micro / 1000000 | floor)"),
asked_hashes("pre"; .before), asked_hashes("post"; .after),
# The leaves of the log of cases that the intent and the statement have to be, and the log's key.
(.intent.value | select(.)
    | "hash leaf.intent 00\("{\"case\":\(.case | tojson),\"kind\":\"intent\",\"schema\":\"urn:posretire:log:v1\","
        + "\"sha256\":\"\($files[0]["intent.json"].sha256)\",\"time\":\"\(.time)\"}" | utf8_hex)"),
(.statement.value | select(.) | .predicate | select(.case | type == "string")
    | "hash leaf.statement 00\("{\"case\":\(.case | tojson),\"kind\":\"statement\",\"result\":\"\(.result)\","
        + "\"schema\":\"urn:posretire:log:v1\",\"sha256\":\"\($files[0]["statement.dsse.json"].sha256)\","
        + "\"time\":\"\(.times.issued)\"}" | utf8_hex)"),
(.statement.value.predicate.log.vkey? // "" | select(test("\\A[!-*,-~]{1,200}[+][0-9a-f]{8}[+][A-Za-z0-9+/]{44}\\z")) | "vkey \(.)"),
# Blank memory, no more of it than is looked at.
(select(.before.value and .intent.value.wipe)
    | (.intent.value.wipe.memory_map | map({key: "\(.region)", value: .blank}) | from_entries) as $blank
    | reduce (.before.value.claims.regions[] | select(.wipeable)) as $r ({total: 0, ask: []};
        .total += $r.size
        | if $r.size <= 1073741824 and .total <= 4294967296 and $blank["\($r.region)"] then .ask += ["blank \($r.size) \($blank["\($r.region)"])"] else . end)
    | .ask | unique[]),
(select(.proof.value and .intent.value.wipe)
    | if ([.proof.value.regions[].size] | add // 0) <= 4294967296 and all(.proof.value.regions[]; .size <= 1073741824)
      then .proof.value as $p | $p.regions[] | "answer \(.region) \(.size) \(.key) \($p.seed)" else empty end)
EOF

read_all() {
    for name in job intent erasure-proof statement.dsse; do : >>"$work/doc/$name.json"; done
    : >>"$work/doc/journal.jsonl"
    : >>"$work/journal.sums"
    faults=$(awk 'BEGIN { printf "{" } { printf "%s\"%s\":\"%s\"", (NR > 1 ? "," : ""), $1, $2 } END { print "}" }' "$work/faults")
    cat "$work/common.jq" "$work/read.jq" >"$work/program"
    jq -n -r --argjson faults "$faults" --argjson later '["statement.tsr","statement.tlog-proof","certificate.pdf"]' \
        --slurpfile files "$work/files.json" --slurpfile job "$work/doc/job.json" --slurpfile intent "$work/doc/intent.json" \
        --slurpfile proof "$work/doc/erasure-proof.json" --slurpfile statement "$work/doc/statement.dsse.json" \
        --slurpfile journal "$work/doc/journal.jsonl" --slurpfile sums "$work/journal.sums" \
        --slurpfile pre "$work/eat.pre.json" --slurpfile post "$work/eat.post.json" \
        --slurpfile pre_chain "$work/certs/pre.json" --slurpfile post_chain "$work/certs/post.json" \
        --slurpfile agent "$work/certs/agent.json" -f "$work/program" >"$work/read" ||
        end_early UNKNOWN not-checkable files script-broken 'step 5'
    sed -n 1p "$work/read" >"$work/evidence.json"
    sed 1d "$work/read" >"$work/asked"
}

# ---------------------------------------------------------------------------------------------------- 6. computing

when() { sed -n "s/^$1 //p" "$work/asked"; }

maker_of() { # name of the token, when
    [ -n "$2" ] && [ -e "$work/certs/$1.0.key" ] || return 0
    found=$(follow "$work/certs/$1" makers "$2")
    printf '"%s":{"chain":"%s","signed":%s,"maker":"%s"},' "$1" "${found%% *}" \
        "$([ -e "$work/certs/$1.signed" ] && echo true || echo false)" "$(
            case $found in
            'ok '*) tr -d '\n' <"${found#* }.organization" | sha256sum | cut -c 1-32 ;;
            esac
        )"
}

agent_of() { # when
    agent=
    [ -n "$1" ] && [ -e "$work/certs/agent.0.key" ] || return 0
    if [ ! -s "$work/agents/list" ]; then
        agent=agents-unknown
    elif [ -e "$work/certs/agent.5" ]; then
        agent=certificate-chain
    elif ! grep -q '"p256":true' "$work/certs/agent.0.json"; then
        agent=certificate-key
    else
        while read -r root; do
            case $(cat "$root.role") in leaf | voucher | mute) ;; *) continue ;; esac
            cmp -s "$root.print" "$work/certs/agent.0.print" || continue
            # Trusted by itself: its time, and that its key may sign.
            if [ "$(cat "$root.role")" != leaf ]; then
                agent=certificate-usage
            elif openssl verify -no-CApath -no-CAstore -no-CAfile -partial_chain -trusted "$root" -attime "$1" \
                "$root" >/dev/null 2>&1; then
                anchor=$root
                agent=ok
                rm -f "$work"/certs/single.*
                for part in '' .print .issuer .serial .subject .role; do cp "$root$part" "$work/certs/single.0$part"; done
                if revoked "$work/certs/single" agents "$1"; then agent='certificate-revoked'; fi
            else
                agent=certificate-time
            fi
            return 0
        done <"$work/agents/list"
        agent=$(follow "$work/certs/agent" agents "$1")
        agent=${agent%% *}
        [ "$agent" != unknown ] || agent=certificate-chain
    fi
}

cat >"$work/log.awk" <<'EOF'
# Reads a proof of the log of cases (C2SP tlog-proof, with a tlog-checkpoint of five lines behind it). Prints a line
# "index size root origin key-and-signature" and then the hashes, in hex but for numbers and the name; or a fault.
function digits(text,    i, n, held, bits, made) {
    for (i = 1; i <= length(text); i++) {
        n = index("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", substr(text, i, 1)) - 1
        if (n < 0) break
        held = held * 64 + n
        for (bits += 6; bits >= 4; bits -= 4) {
            made = made substr("0123456789abcdef", int(held / 2 ^ (bits - 4)) + 1, 1)
            held %= 2 ^ (bits - 4)
        }
    }
    return substr(made, 1, length(made) - length(made) % 2)
}
function base64(text, wanted) { return length(text) == wanted && text ~ /^[A-Za-z0-9+\/]*[AEIMQUYcgkosw048]=$/ }
function entries(text) { return text ~ /^(0|[1-9][0-9]*)$/ && (length(text) < 16 || (length(text) == 16 && text "" <= "9007199254740991")) }
function named(text) { return text ~ /^[!-*,-~]+$/ && length(text) <= 200 }
{ line[NR] = $0 }
END {
    for (n = 3; n <= NR && line[n] != ""; n++) if (!base64(line[n], 44)) fault = "log-checkpoint"
    dash = "\342\200\224 "
    signature = substr(line[n + 5], length(dash) + length(line[n + 1]) + 2)
    if (line[1] != "c2sp.org/tlog-proof@v1" || line[2] !~ /^index / || n > 67 || n >= NR) fault = "log-proof-form"
    else if (!entries(substr(line[2], 7)) || NR != n + 5 || !named(line[n + 1]) || !entries(line[n + 2]) ||
        !base64(line[n + 3], 44) || line[n + 4] != "" || index(line[n + 5], dash) != 1) fault = "log-checkpoint"
    else if (index(line[n + 5], dash line[n + 1] " ") != 1) fault = "log-other-key"
    # One of another length is none, and found out by whoever verifies it.
    else if (!base64(signature, 92) && (signature !~ /^[A-Za-z0-9+\/]+=?=?$/ || signature ~ /^.*=$/)) fault = "log-checkpoint"
    if (fault != "") { print fault; exit }
    print substr(line[2], 7), line[n + 2], digits(line[n + 3]), line[n + 1], digits(signature)
    for (i = 3; i < n; i++) print digits(line[i])
    print line[n + 1] "\n" line[n + 2] "\n" line[n + 3] > (FILENAME ".body")
}
EOF

# Prints a proof of the log of cases as JSON: its place, whether its signature fits, whether it leads to the root.
log_proof() { # file, name
    [ -e "$work/in/$1" ] || return 0
    cp "$work/in/$1" "$work/log.$2"
    awk -f "$work/log.awk" "$work/log.$2" >"$work/log.$2.read"
    read -r index size root origin signed <"$work/log.$2.read"
    if ! awk '{ print }' "$work/log.$2" | cmp -s - "$work/log.$2"; then
        printf '"%s":{"fault":"log-checkpoint"},' "$2"
    elif [ -z "$size" ]; then
        printf '"%s":{"fault":"%s"},' "$2" "$index"
    else
        printf '"%s":{"origin":"%s","index":%s,"size":%s,"signed":"%s","led":"%s"},' "$2" \
            "$(printf %s "$origin" | sed 's/[\\"]/\\&/g')" "$index" "$size" "$(log_signature "$2")" "$(log_root "$2")"
    fi
}

# Prints ok, or what is wrong with the signature of a checkpoint (Ed25519) under the key that the statement names.
log_signature() { # name
    vkey=$(when vkey)
    name=${vkey%%+*}
    rest=${vkey#*+}
    id=${rest%%+*}
    key=$(printf %s "${rest#*+}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
    is=$({ printf '%s\n' "$name" && printf %s "$key" | bytes; } | sha256sum | cut -c 1-8)
    case $key in 01*) ;; *) is=none ;; esac
    if [ "$id" != "$is" ]; then
        echo log-vkey
    elif [ "$origin" != "$name" ] || [ "$(printf %.8s "$signed")" != "$id" ]; then
        echo log-other-key
    else
        {
            echo '-----BEGIN PUBLIC KEY-----'
            printf '302a300506032b6570032100%s' "${key#01}" | bytes | base64
            echo '-----END PUBLIC KEY-----'
        } >"$work/log.key"
        printf %s "${signed#????????}" | bytes >"$work/log.sig"
        if ! openssl pkeyutl -verify -rawin -pubin -inkey "$work/log.key" -in "$work/log.$1.body" \
            -sigfile "$work/log.sig" >/dev/null 2>&1; then
            echo log-signature
        elif [ -s "$work/logs" ] && ! grep -qxF -e "$vkey" "$work/logs"; then
            echo log-unknown-key
        else
            echo ok
        fi
    fi
}

# Follows the hashes from the leaf to the root (RFC 9162, section 2.1.3.2). Prints ok, or what is wrong.
log_root() { # name
    led=$(sed -n "s/.*\"leaf.$1\":\"\([0-9a-f]*\)\".*/\1/p" "$work/hashes")
    [ "$index" -lt "$size" ] || { echo log-index && return 0; }
    node=$index
    last=$((size - 1))
    sed 1d "$work/log.$1.read" >"$work/log.path"
    while read -r sibling; do
        [ "$last" -ne 0 ] || { echo log-proof-length && return 0; }
        if [ $((node % 2)) -eq 1 ] || [ "$node" -eq "$last" ]; then
            led=$(printf '01%s%s' "$sibling" "$led" | bytes | sha256sum | cut -d ' ' -f 1)
            while [ "$node" -ne 0 ] && [ $((node % 2)) -eq 0 ]; do
                node=$((node / 2))
                last=$((last / 2))
            done
        else
            led=$(printf '01%s%s' "$led" "$sibling" | bytes | sha256sum | cut -d ' ' -f 1)
        fi
        node=$((node / 2))
        last=$((last / 2))
    done <"$work/log.path"
    if [ "$last" -ne 0 ]; then
        echo log-proof-length
    elif [ "$led" != "$root" ]; then
        echo log-entry-differs
    else
        echo ok
    fi
}

cat >"$work/der.awk" <<'EOF'
# DER as hex digits (X.690).
function hex_number(digits,    i, n) {
    for (i = 1; i <= length(digits); i++) n = n * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
    return n
}
function der(tag, content,    size) {
    size = length(content) / 2
    return tag (size < 128 ? sprintf("%02x", size) : size < 256 ? sprintf("81%02x", size) : sprintf("82%04x", size)) content
}
# How many hex digits the head of the value at a place has, and how many all of it; -1 where its length has a longer form
# than it needs.
function head_of(text, at,    n) {
    n = substr(text, at + 2, 2)
    return n < "80" ? 4 : n == "81" ? 6 : n == "82" ? 8 : 10
}
function whole(text, at,    head, n) {
    head = head_of(text, at)
    n = head == 4 ? hex_number(substr(text, at + 2, 2)) : hex_number(substr(text, at + 4, head - 4))
    if (head == 10 || (head == 6 && n < 128) || (head == 8 && n < 256) || at + head + 2 * n - 1 > length(text)) return -1
    return head + 2 * n
}
function value(text, at) { return substr(text, at, whole(text, at)) }
# Reads issuer and serial number of a certificate, each with its head.
function names_of(certificate,    at) {
    at = 1 + head_of(certificate, 1)
    at += head_of(certificate, at)
    if (substr(certificate, at, 2) == "a0") at += whole(certificate, at)
    serial = value(certificate, at)
    at += whole(certificate, at)
    at += whole(certificate, at)
    issuer = value(certificate, at)
}
EOF
cat >"$work/cms.awk" <<'EOF'
# Writes the signature of a certificate.pdf again (CMS, RFC 5652, as PAdES B-B wants it) around its own ECDSA signature,
# and compares. Reads: the digest of what is signed, that of the leaf, the signature as it stands, and the chain, all in
# hex, a line each. Prints what is signed and the ECDSA signature; nothing where it is not exactly that.
function attribute(kind, content) { return der("30", der("06", kind) der("31", content)) }
function sorted(n, list,    i, j, made, keep) {
    for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] "" < list[j - 1] ""; j--) { keep = list[j]; list[j] = list[j - 1]; list[j - 1] = keep }
    for (i = 1; i <= n; i++) made = made list[i]
    return made
}
function cms(signature,    algorithm, signer) {
    algorithm = der("30", der("06", "608648016503040201"))
    signer = der("30", "020101" der("30", issuer serial) algorithm der("a0", attributes) \
        der("30", der("06", "2a8648ce3d040302")) der("04", signature))
    return der("30", der("06", "2a864886f70d010702") der("a0", der("30", "020101" der("31", algorithm) \
        der("30", der("06", "2a864886f70d010701")) der("a0", certificates) der("31", signer))))
}
NR == 1 { digest = $0 }
NR == 2 { leaf = $0 }
NR == 3 { filled = $0 }
NR == 4 { names_of($0) }
NR >= 4 && !($0 in known) { known[$0] = 1; chain[++count] = $0 }
END {
    list[1] = attribute("2a864886f70d010903", der("06", "2a864886f70d010701"))
    list[2] = attribute("2a864886f70d010904", der("04", digest))
    list[3] = attribute("2a864886f70d010910022f", der("30", der("30", der("30", der("04", leaf)))))
    attributes = sorted(3, list)
    certificates = sorted(count, chain)
    zeros = "000000000000000000000000000000000000000000000000"
    zeros = zeros zeros zeros
    end = 8 + 2 * hex_number(substr(filled, 5, 4))
    size = length(zeros) - (length(filled) - end)
    if (substr(filled, 1, 4) != "3082" || length(filled) != length(cms(zeros)) || size < 2 || size > length(zeros)) exit
    signature = substr(filled, end - size + 1, size)
    if (cms(signature) substr(zeros, 1, length(filled) - end) != filled) exit
    print der("31", attributes)
    print signature
}
EOF

cat >"$work/tsr.awk" <<'EOF'
# Takes a timestamp (RFC 3161) apart and puts it together again in the one form in which it is kept: so each byte stands
# under the signature or follows from what does. Reads a line of hex. Prints the TSTInfo, the signed attributes, the
# signature, the digest's name, what the attributes say of the digest of the TSTInfo, the imprint, the time; then the
# certificates, the signer's first. Or what is wrong.
function fail(code) { if (fault == "") fault = code }
# Takes the value of a tag at a place and moves behind it; its content is left in "content".
function take(tag,    size) {
    size = whole(text, at)
    if (fault != "" || substr(text, at, 2) != tag || size < 0) { fail("timestamp-malformed"); content = ""; return "" }
    content = substr(text, at + head_of(text, at), size - head_of(text, at))
    at += size
    return substr(text, at - size, size)
}
function enter(tag) { take(tag); text = content; at = 1 }
{
    all = text = $0; at = 1
    if (whole(all, 1) != length(all)) fail("timestamp-malformed")
    enter("30"); status = take("30"); enter("30"); kind = take("06"); enter("a0"); enter("30")
    version = take("02"); take("31"); outer = text; behind = at
    take("30"); encapsulated = content; take("a0"); set = content; take("31"); signers = content
    if (at <= length(text)) fail("timestamp-malformed")
    text = encapsulated; at = 1; type = take("06"); enter("a0"); take("04"); info = content
    if (at <= length(text)) fail("timestamp-malformed")
    text = set; at = 1
    while (fault == "" && at <= length(text)) { certificate[++count] = take("30"); if ($0 != "" && certificate[count] in known) fail("timestamp-form"); known[certificate[count]] = 1 }
    if (count < 1 || count > 8) fail("timestamp-malformed")
    text = signers; at = 1; enter("30"); take("02"); sid = take("30"); take("30"); digest_oid = substr(content, 1, 22)
    take("a0"); attributes = content; take("30"); is_rsa = index(content, "06092a864886f70d010101") == 1; take("04"); signature = content
    if (at <= length(text)) fail("timestamp-malformed")
    name = digest_oid == "0609608648016503040201" ? "sha256" : digest_oid == "0609608648016503040202" ? "sha384" : \
        digest_oid == "0609608648016503040203" ? "sha512" : ""
    if (name == "") fail("timestamp-malformed")
    text = attributes; at = 1
    while (fault == "" && at <= length(text)) {
        outer = text; take("30"); behind = at; text = content; at = 1
        oid = take("06"); take("31")
        if (oid in seen) fail("timestamp-malformed")
        seen[oid] = content; text = outer; at = behind
    }
    if (seen["06092a864886f70d010903"] != "060b2a864886f70d0109100104") fail("timestamp-malformed")
    message = seen["06092a864886f70d010904"]
    if (!("060b2a864886f70d010910022f" in seen) && !("060b2a864886f70d010910020c" in seen)) fail("timestamp-certificate")
    # TSTInfo: version, policy, imprint, serial number, time, accuracy.
    text = info; at = 1; enter("30"); tst_version = take("02"); take("06"); take("30"); imprint = content; take("02"); take("18"); time = content
    if (tst_version != "020101") fail("timestamp-malformed")
    if (fault == "" && substr(text, at, 2) == "30") { take("30"); if (substr(content, 1, 2) == "02" && (substr(content, 3, 2) != "01" || hex_number(substr(content, 5, 2)) > 60)) fail("timestamp-malformed") }
    if (index(imprint, "300d06096086480165030402010500" "0420") != 1 && index(imprint, "300b0609608648016503040201" "0420") != 1) fail("timestamp-imprint")
    for (i = 1; i <= length(time); i += 2) moment = moment sprintf("%c", hex_number(substr(time, i, 2)))
    if (moment !~ /^[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]([.][0-9]+)?Z$/) fail("timestamp-malformed")
    for (i = 1; i <= count; i++) { names_of(certificate[i]); if (sid == der("30", issuer serial) && !signer) signer = i }
    if (!signer) fail("timestamp-malformed")
    algorithm = der("30", digest_oid "0500")
    chosen = is_rsa ? der("30", "06092a864886f70d0101010500") : der("30", "06082a8648ce3d04030" (name == "sha256" ? 2 : name == "sha384" ? 3 : 4))
    if (fault == "" && all != der("30", "3003020100" der("30", "06092a864886f70d010702" der("a0", der("30", "020103" der("31", algorithm) \
        der("30", "060b2a864886f70d0109100104" der("a0", der("04", info))) der("a0", set) der("31", der("30", "020101" sid algorithm \
        der("a0", attributes) chosen der("04", signature)))))))) fail("timestamp-form")
    if (fault != "") { print fault; exit }
    print info; print der("31", attributes); print signature; print name
    print substr(message, 5); print substr(imprint, length(imprint) - 63)
    print substr(moment, 1, 4) "-" substr(moment, 5, 2) "-" substr(moment, 7, 2) "T" substr(moment, 9, 2) ":" substr(moment, 11, 2) ":" substr(moment, 13)
    print certificate[signer]
    for (i = 1; i <= count; i++) if (i != signer) print certificate[i]
    exit
}
EOF

# Leaves "ok" or what is wrong with statement.tsr in $stamp, and in $stamped the time that it proves.
check_stamp() {
    stamp=
    stamped=
    [ -e "$work/in/statement.tsr" ] || return 0
    cat "$work/der.awk" "$work/tsr.awk" >"$work/program"
    { hex_of "$work/in/statement.tsr" && echo; } | awk -f "$work/program" >"$work/tsr"
    read -r stamp <"$work/tsr"
    case $stamp in
    timestamp-*) return 0 ;;
    '') stamp='timestamp-malformed' && return 0 ;;
    esac
    stamp='timestamp-imprint'
    [ "$(sed -n 6p "$work/tsr")" = "$(sed -n 's/  statement.dsse.json$//p' "$work/sums")" ] || return 0
    stamp='certificate-unreadable'
    sed -n '8,$p' "$work/tsr" >"$work/tsr.certs"
    pem_files tsa <"$work/tsr.certs"
    certificates "$work/certs/tsa"
    [ -e "$work/certs/tsa.0.key" ] || return 0
    stamp='timestamp-signature'
    sed -n 1p "$work/tsr" | bytes >"$work/tsr.info"
    sed -n 2p "$work/tsr" | bytes >"$work/signed"
    sed -n 3p "$work/tsr" | bytes >"$work/signature"
    name=$(sed -n 4p "$work/tsr")
    [ "$(openssl dgst -"$name" -r "$work/tsr.info" | cut -d ' ' -f 1)" = "$(sed -n 5p "$work/tsr")" ] &&
        openssl dgst -"$name" -verify "$work/certs/tsa.0.key" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 ||
        return 0
    stamp='timestamp-usage'
    openssl x509 -in "$work/certs/tsa.0" -noout -ext extendedKeyUsage 2>/dev/null | tr -d '\n' |
        grep -qx 'X509v3 Extended Key Usage: critical *Time Stamping' || return 0
    moment=$(sed -n 7p "$work/tsr")
    seconds=$(date -u -d "$moment" +%s 2>/dev/null) || { stamp='timestamp-malformed' && return 0; }
    stamp=$(follow "$work/certs/tsa" tsa "$seconds")
    case $stamp in
    'ok '*) ;;
    unknown) stamp='authorities-unknown' && return 0 ;;
    *) return 0 ;;
    esac
    # Every certificate in it is on the way to the root: each is named and signed by the next, the last one by the root,
    # and where the root itself is among them it is the one that is trusted, byte for byte.
    anchor=${stamp#ok }
    stamp='timestamp-form'
    : >"$work/tsr.used"
    child=0
    while :; do
        parent=0
        while [ -e "$work/certs/tsa.$parent" ]; do
            if [ "$parent" != "$child" ] && cmp -s "$work/certs/tsa.$child.issuer" "$work/certs/tsa.$parent.subject" &&
                { ! cmp -s "$work/certs/tsa.$parent.subject" "$anchor.subject" ||
                    cmp -s "$work/certs/tsa.$parent.print" "$anchor.print"; } &&
                openssl verify -no-CApath -no-CAstore -no-CAfile -partial_chain -trusted "$work/certs/tsa.$parent" \
                    -attime "$seconds" "$work/certs/tsa.$child" >/dev/null 2>&1; then
                break
            fi
            parent=$((parent + 1))
        done
        [ -e "$work/certs/tsa.$parent" ] || break
        echo "$parent" >>"$work/tsr.used"
        [ "$(wc -l <"$work/tsr.used")" -lt 9 ] || break
        child=$parent
    done
    cmp -s "$work/certs/tsa.$child.print" "$anchor.print" ||
        openssl verify -no-CApath -no-CAstore -no-CAfile -partial_chain -trusted "$anchor" -attime "$seconds" \
            "$work/certs/tsa.$child" >/dev/null 2>&1 || return 0
    [ "$(sort -u "$work/tsr.used" | wc -l)" -eq $(($(wc -l <"$work/tsr.certs") - 1)) ] || return 0
    # And the protocol's own verifier says so too: it looks at the certificate that the attributes name.
    stamp='timestamp-certificate'
    cat "$anchor" "$work/certs/tsa.untrusted" >"$work/tsr.anchors"
    openssl ts -verify -digest "$(sed -n 6p "$work/tsr")" -in "$work/in/statement.tsr" -CAfile "$work/tsr.anchors" \
        -partial_chain -attime "$seconds" >/dev/null 2>&1 || return 0
    stamped=$moment
    stamp=ok
}

hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# Leaves "ok" or what is wrong with certificate.pdf. That its page says what the statement says can only be seen by
# drawing it again, which this script cannot: it takes the statement for the evidence.
check_pdf() {
    pdf=$work/in/certificate.pdf
    page=
    [ -e "$pdf" ] && [ -e "$work/certs/agent.0.key" ] || return 0
    page='certificate-pdf-differs'
    # What is signed is all of the file but the signature between < and >.
    ranges=$(grep -aoE '/ByteRange \[0 [0-9]{1,8} [0-9]{1,8} [0-9]{1,8}\]' "$pdf" | tail -n 1 | tr -d '[]')
    [ -n "$ranges" ] || return 0
    before=$(echo "$ranges" | cut -d ' ' -f 3)
    after=$(echo "$ranges" | cut -d ' ' -f 4)
    rest=$(echo "$ranges" | cut -d ' ' -f 5)
    [ "$before" -lt "$after" ] && [ $((after + rest)) -eq "$(stat -c %s "$pdf")" ] || return 0
    head -c "$after" "$pdf" | tail -c "$((after - before))" >"$work/pdf.held"
    grep -qxaE '<([0-9a-f]{2})+>' "$work/pdf.held" && [ "$(wc -l <"$work/pdf.held")" -eq 0 ] || return 0
    {
        { head -c "$before" "$pdf" && tail -c "$rest" "$pdf"; } | sha256sum | cut -d ' ' -f 1
        number=0
        while [ -e "$work/certs/agent.$number" ]; do
            grep -v -e '^-----' "$work/certs/agent.$number" | tr -d '\r\n' | base64 -d >"$work/certs/agent.$number.der"
            number=$((number + 1))
        done
        sha256sum <"$work/certs/agent.0.der" | cut -d ' ' -f 1
        tr -d '<>' <"$work/pdf.held" && echo
        number=0
        while [ -e "$work/certs/agent.$number.der" ]; do
            hex_of "$work/certs/agent.$number.der" && echo
            number=$((number + 1))
        done
    } >"$work/pdf.parts"
    cat "$work/der.awk" "$work/cms.awk" >"$work/program"
    awk -f "$work/program" "$work/pdf.parts" >"$work/pdf.signed"
    ! grep -qF -e "$(sed -n 1p "$work/pdf.parts")" "$work/pdf.held" || page='certificate-pdf-signature'
    [ -s "$work/pdf.signed" ] || return 0
    sed -n 1p "$work/pdf.signed" | bytes >"$work/signed"
    sed -n 2p "$work/pdf.signed" | bytes >"$work/signature"
    openssl dgst -sha256 -verify "$work/certs/agent.0.key" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 ||
        return 0
    page='tool-missing'
    { command -v pdfsig && command -v pdfdetach && command -v pdftotext && command -v qpdf; } >/dev/null 2>&1 || return 0
    # What a reader of PDF says of it: by its text, for its exit status says nothing.
    TZ=UTC pdfsig -nocert "$pdf" >"$work/pdf.said" 2>/dev/null
    ! grep -q 'Unknown Validation Failure' "$work/pdf.said" || return 0
    page='certificate-pdf-signature'
    [ "$(grep -c '^Signature #' "$work/pdf.said")" -eq 1 ] && grep -q 'Signature is Valid' "$work/pdf.said" &&
        grep -q 'Total document signed' "$work/pdf.said" || return 0
    page='certificate-pdf-differs'
    signed_at=$(sed -n 's/^ *- Signing Time: //p' "$work/pdf.said")
    [ -n "$signed_at" ] && [ "$(date -u -d "$signed_at" +%s)" = "$(when issued)" ] || return 0
    [ "$(pdfdetach -list "$pdf" 2>/dev/null | sed -n 1p)" = '1 embedded files' ] &&
        pdfdetach -save 1 -o "$work/pdf.statement" "$pdf" 2>/dev/null &&
        cmp -s "$work/pdf.statement" "$work/in/statement.dsse.json" || return 0
    qpdf --check "$pdf" >/dev/null 2>&1 || return 0
    pdftotext -layout "$pdf" "$work/pdf.text" 2>/dev/null || return 0
    for wanted in case result serial; do
        grep -qF -e "$(when "shown.$wanted")" "$work/pdf.text" || return 0
    done
    page=ok
}

# Card numbers, track data and secrets have no place in any file. The rules are those of posretire's agent/redaction/
# text.py and numbers.py; export.age is encrypted and left out.
cat >"$work/cards.awk" <<'EOF'
function card(digits,    n, i, sum, digit, row, parts) {
    n = length(digits)
    if (n < 13 || n > 19 || digits !~ /^[0-9]+$/ || digits == tusn) return 0
    for (i = n; i > 0; i--) {
        digit = substr(digits, i, 1) * (1 + (n - i) % 2)
        sum += digit > 9 ? digit - 9 : digit
    }
    if (sum % 10) return 0
    for (row = 1; row <= issuers; row++) {
        split(issuer[row], parts, "-")  # first and last prefix, least and most digits
        i = substr(digits, 1, length(parts[1])) + 0
        if (i >= parts[1] + 0 && i <= parts[2] + 0 && n >= parts[3] + 0 && n <= parts[4] + 0) return 1
    }
    return 0
}
function found(code, digits) { print code, substr(digits, 1, 6) "..." substr(digits, length(digits) - 3); exit }
BEGIN {
    issuers = split("4-4-13-13 4-4-16-16 4-4-19-19 51-55-16-16 2221-2720-16-16 34-34-15-15 37-37-15-15 300-305-14-19 " \
        "3095-3095-14-19 36-36-14-19 38-39-14-19 3528-3589-16-19 6011-6011-16-19 644-649-16-19 65-65-16-19 62-62-16-19 " \
        "81-81-16-19 2200-2204-16-19 5018-5018-13-19 5020-5020-13-19 5038-5038-13-19 5893-5893-13-19 6304-6304-13-19 " \
        "6759-6759-13-19 6761-6763-13-19", issuer, " ")
}
rule == "track" {
    sub(/^[^0-9]*/, "")
    match($0, /^[0-9]+/)
    if (one || card(substr($0, 1, RLENGTH))) found("track-data-found", substr($0, 1, RLENGTH))
}
# Words with full stops in them: digits behind "9." are a fraction.
rule == "whole" {
    n = split($0, piece, ".")
    for (i = 1; i <= n; i++)
        if (card(piece[i]) && !(i > 1 && piece[i - 1] ~ /[0-9]$/)) found("card-number-found", piece[i])
}
# Words that one blank or hyphen joins; groups that go on with hexadecimal words are pieces of a dump.
rule == "groups" {
    n = split($0, word, /[ -]/)
    at = 0
    for (i = 1; i < n; i++) { at += length(word[i]) + 1; joint[i] = substr($0, at, 1) }
    joint[0] = joint[n] = ""
    for (i = 1; i + 2 <= n; i++) for (count = 3; count <= 5 && i + count - 1 <= n; count++) {
        digits = ""; shape = ""
        for (j = i; j < i + count; j++) {
            digits = digits word[j]
            shape = shape length(word[j])
            if (j > i && joint[j - 1] != joint[i]) shape = "x"
        }
        if (shape !~ /^(465|444[1-4]|4444[1-3])$/ || !card(digits)) continue
        if (i > 1 && joint[i - 1] == joint[i] && word[i - 1] ~ /^[0-9A-Fa-f]+$/) continue
        if (j <= n && joint[j - 1] == joint[i] && word[j] ~ /^[0-9A-Fa-f]+$/) continue
        found("card-number-found", digits)
    }
}
# "name":value or name=value
rule == "member" || rule == "assigned" {
    split_at = rule == "member" ? index(substr($0, 2), "\"") + 1 : index($0, "=")
    name = tolower(substr($0, 1, split_at - 1)); sub(/^"/, "", name); gsub(/-/, "_", name); sub(/.*[.]/, "", name)
    value = substr($0, split_at + 1)
    if (rule == "member") { sub(/^[ \t\r]*:[ \t\r]*/, "", value); quoted = sub(/^"/, "", value); sub(/"$/, "", value) }
    gsub(/^[ \t]+|[ \t]+$/, "", value)
    value = tolower(value)
    if (name !~ ("(^|_)(password|passwd|passphrase|passcode|pwd|pin|pin_block|pinblock|cvv|cvv2|cvc|cvc2|cvn|cvn2|track1|" \
        "track2|track_1|track_2|track_data|magstripe|secret|private_key|verification_code|\345\257\206\347\240\201|" \
        "\345\217\243\344\273\244|\351\252\214\350\257\201\347\240\201)$")) next
    if (rule == "member" && !quoted) { print "secret-field-found", name; exit }
    if (value ~ /^(none|null|true|false|redacted|\[redacted\]|hidden|masked)$/) next
    gsub(/\342\200\242|\342\200\246|[*x?-]/, "", value)
    if (value != "") { print "secret-field-found", name; exit }
}
EOF

# Prints what was found, or nothing.
search_files() {
    (
        set +f
        for file in "$work"/in/*; do
            case $file in *.pdf) continue ;; esac
            cat "$file" && echo
        done
        cat "$work/payload" && echo
        cat "$work/pdf.text" && echo
        # Texts, numbers and byte strings of attestations, each by itself.
        jq -r '.. | if type == "object" and has("text") then .text elif type == "number" then . else empty end' \
            "$work/eat.pre.json" "$work/eat.post.json"
        jq -r '.. | objects | .bytes? // empty | . + "0a"' "$work/eat.pre.json" "$work/eat.post.json" | bytes
    ) | sed 's/\xef\xbc\x90/0/g; s/\xef\xbc\x91/1/g; s/\xef\xbc\x92/2/g; s/\xef\xbc\x93/3/g; s/\xef\xbc\x94/4/g
        s/\xef\xbc\x95/5/g; s/\xef\xbc\x96/6/g; s/\xef\xbc\x97/7/g; s/\xef\xbc\x98/8/g; s/\xef\xbc\x99/9/g' >"$work/all"
    tusn=$(when tusn)
    grep -aoE '(^|[^0-9A-Za-z])[Bb][0-9]{13,19}\^[^^]{2,26}\^[0-9]{4}' "$work/all" |
        awk -v rule=track -v one=1 -f "$work/cards.awk"
    grep -aoE '(^|[^0-9A-Za-z])[0-9]{13,19}(=[0-9]{7}|D[0-9]{7,}F?([^0-9A-Za-z]|$))' "$work/all" |
        awk -v rule=track -v tusn="$tusn" -f "$work/cards.awk"
    grep -aoE '[0-9A-Za-z.]*[0-9]{13}[0-9A-Za-z.]*' "$work/all" | awk -v rule=whole -v tusn="$tusn" -f "$work/cards.awk"
    grep -aE '[0-9]{4}[ -][0-9]{4}' "$work/all" | grep -aoE '[0-9A-Za-z]+([ -][0-9A-Za-z]+){2,}' |
        awk -v rule=groups -v tusn="$tusn" -f "$work/cards.awk"
    grep -aoE '"[^"\\[:cntrl:]]{2,60}"[[:blank:]]*:[[:blank:]]*("([^"\\]|\\.)*"|-?[0-9]+)' "$work/all" |
        awk -v rule=member -f "$work/cards.awk"
    grep -aoE "[0-9A-Za-z_.-]{2,60}=[^[:space:],;&\"'<>]+" "$work/all" | awk -v rule=assigned -f "$work/cards.awk"
    ! grep -qaE -e '-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----' "$work/all" || echo private-key-found
}

# Writes what other tools say, as JSON. All words in it are ours, hex digits or numbers.
compute() {
    check_stamp
    agent_of "$(when issued)"
    : >"$work/pdf.text"
    check_pdf
    {
        printf '{'
        maker_of pre "$(when opened)"
        maker_of post "$(when intended)"
        printf '"signature":"%s","agent":"%s","page":"%s","stamp":"%s","stamped":"%s",' "$signature" "$agent" "$page" "$stamp" "$stamped"
        [ ! -s "$work/export.head" ] || awk '
            NR == 1 && $0 != "age-encryption.org/v1" { exit }
            /^-> X25519 / { recipients++ }
            /^--- / { printf "\"recipients\":%d,", recipients; exit }' "$work/export.head"
        printf '"hash":{'
        sed -n 's/^hash //p' "$work/asked" | while read -r name digits; do
            printf '"%s":"%s",' "$name" "$(printf %s "$digits" | bytes | sha256sum | cut -d ' ' -f 1)"
        done
        for phase in pre post wipe; do
            case $phase in pre) set -- job.json ;; post) set -- intent.json erasure-proof.json ;; *) set -- intent.json ;; esac
            [ -e "$work/in/$1" ] || continue
            printf '"nonce.%s":"%s",' "$phase" "$(
                { printf %s "$phase" && for file; do [ ! -e "$work/in/$file" ] || cat "$work/in/$file"; done; } |
                    sha256sum | cut -d ' ' -f 1
            )"
        done
        sed -n 's/^blank //p' "$work/asked" | while read -r size value; do
            printf '"blank.%s.%s":"%s",' "$size" "$value" \
                "$(head -c "$size" /dev/zero | tr '\000' "$(printf '\\%03o' "$value")" | sha256sum | cut -d ' ' -f 1)"
        done
        # AES-256 in counter mode over zeros is what a region was filled with; it answered with HMAC-SHA-256 of that.
        sed -n 's/^answer //p' "$work/asked" | while read -r region size key seed; do
            printf '"answer.%s":"%s",' "$region" "$(
                head -c "$size" /dev/zero |
                    openssl enc -aes-256-ctr -K "$seed" -iv "$(printf '%02x000000000000000000000000000000' "$region")" |
                    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r | cut -d ' ' -f 1
            )"
        done
        printf '"":""}'
    } >"$work/hashes"
    {
        cat "$work/hashes"
        search_files | head -n 1 | {
            read -r code shown
            printf ',"leak":"%s","shown":"%s"' "$code" "$(printf %s "$shown" | tr -c '0-9A-Za-z_.' '?')"
        }
        printf ',"log":{'
        log_proof intent.tlog-proof intent
        log_proof statement.tlog-proof statement
        printf '"":""}}\n'
    } >"$work/facts.json"
}

# ---------------------------------------------------------------------------------------------------- 7. judging

cat >"$work/judge.jq" <<'EOF'
# All checks, by the names and codes of `posretire verify`.
def files: $files[0];
def facts: $facts[0];
def hash($name): facts.hash[$name];
# The identifiers that follow from names by a hash are part of an attestation's form.
def token($name): if has("value") and (.value.claims as $c | $c.ueid != "01" + facts.hash["\($name).ueid"]
        or any(range($c.measurements | length); $c.measurements[.].tag != facts.hash["\($name).tag.\(.)"][0:32]))
    then {fault: {status: "failed", code: "eat-malformed", facts: {why: "identifier"}}} else . end;
def evidence: $e[0] | .before |= token("pre") | .after |= token("post");
def job: evidence.job | need("job.json");
def intent: evidence.intent | need("intent.json");
def journal: evidence.journal | need("journal.jsonl");
def statement: evidence.statement | need("statement.dsse.json");
def before: evidence.before | need("device-pre.eat") | .claims;
def after: evidence.after | need("device-post.eat") | .claims;
def entry($name): files[$name] // gap("file-absent"; {file: $name});
def wipe: intent | .wipe // gap("needs"; {what: "intended wipe"});
def unbinds_alone: evidence.intent.value as $i | $i != null and $i.wipe == null;
def issued: evidence.statement.value.predicate.times.issued // gap("needs"; {what: "statement"}) | micro;
def waived($what): (.waivers[$what] // "") | test("[^ \\s]");
def refuse(when; $code; $facts): if when then reject($code; $facts) else . end;
def check($id; f): [try (f | empty) catch .] | if length == 0 then {id: $id, status: "ok", code: "", facts: {}}
    else .[0] | if type == "object" then {id: $id} + . else {id: $id, status: "failed", code: "unreadable", facts: {why: .}} end end;
def later: ["statement.dsse.json", "statement.tsr", "statement.tlog-proof", "certificate.pdf"];

# The statement and its files.
def check_signature: (evidence.agent | need("agent.pem") | if .[0].p256 then . else reject("certificate-key"; {where: "agent"}) end),
    (if facts.signature == "ok" then . elif facts.signature == "" then gap("needs"; {what: "statement.dsse.json"})
        else reject(facts.signature; {}) end);
def check_act: (if intent | .wipe == null then "urn:posretire:unbinding:v1" else "urn:posretire:retirement:v1" end) as $kind
    | refuse((statement | .predicateType) != $kind; "statement-act"; {});
def check_subjects: (statement | .subject | map({key: .name, value: .digest.sha256}) | from_entries) as $named
    | (files | with_entries(select(.key | in_words(later) | not) | .value |= .sha256)) as $found
    | ($named + $found | keys[]) | refuse($named[.] != $found[.]; "statement-subjects"; {file: .});
def check_attachments: (statement | .predicate.attachments // []) as $promised
    | [later[1:][] | select(files[.])] as $found
    | ($promised + $found | unique[]) | refuse((in_words($promised) and in_words($found)) | not; "attachments-differ"; {file: .});

# The papers of the case.
def check_intent: (evidence.intent | report) as $i
    | ["job.json", "device-pre.eat", "export.age"] as $names
    | ($names + ($i.digests | keys) | unique[])
    | refuse((if in_words($names) then files[.].sha256 else null end) != $i.digests[.]; "intent-digest"; {file: .});
def check_case: job as $j | refuse((intent | .case) != $j.case; "case-differs"; {where: "intent.json"})
    | (journal | to_entries[]) | refuse(.value.case != $j.case; "case-differs"; {where: "journal line \(.key + 1)"});
def check_times: (job | .opened | micro) as $o | (intent | .time | micro) as $i | issued as $s
    | refuse($o > $i + 300000000 or $i > $s + 300000000; "times-order"; {});
def check_export: intent as $i
    | if $i.export == null then refuse($i | waived("export-verification") | not; "export-unverified"; {})
    else refuse(files["export.age"] == null; "export-missing"; {})
        | refuse(files["export.age"].sha256 != $i.export.sha256 or files["export.age"].size != $i.export.size; "export-altered"; {})
        | refuse(facts.recipients == null; "export-not-age"; {})
        | refuse(facts.recipients != ($i.export.recipients | length) + $i.export.verification_recipients;
            "export-recipients"; {found: facts.recipients})
    end;
def check_journal: (evidence.journal | report) as $lines | (intent | .journal) as $j
    | refuse($j.entries > ($lines | length)
        or (if $j.entries > 0 then $lines[$j.entries - 1].hash else "0" * 64 end) != $j.head; "journal-not-intended"; {});
def changes: .step | in_words(["unbind", "wipe", "prove"]);
def check_order: journal as $lines | (entry("intent.json") | .sha256) as $digest
    | ([$lines[] | select((.step == "intent" and .event == "DONE" and .facts.intent == $digest) or changes)][0])
    | refuse(. == null; "journal-intent-missing"; {}) | refuse(changes; "journal-intent-late"; {});
def check_outcome: (journal | [.[] | select(changes and .event != "NOTE") | {key: .step, value: .event}] | from_entries) as $last
    | if unbinds_alone then refuse($last | has("wipe"); "journal-wipe-not-intended"; {})
      elif $last | has("wipe") then .
      elif files["device-post.eat"] then reject("journal-no-wipe"; {}) else gap("journal-no-wipe"; {}) end
    | ($last | keys[]) as $step
    | if $last[$step] == "INTENT" then gap("journal-step-open"; {step: $step})
      elif $last[$step] == "UNKNOWN" then gap("journal-step-unknown"; {step: $step})
      else refuse($last[$step] == "FAILED"; "journal-step-failed"; {step: $step}) end;
def check_read_back: wipe as $w | (statement | .predicate.read_back) as $read
    | ([$w.memory_map[] | select(.wipeable and .holds == "keys") | .region]) as $stores
    | ($w.regions + [$stores[] | select(in_words($w.regions) | not)]) as $wanted
    | refuse(($read | map(.region) | unique | length) != ($read | length) or any($read[]; .region | in_words($wanted) | not);
        "read-back-other-region"; {})
    | $wanted[] as $n | ([$read[] | select(.region == $n)][0]) as $r
    | if $r == null then gap("read-back-missing"; {region: $n}) else . end
    | refuse($r.not_blank != 0 or $r.first_not_blank != -1 or ($r.digest_matches | not); "read-back-not-blank"; {region: $n})
    | refuse($r.method == "full" and $r.bytes_read != ([$w.memory_map[] | select(.region == $n) | .size] | last);
        "read-back-short"; {region: $n});
def check_agent: (evidence.agent | report), issued,
    (facts.agent as $a | if $a == "ok" then . elif $a == "agents-unknown" then gap($a; {}) else reject($a; {where: "agent"}) end);

# What the terminal attests.
def check_attested($name; $file; $part; $over; $needed; $phase):
    entry($file), entry($over), ($needed | need($over)),
    (($part | report) as $said | $said.claims as $c
    | refuse($said.chain[0].p256 | not; "certificate-key"; {where: "terminal"})
    | refuse(facts[$name].signed | not; "eat-signature"; {})
    | refuse($c.nonce != hash("nonce.\($name)"); "eat-nonce"; {})
    | refuse($said.chain[0].tusn != $c.tusn; "eat-other-terminal"; {})
    | if facts[$name].chain == "unknown" then gap("makers-unknown"; {})
      elif facts[$name].chain != "ok" then reject(facts[$name].chain; {where: "terminal"}) else . end
    | refuse(facts[$name].maker != $c.oemid; "eat-maker"; {})
    | refuse($c.phase != $phase; "eat-phase"; {}));
def check_same: job as $j | refuse((intent | .tusn) != $j.tusn; "terminal-differs"; {what: "tusn", where: "intent.json"})
    | (["device-pre.eat", evidence.before], ["device-post.eat", evidence.after]) as $side
    | ($side[1] | need($side[0])) as $said | $said.claims as $c
    | (["tusn", $c.tusn, $j.tusn], ["key", $said.chain[0].key, $j.device_key], ["model", $c.hwmodel, ($j.model | utf8_hex)],
        ["hardware", $c.hwversion, $j.hardware_version], ["firmware", $c.swname, $j.firmware_name],
        ["firmware version", $c.swversion, $j.firmware_version], ["maker", $c.oemid, hash("oemid")[0:32]])
    | refuse(.[1] != .[2]; "terminal-differs"; {what: .[0], where: $side[0]});
def check_channel: (statement | .predicate.links // []) as $links | (job | .link) as $first
    | refuse($links[0] != $first; "links-differ"; {})
    | refuse((before | .binding) != ($first.binding // ""); "eat-channel"; {})
    | refuse((after | .binding) != ($links[-1:][0].binding // ""); "eat-channel"; {});
def places: [.regions[] | [.region, .start, .size, .wipeable]];
def check_map: wipe as $w | before as $b | after as $a | [$w.memory_map[] | [.region, .start, .size, .wipeable]] as $planned
    | refuse($planned != ($b | places) or ($planned | map(.[0]) | unique | length) != ($planned | length); "map-not-attested"; {})
    | refuse($planned != ($a | places); "map-changed"; {})
    | $w.memory_map[]
    | if .wipeable then refuse((. as $r | $r.region | in_words($w.regions) or ($w.erase_keys and $r.holds == "keys")) | not;
        "region-not-planned"; {region: .region})
      else refuse(.holds | in_words(["identity", "system"]) | not; "region-kept"; {region: .region}) end;
def check_method: wipe | if .method == "purge" then
        refuse(.technique == "cryptographic_erase"; "method-key-copies"; {})
        | .memory_map[] | refuse(.wipeable and .addressable != "yes"; "method-not-addressable"; {region: .region})
    else . end;
def check_bindings_before: (before | .bindings) as $said
    | (job | [.bindings[] | [.name, ({unbound: 0, bound: 1, pending: 2}[.state])]]) as $read
    | refuse(($said | sort) != ($read | sort) or ($said | map(.[0]) | unique | length) != ($said | length); "bindings-not-attested"; {});
def check_bindings_after: before as $b | (after | .bindings) as $a
    | refuse(($a | map(.[0]) | unique) != ($b.bindings | map(.[0]) | unique) or ($a | map(.[0]) | unique | length) != ($a | length);
        "bindings-changed"; {})
    | $a[] | refuse(.[1] != 0 and .[1] != 2; "binding-left"; {binding: .[0]});
def check_settled: before as $b | after as $a | (intent | waived("unsettled-batch")) as $waived
    | refuse($b.unsettled > 0 and ($waived | not); "unsettled-lost"; {count: $b.unsettled})
    | refuse($a.unsettled > 0; "unsettled-left"; {count: $a.unsettled});
def check_wipe: before as $b | after as $a
    | refuse($a.wipe_state != 3; "wipe-unfinished"; {state: $a.wipe_state})
    | entry("intent.json")
    | refuse($a.wipe_nonce != hash("nonce.wipe"); "wipe-nonce"; {})
    | refuse($a.wipe_count != $b.wipe_count + 1; "wipe-count"; {before: $b.wipe_count, after: $a.wipe_count})
    | refuse($a.boot_count < $b.boot_count; "boot-count"; {before: $b.boot_count, after: $a.boot_count});
def check_regions: before as $b | after as $a | wipe as $w
    | foreach ($b.regions[] | select(.wipeable)) as $r (0; . + $r.size;
        refuse($r.size > 1073741824 or . > 4294967296; "region-too-large"; {region: $r.region})
        | ([$w.memory_map[] | select(.region == $r.region) | .blank] | last) as $blank
        | ([$a.regions[] | select(.region == $r.region)] | last) as $now
        | refuse($blank == null; "map-not-attested"; {})
        | refuse($now == null; "region-gone"; {region: $r.region})
        | refuse($now.result != 3; "region-not-erased"; {region: $r.region, result: $now.result})
        | refuse($now.digest != hash("blank.\($r.size).\($blank)"); "region-digest"; {region: $r.region}));
def check_key_slots: before as $b | after as $a
    | refuse([$b.key_slots[] | [.slot, .kind, .survives]] != [$a.key_slots[] | [.slot, .kind, .survives]]; "key-slots-changed"; {})
    | range($a.key_slots | length) as $i | $b.key_slots[$i] as $old | $a.key_slots[$i]
    | if .survives then refuse(.kind != 6; "key-kept"; {slot: .slot})
        | refuse(.state != $old.state or .check != $old.check; "identity-key-changed"; {slot: .slot})
      else refuse((.state != 0 and .state != 2) or (.check | test("[^0]")); "key-not-erased"; {slot: .slot}) end;
def check_measurements: before as $b | after as $a | refuse($b.measurements != $a.measurements; "measurements-changed"; {});
def check_debug: before as $b | after as $a | refuse($b.debug_status == 0 or $a.debug_status == 0; "debug-enabled"; {});
def check_not_wiped: before as $b | after as $a
    | refuse($a.wipe_count != $b.wipe_count; "wipe-count"; {before: $b.wipe_count, after: $a.wipe_count});
def check_proof: (evidence.proof | report) as $p | intent as $i
    | refuse($i.wipe == null or $p.case != $i.case or $p.wipe_nonce != hash("nonce.wipe"); "proof-of-another"; {})
    | ([journal | .[] | select(.step == "prove" and .event != "NOTE")] | last) as $line
    | if $line != null and $line.event != "DONE" then gap("journal-step-open"; {step: "prove"}) else . end
    | refuse($line == null or $line.facts.proof != files["erasure-proof.json"].sha256; "proof-not-journaled"; {})
    | [$i.wipe.memory_map[] | select((.region | in_words($i.wipe.regions)) and .block_size > 0)] as $flash
    | refuse(([$flash[].size] | add // 0) > 4294967296 or any($flash[]; .size > 1073741824); "proof-regions"; {})
    | refuse($flash == [] or ($flash | map([.region, .size]) | sort) != ($p.regions | map([.region, .size]) | sort); "proof-regions"; {})
    | ($p.regions[] | refuse(.answer != hash("answer.\(.region)"); "proof-answer"; {region: .region}) | empty),
      ($p.regions[] | if .milliseconds > ((327680 + .size) * 1000 / 65536 | floor)
          then gap("proof-slow"; {region: .region, seconds: (.milliseconds / 1000 | floor)}) else empty end),
      refuse((after | [.answers[] | [.region, .key, .answer]] | sort) != ($p.regions | map([.region, .key, .answer]) | sort);
          "proof-not-attested"; {});

# The log of cases.
def logged($name): facts.log[$name] as $l | refuse($l.fault; $l.fault; {})
    | refuse($l.signed != "ok" and $l.signed != "log-unknown-key"; $l.signed; {})
    | refuse($l.led != "ok"; $l.led; {index: $l.index}) | refuse($l.signed != "ok"; $l.signed; {name: $l.origin}) | $l;
def check_log_intent: refuse(facts.log.intent.fault; facts.log.intent.fault; {})
    | intent as $i | (statement | .predicate.log.vkey // "") as $vkey
    | refuse($i.case | length > 128; "document-field"; {field: "case"}) | logged("intent")
    | {proof: files["intent.tlog-proof"].sha256, vkey: $vkey} as $wanted
    | refuse([journal[] | select(.step == "intent" and .event == "DONE" and .facts.log == $wanted)] == []; "log-not-journaled"; {});
def check_log_statement: refuse(facts.log.statement.fault; facts.log.statement.fault; {}) | (statement | .predicate.case) as $case
    | refuse($case | type != "string" or length > 128; "document-field"; {field: "case"}) | logged("statement")
    | if facts.log.intent.size == null then gap("needs"; {what: "intent.tlog-proof"}) else . end
    | refuse(.index < facts.log.intent.size; "log-order"; {index: .index, before: facts.log.intent.size});

# The timestamp: the statement's times fit the time that an authority proved.
def check_timestamp: statement, (facts.stamp as $s | if $s == "ok" then . elif $s == "authorities-unknown" then gap($s; {})
        else reject($s; {where: "timestamp authority"}) end),
    ((facts.stamped | micro) as $proven | (statement | .predicate.times) as $times
    | refuse(($times.issued | micro) - $proven | . > 300000000 or . < -300000000; "timestamp-clock"; {time: "issued"})
    | ("opened", "intended", "wipe_started", "wipe_ended") as $name | $times[$name] | select(type == "string" and . != "")
    | refuse(micro == null; "time-form"; {where: $name}) | refuse(micro - $proven > 300000000; "timestamp-clock"; {time: $name}));

# The page for people.
def check_certificate: statement, (evidence.agent | need("agent.pem")),
    (if facts.page == "ok" then . elif facts.page == "tool-missing"
        then gap("tool-missing"; {install: "poppler-utils and qpdf, Debian packages"}) else reject(facts.page; {}) end);

# The predicate, built again from the evidence, what only the workflow knows ($p), and the verdict.
def word($words): . as $n | $words[$n] // "\($n)";
def states: ["idle", "prepared", "running", "done", "failed", "interrupted", "filled"];
def counters: {boot_count, wipe_count, wipe_state: (.wipe_state | word(states)), debug_status, unsettled};
def slot_state: if . == null then null else {state: (.state | word(["empty", "loaded", "erased"])), check_value: .check} end;
def meaning: [
    "The agent's observation only: the terminal proved nothing.",
    "The terminal proved its serial number with a symmetric key.",
    "The terminal attested before and after, with its own key that its maker certified, over nonces that were made for this case.",
    "As level 2; and after the wipe all flash that it empties was filled with random bytes of the agent's, the terminal answered digests of all of them under keys that were drawn afterwards, and was then emptied again."];
def limits: [[
    "A defective or manipulated terminal can answer everything falsely.",
    "Whoever holds the agent's key can state anything."], [
    "A defective or manipulated terminal can answer falsely.",
    "Whoever holds the symmetric key or the agent's key can state anything."], [
    "The digest of blank memory can be computed in advance: a terminal whose own firmware lies can claim it.",
    "Memory that the terminal does not show (spare and worn-out blocks, other chips) was not looked at.",
    "What was copied out of the terminal earlier is not touched by a wipe."], [
    "What fits into memory that was not filled (working memory, key store, firmware) is not excluded.",
    "Memory that the terminal does not show (spare blocks, other chips) was neither looked at nor filled.",
    "A second computer that the terminal reached in time could have kept the bytes and answered for it.",
    "That the keys were drawn last is the agent's word; that it computed the answers itself is the terminal's.",
    "What was copied out of the terminal earlier is not touched by a wipe."]];
def measured: map({name, version, maker, file, size, sha256});
def built($p):
    evidence.job.value as $job | evidence.intent.value as $intent | evidence.agent.value as $agent
    | evidence.before.value as $pre | evidence.after.value as $post | $pre.claims as $b | $post.claims as $a
    | evidence.proof.value as $proof | $p.evidence.level as $level | ($p.media.property_number // "") as $property
    | ($a.bindings // [] | map({key: .[0], value: .[1]}) | from_entries) as $now
    | [$b.bindings // [] | .[] | select(.[1] != 0) | .[0]] as $held
    | [$a.regions // [] | .[] | select(.wipeable) | .result] as $results
    | ($p.read_back | map(select(.not_blank == 0 and .first_not_blank == -1 and .digest_matches)) | length) as $blank
    | {
        case: $job.case, result: $p.result,
        evidence: {level: $level, meaning: meaning[$level], limits: limits[$level]},
        media: ({manufacturer: $job.maker, model: $job.model, serial_number: $job.tusn, property_number: (if $property != "" then $property else $job.label_number end),
            media_type: "payment terminal: built-in flash memory and battery-backed key store",
            media_source: $p.media.media_source,
            pre_sanitization_confidentiality: $p.media.pre_sanitization_confidentiality,
            post_sanitization_confidentiality: $p.media.post_sanitization_confidentiality}
            + (if $property != "" and $property != $job.label_number then {label_number: $job.label_number} else {} end)),
        sanitization: {method: $intent.wipe.method, technique: $intent.wipe.technique, tool: "posretire",
            tool_version: $p.sanitization.tool_version,
            verification: {wipe_state: (if $a then $a.wipe_state | word(states) else null end),
                regions_erased: ($results | map(select(. == 3)) | length),
                regions_not_erased: ($results | map(select(. != 3)) | length),
                regions_read_back_blank: $blank, regions_read_back_not_blank: (($p.read_back | length) - $blank)},
            validation: {accepted: ($p.result == "PASS")}, destination: $p.sanitization.destination},
        person: ({name: $p.person.name, title: $p.person.title, place: $p.person.place, date: $p.times.issued,
            contact: $p.person.contact} + ($p.person | with_entries(select(.key == "id" or .key == "login")))),
        backup: (if $intent.export then $p.backup as $said | {file: "export.age", sha256: $intent.export.sha256, size: $intent.export.size,
            journal_sha256: $intent.export.journal_digest, records: $intent.export.records,
            recipients: $intent.export.recipients, verification_recipients: $intent.export.verification_recipients,
            note: "A verification recipient is a key made to read the export back once, and not kept."}
            + (if ($said.copies // []) != [] then {copies: $said.copies} else {} end)
            + (if $said.retention then {retention: ($said.retention | {until, basis})} else {} end) else null end),
        terminal: ({tusn: $job.tusn, device_key: $job.device_key, hardware_version: $job.hardware_version,
            firmware_name: $job.firmware_name, firmware_version: $job.firmware_version,
            device_certificate_issuer: $pre.chain[0].issuer, oemid: $b.oemid,
            before: (if $b then $b | counters else null end), after: (if $a then $a | counters else null end)}
            + if ($b.measurements // []) == [] and ($a.measurements // []) == [] then {}
              else {measurements: {before: ($b.measurements // [] | measured), after: ($a.measurements // [] | measured)}} end),
        bindings: {undone: [$held[] | select($now[.] == 0)],
            pending: [$a.bindings // [] | .[] | .[0] | select($now[.] == 2)],
            remaining: [$a.bindings // [] | .[] | .[0] | select($now[.] != 0 and $now[.] != 2)],
            not_attested: [$held[] | select(. as $n | $now | has($n) | not)],
            platform: (if $p.bindings.platform.state == "confirmed" then $p.bindings.platform | {state, reference, obtained_by}
                else {state: "back office pending", reference: "", obtained_by: ""} end)},
        key_slots: [([$b, $a] | map(.key_slots // [] | .[].slot) | unique[]) as $n
            | ([$b.key_slots // [] | .[] | select(.slot == $n)] | last) as $old
            | ([$a.key_slots // [] | .[] | select(.slot == $n)] | last) as $new
            | ($new // $old) as $either
            | {slot: $n, kind: ($either.kind | word([null, "tmk", "tpk", "tak", "tdk", "dukpt", "identity"])),
               kept: $either.survives, before: ($old | slot_state), after: ($new | slot_state)}],
        regions: [$intent.wipe.memory_map // [] | .[] | . as $r
            | ([$a.regions // [] | .[] | select(.region == $r.region)] | last) as $now
            | {region, name, holds, start, size, block_size, addressable, blank,
               wipe_planned: ((.region | in_words($intent.wipe.regions)) or ($intent.wipe.erase_keys and .holds == "keys")),
               result: (if $now then $now.result | word(["not_asked", "waiting", "running", "erased", "failed"]) else null end),
               sha256: $now.digest}],
        read_back: ($p.read_back | map({region, method, bytes_read, not_blank, first_not_blank, digest_matches})),
        journal: (evidence.journal.value as $j | {entries: ($j // [] | length), head: ($j[-1:][0].hash // "0" * 64)}),
        agent: {key: $agent[0].key, self_signed: $agent[0].self},
        order: {work_order: $job.work_order, reason: $job.reason, opened_by: $job.operator,
            authorisation: $p.order.authorisation, policy_sha256: $job.policy_digest},
        times: {opened: $job.opened, intended: $intent.time, wipe_started: $p.times.wipe_started, wipe_ended: $p.times.wipe_ended,
            issued: $p.times.issued},
        waivers: ($intent.waivers // {}),
        findings: ($p.findings | map({code, text, effect})),
        not_checked: ($p.not_checked | map({code, text}))
    }
    + (if files["erasure-proof.json"] then {erasure_proof: (if $proof then {file: "erasure-proof.json", filled: $proof.filled,
        bytes: ([$proof.regions[].size] | add // 0), regions: ($proof.regions | map({region, size, milliseconds}))} else null end)} else {} end)
    + (if files["intent.tlog-proof"] then {log: {origin: facts.log.intent.origin, vkey: ($p.log.vkey // ""),
        intent_index: facts.log.intent.index}} else {} end)
    + (if ($p.links // []) != [] then {links: $p.links} else {} end)
    + (if ($p.attachments // []) != [] then {attachments: $p.attachments} else {} end);
def check_contents: (statement | .predicate) as $p | built($p) as $b
    | ($b + $p | keys[]) as $part
    | refuse(($b | has($part) | not) or ($p | has($part) | not) or $b[$part] != $p[$part]; "statement-differs"; {part: $part});

def badness: {PASS: 0, UNKNOWN: 1, FAIL: 2, ok: 0, "not-checkable": 1, failed: 2, note: 0, unknown: 1, fail: 2}[.];
def local_gap: .code | in_words(["makers-unknown", "agents-unknown", "needs"]);
def level_of: [.[] | select(.status == "ok") | .id] as $held
    | ["eat-before", "eat-after", "same-terminal"] as $attested
    | if ($attested + ["channel", "erasure-proof", "intent", "journal", "memory-map", "read-back", "regions", "wipe"]) - $held == [] then 3
      elif $attested - $held == [] then 2 else 0 end;
def check_level($checks): (statement | .predicate.evidence.level) as $claimed | ($checks | level_of) as $found
    | if $claimed <= $found then .
      elif any($checks[]; local_gap) and all($checks[]; .status != "failed") then gap("level-unproven"; {claimed: $claimed})
      else reject("level-too-high"; {claimed: $claimed, found: $found}) end;
def check_result($checks): (statement | .predicate) as $p | ($p.result | badness) as $claimed
    | ([($p.findings[].effect | badness), ($checks[] | select(local_gap | not) | .status | badness), 0] | max) as $sure
    | if $claimed < $sure then reject("result-too-good"; {claimed: $p.result, found: ["PASS", "UNKNOWN", "FAIL"][$sure]})
      elif $claimed < ([$checks[].status | badness] | max) then gap("result-unproven"; {claimed: $p.result}) else . end;

[
    check("job"; evidence.job | report), check("intent"; check_intent), check("case"; check_case), check("times"; check_times),
    check("export"; check_export), check("journal"; check_journal), check("journal-order"; check_order),
    check("journal-outcome"; check_outcome),
    (if unbinds_alone then empty else check("read-back"; check_read_back) end),
    check("agent"; check_agent),
    check("eat-before"; check_attested("pre"; "device-pre.eat"; evidence.before; "job.json"; evidence.job; 1)),
    check("eat-after"; check_attested("post"; "device-post.eat"; evidence.after; "intent.json"; evidence.intent; 2)),
    check("same-terminal"; check_same), check("channel"; check_channel),
    (if unbinds_alone then empty else check("memory-map"; check_map), check("method"; check_method) end),
    check("bindings-before"; check_bindings_before), check("bindings-after"; check_bindings_after), check("settled"; check_settled),
    (if unbinds_alone then empty else check("wipe"; check_wipe), check("regions"; check_regions), check("key-slots"; check_key_slots) end),
    check("measurements"; check_measurements), check("debug"; check_debug),
    (if unbinds_alone then check("not-wiped"; check_not_wiped) else empty end),
    (if files["erasure-proof.json"] then check("erasure-proof"; check_proof) else empty end),
    (if files["intent.tlog-proof"] then check("log-intent"; check_log_intent) else empty end),
    check("redaction"; refuse(facts.leak != ""; facts.leak; {shown: facts.shown}))
] as $checks
| [
    check("files"; if files["statement.dsse.json"] then . else reject("file-absent"; {file: "statement.dsse.json"}) end),
    check("statement"; evidence.statement | report), check("signature"; check_signature), check("act"; check_act),
    check("subjects"; check_subjects), check("attachments"; check_attachments),
    (if files["statement.tsr"] then check("timestamp"; check_timestamp) else empty end),
    (if files["statement.tlog-proof"] then check("log-statement"; check_log_statement) else empty end),
    (if files["certificate.pdf"] then check("certificate"; check_certificate) else empty end),
    $checks[], (if facts.page == "ok" then {id: "certificate-page", status: "not-checkable", code: "page-not-drawn",
        facts: {why: "its words are compared by posretire verify alone"}} else empty end), check("contents"; check_contents), check("level"; check_level($checks)), check("result"; check_result($checks))
] as $all
# What cannot be checked without harm to the verdict.
| def neutral: .code | in_words(["authorities-unknown", "page-not-drawn"]);
  ([evidence.statement.value.predicate.result // "FAIL", ($all[] | select(neutral | not) | .status)] | map(badness) | max) as $worst
| ["PASS", "UNKNOWN", "FAIL"][$worst] as $result
# Part of what is printed may be the words of others: one line, plain letters.
| def plain: tostring | explode | map(if . < 32 or . > 126 then 63 else . end) | implode | .[0:120];
  ($all | map({id, status, code, detail: ([.facts | to_entries[] | "\(.key | plain)=\(.value | plain)"] | join(" ") | .[0:500])})) as $shown
| (if any($all[]; .id == "signature" and .status == "ok") then {"urn:posretire:retirement:v1": "retirement",
    "urn:posretire:unbinding:v1": "unbinding"}[evidence.statement.value.predicateType // ""] else null end // "") as $act
| $result,
  if $json then {result: $result, accepted: ($result == "PASS"), act: $act, checks: $shown}
  else ($shown[] | "\(.status + "              " | .[0:14] | sub("not-"; "not ")) \(.id + "                  " | .[0:18]) \(.code) \(.detail)"
      | sub(" +\\z"; "")),
      ({retirement: "statement of: a retirement", unbinding: "statement of: an unbinding - NOTHING WAS WIPED"}[$act] // empty),
      "result: \($result)" end
EOF

judge() {
    cat "$work/common.jq" "$work/judge.jq" >"$work/program"
    jq -n -r -c --argjson json $json --slurpfile e "$work/evidence.json" --slurpfile files "$work/files.json" \
        --slurpfile facts "$work/facts.json" -f "$work/program" >"$work/out" ||
        end_early UNKNOWN not-checkable files script-broken 'step 7'
    read -r result <"$work/out"
    sed 1d "$work/out"
    [ "$result" = PASS ] || exit 6
}

# Those of every Debian, without which a step could be passed over: what is not found must not look like what holds.
for tool in awk base64 basenc cat cmp cp cut date dd grep head ls mkdir od rm sed sha256sum sort stat tail tr wc; do
    command -v $tool >/dev/null 2>&1 || end_early UNKNOWN not-checkable files tool-missing "$tool is not installed"
done
take_files
for tool in jq openssl; do
    command -v $tool >/dev/null 2>&1 || end_early UNKNOWN not-checkable signature tool-missing "install Debian's package $tool"
done
read_trust
read_documents
open_envelope
read_agent
check_signature
read_token device-pre.eat pre
read_token device-post.eat post
read_all
compute
judge
