"""Drives a running sandbox with bankid6, a second BankID client that is not ours: its own reading of the answers, its
own QR code, and the provider's recommended texts (RFA) that it finds for every code.

    drive.py API CONTROL CLIENT_CERTIFICATE CLIENT_KEY SERVER_ROOT SIGNING_ROOT

Ends with status 0 and the number of checks, or with the first check that failed.
"""

import json
import sys
import urllib.request

from bankid6 import BankIdClient, BankIdError, Messages

API, CONTROL, CLIENT_CERTIFICATE, CLIENT_KEY, SERVER_ROOT, _ = sys.argv[1:]
checks = 0


def check(name, holds, found=None):
    global checks
    if not holds:
        sys.exit(f"FAILED: {name} {found if found is not None else ''}")
    checks += 1
    print(f"ok  {name}")


def same(name, found, wanted):
    check(name, found == wanted, f"{found!r} is not {wanted!r}")


def refuses(name, call, status, code, text=None):
    try:
        call()
    except BankIdError as e:
        same(f"{name}: status and code", (e.response_status, e.response_data.get("errorCode")), (status, code))
        same(f"{name}: the text", e.message, text.json() if text else None)
        check(f"{name}: says what is wrong", e.response_data.get("details"))
    else:
        check(f"{name}: a refusal was expected", False)


def phone(path, **body):
    request = urllib.request.Request(
        CONTROL + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def client():
    it = BankIdClient(cert_pem=CLIENT_CERTIFICATE, key_pem=CLIENT_KEY, ca_pem=SERVER_ROOT, request_timeout=10)
    it.api_url = API
    it.client.trust_env = False
    return it


def shown(answer):
    """The text for whoever reads the QR code on another device."""
    return answer.message and answer.message["qrcode"]


def log_in(it, person):
    order = it.auth("127.0.0.1", userVisibleData="Logga in hos Exempelmyndigheten – åäö")
    check("auth: the start link carries the token", order.autoStartToken in order.launch_url())
    waiting = it.collect()
    same("auth: nobody has it", (waiting.status, waiting.hintCode), ("pending", "outstandingTransaction"))
    same("auth: start the app", shown(waiting), Messages.RFA1.json())
    seen = phone("/phone/scan", person="elin", qr=waiting.qr_data)
    same("auth: the phone shows the text", seen["text"], "Logga in hos Exempelmyndigheten – åäö")
    held = it.collect()
    same("auth: type the code", (held.hintCode, shown(held)), ("userSign", Messages.RFA9.json()))
    phone("/phone/approve", person="elin")
    done = it.collect()
    same("auth: complete", done.status, "complete")
    user = done.completionData.user
    same("auth: the person", (user.personalNumber, user.name), (person["personal_number"], person["name"]))
    same("auth: the names make the name", f"{user.givenName} {user.surname}", user.name)
    check("auth: the day of issue has an offset", done.completionData.bankIdIssueDate.tzinfo)
    check("auth: the device", done.completionData.device.ipAddress and done.completionData.device.uhi)
    check("auth: the evidence", done.completionData.signature and done.completionData.ocspResponse)
    refuses("auth: the completion comes once", it.collect, 400, "invalidParameters")


def sign(it):
    order = it.sign("127.0.0.1", "# Sjukanmälan\n\nJag intygar *allt* ovan.", userVisibleDataFormat=True)
    phone("/phone/start", person="johan", autostart_token=order.autoStartToken)
    started = it.collect()
    same("sign: started", (started.hintCode, shown(started)), ("started", Messages.RFA15A.json()))
    same("sign: in hand", it.collect().hintCode, "userSign")
    phone("/phone/approve", person="johan")
    same("sign: complete", it.collect().status, "complete")


def ends(it):
    """Every end that the provider documents, by its own hint and text; one that nobody knows yet is told all the same."""
    for hint, text in [
        ("userCancel", Messages.RFA6), ("cancelled", Messages.RFA3), ("certificateErr", Messages.RFA16),
        ("expiredTransaction", Messages.RFA8), ("startFailed", Messages.RFA17B),
        ("notSupportedByUserApp", Messages.RFA22), ("aHintOfTomorrow", Messages.RFA22),
    ]:
        order = it.auth("127.0.0.1")
        phone("/phone/start", person="elin", autostart_token=order.autoStartToken)
        phone("/phone/fault", person="elin", hint=hint)
        end = it.collect()
        same(f"end {hint}", (end.status, end.hintCode, shown(end)), ("failed", hint, text.json()))
    it.auth("127.0.0.1")
    same("cancel: nothing to tell", it.cancel().data, {})
    refuses("cancel: the order is forgotten", it.collect, 400, "invalidParameters")


def errors(it, person):
    named = {"personalNumber": person["personal_number"]}
    it.auth("127.0.0.1", requirement=named)
    refuses("alreadyInProgress", lambda: it.auth("127.0.0.1", requirement=named), 400, "alreadyInProgress", Messages.RFA4)
    aborted = it.collect()
    same("alreadyInProgress: the first order is aborted too", (aborted.status, aborted.hintCode), ("failed", "cancelled"))
    for fault, status, code, text in [
        ("408", 408, "requestTimeout", Messages.RFA5), ("500", 500, "internalError", Messages.RFA5),
        ("503", 503, "maintenance", Messages.RFA5),
    ]:
        phone("/fault", next=fault)
        refuses(f"fault {fault}", lambda: it.auth("127.0.0.1"), status, code, text)
    phone("/fault", next="unknown_error")
    try:
        it.auth("127.0.0.1")
    except BankIdError as e:
        same("a code of tomorrow: an unknown error", e.message, Messages.RFA22.json())
    else:
        check("a code of tomorrow is refused", False)


if __name__ == "__main__":
    with urllib.request.urlopen(CONTROL + "/people", timeout=10) as answer:
        people = {person["id"]: person for person in json.load(answer)}
    it = client()
    log_in(it, people["elin"])
    sign(it)
    ends(it)
    errors(it, people["elin"])
    print(f"{checks} checks passed")
