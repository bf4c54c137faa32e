"""English: the link doctor, its page and its verdicts."""

from __future__ import annotations

from typing import Final

DOCTOR_TEXTS: Final = {
    "step.doctor-listen": "Listen",
    "step.doctor-handshake": "Shake hands",
    "step.doctor-trips": "Round trips",
    "step.doctor-echoes": "ECHOs of several sizes and patterns",
    "step.doctor-bursts": "Several ECHOs ahead",
    "step.doctor-flow": "XON and XOFF",
    "step.doctor-speeds": "Other speeds",
    "unit.trials": "trials",
    "doctor.line": "Line",
    "doctor.which": "Line",
    "doctor.handshake": "Handshake",
    "doctor.seconds": "{seconds} s",
    "doctor.seconds-at": "{seconds} s at {baud} baud",
    "doctor.none": "none came about, in {count} attempts",
    "doctor.escaped": "{seconds} s, with XON and XOFF kept out",
    "doctor.terminal": "Terminal",
    "doctor.supply": "Supply",
    "doctor.mains": "mains; battery at {percent} %",
    "doctor.battery": "battery at {percent} %",
    "doctor.silence": "While nothing is asked",
    "doctor.quiet": "nothing comes",
    "doctor.stray": "{count} bytes in {seconds} s",
    "doctor.trip": "Round trip",
    "doctor.trip-times": (
        "{shortest} / {median} / {longest} ms (shortest / median / longest), {waiting} ms of it waiting"
    ),
    "doctor.errors": "Errors",
    "doctor.no-errors": "none in {kilobytes} kB",
    "doctor.some-errors": (
        "{wrong} wrong bytes ({corrected} corrected), {broken} broken frames, {lost} frames lost on the way to the "
        "terminal, in {kilobytes} kB"
    ),
    "doctor.sessions-lost": "Broken sessions",
    "doctor.goodput": "Goodput",
    "doctor.goodput-percent": "{percent} % of the line, each way",
    "doctor.buffer": "Longest clean burst",
    "doctor.echoes": "ECHOs",
    "doctor.size": "Bytes",
    "doctor.pattern": "Pattern",
    "doctor.tried": "Tried",
    "doctor.returned": "Returned",
    "doctor.time": "Time",
    "doctor.faults": "Errors",
    "doctor.bursts": "Bursts",
    "doctor.speeds": "Other speeds",
    "doctor.speed": "Baud",
    "doctor.agreed": "Agreed",
    "doctor.verdict": "Verdict",
    "verdict.good.what": (
        "The line is good. Errors in {kilobytes} kB: {errors}. Round trips take {median} ms beyond their bytes."
    ),
    "verdict.good.do": "Nothing needs to be done.",
    "verdict.faster-possible.what": "The line carries {baud} baud without an error.",
    "verdict.faster-possible.do": (
        "posretire agrees on that by itself where a dataset is large; nothing needs to be done."
    ),
    "verdict.no-answer.what": (
        "Nothing comes at all, at {speeds} speed(s): no power, the wrong port, or the wrong cable."
    ),
    "verdict.no-answer.do": (
        "Is the terminal on and not in its menu? Is it this port (posretire ports)? Then try a cable with TX and RX "
        "crossed (null modem), and the terminal's maintenance port."
    ),
    "verdict.wrong-speed.what": "The terminal answers at {found} baud, not at {baud}.",
    "verdict.wrong-speed.do": "Write ?baud={found} after the port's name.",
    "verdict.wrong-speed-bare.what": "Something answers, and only garbage arrives: the speeds at both ends differ.",
    "verdict.wrong-speed-bare.do": (
        "Set the terminal's speed as ?baud=N, or at the device server where there is one; check parity and stop bits."
    ),
    "verdict.echo-only.what": "Our own bytes come back and nobody else speaks: a loop, or a half-duplex line.",
    "verdict.echo-only.do": "Look for a loopback plug or bridged TX and RX; switch the adapter's echo off (RS-485).",
    "verdict.half-duplex.what": "The terminal answers, and our own bytes come back with its answers.",
    "verdict.half-duplex.do": "Switch the adapter's local echo off (RS-485), or use a full-duplex cable.",
    "verdict.device-server.what": "It is a device server that speaks, not the terminal: {text}",
    "verdict.device-server.do": "End the other connection to that port, or check the server's port and its settings.",
    "verdict.console.what": "Something else is on this line: {text}",
    "verdict.console.do": "It is a modem, a console or another service: choose the terminal's maintenance port.",
    "verdict.handshake-refused.what": "The terminal refuses the handshake: {why}.",
    "verdict.handshake-refused.do": "It may be busy or too new for this version; restart it and try again.",
    "verdict.line-lost.what": "The line went away while it was examined: {why}.",
    "verdict.line-lost.do": "Plug cable and adapter in firmly, and look for a loose contact or a hub without power.",
    "verdict.flow-control.what": (
        "XON and XOFF (bytes 11, 13, 91, 93 hex) {how} on this line: it has flow control in the data."
    ),
    "verdict.flow-control.do": (
        "Write ?flow=xonxoff after the port's name, or switch flow control off at adapter and server."
    ),
    "flow-how.vanish": "vanish",
    "flow-how.appear": "appear by themselves",
    "verdict.session-breaks.what": "Sessions do not hold: {count} broke.",
    "verdict.session-breaks.do": (
        "Do not begin a case on this line. See to the other findings first, then examine it again."
    ),
    "verdict.bad-cable.what": (
        "Bytes get lost or turned, evenly: {errors} errors in {kilobytes} kB. The cable is bad or too long."
    ),
    "verdict.bad-cable.do": (
        "Try a shorter, shielded cable and another adapter, away from power supplies; or a lower speed."
    ),
    "verdict.lost-bytes.what": (
        "Bytes vanish or are added: {errors} errors in {kilobytes} kB, which no correction helps against."
    ),
    "verdict.lost-bytes.do": (
        "A receiver is too slow, the speeds at both ends differ a little, or interference is strong: try another "
        "adapter, RTS/CTS (?flow=rtscts) or a lower speed, and check the ground."
    ),
    "verdict.noisy-but-works.what": "A few errors: {errors} in {kilobytes} kB. The link puts them right.",
    "verdict.noisy-but-works.do": "It can be worked with. A better cable makes it faster.",
    "verdict.missing-ground.what": (
        "Noise comes in bursts or even while nobody speaks ({bytes} stray bytes): a ground is missing, or something "
        "strong is switched nearby."
    ),
    "verdict.missing-ground.do": (
        "Connect ground (GND) of both sides, run the terminal and the computer from one socket, keep motors and "
        "chargers away."
    ),
    "verdict.small-buffer.what": (
        "Bursts up to {clean} bytes arrive, longer ones ({lossy} bytes and more) lose bytes every time: a buffer "
        "at the "
        "{where} is too small."
    ),
    "verdict.small-buffer.do": (
        "Use an adapter with a larger buffer or with RTS/CTS wired (?flow=rtscts), or a lower speed."
    ),
    "buffer-where.terminal": "terminal's side",
    "buffer-where.computer": "computer's side",
    "verdict.echo-differs.what": "{count} answers differ from what was sent, although their checksums are right.",
    "verdict.echo-differs.do": "It is the terminal's memory or software that is wrong: set it aside.",
    "verdict.usb-hub.what": (
        "Round trips are long or uneven: {median} ms waiting, at most {longest} ms. An adapter or hub holds bytes back."
    ),
    "verdict.usb-hub.do": (
        "Plug the adapter straight into the computer, and set its latency timer to 1 ms. It works as it is, only "
        "slower."
    ),
    "verdict.slow-terminal.what": (
        "The terminal takes its time: {median} ms a question, at most {longest} ms; the line itself is fine."
    ),
    "verdict.slow-terminal.do": "Nothing is wrong with the line. Close what else runs on the terminal; have patience.",
    "verdict.slow-network.what": "The network is slow or uneven: {median} ms a round trip, at most {longest} ms.",
    "verdict.slow-network.do": "It works, only slower. Use a wired network, or a device server nearby.",
    "verdict.slow-line.what": "The line carries {percent} % of what it could, without errors.",
    "verdict.slow-line.do": (
        "Something between holds bytes back: plug the adapter straight in, or close other programs."
    ),
    "verdict.weak-supply.what": "The terminal runs on its battery, at {percent} %.",
    "verdict.weak-supply.do": "Plug its charger in before a case is begun: a wipe must not run out of power.",
}
