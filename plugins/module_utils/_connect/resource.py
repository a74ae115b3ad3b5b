# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module says about its kind of object: the base class of all descriptions. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import TypeVar

from .api import ConnectApi
from .errors import ConnectError
from .resolve import KINDS
from .resolve import Disappeared
from .resolve import MissingInstance
from .resolve import Resolver

Model = dict[str, Any]
Listed = TypeVar("Listed")


@dataclass(frozen=True)
class Context:
    """All that a description may use: requests, options and look-ups, but not the Ansible module."""

    api: ConnectApi
    resolver: Resolver
    params: Mapping[str, Any]
    check_mode: bool
    warn: Callable[[str], Any]

    @property
    def is_info(self) -> bool:
        """Tell whether an _info module asks."""
        return "state" not in self.params

    @property
    def instance_id(self) -> str | None:
        """The id of the instance, None while it does not exist (check mode only)."""
        return self.resolver.instance_id

    def given(self, *options: str, **fields: str) -> Model:
        """Return the options that the user gave, as fields of the read model.

        `given("description", max_contacts="limit")` reads option `description` into field `description` and option
        `limit` into field `max_contacts`. An option that was left out gives no field. An empty text gives None, which
        means that the field is to be removed.
        """
        names = {**{option: option for option in options}, **fields}
        values = {name: self.params.get(option) for name, option in names.items()}
        return {name: None if value == "" else value for name, value in values.items() if value is not None}

    def resolve(self, kind: str, option: str) -> str | None:
        """Return the id that an option names; None when it is left out or empty. `kind` is a key of resolve.KINDS."""
        value = self.params.get(option)
        return self.resolver.id(kind, value) if value else None

    def resolve_all(self, kind: str, option: str) -> list[str] | None:
        """Return the sorted ids that a list option names, None when it is left out."""
        values = self.params.get(option)
        return None if values is None else sorted({self.resolver.id(kind, value) for value in values})

    def references(self, **fields: tuple[str, str]) -> Model:
        """Like given() for references: `references(hours_of_operation_id=("hours_of_operation", "hours"))`.

        Each value is (kind, option). An empty text gives None: the reference is to be removed.
        """
        return {
            name: self.resolve(kind, option)
            for name, (kind, option) in fields.items()
            if self.params.get(option) is not None
        }

    # The requests below carry the instance's id where the operation takes one.

    def read(self, operation: str, **params: Any) -> dict[str, Any]:
        """Return the answer of a read operation (see ConnectApi.read)."""
        return self.api.read(operation, **self._with_instance(operation, params))

    def describe(self, operation: str, *, missing: tuple[str, ...] = (), **params: Any) -> dict[str, Any] | None:
        """Return the answer of a read operation, None when the thing does not exist.

        :param missing: error codes that also mean "does not exist" for this operation
        """
        return self.api.describe(operation, missing=missing, **self._with_instance(operation, params))

    def pages(self, operation: str, **params: Any) -> list[Any]:
        """Return all items of a List or Search operation; raise MissingInstance when there is nothing to list in."""
        items = self.api.pages(operation, **self._with_instance(operation, params))
        if items is None:
            raise MissingInstance()
        return items

    def parts(self, operation: str, **owner: str) -> list[Any]:
        """Return all items of a List operation about a thing that was just found; raise Disappeared when it is gone.

        Such an operation may not know a new thing yet, whoever made it (connect-api 0.3): "not found" is retried.
        """
        for id in owner.values():
            self.api.expect(id)
        items = self.api.pages(operation, **self._with_instance(operation, owner))
        if items is None:
            _kind, thing = self.api.subject
            raise Disappeared(thing)
        return items

    def create(self, operation: str, **params: Any) -> dict[str, Any]:
        """Send the request that makes the object (see ConnectApi.create)."""
        return self.api.create(operation, **self._with_instance(operation, params))

    def write(self, operation: str, **params: Any) -> dict[str, Any]:
        """Send a change."""
        return self.api.write(operation, **self._with_instance(operation, params))

    def delete(self, operation: str, **params: Any) -> None:
        """Send a delete; it is fine when the thing is gone already."""
        self.api.delete(operation, **self._with_instance(operation, params))

    def _with_instance(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if self.instance_id and "InstanceId" not in params and self.api.accepts(operation, "InstanceId"):
            return {"InstanceId": self.instance_id, **params}
        return params


def updates(*fields: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a method of a Resource as the update operation of these fields of the read model (a field group).

    The method is called as `method(ctx, current, target)` once when any of the fields differs: `current` is the read
    model, `target` the whole state to reach (the read model with the given options laid over it).
    """

    def mark(method: Callable[..., None]) -> Callable[..., None]:
        method.updated_fields = fields
        return method

    return mark


def still_there(read: Callable[[Listed], Model | None], listed: list[Listed]) -> list[Model]:
    """Return the read models of what a list has shown, without what was deleted since."""
    models = []
    for item in listed:
        try:
            models.append(read(item))
        except Disappeared:
            continue
    return [model for model in models if model is not None]


class Resource:
    """The description of one kind of object. Descriptions hold no state: everything is in the Context."""

    kind = ""
    """Key of resolve.KINDS, and what messages call it ("hours_of_operation" reads "hours of operation")."""
    return_key = ""
    """Name of the returned value, for example "queue"."""
    plural_key = ""
    """Name of the list that the _info module returns, for example "queues"."""
    name_option = "name"
    """The option that the object is found by: its name, id or ARN. The field with the name is called the same."""
    service = "connect"
    needs_instance = True
    taggable = True
    immutable: tuple[str, ...] = ()
    """Fields that the service cannot change in place."""
    required_to_create: tuple[str, ...] = ()
    """Options without which no new object can be made (besides those that the argument spec requires)."""
    never_empty: tuple[str, ...] = ("name",)
    """Options that take no empty text, because the service keeps what they set for ever."""
    whole: tuple[str, ...] = ()
    """Fields with a dictionary that is replaced as one value. Other dictionaries are merged member by member."""
    volatile: tuple[str, ...] = ("last_modified_time", "last_modified_region")
    """Fields that are left out of the diff."""
    create_again = True
    """Whether a create request that led to an object that is dead or not there is sent once more with a new token."""
    blank: Model | None = None
    """For things that always exist with their instance (a list of it): the read model while the instance does not.

    State absent then only changes the thing: desired() is asked what is left of it.
    """

    def label(self, ctx: Context) -> str:
        """Say which object this is about, for messages."""
        words = self.kind.replace("_", " ")
        name = ctx.params.get(self.name_option)
        return f"{words} '{name}'" if name else words

    def check_options(self, ctx: Context) -> None:
        """Raise ConnectError for options that are wrong by themselves. Called before the first request."""

    def find(self, ctx: Context) -> str | None:
        """Return the id of the object that the options mean, None when there is none."""
        return ctx.resolver.find(self.kind, ctx.params[self.name_option])

    def read(self, ctx: Context, id: str) -> Model | None:
        """Return the read model (snake_case, with `id`, `arn` and `tags`) of an object, None when it does not exist."""
        raise NotImplementedError

    def ids(self, ctx: Context) -> list[str]:
        """Return the ids of all objects."""
        return [item[KINDS[self.kind].id_key] for item in ctx.resolver.items(self.kind)]

    def read_all(self, ctx: Context) -> list[Model]:
        """Return the read models of all objects (for _info without a name): one List, then one read per object."""
        return still_there(lambda id: self.read(ctx, id), self.ids(ctx))

    def desired(self, ctx: Context, current: Model | None) -> Model:
        """Return the fields that the options ask for (None = removed). Left-out options give no field.

        `current` is for options that add to what is there (purge_*: false); None when the object does not exist.
        """
        raise NotImplementedError

    def defaults(self, ctx: Context) -> Model:
        """Return the fields that a new object has although nobody asked for them."""
        return {}

    def same(self, field: str, current: Any, wanted: Any) -> bool:
        """Tell whether two values of a field mean the same. Override for semantic comparison of a field."""
        return current == wanted

    def create(self, ctx: Context, target: Model) -> str:
        """Make the object by ctx.create() and return its id. What create cannot take is updated afterwards."""
        raise NotImplementedError

    def check_delete(self, ctx: Context, current: Model) -> None:
        """Raise ConnectError when the object must stay. Called before delete(), in check mode too."""

    def delete(self, ctx: Context, current: Model) -> None:
        """Remove the object by ctx.delete()."""
        raise NotImplementedError

    def apply_tags(self, ctx: Context, current: Model, to_set: Mapping[str, str], to_remove: list[str]) -> None:
        """Change the tags of the object. Override where the service's operations look different."""
        if to_remove:
            ctx.write("untag_resource", resourceArn=current["arn"], tagKeys=sorted(to_remove))
        if to_set:
            ctx.write("tag_resource", resourceArn=current["arn"], tags=to_set)

    def is_dead(self, model: Model) -> bool:
        """Tell whether an object that create just returned can never come to life (answer to a replayed token)."""
        return False

    def is_ready(self, model: Model) -> bool:
        """Tell whether the object can be changed; otherwise wait_until_ready() is called."""
        return True

    def wait_until_ready(self, ctx: Context, model: Model) -> None:
        """Wait until the object can be changed, or raise ConnectError with the service's reason."""

    def wait_until_gone(self, ctx: Context, current: Model) -> None:
        """Wait until a deleted object is gone."""

    def result(self, model: Model | None) -> Model:
        """Return what the module gives back for a read model."""
        return {self.return_key: model}

    def results(self, models: list[Model]) -> Model:
        """Return what the _info module gives back."""
        return {self.plural_key: models}

    def groups(self) -> list[tuple[tuple[str, ...], Callable[..., None]]]:
        """Return the field groups in the order in which the class defines them."""
        members = [(name, value) for owner in reversed(type(self).__mro__) for name, value in vars(owner).items()]
        return [
            (value.updated_fields, getattr(self, name)) for name, value in members if hasattr(value, "updated_fields")
        ]

    def refuse_empty_options(self, ctx: Context) -> None:
        """Raise ConnectError when an option is an empty text that must not be one, or a tag is null."""
        empty = [option for option in self.never_empty if ctx.params.get(option) == ""]
        if empty:
            raise ConnectError(f"Failed to set {self.label(ctx)}: {', '.join(empty)} must not be empty")
        null = [key for key, value in (ctx.params.get("tags") or {}).items() if value is None]
        if null:
            raise ConnectError(
                f"Failed to tag {self.label(ctx)}: null is no value of a tag ({', '.join(null)}). An empty text is one"
            )

    def require_options(self, ctx: Context) -> None:
        """Raise ConnectError when an option is missing that a new object needs."""
        missing = [option for option in self.required_to_create if ctx.params.get(option) in (None, "")]
        if missing:
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: it does not exist yet, so give {', '.join(missing)}"
            )
