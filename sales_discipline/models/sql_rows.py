import json

from odoo.tools import SQL


def sql_rows(model, names, rows, alias: str = "v") -> SQL:
    """Rows of Python values as a table of SQL, in one parameter whatever their number.

    :param model: a recordset whose fields `names` are (or 'id'); they give the columns their types
    :param rows: tuples of values in the order of `names`; dates and datetimes (UTC) as they are, lists for Json
    :return: what can follow FROM, with `alias` and the columns `names`
    """
    types = [model._fields[name].column_type[1] if name != "id" else "int4" for name in names]
    payload = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in zip(names, types, strict=True)
    )
    return SQL("json_to_recordset(%s) AS %s(%s)", payload, SQL.identifier(alias), columns)
