"""English: the agent's key, its certificate, and the operators of a home."""

from __future__ import annotations

from typing import Final

KEYRING_DO: Final = "Unlock the keyring of your desktop, or use --store file --passphrase."

SIGNING: Final = {
    "agent-certificate-time": (
        "The agent's certificate holds from {begins} to {ends}, and not today.",
        "Set this machine's clock; or have posretire keys request signed anew, and install what comes back.",
    ),
    "agent-not-trusted": (
        "What this agent signs would not be accepted: its certificate leads to nobody who is trusted here ({why}).",
        "Put the root that issued it into trust/agents/ of the home: posretire keys install CHAIN.pem --trust-root",
    ),
    "chain-ambiguous": (
        "{count} of the certificates are of this agent's key.",
        "Give the one that is to be used, with what certified it.",
    ),
    "chain-broken": (
        "The certificates do not make a chain: a signature does not verify, or a link is missing or no authority.",
        "Ask your authority for the whole chain, root included, and install that.",
    ),
    "chain-missing": ("{path} cannot be read: {why}.", "Name the file that your authority sent."),
    "chain-no-root": (
        "There is no root among the certificates.",
        "Add its file: posretire keys install CHAIN.pem ROOT.pem",
    ),
    "chain-other-key": (
        "None of the certificates is of this agent's key ({fingerprint}…).",
        "Send your authority the request of this home: posretire keys request",
    ),
    "chain-time": (
        "The agent's new certificate holds from {begins} to {ends}, and not today.",
        "Check this machine's clock, or have the request signed anew.",
    ),
    "chain-unreadable": ("{path} holds no certificate in PEM.", "Convert it: openssl x509 -in FILE -out CHAIN.pem"),
    "chain-usage": (
        "The certificate of {name} may not sign evidence: it needs digitalSignature and nonRepudiation, and CA:FALSE.",
        "Have it issued with the key usage that the request asks for.",
    ),
    "key-passphrase-exposed": ("Other users may read {path}.", "Set its mode to 0600."),
    "key-passphrase-missing": (
        "The agent's key ({where}) needs its passphrase or PIN, and nobody is there to ask.",
        "Give --key-passphrase-file FILE, or name it as passphrase_file in keys/agent.toml of the home.",
    ),
    "key-passphrase-unreadable": (
        "No passphrase can be read from {path}.",
        "It must be a file of yours with the passphrase in its first line.",
    ),
    "key-passphrase-wrong": (
        "The passphrase does not open the agent's key {path}.",
        "Try again. It was tried once, and nothing was changed.",
    ),
    "key-settings-unreadable": (
        "The settings of the agent's key cannot be used: {path}: {why}.",
        "Mend or restore the file; posretire keys init --help tells what stores there are.",
    ),
    "key-store-options": (
        "These options do not go together with this store of keys.",
        "pkcs11 takes --module, --token and --key-label; file takes --passphrase; keyring takes none.",
    ),
    "keyring-key-missing": (
        "The keyring has no entry {entry} any more: the agent's key is gone.",
        "Restore the keyring; or move the folder keys of the home away and make a new key.",
    ),
    "keyring-missing": (
        "This machine has no keyring, as is usual where nobody works at a desktop.",
        "Use --store file --passphrase, or --store pkcs11.",
    ),
    "keyring-refused": ("The keyring refuses: {why}.", KEYRING_DO),
    "new-secret-differs": ("That was not twice the same.", "Try again."),
    "new-secret-missing": ("Nobody is there to make up a passphrase or password.", "Give the file that it stands in."),
    "login-options": ("--none takes no password.", "Leave one of the two out."),
    "login-password-short": (
        "A password to log in with has at least {characters} characters.",
        "Several words that only you put together are easy to remember.",
    ),
    "operator-exists": (
        "There is an operator {operator} already.",
        "Change them: posretire operators change {operator}",
    ),
    "operator-id": (
        "That is no operator's ID.",
        "Use 1 to 32 letters of a to z, digits, dots, dashes and underscores, as in zhang.wei.",
    ),
    "operator-login-missing": (
        "The operator {operator} logs in with a password, and nobody is there to ask.",
        "Give --login-password-file FILE.",
    ),
    "operator-login-wrong": (
        "That is not the password of operator {operator}: {wrong} wrong in a row.",
        "Try again. After five in a row there is a wait, which grows.",
    ),
    "operator-no-login": (
        "The operator {operator} has no password to log in with.",
        "Leave --login-password-file out; or give them one: posretire operators set-login ID",
    ),
    "operator-text": (
        "An operator has a name, and each text is one line of at most {characters} characters.",
        "Shorten it, or take the line breaks out.",
    ),
    "operator-unknown": (
        "No operator of this home is called {operator}; there are: {known}.",
        "Give --operator ID; or add them: posretire operators add ID --name NAME",
    ),
    "operator-wait": (
        "After {wrong} wrong passwords in a row the operator {operator} has to wait for {seconds} s.",
        "Try again after that; whoever owns this home can set another password.",
    ),
    "operators-exposed": ("Other users may read {path}.", "Set its mode to 0600."),
    "operators-unreadable": ("The operators cannot be read: {path}.", "Restore the file, or remove it and add them."),
    "operators-unwritable": ("{path} cannot be written: {why}.", "Check folder, permissions and disk space."),
    "pkcs11-missing": (
        "Tokens need the package python-pkcs11, which is not installed.",
        "Install it: pip install 'posretire[pkcs11]'",
    ),
    "request-exists": ("There is a file {path} already.", "Choose another name, or remove it."),
    "token-ambiguous": ("Several tokens are called {token}.", "Take the others out, or label them otherwise."),
    "token-key-ambiguous": ("Several keys in the token {token} are called {key}.", "Choose another --key-label."),
    "token-key-missing": (
        "The agent's key {key} is not in the token {token} any more.",
        "Insert the right token; or move the folder keys of the home away and make a new key.",
    ),
    "token-key-unusable": (
        "The key {key} in the token {token} is none on P-256 whose public half can be read.",
        "Choose another --key-label: posretire makes a key where there is none.",
    ),
    "token-last-try": (
        "The token {token} takes one more PIN and then locks itself; posretire does not use up the last try.",
        "Enter the right PIN with its maker's own program first.",
    ),
    "token-locked": ("The token {token} is locked.", "Unlock it with its maker's own program."),
    "token-lost": (
        "The token {token} does not sign any more: {why}.",
        "Insert it again, and see posretire cases for the case.",
    ),
    "token-missing": ("No token called {token} is there.", "Insert it; its label must be the one in keys/agent.toml."),
    "token-module": ("{path} is no PKCS#11 library that can be loaded.", "Give the library of the token's maker."),
    "token-pin-wrong": (
        "The token {token} does not take this PIN.",
        "It was tried once. Check it before you try again: tokens lock themselves after a few.",
    ),
    "token-refused": ("The token {token} refuses: {why}.", "See whether its maker's own program can use it."),
    "unattended-file": ("--unattended needs the file that the passphrase stands in.", "Give --key-passphrase-file."),
}

SIGNING_TEXTS: Final = {
    "command.operators-add": (
        "Add an operator.\n\n"
        "Once a home has operators, --operator of retire, unbind and resume takes an ID, and name, title, place and "
        "contact go into the statement, as NIST SP 800-88 wants them. With --login they prove it by a password."
    ),
    "command.operators-change": "Change what is known of an operator; what is not given stays.",
    "command.operators-list": "List the operators.",
    "command.operators-remove": "Remove an operator; what they signed stays as it is.",
    "command.operators-set-login": "Give an operator another password to log in with, or none any more.",
    "option.login-password-file": "Read the password that the operator logs in with from this file.",
    "option.new-login-password-file": "Read the new password from the first line of this file.",
    "option.operator-login": "Log in with a password, which is asked for twice.",
    "option.operator-login-none": "Log in no more.",
    "option.operator-name": "Name of the person.",
    "option.operator-title": "What they are, as in technician.",
    "option.operator-place": "Where they work.",
    "option.operator-contact": "How to reach them: telephone or e-mail.",
    "ask.login": "Password of {name} ({operator}) to log in: ",
    "ask.new-login": "New password to log in: ",
    "ask.new-login-again": "The same again: ",
    "operators.none": "There are no operators in {home}: --operator takes any name.",
    "operators.id": "ID",
    "operators.name": "Name",
    "operators.title": "Title",
    "operators.place": "Place",
    "operators.contact": "Contact",
    "operators.login": "Login",
    "operators.with-password": "password",
    "operators.only-said": "none",
    "operators.missing": "A certificate by NIST SP 800-88 names these too: {names}. See posretire operators change.",
    "operators.removed": "{operator} is no operator of this home any more.",
    "command.keys-init": (
        "Make the agent's signing key and a certificate by itself.\n\n"
        "With --request it writes a request that your company's authority signs; keys install takes the answer.\n\n"
        "Stores: file (0600; with --passphrase or --key-passphrase-file it is encrypted), keyring (of the desktop) and "
        "pkcs11 (a token: --module, --token; its PIN is asked for or stands in --key-passphrase-file)."
    ),
    "command.keys-install": (
        "Install the certificate chain that an authority issued for the agent's key.\n\n"
        "Several files may be given, with the certificates in any order. The root is left out of the chain; it belongs "
        "into agents/ of the trust folder of whoever verifies, and with --trust-root into this home's."
    ),
    "command.keys-request": "Write the request for a certificate again (PKCS#10).",
    "option.key-label": "pkcs11: label of the key in the token; default: posretire. One that is there is used.",
    "option.key-passphrase-file": "Read the passphrase of the agent's key, or its token's PIN, from this file.",
    "option.module": "pkcs11: the library of the token's maker.",
    "option.passphrase": "file: encrypt the key under a passphrase, which is asked for twice.",
    "option.request": "Write a request for a certificate (PKCS#10) into this file.",
    "option.request-out": "File for the request; default: keys/agent.csr in the home.",
    "option.store": "Where the key is kept; default: file.",
    "option.token": "pkcs11: label of the token.",
    "option.trust-root": "Trust the root among the given certificates in this home.",
    "option.unattended": "Read the passphrase or PIN from that file from now on, for a bench without a person.",
    "ask.key-passphrase": "Passphrase of the agent's key {where}: ",
    "ask.key-pin": "PIN of the token {where}: ",
    "ask.new-key-passphrase": "New passphrase for the agent's key: ",
    "ask.new-key-passphrase-again": "The same again: ",
    "keys.chain": "Kept with it",
    "keys.store": "Kept in",
    "keys.store.file": "a file",
    "keys.store.keyring": "the keyring",
    "keys.store.pkcs11": "a token",
    "keys.request": "Request",
    "keys.earlier": "Earlier certificate",
    "keys.requested": "Have {request} signed by your authority; then: posretire keys install CHAIN.pem",
    "keys.left-out": "Not part of the chain, and left out: {name}",
    "keys.trust-root": "Put the root into {folder} before the next case (--trust-root does it).",
    "keys.installed": "Whoever verifies your evidence needs the root alone, in agents/ of their trust folder.",
}
