"""Drives a running sandbox with pybankid, a BankID client that is not ours, and lets two verifiers that are not
ours judge the evidence: pybankid's own (signature, OCSP, nonce, chain) and xmlsec1 (XML signature, chain).

    drive.py API CONTROL CLIENT_CERTIFICATE CLIENT_KEY SERVER_ROOT SIGNING_ROOT

Ends with status 0 and the number of checks, or with the first check that failed.
"""

import base64
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.parse import urljoin

import httpx
from bankid import BankIDClient, exceptions
from bankid.experimental.verify import verify_bankid_response

API, CONTROL, CLIENT_CERTIFICATE, CLIENT_KEY, SERVER_ROOT, SIGNING_ROOT = sys.argv[1:]
DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPES = "http://www.bankid.com/signature/v1.0.0/types"
ASTRID = "199001012385"
checks = 0


def check(name, holds):
    global checks
    if not holds:
        sys.exit(f"FAILED: {name}")
    checks += 1
    print(f"ok  {name}")


def refuses(name, kind, call, code=None):
    try:
        call()
    except kind as e:
        check(name, code is None or e.json["errorCode"] == code)
    else:
        check(f"{name}: {kind.__name__} was expected", False)


def phone(path, **body):
    request = urllib.request.Request(
        CONTROL + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def client():
    """pybankid's client, pointed at the sandbox: its addresses and its TLS context are plain attributes."""
    it = BankIDClient(certificates=(CLIENT_CERTIFICATE, CLIENT_KEY), test_server=True)
    it.api_url = API
    for method in ("auth", "sign", "collect", "cancel"):
        setattr(it, f"_{method}_endpoint", urljoin(API, method))
    context = ssl.create_default_context(cafile=SERVER_ROOT)
    headers = {"Content-Type": "application/json"}
    it.client = httpx.Client(
        cert=(CLIENT_CERTIFICATE, CLIENT_KEY), headers=headers, verify=context, timeout=10, trust_env=False
    )
    return it


def scan(it, order, person):
    code = it.generate_qr_code_content(order["qrStartToken"], time.time(), order["qrStartSecret"])
    return phone("/phone/scan", person=person, qr=code)


def xmlsec1_accepts(xml):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "signature.xml")
        file.write_bytes(xml)
        command = ["xmlsec1", "--verify", "--trusted-pem", SIGNING_ROOT]
        command += ["--id-attr:Id", f"{TYPES}:bankIdSignedData", "--id-attr:Id", f"{DSIG}:KeyInfo", str(file)]
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0


def judge(name, answer):
    """Both verifiers accept the evidence, and neither accepts it once it is tampered with."""
    root = pathlib.Path(SIGNING_ROOT).read_text()
    check(f"{name}: pybankid's verifier accepts", verify_bankid_response(answer, True, root))
    xml = base64.b64decode(answer["completionData"]["signature"])
    check(f"{name}: xmlsec1 accepts", xmlsec1_accepts(xml))

    mark = b"<funcId>"
    changed = xml.replace(mark, mark + b"X")
    check(f"{name}: xmlsec1 refuses changed data", not xmlsec1_accepts(changed))
    lie = json.loads(json.dumps(answer))
    lie["completionData"]["signature"] = base64.b64encode(changed).decode()
    refuses(f"{name}: pybankid's verifier refuses changed data", AssertionError,
            lambda: verify_bankid_response(lie, True, root))


def log_in(it):
    order = it.authenticate("127.0.0.1", user_visible_data="Logga in hos Exempelmyndigheten – åäö")
    check("auth: the order has its four references", len(set(order.values())) == 4)
    check("auth: nobody has it", it.collect(order["orderRef"])["hintCode"] == "outstandingTransaction")
    shown = scan(it, order, "astrid")
    check("auth: the phone shows the text", shown["text"] == "Logga in hos Exempelmyndigheten – åäö")
    check("auth: the person has it", it.collect(order["orderRef"])["hintCode"] == "userSign")
    phone("/phone/approve", person="astrid")
    answer = it.collect(order["orderRef"])
    check("auth: complete", answer["status"] == "complete")
    check("auth: the person", answer["completionData"]["user"]["personalNumber"] == ASTRID)
    refuses("auth: the completion comes once", exceptions.InvalidParametersError,
            lambda: it.collect(order["orderRef"]))
    judge("auth", answer)


def sign(it):
    text = "# Sjukanmälan\n\nJag intygar *allt* ovan. " + "ö" * 10_000
    order = it.sign("127.0.0.1", text, user_visible_data_format="simpleMarkdownV1",
                    user_non_visible_data=json.dumps({"schema": 1, "hash": "x" * 100_000}),
                    requirement={"personalNumber": "197010632391", "pinCode": True})
    phone("/phone/start", person="johan", autostart_token=order["autoStartToken"])
    check("sign: started", it.collect(order["orderRef"])["hintCode"] == "started")
    check("sign: then in hand", it.collect(order["orderRef"])["hintCode"] == "userSign")
    phone("/phone/approve", person="johan")
    answer = it.collect(order["orderRef"])
    check("sign: a coordination number signs",
          answer["completionData"]["user"]["personalNumber"] == "197010632391")
    xml = base64.b64decode(answer["completionData"]["signature"])
    check("sign: the text is in the signature", base64.b64encode(text.encode()) in xml)
    judge("sign", answer)


def end_orders(it):
    order = it.authenticate("::1")
    check("cancel: true", it.cancel(order["orderRef"]) is True)
    refuses("cancel: the order is forgotten", exceptions.InvalidParametersError,
            lambda: it.collect(order["orderRef"]))
    order = it.authenticate("127.0.0.1")
    scan(it, order, "astrid")
    phone("/phone/refuse", person="astrid")
    failed = it.collect(order["orderRef"])
    check("refuse: userCancel", (failed["status"], failed["hintCode"]) == ("failed", "userCancel"))
    order = it.authenticate("127.0.0.1")
    phone("/clock", advance_seconds=30)
    check("30 s: startFailed", it.collect(order["orderRef"])["hintCode"] == "startFailed")


def error_codes(it):
    named = {"personalNumber": ASTRID}
    it.authenticate("127.0.0.1", requirement=named)
    refuses("alreadyInProgress", exceptions.AlreadyInProgressError,
            lambda: it.authenticate("127.0.0.1", requirement=named))
    refuses("invalidParameters", exceptions.InvalidParametersError, lambda: it.authenticate("no address"))
    for fault, kind in [
        ("503", exceptions.MaintenanceError),
        ("500", exceptions.InternalError),
        ("408", exceptions.RequestTimeoutError),
        ("unknown_error", exceptions.BankIDError),
    ]:
        phone("/fault", next=fault)
        refuses(f"fault {fault}", kind, lambda: it.authenticate("127.0.0.1"))
    path = it._auth_endpoint
    it._auth_endpoint = urljoin(API, "nothing")
    refuses("notFound", exceptions.NotFoundError, lambda: it.authenticate("127.0.0.1"))
    it._auth_endpoint = path
    it.client.headers["Content-Type"] = "application/json; charset=utf-8"
    refuses("unsupportedMediaType", exceptions.BankIDError, lambda: it.authenticate("127.0.0.1"),
            "unsupportedMediaType")
    it.client.headers["Content-Type"] = "application/json"


def lies(it):
    """What pybankid's verifier looks at, it must find wrong when the sandbox lies."""
    root = pathlib.Path(SIGNING_ROOT).read_text()
    for fault in ("wrong_signature", "wrong_nonce"):
        phone("/fault", next=fault)
        order = it.authenticate("127.0.0.1")
        scan(it, order, "elin")
        phone("/phone/approve", person="elin")
        answer = it.collect(order["orderRef"])
        refuses(f"lie {fault}", AssertionError, lambda: verify_bankid_response(answer, True, root))
        accepted = xmlsec1_accepts(base64.b64decode(answer["completionData"]["signature"]))
        check(f"lie {fault}: xmlsec1 sees the signature alone", accepted == (fault == "wrong_nonce"))


if __name__ == "__main__":
    it = client()
    log_in(it)
    sign(it)
    lies(it)
    error_codes(it)
    end_orders(it)
    print(f"{checks} checks passed")
