"""PowerShell as far as the kit's script needs it: the script is read by the language's grammar and carried out. What is
not known here is an error, as in strict mode. `powershell.py SCRIPT -Name value…`"""

import os
import re
import sys
from pathlib import Path

import tree_sitter_powershell
from tree_sitter import Language, Parser

from directory import Directory, Refused
from graph_module import TYPES, Module, Thrown


def holds(value):
    """What `if` makes of it."""
    if isinstance(value, list):
        return holds(value[0]) if len(value) == 1 else bool(value)
    return bool(value)


def text(value):
    if isinstance(value, list):
        return " ".join(map(text, value))
    return "" if value is None else str(value)


def same(one, other):
    return one.lower() == other.lower() if isinstance(one, str) and isinstance(other, str) else one == other


def collected(lines):
    lines = list(lines)
    return lines[0] if len(lines) == 1 else lines or None


def unrolled(value):
    return value if isinstance(value, list) else [] if value is None else [value]


class Shell:
    def __init__(self, module, parameters):
        self.module = module
        self.variables = {"true": True, "false": False, "null": None, "psboundparameters": parameters}

    # Statements: each puts out what it has, line by line.

    def run(self, node):
        for child in node.named_children:
            if child.type != "comment":
                yield from getattr(self, child.type)(child)

    program = statement_list = statement_block = run

    def param_block(self, node):
        bound = self.variables["psboundparameters"]
        known = {}
        for parameter in node.named_children[0].named_children:
            name = next(child for child in parameter.named_children if child.type == "variable").text.decode()[1:].lower()
            known[name] = parameter.text.decode()
            default = [child for child in parameter.named_children if child.type == "script_parameter_default"]
            self.variables[name] = self.value(default[0].named_children[0]) if default else None
        for name, value in bound.items():
            if name not in known:
                raise Thrown(f"A parameter cannot be found that matches parameter name '{name}'.")
            if ("[switch]" in known[name]) != (value is True):
                raise Thrown(f"Missing an argument for parameter '{name}', or one too many.")
            if "[int]" in known[name]:
                if not re.fullmatch(r"-?\d+", value):
                    raise Thrown(f"Cannot convert value \"{value}\" to type \"System.Int32\".")
                bound[name] = value = int(value)
            limits = re.search(r"ValidateRange\((\d+), (\d+)\)", known[name])
            if limits and not int(limits[1]) <= value <= int(limits[2]):
                raise Thrown(f"Cannot validate argument on parameter '{name}'.")
            self.variables[name] = value
        yield from ()

    def pipeline(self, node):
        (child,) = node.named_children
        if child.type == "assignment_expression":
            left, _, right = child.named_children
            self.variables[left.text.decode()[1:].lower()] = self.value(right)
        elif child.type == "pipeline_chain":
            yield from self.pipeline_chain(child)
        else:
            yield from unrolled(self.value(child))

    def pipeline_chain(self, node):
        first, *rest = node.named_children
        assert all(each.text == b"Out-Null" for each in rest), node.text
        lines = self.command(first) if first.type == "command" else unrolled(self.value(first))
        if not rest:
            yield from lines

    def if_statement(self, node):
        condition, block, *rest = node.named_children
        if holds(self.value(condition)):
            yield from self.run(block)
            return
        if rest and rest[0].type == "elseif_clauses":
            for clause in rest.pop(0).named_children:
                condition, block = clause.named_children
                if holds(self.value(condition)):
                    yield from self.run(block)
                    return
        if rest:
            yield from self.run(rest[0].named_children[0])

    def foreach_statement(self, node):
        variable, values, block = node.named_children
        for value in unrolled(self.value(values)):
            self.variables[variable.text.decode()[1:].lower()] = value
            yield from self.run(block)

    def try_statement(self, node):
        block, clauses = node.named_children
        try:
            yield from self.run(block)
        except (Thrown, Refused) as error:
            self.variables["_"] = str(error)
            yield from self.run(clauses.named_children[0].named_children[0])

    def flow_control_statement(self, node):
        assert node.text.startswith(b"throw"), node.text
        raise Thrown(text(self.value(node.named_children[0])))

    # Commands.

    def command(self, node):
        name, *elements = node.named_children
        words = [word for word in (elements[0].named_children if elements else []) if word.type != "command_argument_sep"]
        plain, named, waiting = [], {}, None
        for word in words:
            if word.type == "command_parameter":
                waiting = word.text.decode()[1:].lower()
                named[waiting] = True
            elif word.text.startswith(b"@") and word.text[1:2].isalpha():
                named.update({key.lower(): value for key, value in self.variables[word.text.decode()[1:].lower()].items()})
            else:
                value = word.text.decode() if word.type == "generic_token" else self.value(word)
                if waiting:
                    named[waiting] = value
                else:
                    plain.append(value)
                waiting = None
        command = getattr(self.module, name.text.decode().replace("-", "_").lower())
        if "_mg" in command.__name__ and command.__name__ != "connect_mggraph" and self.module.scopes is None:
            raise Thrown("Authentication needed. Please call Connect-MgGraph.")
        return command(*plain, **named) or []

    # Expressions: each has a value.

    def value(self, node):
        own = getattr(self, "value_of_" + node.type, None)
        if own:
            return own(node)
        children = node.named_children
        assert len(children) == 1, (node.type, node.text)
        return self.value(children[0])

    def value_of_pipeline(self, node):
        (child,) = node.named_children
        if child.type == "pipeline_chain":
            return self.value_of_pipeline_chain(child)
        return self.value(child)

    def value_of_pipeline_chain(self, node):
        first, *rest = node.named_children
        return collected(self.pipeline_chain(node)) if rest or first.type == "command" else self.value(first)

    def value_of_variable(self, node):
        return self.variables[node.text.decode().strip("${}").lower()]

    def value_of_string_literal(self, node):
        (child,) = node.named_children
        return self.value(child)

    def value_of_verbatim_string_characters(self, node):
        return node.text.decode()[1:-1].replace("''", "'")

    def value_of_expandable_string_literal(self, node):
        whole, written_text, at = node.text, "", 1
        for child in node.named_children:
            start = child.start_byte - node.start_byte
            written_text += whole[at:start].decode() + text(self.value(child))
            at = child.end_byte - node.start_byte
        return written_text + whole[at:-1].decode()

    def value_of_sub_expression(self, node):
        return collected(self.run(node))

    def value_of_array_expression(self, node):
        return list(self.run(node))

    def value_of_array_literal_expression(self, node):
        values = [self.value(child) for child in node.named_children]
        return values if len(values) > 1 else values[0]

    def value_of_decimal_integer_literal(self, node):
        return int(node.text)

    def value_of_hash_literal_expression(self, node):
        entries = node.named_children[0].named_children if node.named_children else []
        return {self.key(key): self.value(value) for key, value in (entry.named_children for entry in entries)}

    def key(self, node):
        return node.text.decode() if node.text[:1].isalpha() else self.value(node)

    def value_of_cast_expression(self, node):
        assert node.named_children[0].text == b"[ordered]", node.text
        return self.value(node.named_children[1])

    def value_of_expression_with_unary_operator(self, node):
        value = self.value(node.named_children[0])
        return not holds(value) if node.text.startswith(b"-not") else value

    def value_of_comparison_expression(self, node):
        children = node.named_children
        if len(children) == 1:
            return self.value(children[0])
        left, operator, right = self.value(children[0]), children[1].text.decode().lower(), self.value(children[2])
        match operator:
            case "-eq":
                return same(left, right)
            case "-ne":
                return not same(left, right)
            case "-notin":
                return not any(same(left, each) for each in (right if isinstance(right, list) else [right]))
            case "-join":
                return right.join(map(text, left))
            case "-split":
                return re.split(right, left)
        raise AssertionError(operator)

    def value_of_logical_expression(self, node):
        children = node.named_children
        if len(children) == 1:
            return self.value(children[0])
        left, right = children
        assert b" -or " in node.text, node.text
        return holds(self.value(left)) or holds(self.value(right))

    def value_of_additive_expression(self, node):
        children = node.named_children
        if len(children) == 1:
            return self.value(children[0])
        left, right = map(self.value, children)
        if isinstance(left, list):
            return left + (right if isinstance(right, list) else [right])
        return left + text(right)

    def value_of_member_access(self, node):
        return self.member(self.value(node.named_children[0]), node.named_children[1].text.decode())

    def member(self, holder, name):
        if isinstance(holder, dict):
            if name in ("Keys", "Values"):
                return list(getattr(holder, name.lower())())
            key = name[0].lower() + name[1:]
            if key in holder:
                return holder[key]
        elif hasattr(holder, name):
            return getattr(holder, name)
        raise Thrown(f"The property '{name}' cannot be found on this object.")

    def value_of_element_access(self, node):
        return self.value(node.named_children[0]).get(self.value(node.named_children[1]))

    def value_of_invokation_expression(self, node):
        holder, name, arguments = node.named_children
        values = []
        if arguments.named_children:
            values = [self.value(each) for each in arguments.named_children[0].named_children]
        if holder.type == "type_literal":
            assert name.text == b"new", node.text
            return TYPES[holder.text.decode()[1:-1]](*values)
        match self.value(holder), name.text.decode():
            case str() as word, "Trim":
                return word.strip()
            case str() as word, "Replace":
                return word.replace(*values)
            case dict() as bound, "ContainsKey":
                return any(same(values[0], key) for key in bound)
            case found, method:
                return self.member(found, method)(*values)


def main(script, arguments):
    bound, words = {}, [*arguments, None]
    while words[0]:
        name = words.pop(0).lstrip("-").lower()
        # A switch has no value.
        bound[name] = True if words[0] is None or words[0].startswith("-") and words[0][1:2].isalpha() else words.pop(0)
    source = Path(script).read_text(encoding="utf-8").removeprefix("\ufeff")
    tree = Parser(Language(tree_sitter_powershell.language())).parse(source.encode())
    directory = Directory(Path(os.environ["DIRECTORY"]))
    try:
        for line in Shell(Module(directory), bound).run(tree.root_node):
            print(text(line))
    except (Thrown, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        directory.keep()
    return 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
