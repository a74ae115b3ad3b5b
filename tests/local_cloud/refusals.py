# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses and MiniStack lets through, checked after authentication and authorization.

Certificate, web ACL and TLS rules of distributions: (connect-api 13b). Codes and texts: the services' API references.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import botocore.session

from . import ministack_names as ministack
from .front_state import SETTINGS
from .front_state import note

CLOUDFRONT_REGION = "us-east-1"
CLOUDFRONT_NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
DISTRIBUTION = re.compile(r"/2020-05-31/distribution/?")
DISTRIBUTION_CONFIG = re.compile(r"/2020-05-31/distribution/[^/]+/config/?")
ORIGIN_ACCESS_CONTROL = re.compile(r"/2020-05-31/origin-access-control/([^/]+)/?")
# What the service sets where a distribution has no certificate of its own, whatever was asked for.
DEFAULT_CERTIFICATE = {
    "CloudFrontDefaultCertificate": "true",
    "SSLSupportMethod": "vip",
    "MinimumProtocolVersion": "TLSv1",
    "CertificateSource": "cloudfront",
}
# Of the retry policy of a target (EventBridge API reference, RetryPolicy).
RETRY_LIMITS = {"MaximumRetryAttempts": (0, 185), "MaximumEventAgeInSeconds": (60, 86400)}
LAMBDA_FUNCTION = re.compile(r"/2015-03-31/functions(?:/([^/]+)/configuration)?/?")


class Refused(Exception):
    """A refusal in the service's own words."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


Check = Callable[[str, str, dict, bytes], bytes]


def install() -> None:
    """Put the checks around MiniStack's services."""
    for service, check, answer in (
        ("cloudfront", check_cloudfront, _xml_error),
        ("lambda", check_lambda, json_error),
        ("wafv2", check_web_acl, json_error),
        ("events", check_events, json_error),
    ):
        ministack.wrap_handler(service, _wrapper(check, answer))


def _wrapper(check: Check, answer: Callable[[Refused], ministack.Answer]) -> Callable:
    def wrap(handler: ministack.Handler) -> ministack.Handler:
        async def checked(method: str, path: str, headers: dict, body: bytes, query: dict) -> ministack.Answer:
            if SETTINGS.enabled:
                try:
                    body = check(method, path, headers, body)
                except Refused as refused:
                    note(refusal=refused.code)
                    return answer(refused)
            return await handler(method, path, headers, body, query)

        return checked

    return wrap


def check_web_acl(method: str, path: str, headers: dict, body: bytes) -> bytes:
    """A web ACL for distributions lives in us-east-1, and stays while a distribution uses it."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return body
    if request.get("Scope") != "CLOUDFRONT":
        return body
    if ministack.region() != CLOUDFRONT_REGION:
        raise Refused(
            "WAFInvalidParameterException",
            "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
        )
    if action == "DeleteWebACL":
        used = [config.findtext("{*}WebACLId") for config in _configurations()]
        if any(arn and arn.endswith(f"/{request.get('Id')}") for arn in used):
            raise Refused(
                "WAFAssociatedItemException",
                "AWS WAF couldn't perform the operation because your resource is being used by another resource or "
                "it's associated with another resource.",
            )
    return body


def check_cloudfront(method: str, path: str, headers: dict, body: bytes) -> bytes:
    """Check what a distribution names, and set what CloudFront sets by itself."""
    if method == "DELETE" and (found := ORIGIN_ACCESS_CONTROL.fullmatch(path)):
        used = [
            element.text for config in _configurations() for element in config.iterfind(".//{*}OriginAccessControlId")
        ]
        if found.group(1) in used:
            raise Refused(
                "OriginAccessControlInUse",
                "Cannot delete the origin access control because it's in use by one or more distributions.",
                409,
            )
    written = {"POST": DISTRIBUTION, "PUT": DISTRIBUTION_CONFIG}.get(method)
    return _check_distribution(body) if written and written.fullmatch(path) else body


def _check_distribution(body: bytes) -> bytes:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return body
    config = root.find("{*}DistributionConfig") if root.tag.endswith("DistributionConfigWithTags") else root
    if config is None:
        return body
    for element in config.iterfind(".//{*}OriginAccessControlId"):
        if element.text and not ministack.origin_access_control_exists(element.text):
            raise Refused("InvalidOriginAccessControl", "The origin access control is not valid.")
    web_acl = config.findtext("{*}WebACLId")
    if web_acl and web_acl not in ministack.web_acl_arns(CLOUDFRONT_REGION, "CLOUDFRONT"):
        raise Refused("InvalidWebACLId", f"Web ACL {web_acl} is not valid or doesn't exist in {CLOUDFRONT_REGION}.")
    certificate = config.find("{*}ViewerCertificate")
    arn = certificate.findtext("{*}ACMCertificateArn") if certificate is not None else None
    if arn and ministack.certificate_status(arn, CLOUDFRONT_REGION) != "ISSUED":
        raise Refused(
            "InvalidViewerCertificate",
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include "
            "a valid certificate chain.",
        )
    if not arn and (certificate is None or not certificate.findtext("{*}IAMCertificateId")):
        _set_default_certificate(config, certificate)
    return ElementTree.tostring(root)


def _set_default_certificate(config: ElementTree.Element, certificate: ElementTree.Element | None) -> None:
    namespace = config.tag.rpartition("}")[0]
    namespace = namespace and namespace + "}"
    if certificate is None:
        certificate = ElementTree.SubElement(config, f"{namespace}ViewerCertificate")
    for child in list(certificate):
        certificate.remove(child)
    for name, value in DEFAULT_CERTIFICATE.items():
        ElementTree.SubElement(certificate, f"{namespace}{name}").text = value


def _configurations() -> list[ElementTree.Element]:
    account = ministack.account_id()
    return [
        ElementTree.fromstring(distribution["config_xml"])
        for owner, distribution in ministack.distributions()
        if owner == account
    ]


def check_events(method: str, path: str, headers: dict, body: bytes) -> bytes:
    """Check targets and what is done to rules, and let PutRule replace a rule as EventBridge does."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return body
    rule = (request.get("Name", ""), request.get("EventBusName", "default"))
    if action == "PutTargets":
        _check_targets(request.get("Targets", []))
    elif action == "DeleteRule" and ministack.rule_has_targets(*rule):
        raise Refused("ValidationException", "Rule can't be deleted since it has targets.")
    elif action in ("EnableRule", "DisableRule") and not ministack.rule_exists(*rule):
        raise Refused("ResourceNotFoundException", f"Rule {rule[0]} does not exist on EventBus {rule[1]}.")
    elif action == "PutRule":
        return _whole_rule(request, is_new=not ministack.rule_exists(*rule))
    return body


def _whole_rule(request: dict[str, Any], *, is_new: bool) -> bytes:
    """Return PutRule with what it leaves out, which is not kept; tags are for new rules only (API reference)."""
    if not request.get("EventPattern") and not request.get("ScheduleExpression"):
        raise Refused("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if not is_new:
        request.pop("Tags", None)
    return json.dumps({"State": "ENABLED", "Description": "", "RoleArn": "", **request}).encode()


def _check_targets(targets: list[dict[str, Any]]) -> None:
    """The retry policy and the dead-letter queue of a target are within the limits of EventBridge."""
    for target in targets:
        policy = target.get("RetryPolicy") or {}
        for member, (least, most) in RETRY_LIMITS.items():
            value = policy.get(member)
            if value is not None and not least <= value <= most:
                name = member[0].lower() + member[1:]
                raise Refused(
                    "ValidationException",
                    f"1 validation error detected: Value '{value}' at 'targets.1.member.retryPolicy.{name}' failed to "
                    f"satisfy constraint: Member must have value between {least} and {most}",
                )
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if queue is None:
            continue
        place = f"arn:aws:sqs:{ministack.region()}:{ministack.account_id()}:"
        if not queue.startswith(place) or queue.endswith(".fifo"):
            raise Refused(
                "ValidationException",
                f"Parameter(s) {queue} not valid. Reason: a dead-letter queue is a standard queue of the same account "
                "and Region.",
            )


def check_lambda(method: str, path: str, headers: dict, body: bytes) -> bytes:
    """A function needs a runtime that exists and a role that Lambda can assume by now."""
    found = LAMBDA_FUNCTION.fullmatch(path)
    if not found or method != ("PUT" if found.group(1) else "POST"):
        return body
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return body
    runtime = request.get("Runtime")
    if runtime is not None and runtime not in _runtimes():
        raise Refused(
            "InvalidParameterValueException",
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(_runtimes())}] or be a valid ARN",
        )
    if request.get("Role"):
        _check_role(request["Role"])
    return body


def _check_role(arn: str) -> None:
    account, _unused, resource = arn.removeprefix("arn:aws:iam::").partition(":")
    if account != ministack.account_id():
        raise Refused("AccessDeniedException", "Cross-account pass role is not allowed.", 403)
    role = ministack.role(resource.rpartition("/")[2])
    if role is None or not _trusts_lambda(role) or _age(role) < SETTINGS.role_delay:
        raise Refused(
            "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."
        )


def _trusts_lambda(role: dict) -> bool:
    document = json.loads(role.get("AssumeRolePolicyDocument") or "{}")
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and "lambda.amazonaws.com" in services:
            return True
    return False


def _age(role: dict) -> float:
    created = datetime.strptime(role["CreateDate"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (datetime.now(UTC) - created).total_seconds()


@lru_cache(maxsize=1)
def _runtimes() -> tuple[str, ...]:
    return tuple(botocore.session.Session().get_service_model("lambda").shape_for("Runtime").enum)


def json_error(refused: Refused) -> ministack.Answer:
    """Return a refusal of a service that speaks JSON."""
    body = json.dumps({"__type": refused.code, "Type": "User", "message": refused.message})
    return refused.status, {"Content-Type": "application/json", "x-amzn-ErrorType": refused.code}, body.encode()


def _xml_error(refused: Refused) -> ministack.Answer:
    root = ElementTree.Element("ErrorResponse", xmlns=CLOUDFRONT_NAMESPACE)
    error = ElementTree.SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", refused.code), ("Message", refused.message)):
        ElementTree.SubElement(error, name).text = text
    ElementTree.SubElement(root, "RequestId").text = str(uuid.uuid4())
    return (
        refused.status,
        {"Content-Type": "text/xml"},
        ElementTree.tostring(root, xml_declaration=True, encoding="utf-8"),
    )
