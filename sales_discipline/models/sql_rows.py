import json

from odoo.tools import SQL

# of these no value has a character that an array would have to quote
PLAIN = frozenset({"int4", "int8", "double precision", "numeric", "bool", "date", "timestamp"})


def sql_rows(model, names, rows, alias: str = "v") -> SQL:
    """Rows of Python values as a table of SQL, a parameter a column whatever their number: PostgreSQL reads an array
    several times faster than a list of values, or JSON.

    :param model: a recordset whose fields `names` are (or 'id'); they give the columns their types
    :param rows: tuples of values in the order of `names`; dates and datetimes (UTC) as they are, lists for Json
    :return: what can follow FROM, with `alias` and the columns `names`
    """
    types = [model._fields[name].column_type[1] if name != "id" else "int4" for name in names]
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return sql_table(names, types, columns, alias)


def sql_table(names, types, columns, alias: str) -> SQL:
    """Columns of Python values as a table of SQL, see `sql_rows`.

    :param types: the SQL type of each column
    """
    arrays = [
        SQL("%s::%s[]", _array(kind, values), SQL(kind)) for kind, values in zip(types, columns, strict=True)
    ]
    return SQL(
        "unnest(%s) AS %s(%s)",
        SQL(", ").join(arrays),
        SQL.identifier(alias),
        SQL(", ").join(map(SQL.identifier, names)),
    )


def _array(kind: str, values) -> str:
    """Values of one SQL type as PostgreSQL writes an array."""
    if kind in PLAIN:
        items = ["NULL" if value is None else str(value) for value in values]
    else:
        text = json.dumps if kind == "jsonb" else str
        items = ["NULL" if value is None else _quoted(text(value)) for value in values]
    return f"{{{','.join(items)}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
