"""A JSON array in a text column as rows, in the words of either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction


class json_elements(FunctionElement[Any]):
    """The elements of an array, one a row; to be taken by `.table_valued("value")`."""

    inherit_cache = True


class json_field(GenericFunction[str]):
    """A text field of an element: the element, and the field's name as a literal."""

    type = Text()
    inherit_cache = True


@compiles(json_elements, "sqlite")
def _elements_sqlite(element: json_elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(json_elements, "postgresql")
def _elements_postgresql(element: json_elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **kw)} AS json))"


@compiles(json_field, "sqlite")
def _field_sqlite(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    value, name = element.clauses
    return f"json_extract({compiler.process(value, **kw)}, '$.' || {compiler.process(name, **kw)})"


@compiles(json_field, "postgresql")
def _field_postgresql(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    value, name = element.clauses
    return f"({compiler.process(value, **kw)} ->> {compiler.process(name, **kw)})"
