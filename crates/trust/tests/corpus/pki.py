"""Certificates and OCSP answers for the corpus, shaped like BankID's.

Made with `cryptography` and `asn1crypto`: no line of this is shared with the verifier under test.
"""

import datetime as dt
import hashlib

from asn1crypto import core, ocsp as aocsp, x509 as ax509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UTC = dt.timezone.utc
START, END = dt.datetime(2020, 1, 1, tzinfo=UTC), dt.datetime(2099, 12, 31, tzinfo=UTC)
POLICY = "1.2.3.4.5"

CERT_SIGN = {"key_cert_sign": True, "crl_sign": True}
SIGN = {"digital_signature": True}


def key(bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def name(cn, extra=(), org="Corpus Bank AB (publ)"):
    parts = [(NameOID.COUNTRY_NAME, "SE"), (NameOID.ORGANIZATION_NAME, org), *extra, (NameOID.COMMON_NAME, cn)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def person_name(number, given="Tolvan", surname="Tolvansson"):
    return name(
        f"{given} {surname}",
        [
            (NameOID.SURNAME, surname),
            (NameOID.GIVEN_NAME, given),
            *[(NameOID.SERIAL_NUMBER, n) for n in ([number] if isinstance(number, str) else number)],
            (x509.ObjectIdentifier("2.5.4.41"), f"(260101 08.00) {given} {surname} - BankID på fil"),
        ],
    )


class Issued:
    """A certificate with its key."""

    def __init__(self, cert, private):
        self.cert, self.key = cert, private
        self.der = cert.public_bytes(serialization.Encoding.DER)

    def asn1(self):
        return ax509.Certificate.load(self.der)

    def sign(self, message, algorithm=None):
        return self.key.sign(message, padding.PKCS1v15(), algorithm or hashes.SHA256())


def issue(subject, issuer=None, ca=False, usage=SIGN, eku=(), policies=(POLICY,), start=START, end=END, private=None,
          algorithm=None, path_length=None, serial=None):
    """Signed by `issuer`, or by itself."""
    private = private or key()
    signer = issuer.key if issuer else private
    flags = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.cert.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(serial or x509.random_serial_number() >> 96)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    )
    if usage is not None:
        builder = builder.add_extension(x509.KeyUsage(**(flags | usage)), True)
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(True, path_length), True)
    if eku:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(eku)), False)
    if policies:
        information = [x509.PolicyInformation(x509.ObjectIdentifier(p), None) for p in policies]
        builder = builder.add_extension(x509.CertificatePolicies(information), False)
    return Issued(builder.sign(signer, algorithm or hashes.SHA512()), private)


class Bank:
    """A root, a bank's CA, its customer CA and its OCSP responder."""

    def __init__(self, label, root=None):
        root_name = name(f"{label} Root CA v1", org="Corpus Root AB")
        self.root = root or issue(root_name, ca=True, usage=CERT_SIGN, policies=())
        self.ca = issue(name(f"{label} CA v1"), self.root, ca=True, usage=CERT_SIGN)
        self.customer_ca = issue(name(f"{label} Customer CA1 v1"), self.ca, ca=True, usage=CERT_SIGN)
        self.responder = issue(name(f"{label} OCSP Responder"), self.customer_ca,
                               eku=[ExtendedKeyUsageOID.OCSP_SIGNING], policies=())

    def person(self, number="191212121212", **options):
        return issue(person_name(number), self.customer_ca, algorithm=hashes.SHA256(), **options)


def cert_id(person, issuer, digest="sha1"):
    subject = issuer.asn1().subject.dump()
    public = bytes(issuer.asn1().public_key["public_key"])
    return {
        "hash_algorithm": {"algorithm": digest},
        "issuer_name_hash": hashlib.new(digest, subject).digest(),
        "issuer_key_hash": hashlib.new(digest, public).digest(),
        "serial_number": person.cert.serial_number,
    }


class Extension(core.Sequence):
    """As asn1crypto's, but the value may be any bytes."""

    _fields = [
        ("extn_id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("extn_value", core.OctetString),
    ]


class Extensions(core.SequenceOf):
    _child_spec = Extension


class ResponseData(core.Sequence):
    _fields = [*aocsp.ResponseData._fields[:-1], ("response_extensions", Extensions, {"explicit": 1, "optional": True})]


class BasicResponse(core.Sequence):
    _fields = [("tbs_response_data", ResponseData), *aocsp.BasicOCSPResponse._fields[1:]]


def extension(value, oid="1.3.6.1.5.5.7.48.1.2", critical=True):
    """A nonce, if not said otherwise: bare bytes in extnValue and critical, as BankID's responders write it."""
    return {"extn_id": oid, "critical": critical, "extn_value": value}


def answer(bank, person, signature_base64, at, *, signer=None, status="good", certs=None, extensions=None, by="key",
           digest="sha1", id_issuer=None, id_person=None, this_update=None, next_update=None, responses=1,
           algorithm=None, named=None, tamper=None):
    """An OCSPResponse (RFC 6960) as DER."""
    signer = signer or bank.responder
    named = (named or signer).asn1()
    if by == "key":
        responder = aocsp.ResponderId("by_key", core.OctetString(hashlib.sha1(bytes(named.public_key["public_key"])).digest()))
    else:
        responder = aocsp.ResponderId("by_name", named.subject)
    if status == "good":
        value = aocsp.CertStatus("good", core.Null())
    elif status == "unknown":
        value = aocsp.CertStatus("unknown", core.Null())
    else:
        value = aocsp.CertStatus("revoked", {"revocation_time": at, "revocation_reason": "key_compromise"})
    single = {
        "cert_id": cert_id(id_person or person, id_issuer or bank.customer_ca, digest),
        "cert_status": value,
        "this_update": this_update or at,
    }
    if next_update:
        single["next_update"] = next_update
    if extensions is None:
        nonce = hashlib.sha1(signature_base64.encode()).digest() + bytes(range(12))
        extensions = [extension(nonce)]
    data = {"responder_id": responder, "produced_at": at, "responses": [single] * responses}
    if extensions:
        data["response_extensions"] = extensions
    tbs = ResponseData(data)
    signature = signer.sign(tbs.dump(), algorithm)
    if tamper:
        tbs = ResponseData(data | tamper)
    names = {"sha1": "sha1_rsa", "sha256": "sha256_rsa", "sha512": "sha512_rsa"}
    basic = {
        "tbs_response_data": tbs,
        "signature_algorithm": {"algorithm": names[(algorithm or hashes.SHA256()).name]},
        "signature": signature,
    }
    certs = [signer] if certs is None else certs
    if certs:
        basic["certs"] = [c.asn1() for c in certs]
    response = {"response_status": "successful", "response_bytes": {
        "response_type": "basic_ocsp_response",
        "response": core.ParsableOctetString(BasicResponse(basic).dump())}}
    return aocsp.OCSPResponse(response).dump()
