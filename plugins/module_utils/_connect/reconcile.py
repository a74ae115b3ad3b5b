# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The algorithm of all modules: find, compare, plan, apply, read again. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags

from .errors import ConnectError
from .resolve import Disappeared
from .resolve import MissingInstance
from .resolve import id_of
from .resource import Context
from .resource import Model
from .resource import Resource


def merge(current: Mapping[str, Any], desired: Mapping[str, Any], *, whole: tuple[str, ...] = ()) -> Model:
    """Return `current` with `desired` laid over it. None removes a field; dictionaries merge, unless in `whole`."""
    target = deepcopy(dict(current))
    for name, value in desired.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, Mapping) and name not in whole:
            merged = merge(target.get(name) or {}, value)
            if merged or name in target:
                target[name] = merged
        else:
            target[name] = deepcopy(value)
    return target


def differences(
    current: Mapping[str, Any],
    target: Mapping[str, Any],
    *,
    same: Callable[[str, Any, Any], bool] = lambda _field, one, other: one == other,
) -> set[str]:
    """Return the fields of two states that differ. A missing field equals None and an empty dictionary or list."""
    fields = {*current, *target}
    pairs = {name: (current.get(name), target.get(name)) for name in fields}
    return {name for name, (one, other) in pairs.items() if not _equal(name, one, other, same)}


def merge_tags(current: Mapping[str, str], wanted: Mapping[str, Any] | None, *, purge: bool) -> dict[str, str]:
    """Return the tags to reach: the wanted ones, with the others kept unless `purge`. None keeps all."""
    if wanted is None:
        return dict(current)
    to_set, to_remove = compare_aws_tags(current, _texts(wanted), purge)
    return {**{key: value for key, value in current.items() if key not in to_remove}, **to_set}


@dataclass(frozen=True)
class Outcome:
    """What a run did or, in check mode, would do: `before` and `after` are read models, None for "not there"."""

    changed: bool
    before: Model | None
    after: Model | None


def reconcile(resource: Resource, ctx: Context) -> Outcome:
    """Bring the object to the state that the options ask for. In check mode send no write and predict the state."""
    current = _find(resource, ctx)
    if ctx.params["state"] == "present" or resource.blank is not None:
        return _present(resource, ctx, current)
    return _absent(resource, ctx, current)


def gather(resource: Resource, ctx: Context) -> list[Model]:
    """Return the read models for an _info module: the named object, or all."""
    try:
        if resource.needs_instance and ctx.instance_id is None:
            return []
        if resource.name_option and ctx.params.get(resource.name_option) is None:
            return resource.read_all(ctx)
        id = resource.find(ctx)
        model = resource.read(ctx, id) if id else None
    except MissingInstance:
        raise _missing_instance(ctx) from None
    return [] if model is None else [model]


def _find(resource: Resource, ctx: Context) -> Model | None:
    if resource.needs_instance and ctx.instance_id is None:
        return deepcopy(resource.blank)
    try:
        id = resource.find(ctx)
        current = resource.read(ctx, id) if id else None
    except MissingInstance:
        # The instance was given by id or ARN, so this is the first request that could tell
        if not ctx.check_mode and ctx.params["state"] == "present":
            raise _missing_instance(ctx) from None
        ctx.resolver.instance_id = None
        return deepcopy(resource.blank)
    return _until_ready(resource, ctx, current) if current else None


def _until_ready(resource: Resource, ctx: Context, model: Model) -> Model:
    if resource.is_ready(model) or ctx.check_mode:
        return model
    # Nothing to wait for, but a reason to tell
    if not ctx.params.get("wait", True) and not resource.is_dead(model):
        return model
    resource.wait_until_ready(ctx, model)
    return _read_again(resource, ctx, model["id"])


def _absent(resource: Resource, ctx: Context, current: Model | None) -> Outcome:
    if current is None:
        return Outcome(False, None, None)
    resource.check_delete(ctx, current)
    if not ctx.check_mode:
        resource.delete(ctx, current)
        if ctx.params.get("wait", True):
            resource.wait_until_gone(ctx, current)
    return Outcome(True, current, None)


def _present(resource: Resource, ctx: Context, current: Model | None) -> Outcome:
    desired = _desired(resource, ctx, current)
    if current is None:
        resource.require_options(ctx)
        target = _target(resource, ctx, resource.defaults(ctx), desired)
        if ctx.check_mode:
            return Outcome(True, None, {"id": None, "arn": None, **target})
        created = _create(resource, ctx, target)
        # What create does not take (a status, a fifty-first quick connect) differs now and is updated
        after = _apply(resource, ctx, created, _target(resource, ctx, created, desired))
        return Outcome(True, None, after)
    _refuse_immutable(resource, ctx, current, desired)
    target = _target(resource, ctx, current, desired)
    if not _changes(resource, current, target):
        return Outcome(False, current, current)
    after = target if ctx.check_mode else _apply(resource, ctx, current, target)
    return Outcome(True, current, after)


def _desired(resource: Resource, ctx: Context, current: Model | None) -> Model:
    name = ctx.params.get(resource.name_option)
    by_id = isinstance(name, str) and id_of(name)
    if by_id and current is None:
        raise ConnectError(f"Failed to create {resource.label(ctx)}: it does not exist, and a new one needs a name")
    desired = resource.desired(ctx, current)
    if by_id:
        desired.pop(resource.name_option, None)
    return desired


def _target(resource: Resource, ctx: Context, start: Model, desired: Model) -> Model:
    target = merge(start, desired, whole=resource.whole)
    if resource.taggable:
        purge = ctx.params.get("purge_tags", False)
        target["tags"] = merge_tags(start.get("tags") or {}, ctx.params.get("tags"), purge=purge)
    return target


def _changes(resource: Resource, current: Model, target: Model) -> set[str]:
    """Return the differing fields that some operation can change."""
    changeable = {field for fields, _update in resource.groups() for field in fields} | {"tags"}
    return differences(current, target, same=resource.same) & changeable


def _refuse_immutable(resource: Resource, ctx: Context, current: Model, desired: Model) -> None:
    target = merge(
        current, {name: desired[name] for name in resource.immutable if name in desired}, whole=resource.whole
    )
    for name in sorted(differences(current, target, same=resource.same)):
        raise ConnectError(
            f"Failed to update {resource.label(ctx)}: {name} is '{current.get(name)}' and cannot be changed in place "
            f"to '{target.get(name)}'. Nothing was changed"
        )


def _create(resource: Resource, ctx: Context, target: Model) -> Model:
    for last_try in (False, True):
        id = resource.create(ctx, target)
        model = resource.read(ctx, id)
        if model is not None and not resource.is_dead(model):
            break
        if not (resource.create_again and ctx.api.used_client_token) or last_try:
            break
        # The token of this hour belongs to an object that has since failed or been deleted: ask for a new one, once
        ctx.api.renew_client_token()
    if model is None:
        raise ConnectError(
            f"Failed to create {resource.label(ctx)}: the service accepted it as '{id}' but does not show it"
        )
    return _until_ready(resource, ctx, model)


def _apply(resource: Resource, ctx: Context, current: Model, target: Model) -> Model:
    changes = _changes(resource, current, target)
    if not changes:
        return current
    for fields, update in resource.groups():
        if changes & set(fields):
            update(ctx, current, target)
    if "tags" in changes:
        to_set, to_remove = compare_aws_tags(current.get("tags") or {}, target["tags"], True)
        resource.apply_tags(ctx, current, to_set, to_remove)
    return _read_again(resource, ctx, current.get("id"))


def _read_again(resource: Resource, ctx: Context, id: str | None) -> Model:
    ctx.api.forget()
    model = resource.read(ctx, id)
    if model is None:
        raise Disappeared(resource.label(ctx))
    return model


def _equal(name: str, one: Any, other: Any, same: Callable[[str, Any, Any], bool]) -> bool:
    if one in (None, {}, []) and other in (None, {}, []):
        return True
    return one is not None and other is not None and same(name, one, other)


def _texts(tags: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else str(value) for key, value in tags.items()}


def _missing_instance(ctx: Context) -> ConnectError:
    return ConnectError(f"The instance '{ctx.params['instance']}' does not exist in this account and Region")
