"""Judges normalized documents. Run by `cargo xtask validate` in an environment of its own.

In: a file with a list of `{"name", "original", "yaml", "json", "ledger", "account"}`, all but the name and `account` paths:
the vendor's document, what came of it, the same as JSON as our own reader sees it, and the entries of the ledger. Out: one
JSON object in each line, `{"name", "kind", "place", "message"}`. Kinds:

- `structure`: the document violates OpenAPI 3.0 (judged by openapi-spec-validator).
- `default`: a default that its own schema does not allow, which is its author's word and not the normalizer's.
- `reading`: to a reader of YAML 1.1 (PyYAML) the document says something else than to ours.
- `account`: an operation of the vendor's document is neither in what came of it nor named in the ledger.
- `done`: the document was judged to its end; the message counts its operations.

Nothing of the normalizer is used here: what it says about itself would prove little.
"""

import collections
import json
import os
import sys
import urllib.parse

import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.validation import keywords
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

# Reading in C is ten times as fast.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


class Seen(set):
    """What the validator keeps as a list, in which it searches for each of some ten thousand schemas."""

    def append(self, item):
        self.add(item)


class DefaultError(OpenAPIValidationError):
    """A default that its schema does not allow."""


class Default(keywords.OpenAPIV30ValueValidator):
    """Tells errors of default values from all others, and says where they are."""

    def __call__(self, schema, value):
        for error in super().__call__(schema, value):
            found = DefaultError.create_from(error)
            found.schema_place = [*schema.parts, "default"]
            yield found


class Validator(OpenAPIV30SpecValidator):
    keyword_validators = {**OpenAPIV30SpecValidator.keyword_validators, "default": Default}


class VendorsLoader(Loader):
    """Reads what vendors write: tags that nobody knows are ignored."""


def untagged(loader, _, node):
    kinds = {yaml.MappingNode: loader.construct_mapping, yaml.SequenceNode: loader.construct_sequence}
    return kinds.get(type(node), loader.construct_scalar)(node)


VendorsLoader.add_multi_constructor("!", untagged)


def read(path, loader=Loader):
    """Of several documents in a file, the first."""
    with open(path, encoding="utf-8-sig") as text:
        return json.load(text) if path.endswith(".json") else next(yaml.load_all(text, Loader=loader))


def pointer(parts):
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def difference(ours, theirs, at=""):
    """The first place where two values differ, in value or in type."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            return f"{at}: other keys"
        return next(filter(None, (difference(ours[key], theirs[key], f"{at}/{key}") for key in ours)), None)
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return next(filter(None, (difference(*pair, f"{at}/{i}") for i, pair in enumerate(zip(ours, theirs)))), None)
    same = type(ours) is type(theirs) and ours == theirs
    return None if same else f"{at}: {ours!r}, and to PyYAML {theirs!r}"


def follow(item, document, path):
    """What a path item is that is a reference; nothing, if its file is not there."""
    for _ in range(50):
        if not isinstance(item, dict) or not isinstance(item.get("$ref"), str):
            break
        file, _, fragment = item["$ref"].partition("#")
        if file:
            path = os.path.join(os.path.dirname(path), urllib.parse.unquote(file))
            if "://" in file or not os.path.isfile(path):
                return None
            document = read(path, VendorsLoader)
        found = document
        for part in filter(None, urllib.parse.unquote(fragment).split("/")):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        # What stands beside the reference belongs to the path item, too.
        item = {**found, **{key: value for key, value in item.items() if key != "$ref"}}
    return item


def operations(document, path):
    """All operations as (method, operationId or None)."""
    found = []
    # Azure lists paths with a query apart from the others.
    routes = [*(document.get("paths") or {}).items(), *(document.get("x-ms-paths") or {}).items()]
    for route, item in routes:
        item = follow(item, document, path)
        if str(route).startswith("x-") or not isinstance(item, dict):
            continue
        methods = dict(item)
        methods.update(methods.pop("additionalOperations", None) or {})
        extra = set(item.get("additionalOperations") or {})
        known = METHODS | ({"query"} if str(document.get("openapi", "")).startswith("3.2") else set()) | extra
        for method, operation in methods.items():
            if method in known and isinstance(operation, dict):
                found.append((method, operation.get("operationId")))
    return found


def named(ledger):
    """The methods of operations that the ledger says are not generated."""
    return [entry["before"].rsplit("/", 1)[-1] for entry in ledger if entry["rule"] == "method"]


def renamed(ledger):
    """The operations, as (method, operationId), that the ledger says are called otherwise, since their names say nothing or only method and path."""
    entries = [entry for entry in ledger if entry["rule"] in ("operation-id-of-path", "operation-id-without-words")]
    return {(entry["before"].rsplit("/", 2)[-2], entry["text"].split("`")[1]) for entry in entries}


def account(subject, document):
    after = operations(document, subject["yaml"])
    try:
        before = operations(read(subject["original"], VendorsLoader), subject["original"])
    except yaml.YAMLError:
        # PyYAML refuses some texts that can be read: there is nothing to compare with.
        return None, len(after)
    ledger = read(subject["ledger"])
    left_out = named(ledger)
    methods = collections.Counter(method for method, _ in after) + collections.Counter(left_out)
    wanted = collections.Counter(method for method, _ in before)
    # More may come out: an operation for any method, or what stands under a key that is there twice.
    if wanted - methods:
        return f"{dict(wanted)} in, {dict(methods)} out and named", len(after)
    # Names that are given twice are changed; all others are still there.
    ids = collections.Counter(name for _, name in before)
    kept = {(method, name) for method, name in before if method not in left_out and name and ids[name] == 1}
    lost = sorted(kept - set(after) - renamed(ledger))
    return (f"{lost[0]} is gone" if lost else None), len(after)


def validate(subject, say):
    document = read(subject["json"])
    differs = difference(document, read(subject["yaml"]))
    if differs:
        say("reading", "", differs)
    validator = Validator(document)
    schemas = validator.keyword_validators_registry["schema"]
    schemas.visited_schema_ids, schemas.meta_checked_schema_ids = Seen(), Seen()
    for error in validator.iter_errors():
        if isinstance(error, DefaultError):
            say("default", pointer(error.schema_place), error.message)
        else:
            say("structure", pointer(error.absolute_path), error.message)
    count = len(operations(document, subject["yaml"]))
    if subject["account"]:
        wrong, count = account(subject, document)
        if wrong:
            say("account", "", wrong)
    say("done", "", f"{count} operations")


def main():
    with open(sys.argv[1], encoding="utf-8") as text:
        subjects = json.load(text)
    for subject in subjects:

        def say(kind, place, message):
            line = {"name": subject["name"], "kind": kind, "place": place, "message": message[:300]}
            print(json.dumps(line), flush=True)

        try:
            validate(subject, say)
        except Exception as error:  # A validator that gives up is a finding, and not the end of the others.
            say("structure", "", f"the validator gave up: {type(error).__name__}: {error}")


main()
