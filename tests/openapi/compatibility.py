"""What of a newer OpenAPI document would break a client of an older one. `compatibility.py OLD NEW` prints it, and fails."""

import json
import sys
from collections.abc import Iterator

METHODS = ("get", "post", "put", "patch", "delete")


class Comparison:
    def __init__(self, old: dict, new: dict):
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> list[str]:
        return sorted(set(self.operations()))

    def operations(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method in METHODS:
                if method not in methods:
                    continue
                name, after = methods[method]["operationId"], self.new["paths"].get(path, {}).get(method)
                if after is None:
                    yield f"{name}: {method.upper()} {path} went"
                    continue
                if after["operationId"] != name:
                    yield f"{name}: is called {after['operationId']} now"
                yield from self.parameters(name, methods[method], after)
                yield from self.bodies(name, methods[method], after)
                yield from self.responses(name, methods[method], after)

    def parameters(self, name: str, old: dict, new: dict) -> Iterator[str]:
        def by_place(operation: dict, document: dict) -> dict:
            found = [resolved(parameter, document) for parameter in operation.get("parameters", [])]
            return {(parameter["in"], parameter["name"]): parameter for parameter in found}

        before, after = by_place(old, self.old), by_place(new, self.new)
        for place, parameter in before.items():
            if place not in after:
                yield f"{name}: the parameter {place[1]} went"
            else:
                yield from self.schemas(f"{name}.{place[1]}", parameter["schema"], after[place]["schema"], sent=True)
        for place, parameter in after.items():
            if parameter.get("required") and not before.get(place, {}).get("required"):
                yield f"{name}: the parameter {place[1]} must be sent now"

    def bodies(self, name: str, old: dict, new: dict) -> Iterator[str]:
        before, after = old.get("requestBody"), new.get("requestBody")
        if after and after.get("required") and not (before and before.get("required")):
            yield f"{name}: a body must be sent now"
        if before:
            yield from self.contents(name, before, after or {}, sent=True)

    def responses(self, name: str, old: dict, new: dict) -> Iterator[str]:
        for status, before in old["responses"].items():
            after = new["responses"].get(status)
            # An error that does not come any more breaks nobody.
            if after is None and status < "400":
                yield f"{name}: the answer {status} went"
            if after is not None:
                yield from self.contents(f"{name} {status}", before, after, sent=False)
                for header in before.get("headers", {}).keys() - after.get("headers", {}).keys():
                    yield f"{name} {status}: the header {header} went"

    def contents(self, name: str, old: dict, new: dict, *, sent: bool) -> Iterator[str]:
        for media_type, content in old.get("content", {}).items():
            if media_type not in new.get("content", {}):
                yield f"{name}: {media_type} went"
                continue
            yield from self.schemas(name, content["schema"], new["content"][media_type]["schema"], sent=sent)

    def schemas(self, name: str, old: dict, new: dict, *, sent: bool) -> Iterator[str]:
        """`sent`: a client writes it, so nothing may be asked that was not. Otherwise it reads it, and nothing may go."""
        if (reference := old.get("$ref")) and (reference, new.get("$ref", ""), sent) in self.seen:
            return
        if reference:
            self.seen.add((reference, new.get("$ref", ""), sent))
            name = reference.rsplit("/", 1)[1]
        old, new = plain(old, self.old), plain(new, self.new)
        if old["types"] != new["types"]:
            yield f"{name}: is {new['types']} now, and was {old['types']}"
        if old.get("format") != new.get("format"):
            yield f"{name}: its format is {new.get('format')} now, and was {old.get('format')}"
        if old["null"] != new["null"] and new["null"] is not sent:
            yield f"{name}: {'may not' if sent else 'may'} be null now"
        for word in set(old.get("enum", [])) ^ set(new.get("enum", [])):
            yield f"{name}: the word {word} {'came' if word in new.get('enum', []) else 'went'}"
        before, after = old.get("properties", {}), new.get("properties", {})
        for member in before.keys() - after.keys():
            yield f"{name}: the member {member} went"
        for member in before.keys() & after.keys():
            yield from self.schemas(f"{name}.{member}", before[member], after[member], sent=sent)
        required = set(new.get("required", [])) - set(old.get("required", []))
        optional = set(old.get("required", [])) - set(new.get("required", []))
        if sent:
            yield from (f"{name}: the member {member} must be sent now" for member in required)
        else:
            yield from (f"{name}: the member {member} may be missing now" for member in optional)
        if "items" in old and "items" in new:
            yield from self.schemas(f"{name}[]", old["items"], new["items"], sent=sent)


def resolved(value: dict, document: dict) -> dict:
    while "$ref" in value:
        found = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def plain(schema: dict, document: dict) -> dict:
    """A schema without references and choices: what may be null is told apart from its type."""
    schema = resolved(schema, document)
    choices = schema.get("oneOf", [])
    null = {"type": "null"} in choices
    if choices:
        schema = resolved(next(choice for choice in choices if choice != {"type": "null"}), document)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    return schema | {"types": [one for one in types if one != "null"], "null": null or "null" in types}


def main(old: str, new: str) -> int:
    with open(old) as before, open(new) as after:
        found = Comparison(json.load(before), json.load(after)).breaks()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
