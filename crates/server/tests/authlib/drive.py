"""Walks the whole of OpenID Connect with Authlib, a client library that is not ours, against a running installation:
discovery, keys, pushed request, code with PKCE, ID token, userinfo, introspection, client credentials, log-out and the
log-out told by the provider. As a public client, and with `private_key_jwt` by ES256 and by RS256.

    drive.py ISSUER ADDRESS BINARY CONFIGURATION

The browser is somebody else: what is printed as `visit URL` is visited there, and where that ends is read from stdin.
Ends with status 0 and the number of checks, or with the first check that failed.
"""

import json
import pathlib
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import get_well_known_url
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

ISSUER, ADDRESS, BINARY, CONFIGURATION = sys.argv[1:]
INFO = "https://id.oidc.se/scope/naturalPersonInfo"
PARTY = "urn:behorig:scope:party"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
checks = 0


def check(name, holds, found=""):
    global checks
    if not holds:
        sys.exit(f"FAILED: {name} {found}")
    checks += 1
    print(f"ok  {name}")


def same(name, found, wanted):
    check(name, found == wanted, f"{found!r} is not {wanted!r}")


def refused(name, call, error):
    try:
        found = call()
    except OAuthError as e:
        same(name, e.error, error)
    else:
        check(name, False, f"no refusal, but {found}")


class HereInstead(requests.adapters.HTTPAdapter):
    """Takes the place of a name server and of the port in front of the house: the library keeps the public addresses."""

    def send(self, request, **options):
        request.url = request.url.replace(ISSUER, ADDRESS, 1)
        return super().send(request, **options)


class Shop(BaseHTTPRequestHandler):
    """The e-service as far as the provider itself calls it."""

    told = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.told.append(parse_qs(body)["logout_token"][0])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def visit(url):
    print(f"visit {url}", flush=True)
    return sys.stdin.readline().strip()


def session(client, key=None, alg=None, **more):
    if key is None:
        it = OAuth2Session(client, token_endpoint_auth_method="none", code_challenge_method="S256", **more)
    else:
        it = OAuth2Session(client, key, token_endpoint_auth_method="private_key_jwt", code_challenge_method="S256", **more)
        it.register_client_auth_method(PrivateKeyJWT(alg=alg, headers={"kid": key.kid}))
    it.trust_env = False
    it.mount(ISSUER, HereInstead())
    return it


def discover():
    plain = requests.Session()
    plain.trust_env = False
    plain.mount(ISSUER, HereInstead())
    found = plain.get(get_well_known_url(ISSUER, external=True, suffix="openid-configuration"), timeout=10).json()
    same("discovery: the issuer is who was asked", found["issuer"], ISSUER)
    # The library demands https of every address; what it checks beside that it shall check.
    secure = {k: v.replace("http://", "https://", 1) if isinstance(v, str) else v for k, v in found.items()}
    # We sign ID tokens with ES256 only, as the profile of Swedish OpenID Connect prefers; OpenID Connect Discovery §3 would
    # have RS256 in the list as well. The library sees that, and nothing else that is wrong.
    algorithms = "id_token_signing_alg_values_supported"
    same("discovery: ES256 alone", secure[algorithms], ["ES256"])
    OpenIDProviderMetadata({**secure, algorithms: ["ES256", "RS256"]}).validate()
    check("discovery: beside that the library finds the document valid", True)
    keys = KeySet.import_key_set(plain.get(found["jwks_uri"], timeout=10).json())
    check("keys: there is one to verify with", len(keys.keys) >= 1)
    check("keys: no private part", not any(key.is_private for key in keys.keys))
    return found, keys


def opened(found, keys, token):
    registry = JWSRegistry(algorithms=found["id_token_signing_alg_values_supported"], strict_check_header=False)
    return jwt.decode(token, keys, registry=registry)


def pushed(it, found, **more):
    """A request that is pushed ahead: the parameters as the library makes them, sent with the library's own proof."""
    verifier, nonce = generate_token(48), generate_token()
    address, state = it.create_authorization_url(
        found["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more
    )
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if it.token_endpoint_auth_method == "none":
        # The library's way for public clients to say who they are adds this one itself; twice would be a fault.
        del parameters["client_id"]
    proof = it.client_auth(it.token_endpoint_auth_method)
    answer = it.post(found["pushed_authorization_request_endpoint"], data=parameters, auth=proof, withhold_token=True)
    check(f"{it.client_id}: the request is pushed", answer.status_code == 201, answer.text)
    address, _ = it.create_authorization_url(
        found["authorization_endpoint"], state=state, request_uri=answer.json()["request_uri"]
    )
    return address, state, nonce, verifier


def walk(found, keys, it, back):
    who = it.client_id
    address, state, nonce, verifier = pushed(it, found)
    arrived = visit(address)
    check(f"{who}: the visitor comes back", arrived.startswith(back), arrived)
    answer = parse_qs(urlsplit(arrived).query)
    same(f"{who}: with our state, from whom we asked", (answer["state"][0], answer["iss"][0]), (state, ISSUER))

    wrong = session(who, it.client_secret, alg=ALG.get(who), redirect_uri=back)
    refused(f"{who}: not with another verifier", lambda: wrong.fetch_token(
        found["token_endpoint"], authorization_response=arrived, state=state, code_verifier=generate_token(48)), "invalid_grant")
    address, state, nonce, verifier = pushed(it, found)
    arrived = visit(address)
    token = it.fetch_token(found["token_endpoint"], authorization_response=arrived, state=state, code_verifier=verifier)
    same(f"{who}: a bearer token", token["token_type"].lower(), "bearer")

    read = opened(found, keys, token["id_token"])
    claims = CodeIDToken(read.claims, read.header, {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": who}},
                         {"nonce": nonce, "client_id": who, "access_token": token["access_token"]})
    claims.validate(now=time.time())
    check(f"{who}: the ID token is valid for the library", True)
    check(f"{who}: and lives five minutes at most", claims["exp"] - claims["iat"] <= 300)
    same(f"{who}: level 3", claims["acr"], "http://id.elegnamnden.se/loa/1.0/loa3")
    spoiled = token["id_token"][:-6] + ("A" if token["id_token"][-6] != "A" else "B") + token["id_token"][-5:]
    try:
        opened(found, keys, spoiled)
        check(f"{who}: a spoiled ID token", False)
    except BadSignatureError:
        check(f"{who}: the library sees a spoiled ID token", True)

    person = it.get(found["userinfo_endpoint"], timeout=10).json()
    same(f"{who}: userinfo is about the same", (person["sub"], "name" in person), (claims["sub"], True))
    same(f"{who}: acting for the same", person["urn:behorig:claim:party"], claims["urn:behorig:claim:party"])
    again = session(who, it.client_secret, alg=ALG.get(who), redirect_uri=back)
    refused(f"{who}: the code counts once", lambda: again.fetch_token(
        found["token_endpoint"], authorization_response=arrived, state=state, code_verifier=verifier), "invalid_grant")
    same(f"{who}: and its token is taken back", it.get(found["userinfo_endpoint"], timeout=10).status_code, 401)

    # A login more: the visitor is known, and nobody is asked.
    address, state, nonce, verifier = pushed(it, found)
    token = it.fetch_token(found["token_endpoint"], authorization_response=visit(address), state=state, code_verifier=verifier)
    same(f"{who}: the same name at the next login", opened(found, keys, token["id_token"]).claims["sub"], claims["sub"])
    return token, claims


def introspected(found, it, token):
    return it.introspect_token(found["introspection_endpoint"], token=token["access_token"], withhold_token=True)


def leave(found, it, token, home):
    who = it.client_id
    address = requests.Request("GET", found["end_session_endpoint"], params={
        "id_token_hint": token["id_token"], "post_logout_redirect_uri": home, "state": "bye"}).prepare().url
    same(f"{who}: logged out, back home", visit(address), f"{home}?state=bye")
    same(f"{who}: the token is dead", it.get(found["userinfo_endpoint"], timeout=10).status_code, 401)


def told(found, keys, client, claims, sid):
    for _ in range(300):
        if Shop.told:
            break
        time.sleep(0.1)
    check(f"{client}: is told of the log-out", Shop.told)
    read = opened(found, keys, Shop.told.pop())
    same(f"{client}: by a log-out token", read.header["typ"], "logout+jwt")
    same(f"{client}: about this session", (read.claims["aud"], read.claims["sub"], read.claims["sid"]), (client, claims["sub"], sid))
    check(f"{client}: with the event, without a nonce", LOGOUT in read.claims["events"] and "nonce" not in read.claims)


def register(client, back, home, *more):
    command = [BINARY, "client", "add", "--config", CONFIGURATION, "--id", client, "--service", "employer"]
    command += ["--name-sv", "Kassan", "--name-en", "The till", "--redirect", back, "--post-logout", home, *more]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60)
    check(f"{client}: is registered", made.returncode == 0, made.stdout + made.stderr)


ALG = {"ec-shop": "ES256", "rsa-shop": "RS256"}


def main():
    server = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    back, home = f"{base}/back", f"{base}/"
    found, keys = discover()

    register("app", back, home, "--public")
    it = session("app", scope=f"openid {INFO} {PARTY}", redirect_uri=back)
    token, _ = walk(found, keys, it, back)
    same("app: introspection is for clients with a proof", introspected(found, it, token).json()["error"], "unauthorized_client")
    leave(found, it, token, home)

    subs = []
    for client, key in [("ec-shop", ECKey.generate_key("P-256", {"kid": "k1"})), ("rsa-shop", RSAKey.generate_key(2048, {"kid": "k1"}))]:
        file = pathlib.Path(CONFIGURATION).parent / f"{client}.json"
        file.write_text(json.dumps({"keys": [key.as_dict(private=False, alg=ALG[client], use="sig")]}))
        register(client, back, home, "--jwks", str(file), "--backchannel-logout", f"{base}/told")
        it = session(client, key, ALG[client], scope=f"openid {INFO} {PARTY}", redirect_uri=back)
        token, claims = walk(found, keys, it, back)
        subs.append(claims["sub"])
        read = introspected(found, it, token).json()
        same(f"{client}: introspection", (read["active"], read["sub"], read["client_id"]), (True, claims["sub"], client))
        machine = session(client, key, ALG[client])
        own = machine.fetch_token(found["token_endpoint"], grant_type="client_credentials")
        check(f"{client}: a token of its own, without a person", "id_token" not in own)
        # An assertion counts once: this library sends the same one again where it is given claims to keep.
        kept = session(client, key, ALG[client])
        kept.register_client_auth_method(PrivateKeyJWT(alg=ALG[client], headers={"kid": key.kid}, claims={"jti": "once"}))
        kept.fetch_token(found["token_endpoint"], grant_type="client_credentials")
        refused(f"{client}: an assertion counts once",
                lambda: kept.fetch_token(found["token_endpoint"], grant_type="client_credentials"), "invalid_client")
        stranger = session(client, type(key).generate_key("P-256" if client == "ec-shop" else 2048, {"kid": "k1"}), ALG[client])
        refused(f"{client}: not with another key", lambda: stranger.fetch_token(found["token_endpoint"], grant_type="client_credentials"), "invalid_client")
        sid = opened(found, keys, token["id_token"]).claims["sid"]
        leave(found, it, token, home)
        told(found, keys, client, claims, sid)
        same(f"{client}: nothing is active any more", introspected(found, it, token).json(), {"active": False})
    same("the same person has the same name in one service", len(set(subs)), 1)
    print(f"{checks} checks passed")


main()
