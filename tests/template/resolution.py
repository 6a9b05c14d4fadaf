"""Intrinsic functions of CloudFormation, as far as this template uses them."""

import re


class Resolution:
    """Replaces references by values. `attributes` answers for what only AWS could know, by `"Name"` or
    `"Name.Attribute"`.
    """

    def __init__(self, template: dict, parameters: dict[str, str], attributes):
        self.template = template
        self.attributes = attributes
        defaults = {name: one.get("Default") for name, one in template["Parameters"].items()}
        self.values = (
            defaults
            | {
                "AWS::Region": "eu-central-1",
                "AWS::AccountId": "123456789012",
                "AWS::Partition": "aws",
                "AWS::StackName": "tc",
                "AWS::URLSuffix": "amazonaws.com",
            }
            | parameters
        )

    def reference(self, name: str):
        """`Ref`."""
        return self.values[name] if name in self.values else self.attributes(name)

    def condition(self, name: str) -> bool:
        """A condition by its name."""
        return self.of(self.template["Conditions"][name])

    def sub(self, text: str, own: dict) -> str:
        """`Fn::Sub`."""

        def value(found: re.Match) -> str:
            name = found[1]
            if name in own:
                return str(self.of(own[name]))
            return str(self.attributes(name) if "." in name else self.reference(name))

        return re.sub(r"\$\{([^!}]+)\}", value, text)

    def of(self, node):
        """A part of the template, with its references replaced. What is `AWS::NoValue` is left out."""
        if isinstance(node, list):
            return [self.of(one) for one in node if not self.is_nothing(one)]
        if not isinstance(node, dict):
            return node
        match list(node.items()):
            case [("Ref", name)]:
                return self.reference(name)
            case [("Condition", str(name))]:
                return self.condition(name)
            case [("Fn::GetAtt", [name, attribute])]:
                return self.attributes(f"{name}.{attribute}")
            case [("Fn::Sub", str(text))]:
                return self.sub(text, {})
            case [("Fn::Sub", [text, own])]:
                return self.sub(text, own)
            case [("Fn::If", [name, then, otherwise])]:
                return self.of(then if self.condition(name) else otherwise)
            case [("Fn::Equals", [one, other])]:
                return str(self.of(one)) == str(self.of(other))
            case [("Fn::Not", [one])]:
                return not self.of(one)
            case [("Fn::And", many)]:
                return all(self.of(one) for one in many)
            case [("Fn::FindInMap", [name, key, inner])]:
                return self.template["Mappings"][name][self.of(key)][self.of(inner)]
            case [("Fn::Join", [between, many])]:
                return between.join(str(self.of(one)) for one in many)
        left_out = {key for key, value in node.items() if self.is_nothing(value)}
        return {key: self.of(value) for key, value in node.items() if key not in left_out}

    def is_nothing(self, node) -> bool:
        """Whether a value is `AWS::NoValue` in the end."""
        match node:
            case {"Ref": "AWS::NoValue"}:
                return True
            case {"Fn::If": [name, then, otherwise]}:
                return self.is_nothing(then if self.condition(name) else otherwise)
        return False
