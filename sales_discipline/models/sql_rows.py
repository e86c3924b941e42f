import json

from odoo.tools import SQL

# of these no value has a character that an array would have to quote
NUMBERS = frozenset({"int4", "int8", "double precision", "numeric"})
PLAIN = NUMBERS | {"bool", "date", "timestamp"}


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


def sql_shared(names, types, rows, own: int, alias: str) -> SQL:
    """Rows of which many share what comes after their first `own` columns, as a table of SQL: that is written down once for
    all that have it.

    :param rows: tuples of values that a dict can have as keys, in the order of `names`; see `sql_rows`
    """
    shared = {}
    places = [shared.setdefault(row[own:], len(shared) + 1) for row in rows]
    columns = list(zip(*rows, strict=True))[:own] if rows else [()] * own
    values = zip(*shared, strict=True) if shared else [()] * (len(names) - own)
    return SQL(
        "(SELECT %(own)s, %(shared)s FROM %(rows)s JOIN %(values)s ON s.place = o.place OFFSET 0) AS %(alias)s",
        own=SQL(", ").join(SQL.identifier("o", name) for name in names[:own]),
        shared=SQL(", ").join(SQL.identifier("s", name) for name in names[own:]),
        rows=sql_table([*names[:own], "place"], [*types[:own], "int4"], [*columns, places], "o"),
        values=sql_table(
            [*names[own:], "place"], [*types[own:], "int4"], [*values, range(1, len(shared) + 1)], "s"
        ),
        alias=SQL.identifier(alias),
    )


class _Items(dict):
    """Values as items of an array, each written once: most columns repeat a few."""

    def __init__(self, write):
        super().__init__({None: "NULL"})
        self.write = write

    def __missing__(self, value):
        item = self[value] = self.write(value)
        return item


def _array(kind: str, values) -> str:
    """Values of one SQL type as PostgreSQL writes an array."""
    if kind == "jsonb":  # lists, which are no keys of a dict
        items = ["NULL" if value is None else _quoted(json.dumps(value)) for value in values]
    else:
        write = _write_number if kind in NUMBERS else str if kind in PLAIN else _write_text
        items = map(_Items(write).__getitem__, values)
    return f"{{{','.join(items)}}}"


def _write_number(value) -> str:
    # all zeros are one key of a dict: the sign of one must not become that of another
    return str(value) if value else "0"


def _write_text(value) -> str:
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
