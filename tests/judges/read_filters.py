"""Reads OData filters with a reader that this project did not write (odata-query).

Standard input has a JSON line for each filter: {"text": …, "tree": …}. A filter that is read as
another tree, or not at all, is printed, and the exit code is 1.
"""

import json
import sys

from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser

WORDS = {
    ast.And: "and", ast.Or: "or", ast.Not: "not", ast.USub: "-",
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
    ast.In: "in", ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Mod: "mod",
    ast.Any: "any", ast.All: "all",
}


def path(node):
    """The names of a path, or nothing if the node is none."""
    if isinstance(node, ast.Identifier):
        return [node.full_name()]
    if isinstance(node, ast.Attribute):
        return path(node.owner) + [node.attr]
    raise TypeError(f"not a path: {node}")


def tree(node):
    if isinstance(node, (ast.Identifier, ast.Attribute)):
        return {"path": path(node)}
    if isinstance(node, ast.Null):
        return {"value": "null"}
    if isinstance(node, ast.String):
        return {"text": node.val}
    if isinstance(node, ast.Duration):
        return {"value": f"duration'{node.val}'"}
    if isinstance(node, ast.List):
        return [tree(value) for value in node.val]
    if isinstance(node, ast._Literal):
        return {"value": node.val}
    if isinstance(node, (ast.BoolOp, ast.BinOp)):
        return {WORDS[type(node.op)]: [tree(node.left), tree(node.right)]}
    if isinstance(node, ast.Compare):
        return {WORDS[type(node.comparator)]: [tree(node.left), tree(node.right)]}
    if isinstance(node, ast.UnaryOp):
        return {WORDS[type(node.op)]: [tree(node.operand)]}
    if isinstance(node, ast.Call):
        return {node.func.full_name(): [tree(argument) for argument in node.args]}
    if isinstance(node, ast.CollectionLambda):
        found = [tree(node.owner)]
        if node.lambda_ is not None:
            found += [node.lambda_.identifier.full_name(), tree(node.lambda_.expression)]
        return {WORDS[type(node.operator)]: found}
    raise TypeError(f"not known to this script: {node}")


def main():
    read = wrong = 0
    for line in sys.stdin:
        row = json.loads(line)
        try:
            found = tree(ODataParser().parse(ODataLexer().tokenize(row["text"])))
        except Exception as error:  # whatever the reader throws is what we want to see
            found = f"{type(error).__name__}: {error}"
        read += 1
        if found != row["tree"]:
            wrong += 1
            if wrong <= 5:
                print(f"{row['text']}\n  meant {row['tree']}\n  read  {found}")
    print(f"{read} read, {wrong} wrong")
    return 1 if wrong else 0


sys.exit(main())
