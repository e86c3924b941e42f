"""What an addon beside ours opens to callers: a new piece of it fails the test of that addon until it is tried."""

import inspect


def get_surface(env, addon):
    """`{kind: sorted names}` of the models, fields, public methods and addresses that this addon brings, and of the rights
    that it gives; kinds of which there are none are left out."""
    found = {
        "models": [name for name in env.registry if env[name]._original_module == addon],
        "fields": [
            f"{field} {field.groups or ''}".strip()
            for name in env.registry
            for field in env[name]._fields.values()
            if addon in field._modules
        ],
        "methods": [
            f"{name}.{method}"
            for name in env.registry
            for cls in type(env[name]).mro()
            if cls.__module__.split(".")[2:3] == [addon]
            for method, value in vars(cls).items()
            if inspect.isfunction(value) and not method.startswith("_")
        ],
        "addresses": [
            address
            for address, endpoint in env["ir.http"]._generate_routing_rules([addon], {})
            if endpoint.func.__module__.split(".")[2:3] == [addon]
        ],
        "rights": env["ir.model.data"]
        .sudo()
        .search([("module", "=", addon), ("model", "in", ("ir.model.access", "ir.rule", "res.groups"))])
        .mapped("name"),
    }
    return {kind: sorted(set(names)) for kind, names in found.items() if names}
