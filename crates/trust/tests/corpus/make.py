"""Makes the corpus: signatures and OCSP answers, good and hostile, each with the code the verifier must give.

    python3 -m venv venv && venv/bin/pip install cryptography asn1crypto lxml
    venv/bin/python make.py

Every run makes new keys and writes all files anew: `root.pem`, `certificates.json`, `cases/*.json` and `canonical.json`. Canonical XML
comes from libxml2 (through lxml), RSA from OpenSSL (through cryptography), ASN.1 from asn1crypto.
`good.json` is whole; the other cases hold only what differs from it. `{customer CA}` and so on in their XML
stand for the certificates of `certificates.json`.

`xmlsec` says what an ordinary verifier of XML signatures must find in that document with the corpus root: a
document that is mathematically valid and yet refused by us is an attack that such a verifier does not see. `None` where
versions of `xmlsec1` differ; `bankid/xmlsec.rs` says in what.
"""

import base64
import datetime as dt
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree

import pki
from pki import Bank, answer, issue, extension

HERE = pathlib.Path(__file__).parent
DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPES = "http://www.bankid.com/signature/v1.0.0/types"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
AT = dt.datetime(2026, 6, 1, 10, 0, 0, tzinfo=dt.timezone.utc)
VISIBLE = "Jag legitimerar mig hos Exempelmyndigheten: åäö <&>"
NON_VISIBLE = '{"purpose":"login","nonce":"corpus"}'
SERVER = "cn=Corpus RP,name=Exempelmyndigheten,serialNumber=2021005521,o=Corpus Bank AB (publ),c=SE"


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def c14n(xml):
    return etree.tostring(etree.fromstring(xml), method="c14n", exclusive=False, with_comments=False).decode()


def signed_data(visible=VISIBLE, non_visible=NON_VISIBLE, function="Identification", server=SERVER, more="",
                shown="wysiwys", ident=' Id="bidSignedData"', raw_visible=None):
    texts = ""
    if visible is not None or raw_visible is not None:
        value = raw_visible if raw_visible is not None else b64(visible)
        texts += f'<usrVisibleData charset="UTF-8" visible="{shown}">{value}</usrVisibleData>'
    if non_visible is not None:
        texts += f"<usrNonVisibleData>{b64(non_visible)}</usrNonVisibleData>"
    return (
        f'<bankIdSignedData xmlns="{TYPES}"{ident}>{texts}'
        f"<srvInfo><name>{b64(server)}</name><nonce>{b64(bytes(20))}</nonce>"
        f"<displayName>{b64('Exempelmyndigheten')}</displayName></srvInfo>"
        f"<clientInfo><funcId>{function}</funcId><version>{b64('Personal=7.12.1.5&platform=corpus&')}</version>"
        f"<env><ai><type>{b64('CORPUS')}</type><deviceInfo>{b64('1')}</deviceInfo><uhi>{b64('uhi')}</uhi>"
        "<fsib>0</fsib><utb>cs1</utb><requirement><condition><type>CertificatePolicies</type>"
        "<value>1.2.3.4.5</value></condition></requirement><uauth>pw</uauth></ai></env></clientInfo>"
        f"{more}</bankIdSignedData>"
    )


def key_info(chain, wrap=str):
    certs = "".join(f"<X509Certificate>{wrap(b64(c if isinstance(c, bytes) else c.der))}</X509Certificate>" for c in chain)
    return f'<KeyInfo xmlns="{DSIG}" Id="bidKeyInfo"><X509Data>{certs}</X509Data></KeyInfo>'


def method(element, algorithm):
    return f'<{element} Algorithm="{algorithm}"></{element}>'


def reference(target, content, kind="", transform=C14N, digest=SHA256, function=hashlib.sha256):
    value = b64(function(c14n(content).encode()).digest())
    return (f'<Reference{kind} URI="{target}"><Transforms>{method("Transform", transform)}</Transforms>'
            f'{method("DigestMethod", digest)}<DigestValue>{value}</DigestValue></Reference>')


DATA_KIND = f' Type="{TYPES}"'


def sign(signer, chain, data=None, keys=None, references=None, algorithm=RSA_SHA256, canonical=C14N, hash_=None):
    """(SignedInfo, SignatureValue, KeyInfo, data): the four parts, validly signed."""
    data = data or signed_data()
    keys = keys or key_info(chain)
    references = references or reference("#bidSignedData", data, DATA_KIND) + reference("#bidKeyInfo", keys)
    info = (f'<SignedInfo xmlns="{DSIG}">{method("CanonicalizationMethod", canonical)}'
            f'{method("SignatureMethod", algorithm)}{references}</SignedInfo>')
    return info, b64(signer.sign(c14n(info).encode(), hash_)), keys, data


def document(parts, objects=None, head=DECLARATION):
    info, value, keys, data = parts
    objects = f"<Object>{data}</Object>" if objects is None else objects
    return f'{head}<Signature xmlns="{DSIG}">{info}<SignatureValue>{value}</SignatureValue>{keys}{objects}</Signature>'


def write(name, **fields):
    path = HERE / "cases" / f"{name}.json"
    path.write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n")


def main():
    for old in (HERE / "cases").glob("*.json"):
        old.unlink()
    bank, stranger = Bank("Corpus"), Bank("Stranger")
    neighbour = Bank("Neighbour", root=bank.root)
    (HERE / "root.pem").write_text(bank.root.cert.public_bytes(serialization.Encoding.PEM).decode())
    tolvan = bank.person()
    chain = [tolvan, bank.customer_ca, bank.ca]
    certificates = {"Tolvan": b64(tolvan.der), "customer CA": b64(bank.customer_ca.der), "bank CA": b64(bank.ca.der)}
    (HERE / "certificates.json").write_text(json.dumps(certificates, indent=1) + "\n")
    good = sign(tolvan, chain)
    xml = document(good)

    def case(name, code, xml=xml, xmlsec=True, who=tolvan, at=AT, ocsp=None, expected=None, signature=None, issuer=bank,
             **options):
        fields = {"code": code}
        encoded = signature if signature is not None else b64(xml)
        base = name == "good"
        if signature is not None:
            fields["signature"] = signature
        elif base or xml is not good_xml:
            fields["xml"] = xml
        if base or fields.keys() & {"xml", "signature"} or ocsp is not None or options or at != AT or who is not tolvan:
            der = ocsp if ocsp is not None else answer(issuer, who, encoded, at, **options)
            fields["ocsp"] = der if isinstance(der, str) else b64(der)
        if "xml" in fields:
            for holder, der in certificates.items():
                fields["xml"] = fields["xml"].replace(f">{der}<", f">{{{holder}}}<")
        if fields.keys() & {"xml", "signature"}:
            fields["xmlsec"] = xmlsec
        if expected or base:
            fields["expected"] = expected
        write(name, **fields)

    good_xml = xml
    case("good", "OK", expected={
        "now": AT.isoformat(), "operation": "Identification", "personal_number": "191212121212", "visible": VISIBLE,
        "non_visible": NON_VISIBLE, "policies": ["1.2.752.78.1.5", "1.2.3.4.5"], "relying_party": "2021005521"})

    # -- also good
    case("good-nonce-wrapped", "OK", extensions=[extension(b"\4\x14" + hashlib.sha1(b64(xml).encode()).digest(), critical=False)])
    case("good-responder-by-name", "OK", by="name", digest="sha256", algorithm=hashes.SHA512())
    case("good-responder-of-the-bank", "OK", signer=issue(pki.name("Corpus Bank OCSP"), bank.ca, usage=None,
         eku=[ExtendedKeyUsageOID.OCSP_SIGNING], policies=()))
    case("good-responder-after-others", "OK", certs=[bank.customer_ca, bank.responder], next_update=AT + dt.timedelta(hours=1))
    signing = {"operation": "Signing", "visible": "Jag skriver under", "non_visible": None}
    case("good-signing", "OK", document(sign(tolvan, chain, signed_data("Jag skriver under", None, "Signing"))), expected=signing)
    case("good-nothing-shown", "OK", document(sign(tolvan, chain, signed_data(None))), expected={"visible": None})
    committed = bank.person(usage={"content_commitment": True})
    case("good-signing-with-commitment-key", "OK", document(sign(committed, [committed, *chain[1:]],
         signed_data("Jag skriver under", None, "Signing"))), who=committed, expected=signing)
    unknown = signed_data(more='<news xmlns="" b="2" a="&#13;&#9;&amp;&quot;&lt;"><x xmlns="urn:y" /> å&#13;&gt;</news>')
    case("good-unknown-elements", "OK", document(sign(tolvan, chain, unknown)))
    lines = lambda text: "\n".join(text[i:i + 76] for i in range(0, len(text), 76))
    loose = sign(tolvan, chain, keys=key_info(chain, lines))
    case("good-other-writing", "OK", document((loose[0].replace("></Transform>", " />"), lines(loose[1]), *loose[2:]), head="")
         .replace("<Object>", "<Object>\n  ").replace(f'<SignedInfo xmlns="{DSIG}">', "<SignedInfo>"))

    # -- what must not be parsed
    case("xml-dtd", "XML_DTD", xml.replace("?>", '?><!DOCTYPE Signature [<!ENTITY a "b">]>', 1))
    case("xml-dtd-empty", "XML_DTD", xml.replace("?>", "?><!DOCTYPE Signature>", 1))
    case("xml-comment-in-value", "XML_COMMENT", xml.replace(b64(VISIBLE), b64(VISIBLE)[:20] + "<!-- -->" + b64(VISIBLE)[20:]))
    case("xml-comment-between", "XML_COMMENT", xml.replace("<Object>", "<!-- --><Object>"))
    case("xml-instruction", "XML_INSTRUCTION", xml.replace("<Object>", "<?a b?><Object>"))
    case("xml-cdata", "XML_CDATA", xml.replace("<fsib>0</fsib>", "<fsib><![CDATA[0]]></fsib>"))
    # Entities: that grow a thousandfold, that fetch a file, that hide a text, and a default that gives an Id.
    lol = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 4))
    entity = lambda declared, text=xml: text.replace("?>", f"?><!DOCTYPE Signature [{declared}]>", 1)
    case("xml-entity-growing", "XML_DTD", entity(f'<!ENTITY e0 "{"x" * 10}">{lol}', xml.replace("<fsib>0<", "<fsib>&e3;<")), False)
    case("xml-entity-file", "XML_DTD", entity('<!ENTITY f SYSTEM "file:///dev/null">', xml.replace("<fsib>0<", "<fsib>&f;0<")), None)
    case("xml-entity-address", "XML_DTD", entity('<!ENTITY f SYSTEM "http://127.0.0.1:9/x">', xml.replace("<fsib>0<", "<fsib>&f;0<")), False)
    case("xml-entity-parameter", "XML_DTD", entity('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;'))
    case("xml-entity-hides-a-text", "XML_DTD", entity(f'<!ENTITY t "{b64(VISIBLE)}">', xml.replace(b64(VISIBLE), "&t;")), None)
    no_id = xml.replace(' Id="bidSignedData"', "", 1)
    case("xml-dtd-gives-an-id", "XML_DTD", entity('<!ATTLIST bankIdSignedData Id ID "bidSignedData">', no_id), False)
    case("xml-dtd-outside", "XML_DTD", xml.replace("?>", '?><!DOCTYPE Signature SYSTEM "http://127.0.0.1:9/x">', 1))
    case("xml-entity-undeclared", "XML_MALFORMED", xml.replace("<fsib>0<", "<fsib>&nobody;<"), False)
    case("xml-comment-in-certificate", "XML_COMMENT", xml.replace("<X509Certificate>", "<X509Certificate><!-- -->", 1))
    case("xml-comment-in-signature", "XML_COMMENT", xml.replace("<SignatureValue>", "<SignatureValue><!-- -->"))
    case("xml-comment-in-digest", "XML_COMMENT", xml.replace("<DigestValue>", "<DigestValue><!-- -->"))
    case("xml-instruction-in-value", "XML_INSTRUCTION", xml.replace(b64(VISIBLE), b64(VISIBLE)[:20] + "<?a b?>" + b64(VISIBLE)[20:]), False)
    case("xml-two-roots", "XML_MALFORMED", xml + document(good, head=""), False)
    case("xml-utf-16", "XML_MALFORMED", signature=b64(xml.replace("UTF-8", "UTF-16", 1).encode("utf-16")), xmlsec=True)
    case("xml-not-utf-8", "XML_MALFORMED", signature=b64(xml.encode().replace(b"<fsib>0", b"<fsib>\xff")), xmlsec=False)
    case("xml-truncated", "XML_MALFORMED", xml[:-20], False)
    case("xml-latin-1", "XML_MALFORMED", xml.replace("UTF-8", "ISO-8859-1", 1))
    prefixed = document(good).replace("<Signature xmlns=", '<Signature xmlns:x="urn:x" xmlns=')
    case("xml-prefix", "XML_PREFIX", prefixed, False)
    case("xml-prefix-signed", "XML_PREFIX", document(sign(tolvan, chain, signed_data(more='<x:a xmlns:x="urn:x"></x:a>'))))
    case("xml-language-attribute", "XML_STRUCTURE", xml.replace("<Object>", '<Object xml:lang="sv">'), False)
    case("base64-garbage", "BASE64", signature="***" + b64(xml)[3:], xmlsec=False)
    case("base64-line-breaks", "BASE64", signature=lines(b64(xml)), xmlsec=False)
    case("base64-empty", "XML_MALFORMED", signature="", xmlsec=False)

    # -- wrapping: the signed element is there and valid, something else would be read
    forged = signed_data("Jag ger Mallory fullmakt", ident="")
    other_id = signed_data("Jag ger Mallory fullmakt", ident=' Id="other"')
    same_id = signed_data("Jag ger Mallory fullmakt")
    true = good[3]
    outer = f'<Envelope xmlns="urn:evil"><Object>{forged}</Object>{document(good, head="")}</Envelope>'
    case("wrap-new-root", "XML_STRUCTURE", outer)
    case("wrap-second-object", "XML_STRUCTURE", document(good, f"<Object>{other_id}</Object><Object>{true}</Object>"))
    case("wrap-second-object-no-id", "XML_STRUCTURE", document(good, f"<Object>{forged}</Object><Object>{true}</Object>"))
    case("wrap-second-object-same-id", "XML_DUPLICATE_ID", document(good, f"<Object>{true}</Object><Object>{same_id}</Object>"), False)
    case("wrap-two-data", "XML_STRUCTURE", document(good, f"<Object>{forged}{true}</Object>"))
    case("wrap-two-data-same-id", "XML_DUPLICATE_ID", document(good, f"<Object>{same_id}{true}</Object>"), False)
    inside = forged.replace("</bankIdSignedData>", f"{true}</bankIdSignedData>")
    case("wrap-nested", "XML_STRUCTURE", document(good, f"<Object>{inside}</Object>"))
    case("wrap-nested-same-id", "XML_DUPLICATE_ID", document(good, f"<Object>{same_id.replace('</bankIdSignedData>', true + '</bankIdSignedData>')}</Object>"), False)
    lower = forged.replace('types">', 'types" id="bidSignedData">', 1)
    case("wrap-id-in-lower-case", "XML_DUPLICATE_ID", document(good, f"<Object>{lower}</Object><Object>{true}</Object>"))
    case("wrap-data-in-key-info", "XML_STRUCTURE", document((*good[:2], good[2].replace("</KeyInfo>", f"<Object>{true}</Object></KeyInfo>"), forged)), False)
    case("wrap-object-in-signed-info", "XML_STRUCTURE", document((good[0].replace("</SignedInfo>", f"<Object>{true}</Object></SignedInfo>"), *good[1:3], forged)), False)
    case("wrap-key-info-elsewhere", "XML_STRUCTURE", document((*good[:2], "", true), f"<Object>{true}</Object><Object>{good[2]}</Object>"), False)
    twice = good[2] + good[2].replace(b64(tolvan.der), b64(bank.customer_ca.der))
    case("wrap-key-info-same-id", "XML_DUPLICATE_ID", document((*good[:2], twice, true)), False)
    # The eight shapes of Somorovsky and others ("On Breaking SAML: Be Whoever You Want to Be", 2012), carried over to a
    # signature that encloses its data: each time the signed element and its signature are whole, and elsewhere.
    bare = document(good, "", head="")
    evil = (*good[:3], same_id)
    inner = document(good, head="")
    case("xsw-1", "XML_DUPLICATE_ID", document(evil, f"<Object>{same_id}</Object><Object>{inner}</Object>"), False)
    case("xsw-2", "XML_DUPLICATE_ID", document(evil, f"<Object>{other_id}</Object><Object>{bare}{true}</Object>"), False)
    case("xsw-3", "XML_STRUCTURE", document(good, f"<Object>{other_id}</Object>{true}"), False)
    holding = other_id.replace("</bankIdSignedData>", f"{true}</bankIdSignedData>")
    case("xsw-4", "XML_STRUCTURE", document(good, f"<Object>{holding}</Object>"))
    case("xsw-5", "XML_DUPLICATE_ID", document(evil, f"<Object>{same_id}</Object>{true}"), False)
    case("xsw-6", "XML_DUPLICATE_ID", document(evil, f"<Object>{same_id.replace('</bankIdSignedData>', inner + '</bankIdSignedData>')}</Object>"), False)
    case("xsw-7", "XML_DUPLICATE_ID", document(good, f'<Object><Extensions xmlns="urn:evil">{same_id}</Extensions>{true}</Object>'), False)
    case("xsw-8", "XML_STRUCTURE", document(good, f'<Object>{forged}<Extensions xmlns="urn:evil">{true}</Extensions></Object>'))
    case("wrap-text-beside", "XML_STRUCTURE", document(good, f"<Object>Jag ger Mallory fullmakt{true}</Object>"))
    case("wrap-object-id", "XML_STRUCTURE", xml.replace("<Object>", '<Object Id="o">'))

    # -- references and algorithms
    to_data, to_keys = reference("#bidSignedData", true, DATA_KIND), reference("#bidKeyInfo", good[2])
    refs = lambda text: document(sign(tolvan, chain, references=text))
    case("reference-data-only", "XML_STRUCTURE", refs(to_data))
    case("reference-keys-only", "XML_STRUCTURE", refs(to_keys))
    case("reference-three", "XML_STRUCTURE", refs(to_data + to_keys + to_keys))
    case("reference-order", "XML_STRUCTURE", refs(to_keys + to_data))
    case("reference-without-type", "XML_STRUCTURE", refs(to_data.replace(DATA_KIND, "") + to_keys))
    case("reference-keys-twice", "XML_STRUCTURE", refs(to_keys + to_keys))
    case("reference-whole-document", "XML_STRUCTURE", refs(to_data + to_keys.replace("#bidKeyInfo", "")), False)
    case("reference-elsewhere", "XML_STRUCTURE", refs(to_data + to_keys.replace("#bidKeyInfo", "http://localhost:1/x")), False)
    case("reference-no-transform", "XML_STRUCTURE", refs(to_data.replace(method("Transform", C14N), "") + to_keys))
    exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    case("algorithm-exclusive-transform", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, exclusive) + to_keys))
    case("algorithm-two-transforms", "XML_STRUCTURE", refs(to_data.replace(method("Transform", C14N), method("Transform", C14N) * 2) + to_keys))
    case("algorithm-xpath", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, "http://www.w3.org/TR/1999/REC-xpath-19991116") + to_keys), False)
    case("algorithm-digest-sha1", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, digest=DSIG + "sha1", function=hashlib.sha1) + to_keys))
    case("algorithm-rsa-sha1", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm=DSIG + "rsa-sha1", hash_=hashes.SHA1())))
    case("algorithm-rsa-sha512", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm=RSA_SHA256.replace("256", "512"), hash_=hashes.SHA512())))
    case("algorithm-none", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm="")), False)
    case("algorithm-rsa-md5", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm=RSA_SHA256.replace("sha256", "md5"))), False)
    case("algorithm-ecdsa", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm=RSA_SHA256.replace("rsa", "ecdsa"))), False)
    case("algorithm-rsa-pss", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1")), False)
    case("algorithm-digest-md5", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, digest="http://www.w3.org/2001/04/xmldsig-more#md5", function=hashlib.md5) + to_keys), None)
    case("algorithm-xslt", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, "http://www.w3.org/TR/1999/REC-xslt-19991116") + to_keys), False)
    case("algorithm-enveloped", "XML_ALGORITHM", refs(reference("#bidSignedData", true, DATA_KIND, DSIG + "enveloped-signature") + to_keys), False)
    case("reference-by-pointer", "XML_STRUCTURE", refs(to_data.replace("#bidSignedData", "#xpointer(id('bidSignedData'))") + to_keys))
    case("algorithm-hmac", "XML_ALGORITHM", document(sign(tolvan, chain, algorithm=DSIG + "hmac-sha1")), False)
    case("algorithm-exclusive-c14n", "XML_ALGORITHM", document(sign(tolvan, chain, canonical=exclusive)))
    case("algorithm-c14n-with-comments", "XML_ALGORITHM", document(sign(tolvan, chain, canonical=C14N + "#WithComments")))
    value = f'<KeyValue><RSAKeyValue><Modulus>{b64(bytes([200] * 256))}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>'
    case("key-info-key-value", "XML_STRUCTURE", document(sign(tolvan, chain, keys=good[2].replace("<X509Data>", value + "<X509Data>"))))

    # -- content and signature
    case("changed-text", "DIGEST_MISMATCH", xml.replace(b64(VISIBLE), b64("Jag ger Mallory fullmakt")), False)
    case("changed-function", "DIGEST_MISMATCH", xml.replace(">Identification<", ">Signing<"), False)
    mallory = bank.person("195006262546")
    case("changed-certificate", "DIGEST_MISMATCH", xml.replace(b64(tolvan.der), b64(mallory.der)), False)
    case("changed-digest", "SIGNATURE_WRONG", document((sign(tolvan, chain, same_id)[0], good[1], good[2], same_id)), False)
    case("signature-other-key", "SIGNATURE_WRONG", document(sign(mallory, chain)), False)
    case("signature-other-person-claims", "WRONG_PERSON", document(sign(mallory, [mallory, *chain[1:]])), who=mallory)
    case("signature-empty", "SIGNATURE_WRONG", document((good[0], "", *good[2:])), False)
    case("signature-raw-digest", "SIGNATURE_WRONG", document((good[0], b64(hashlib.sha256(good[0].encode()).digest()), *good[2:])), False)
    weak = bank.person(private=pki.key(1024))
    case("signature-weak-key", "SIGNATURE_WRONG", document(sign(weak, [weak, *chain[1:]])), who=weak)

    # -- certificates
    def by(person, code, issuers=chain[1:], xmlsec=True, **options):
        return dict(code=code, xml=document(sign(person, [person, *issuers], options.pop("data", None))), xmlsec=xmlsec, who=person, **options)

    alien = stranger.person()
    case("chain-other-root", **by(alien, "CHAIN_UNTRUSTED", [stranger.customer_ca, stranger.ca], False, issuer=stranger))
    case("chain-self-signed", **by(issue(pki.person_name("191212121212")), "CHAIN_UNTRUSTED", xmlsec=False))
    case("chain-person-as-ca", **by(issue(pki.person_name("195006262546", "Mallory", "M"), tolvan), "CHAIN_UNTRUSTED", [tolvan, bank.customer_ca], False))
    case("chain-swapped", **by(tolvan, "CHAIN_UNTRUSTED", [bank.ca, bank.customer_ca]))
    case("chain-strangers-beside", **by(tolvan, "CHAIN_UNTRUSTED", [bank.customer_ca, stranger.ca], False))
    case("chain-without-bank", **by(tolvan, "XML_STRUCTURE", [bank.customer_ca], False))
    case("chain-with-root", **by(tolvan, "XML_STRUCTURE", [bank.customer_ca, bank.ca, bank.root]))
    case("chain-straight-from-bank", **by(issue(pki.person_name("191212121212"), bank.ca), "CHAIN_UNTRUSTED"))
    short = issue(pki.name("Corpus short CA"), bank.root, ca=True, usage=pki.CERT_SIGN, path_length=0)
    under = issue(pki.name("Corpus CA under short"), short, ca=True, usage=pki.CERT_SIGN)
    case("chain-path-length", **by(issue(pki.person_name("191212121212"), under), "CHAIN_UNTRUSTED", [under, short], False))
    past, future = dt.datetime(2026, 5, 1, tzinfo=dt.timezone.utc), dt.datetime(2090, 1, 1, tzinfo=dt.timezone.utc)
    case("chain-expired", **by(bank.person(end=past), "CHAIN_EXPIRED", xmlsec=False))
    case("chain-not-yet-valid", **by(bank.person(start=future), "CHAIN_EXPIRED", xmlsec=False))
    old = issue(pki.name("Corpus old CA"), bank.ca, ca=True, usage=pki.CERT_SIGN, end=past)
    case("chain-ca-expired", **by(issue(pki.person_name("191212121212"), old), "CHAIN_EXPIRED", [old, bank.ca], False))
    broken = tolvan.der[:200] + tolvan.der[210:]
    case("chain-malformed", "CERTIFICATE_MALFORMED", document(sign(tolvan, [broken, *chain[1:]])), False)
    case("policy-other", **by(bank.person(policies=["1.2.3.4.25"]), "POLICY_WRONG"))
    case("policy-prefix", **by(bank.person(policies=["1.2.3.4.5.1", "1.2.3.4"]), "POLICY_WRONG"))
    case("policy-none", **by(bank.person(policies=()), "POLICY_WRONG"))
    case("policy-not-wanted", "POLICY_WRONG", expected={"policies": ["1.2.752.78.1.5"]})
    case("policy-nothing-accepted", "POLICY_WRONG", expected={"policies": []})
    case("usage-encipherment", **by(bank.person(usage={"key_encipherment": True}), "KEY_USAGE"))
    case("usage-unstated", **by(bank.person(usage=None), "KEY_USAGE"))
    case("usage-commitment-for-login", **by(committed, "KEY_USAGE"))
    case("usage-server", **by(bank.person(eku=[ExtendedKeyUsageOID.SERVER_AUTH]), "KEY_USAGE", xmlsec=True))
    case("usage-responder-as-person", **by(bank.responder, "KEY_USAGE", xmlsec=True))
    careless = issue(pki.name("Corpus careless CA"), bank.ca, ca=True, usage={"digital_signature": True})
    case("usage-ca-may-not-sign", **by(issue(pki.person_name("191212121212"), careless), "KEY_USAGE", [careless, bank.ca], False))
    company = issue(pki.name("FP Corpus", [(NameOID.SERIAL_NUMBER, "2021005521"), (NameOID.SURNAME, "A"), (NameOID.GIVEN_NAME, "B")]), bank.customer_ca)
    case("person-is-a-relying-party", **by(company, "WRONG_PERSON"))
    case("person-without-number", **by(issue(pki.name("Tolvan Tolvansson"), bank.customer_ca), "WRONG_PERSON"))
    case("person-with-two-numbers", **by(bank.person(["191212121212", "195006262546"]), "WRONG_PERSON"))

    # -- OCSP
    hour = dt.timedelta(hours=1)
    case("ocsp-not-base64", "BASE64", ocsp="-")
    case("ocsp-empty", "OCSP_MALFORMED", ocsp="")
    whole = answer(bank, tolvan, b64(xml), AT)
    case("ocsp-truncated", "OCSP_MALFORMED", ocsp=whole[:-10])
    case("ocsp-trailing", "OCSP_MALFORMED", ocsp=whole + b"\0\0")
    case("ocsp-try-later", "OCSP_STATUS", ocsp=bytes.fromhex("30030a0103"))
    case("ocsp-successful-without-answer", "OCSP_MALFORMED", ocsp=bytes.fromhex("30030a0100"))
    case("ocsp-two-answers", "OCSP_MALFORMED", responses=2)
    case("ocsp-other-root", "OCSP_RESPONDER", signer=stranger.responder, certs=[stranger.responder, stranger.customer_ca, stranger.ca])
    case("ocsp-other-bank", "OCSP_RESPONDER", signer=neighbour.responder, certs=[neighbour.responder, neighbour.customer_ca, neighbour.ca])
    case("ocsp-root-as-issuer", "OCSP_RESPONDER", signer=issue(pki.name("Root OCSP"), bank.root, eku=[ExtendedKeyUsageOID.OCSP_SIGNING]))
    case("ocsp-by-the-person", "OCSP_RESPONDER", signer=tolvan)
    case("ocsp-by-client-certificate", "OCSP_RESPONDER", signer=issue(pki.name("X"), bank.customer_ca, eku=[ExtendedKeyUsageOID.CLIENT_AUTH]))
    case("ocsp-by-any-usage", "OCSP_RESPONDER", signer=issue(pki.name("X"), bank.customer_ca, eku=[ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]))
    case("ocsp-responder-expired", "OCSP_RESPONDER", signer=issue(pki.name("X"), bank.customer_ca, eku=[ExtendedKeyUsageOID.OCSP_SIGNING], end=past))
    case("ocsp-responder-key-usage", "OCSP_RESPONDER", signer=issue(pki.name("X"), bank.customer_ca, eku=[ExtendedKeyUsageOID.OCSP_SIGNING], usage={"key_encipherment": True}))
    case("ocsp-no-certificates", "OCSP_RESPONDER", certs=[])
    case("ocsp-names-another", "OCSP_RESPONDER", named=bank.ca)
    case("ocsp-too-many-certificates", "OCSP_MALFORMED", certs=[bank.responder] * 5)
    case("ocsp-other-key", "OCSP_SIGNATURE", signer=mallory, certs=[bank.responder], named=bank.responder)
    case("ocsp-sha1", "OCSP_SIGNATURE", algorithm=hashes.SHA1())
    case("ocsp-changed-time", "OCSP_SIGNATURE", at=AT - hour, tamper={"produced_at": AT})
    case("ocsp-other-serial", "OCSP_CERT_ID", id_person=mallory)
    case("ocsp-other-issuer", "OCSP_CERT_ID", id_issuer=bank.ca)
    case("ocsp-other-hash", "OCSP_CERT_ID", digest="sha512")
    case("ocsp-revoked", "OCSP_REVOKED", status="revoked")
    case("ocsp-unknown", "OCSP_UNKNOWN", status="unknown")
    case("ocsp-nonce-missing", "OCSP_NONCE", extensions=[])
    case("ocsp-nonce-of-another", "OCSP_NONCE", extensions=[extension(hashlib.sha1(b64(xml + " ").encode()).digest())])
    case("ocsp-nonce-short", "OCSP_NONCE", extensions=[extension(hashlib.sha1(b64(xml).encode()).digest()[:19])])
    case("ocsp-nonce-inside", "OCSP_NONCE", extensions=[extension(b"\0" + hashlib.sha1(b64(xml).encode()).digest())])
    twice = [extension(hashlib.sha1(b64(xml).encode()).digest()), extension(bytes(20))]
    case("ocsp-nonce-twice", "OCSP_NONCE", extensions=twice)
    case("ocsp-critical-extension", "OCSP_MALFORMED", extensions=[twice[0], extension(b"\5\0", "1.2.3.4")])
    case("ocsp-replayed", "OCSP_STALE", at=AT - hour)
    case("ocsp-from-the-future", "OCSP_STALE", at=AT + hour)
    case("ocsp-knowledge-old", "OCSP_STALE", this_update=AT - 25 * hour)
    case("ocsp-knowledge-outdated", "OCSP_STALE", this_update=AT - hour, next_update=AT - hour / 2)
    case("ocsp-knowledge-from-the-future", "OCSP_STALE", this_update=AT + hour)
    case("evidence-years-later", "OCSP_STALE", expected={"now": "2031-06-01T10:00:00+00:00"})

    # -- what was asked for
    case("data-other-text-sent", "DATA_MISMATCH", expected={"visible": VISIBLE + " "})
    case("data-none-sent", "DATA_MISMATCH", expected={"visible": None})
    case("data-not-shown", "DATA_MISMATCH", document(sign(tolvan, chain, signed_data(None))))
    case("data-empty-is-not-none", "DATA_MISMATCH", document(sign(tolvan, chain, signed_data(""))), expected={"visible": None})
    case("data-other-session", "DATA_MISMATCH", expected={"non_visible": NON_VISIBLE.replace("corpus", "victim")})
    case("data-not-what-you-see", "XML_STRUCTURE", document(sign(tolvan, chain, signed_data(shown="hidden"))))
    case("data-not-base64", "BASE64", document(sign(tolvan, chain, signed_data(raw_visible="Jag"))))
    case("data-text-twice", "XML_STRUCTURE", document(sign(tolvan, chain, signed_data(more=f'<usrVisibleData charset="UTF-8" visible="wysiwys">{b64("x")}</usrVisibleData>'))))
    case("data-function-twice", "XML_STRUCTURE", document(sign(tolvan, chain, signed_data(function="Identification</funcId><funcId>Signing"))))
    case("operation-signing-wanted", "WRONG_OPERATION", expected={"operation": "Signing"})
    case("operation-unknown", "WRONG_OPERATION", document(sign(tolvan, chain, signed_data(function="identification"))))
    case("person-other-completed", "WRONG_PERSON", expected={"personal_number": "195006262546"})
    case("relying-party-other", "WRONG_RELYING_PARTY", expected={"relying_party": "5566304928"})
    smuggled = SERVER.replace("name=Exempelmyndigheten", "name=A,serialNumber=2021005521").replace("serialNumber=2021005521,o", "serialNumber=5566304928,o")
    case("relying-party-smuggled", "WRONG_RELYING_PARTY", document(sign(tolvan, chain, signed_data(server=smuggled))))

    vectors = [
        "<a/>", "<a b='1' a='2'/>", "<a>\r\n\t<b />\n</a>", "<a>&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;</a>",
        "<a b='&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9; \n x'/>", '<a xmlns="urn:x"><b xmlns="urn:x"/><c xmlns=""/><d xmlns="urn:y"><e/></d></a>',
        "<a>å ä ö € 😀 &#229;&#x1F600;</a>", "<?xml version='1.0'?>\n<a></a>\n", "<a Z='1' a='2' B='3' _='4' ä='5'/>",
        '<a xmlns="">t<b xmlns="urn:x" c="d">u</b>v</a>', good_xml,
    ]
    (HERE / "canonical.json").write_text(json.dumps([[v, c14n(v.encode())] for v in vectors], ensure_ascii=False, indent=1) + "\n")


main()
