"""Where the rules of the template register. Each takes the template and tells what is wrong with it; an empty list is
good.
"""

RULES = []


def rule(check):
    """Registers a rule."""
    RULES.append(check)
    return check


def of_type(template: dict, *types: str) -> dict[str, dict]:
    """The resources of some types."""
    return {name: one for name, one in template["Resources"].items() if one["Type"] in types}
