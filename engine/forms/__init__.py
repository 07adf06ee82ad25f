"""Forms: form-js files, read with findings, compiled to marshmallow schemas, validated as the browser does."""

from engine.forms.form import FieldInfo, Form
from engine.forms.problems import FieldProblem
from engine.forms.reading import SCHEMA_VERSION, parse_form

__all__ = ["SCHEMA_VERSION", "FieldInfo", "FieldProblem", "Form", "parse_form"]
