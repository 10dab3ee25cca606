#!/usr/bin/env python3
"""IAM, STS, a container's endpoint and IMDSv2 on loopback, which play out what the real ones do on good and bad days.

Prints its port, then serves (over TLS when a certificate and its key are named) until standard input ends. Which play
is on is told by the access key ID: AKIA, a word out of PLAYS, a number. Every signed request's Signature Version 4 is
computed here anew, from AWS's description of it. GET /log gives what was asked so far, as JSON. As a proxy it notes
which host it is to connect to, and refuses.
"""
import base64
import datetime
import hashlib
import hmac
import json
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
log = []
asked = {}  # (access key ID, action) -> times
NS = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"'
HEADER = ("user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n")


def secret_of(key_id):
    return "secret/+" + key_id


def token_of(key_id):
    """Temporary credentials have a token; an access key ID that starts with ASIA is one of them."""
    return "token/+==" + key_id if key_id.startswith("ASIA") else None


def account_of(key_id):
    digits = re.sub(r"\D", "", key_id)
    return digits.rjust(12, "1")[-12:]


def csv_of(account):
    return (HEADER + f"<root_account>,arn:aws:iam::{account}:root,2020-01-01T00:00:00Z,true,true,false,N/A\n"
            f"alice,arn:aws:iam::{account}:user/alice,2021-01-01T00:00:00Z,false,false,true,2026-01-01T00:00:00Z")


def hmac256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def check_signature(handler, body):
    """None, or what is wrong with the request's signature."""
    auth = handler.headers.get("Authorization", "")
    m = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                     r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", auth)
    if not m:
        return "no such Authorization: " + auth
    key_id, day, region, service, signed, signature = m.groups()
    names = signed.split(";")
    stamp = handler.headers.get("X-Amz-Date", "")
    if names != sorted(names) or "host" not in names or "x-amz-date" not in names or "content-type" not in names:
        return "signed headers: " + signed
    token = token_of(key_id)
    if token and ("x-amz-security-token" not in names or handler.headers.get("X-Amz-Security-Token") != token):
        return "the session token is missing, not signed, or another"
    if not stamp.startswith(day):
        return "the day of the scope is not that of X-Amz-Date"
    then = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(then.timestamp() - time.time()) > 300:
        return "X-Amz-Date is more than five minutes off"
    headers = "".join(n + ":" + re.sub(" +", " ", ",".join(handler.headers.get_all(n, []))).strip() + "\n"
                      for n in names)
    canonical = "\n".join([handler.command, handler.path, "", headers, signed, hashlib.sha256(body).hexdigest()])
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret_of(key_id)).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac256(key, part)
    if not hmac.compare_digest(hmac256(key, to_sign).hex(), signature):
        return "the signature is not that of the request"
    return None


def error_xml(code, message=None):
    text = f"<Message>{message}</Message>" if message else ""
    return (f"<ErrorResponse {NS}><Error><Type>Sender</Type><Code>{code}</Code>{text}</Error><RequestId>r</RequestId>"
            "</ErrorResponse>")


def generate_xml(state):
    return (f"<GenerateCredentialReportResponse {NS}><GenerateCredentialReportResult><State>{state}</State>"
            "</GenerateCredentialReportResult></GenerateCredentialReportResponse>")


def get_xml(account, csv=None):
    content = base64.b64encode((csv or csv_of(account)).encode()).decode()
    return (f"<GetCredentialReportResponse {NS}><GetCredentialReportResult><Content>{content}</Content>"
            "<ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-06-15T12:00:00Z</GeneratedTime>"
            "</GetCredentialReportResult>"
            "</GetCredentialReportResponse>")


def details_xml(n, account):
    """Two pages of users, a group and a policy, as IAM nests and encodes them."""
    document = urllib.parse.quote(json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}), safe="~")
    if n % 2 == 0:
        body = (f"<IsTruncated>true</IsTruncated><Marker>a/+= b</Marker><UserDetailList><member><Path>/</Path>"
                f"<UserName>alice</UserName><UserId>AIDA1</UserId><Arn>arn:aws:iam::{account}:user/alice</Arn>"
                "<CreateDate>2021-01-01T00:00:00Z</CreateDate><GroupList><member>ops</member></GroupList>"
                "<AttachedManagedPolicies/><UserPolicyList><member><PolicyName>in</PolicyName>"
                f"<PolicyDocument>{document}</PolicyDocument></member></UserPolicyList>"
                "<Tags><member><Key>Team</Key><Value>a &amp; b</Value></member></Tags></member></UserDetailList>"
                "<GroupDetailList/><RoleDetailList/><Policies/>")
    else:
        body = (f"<IsTruncated>false</IsTruncated><UserDetailList/><GroupDetailList><member><GroupName>ops</GroupName>"
                f"<Arn>arn:aws:iam::{account}:group/ops</Arn><Path>/</Path><GroupPolicyList/><AttachedManagedPolicies>"
                "<member><PolicyName>AdministratorAccess</PolicyName>"
                "<PolicyArn>arn:aws:iam::aws:policy/AdministratorAccess</PolicyArn></member></AttachedManagedPolicies>"
                "</member></GroupDetailList><Policies><member><PolicyName>P</PolicyName><AttachmentCount>1</AttachmentCount>"
                f"<PolicyVersionList><member><Document>{document}</Document><VersionId>v1</VersionId><IsDefaultVersion>true"
                "</IsDefaultVersion></member></PolicyVersionList></member></Policies>")
    return (f"<GetAccountAuthorizationDetailsResponse {NS}><GetAccountAuthorizationDetailsResult>{body}"
            "</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>")


def keys_xml(n, user):
    """Two keys on two pages."""
    more = "<IsTruncated>true</IsTruncated><Marker>next</Marker>" if n % 2 == 0 else "<IsTruncated>false</IsTruncated>"
    return (f"<ListAccessKeysResponse {NS}><ListAccessKeysResult>{more}<AccessKeyMetadata><member><UserName>{user}"
            f"</UserName><AccessKeyId>AKIAIALICE{'AB'[n % 2] * 10}</AccessKeyId><Status>Active</Status><CreateDate>2026-01-01T00:00:00Z"
            "</CreateDate></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>")


def owner_xml(key_id):
    return (f"<GetAccessKeyLastUsedResponse {NS}><GetAccessKeyLastUsedResult><UserName>owner of {key_id}</UserName>"
            "<AccessKeyLastUsed><LastUsedDate>2026-01-02T03:04:00Z</LastUsedDate><ServiceName>s3</ServiceName>"
            "<Region>eu-west-1</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>")


OK = lambda n, a: (200, get_xml(a))
COMPLETE = (200, generate_xml("COMPLETE"))
DONE = lambda n, a: COMPLETE
CUT, SLOW, HUNG = object(), object(), object()
states = ["STARTED", "INPROGRESS"]
# what Generate and Get answer: functions of how often it was asked (from 0) and of the account
PLAYS = {
    "OK": (DONE, OK),
    "WAIT": (lambda n, a: (200, generate_xml(states[n] if n < len(states) else "COMPLETE")), OK),
    "LATER": (lambda n, a: COMPLETE if n < 1 else (200, generate_xml("INPROGRESS")), OK),
    "CHANGING": (DONE, lambda n, a: (200, get_xml(a) if n < 1 else get_xml(a, csv_of(a).replace("alice", "bob")))),
    "NEVER": (lambda n, a: (200, generate_xml("INPROGRESS")), OK),
    "THROTTLE": (lambda n, a: (400, error_xml("Throttling", "Rate exceeded")) if n < 3 else COMPLETE,
                 lambda n, a: (503, error_xml("Throttling")) if n < 3 else (200, get_xml(a))),
    "THROTTLED": (lambda n, a: (400, error_xml("Throttling", "Rate exceeded")), OK),
    "EXPIRED": (DONE, lambda n, a: (410, error_xml("ReportExpired")) if n < 1 else (200, get_xml(a))),
    "ABSENT": (DONE, lambda n, a: (410, error_xml("ReportNotPresent")) if n < 1 else (200, get_xml(a))),
    "GONE": (DONE, lambda n, a: (410, error_xml("ReportNotPresent"))),
    "PROGRESS": (DONE, lambda n, a: (404, error_xml("ReportInProgress")) if n < 3 else (200, get_xml(a))),
    "LIMIT": (lambda n, a: (409, error_xml("LimitExceeded")) if n < 2 else COMPLETE, OK),
    "DENIED": (lambda n, a: (403, error_xml("AccessDenied")), lambda n, a: (403, error_xml("AccessDenied"))),
    "READER": (lambda n, a: (403, error_xml("AccessDenied")), OK),
    "NOREPORT": (lambda n, a: (403, error_xml("AccessDenied")), lambda n, a: (410, error_xml("ReportNotPresent"))),
    "FAULT": (lambda n, a: (500, error_xml("ServiceFailure")) if n < 2 else COMPLETE, OK),
    "FAULTS": (lambda n, a: (500, error_xml("ServiceFailure")), OK),
    "UNHEARD": (lambda n, a: (500, error_xml("Unheard")) if n < 2 else COMPLETE, OK),
    "TOKEN": (lambda n, a: (403, error_xml("ExpiredToken", "The security token included in the request is expired")),
              OK),
    "CUT": (DONE, lambda n, a: CUT if n < 2 else (200, get_xml(a))),
    "CUTS": (lambda n, a: CUT, OK),
    "SLOW": (DONE, lambda n, a: SLOW),
    "HUNG": (lambda n, a: HUNG, OK),
    "GARBAGE": (lambda n, a: (200, "\x00\x01 nonsense \x1b[31m"), OK),
    "HTML": (lambda n, a: (403, "<html><body>Proxy</body></html>"), OK),
    "ODDSTATE": (lambda n, a: (200, generate_xml("")), OK),
    "BADBASE": (DONE, lambda n, a: (200, get_xml(a).replace("<Content>", "<Content>!!"))),
    "HUGE": (DONE, lambda n, a: (200, "x" * (65 << 20))),
    "LONG": (lambda n, a: (403, error_xml("AccessDenied", "no " * (350 << 10))),
             lambda n, a: (403, error_xml("AccessDenied", "no " * (350 << 10)))),
    "LONGTEXT": (lambda n, a: (400, "no " * (350 << 10)), OK),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, text, kind="text/xml"):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def play(self, answer, account):
        if answer is CUT:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<GetCred")
            self.cut()
        elif answer is SLOW:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try:
                while not stopped.wait(0.05):
                    self.wfile.write(b"x")
                    self.wfile.flush()
            except OSError:
                pass
            self.close_connection = True
        elif answer is HUNG:
            stopped.wait()
            self.close_connection = True
        else:
            self.send(*answer)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        action = form.get("Action", "")
        m = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization", ""))
        key_id, region, service = m.groups() if m else ("", "", "")
        wrong = check_signature(self, body)
        with lock:
            n = asked[key_id, action] = asked.get((key_id, action), -1) + 1
            log.append({"action": action, "key": key_id, "region": region, "service": service, "wrong": wrong,
                        "form": form, "agent": self.headers.get("User-Agent")})
        if action == "AssumeRoleWithWebIdentity":
            self.assume_with_token(form, n)
        elif wrong:
            self.send(403, error_xml("SignatureDoesNotMatch", wrong))
        elif action == "AssumeRole":
            self.assume(form, n)
        elif action in ("GetAccountAuthorizationDetails", "ListAccessKeys", "GetAccessKeyLastUsed"):
            self.extra(action, form, n, key_id)
        elif form.get("Version") != "2010-05-08" or action not in ("GenerateCredentialReport", "GetCredentialReport"):
            self.send(400, error_xml("InvalidAction"))
        else:
            play = re.fullmatch(r"A[KS]IA([A-Z]+)\d*", key_id)
            which = PLAYS.get(play.group(1) if play else "", PLAYS["OK"])
            account = account_of(key_id)
            self.play(which[action == "GetCredentialReport"](n, account), account)

    def extra(self, action, form, n, key_id):
        if key_id.startswith("AKIASTUCK"):
            self.play(HUNG, None)
        elif key_id.startswith("AKIAPLAIN"):
            self.send(403, error_xml("AccessDenied"))
        elif key_id.startswith("AKIAHALF") and form.get("Marker"):
            self.send(403, error_xml("AccessDenied"))
        elif key_id.startswith("AKIABUSY") and n < 1:
            self.send(400, error_xml("Throttling", "Rate exceeded"))
        elif action == "GetAccessKeyLastUsed":
            self.send(200, owner_xml(form["AccessKeyId"]))
        elif action == "ListAccessKeys":
            self.send(200, keys_xml("Marker" in form, form["UserName"]))
        elif form.get("Marker", "a/+= b") != "a/+= b" or not form.get("Filter.member.1"):
            self.send(400, error_xml("ValidationError"))
        else:
            self.send(200, details_xml("Marker" in form, account_of(key_id)))

    def assume_with_token(self, form, n):
        if "Authorization" in self.headers:
            self.send(400, error_xml("ValidationError", "a signature where none is wanted"))
        elif form.get("WebIdentityToken") != "web/+== token":
            self.send(400, error_xml("InvalidIdentityToken", "Couldn't retrieve verification key from your provider"))
        else:
            self.assume(form, n)

    def assume(self, form, n):
        m = re.fullmatch(r"arn:[a-z-]+:iam::(\d{12}):role/([\w/-]+)", form.get("RoleArn", ""))
        if not m or form.get("Version") != "2011-06-15" or not form.get("RoleSessionName"):
            self.send(400, error_xml("ValidationError", "RoleArn"))
            return
        account, role = m.groups()
        if role == "denied" or account.startswith("999") or (account.startswith("888") and n > 1):
            self.send(403, error_xml("AccessDenied", "User: x is not authorized to perform: sts:AssumeRole on "
                                     f"resource: {form['RoleArn']}"))
            return
        if role == "busy" and n < 2:
            self.send(400, error_xml("Throttling"))
            return
        key_id = "ASIAOK" + account
        self.send(200, '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
                  f"<Credentials><AccessKeyId>{key_id}</AccessKeyId>"
                  f"<SecretAccessKey>{secret_of(key_id)}</SecretAccessKey>"
                  f"<SessionToken>{token_of(key_id)}</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>"
                  "</Credentials></AssumeRoleResult></AssumeRoleResponse>")

    def do_CONNECT(self):
        with lock:
            log.append({"connect": self.path})
        self.send(502, "", "text/plain")

    def do_PUT(self):
        if self.path.startswith("/mute/"):
            stopped.wait()
            self.close_connection = True
        elif self.path.endswith("/latest/api/token") and self.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            self.send(200, "imds-token", "text/plain")
        else:
            self.send(400, "", "text/plain")

    def credentials(self, key_id):
        answer = {"Code": "Success", "AccessKeyId": key_id, "SecretAccessKey": secret_of(key_id),
                  "Token": token_of(key_id), "Expiration": "2030-01-01T00:00:00Z"}
        self.send(200, json.dumps(answer), "application/json")

    def count(self, what):
        """How often this was called with WHAT before."""
        with lock:
            n = asked[what] = asked.get(what, -1) + 1
        return n

    def do_GET(self):
        base = "/latest/meta-data/iam/security-credentials/"
        if self.path == "/log":
            with lock:
                self.send(200, json.dumps(log), "application/json")
        elif self.path.startswith(base) and self.headers.get("X-aws-ec2-metadata-token") != "imds-token":
            self.send(401, "", "text/plain")
        elif self.path == base:
            self.send(200, "my-role\n", "text/plain")
        elif self.path == "/untrusted" + base:
            self.send(200, "my-role", "text/plain")
        elif self.path == "/untrusted" + base + "my-role":
            self.send(200, json.dumps({"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"}),
                      "application/json")
        elif self.path == base + "my-role":
            self.credentials("ASIAOK000000000077")
        elif self.path == "/latest/meta-data/placement/availability-zone":
            self.send(200, "cn-northwest-1b", "text/plain")
        elif self.path == "/container/third" and self.count(self.path) < 2:
            self.send(500, "", "text/plain")
        elif self.path == "/container/slow" and stopped.wait(0.2):
            pass
        elif re.fullmatch("/container(/slow|/third)?", self.path) and self.headers.get("Authorization") == "let me in":
            self.credentials("ASIAOK000000000088")
        else:
            self.send(404, "", "text/plain")


stopped = threading.Event()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) == 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[1:])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    stopped.set()
