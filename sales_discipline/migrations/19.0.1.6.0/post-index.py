from odoo import SUPERUSER_ID, api
from odoo.orm.table_objects import Index
from odoo.tools import SQL, sql


def migrate(cr, version):
    """The ledger's indexes get the comments by which Odoo knows them: one that is declared anew is made anew."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model in (env["discipline.fact"], env["discipline.span"]):
        for index in model._table_objects.values():
            name = isinstance(index, Index) and index.full_name(model)
            definition, comment = sql.index_definition(cr, name) if name else (None, None)
            if definition and comment is None:
                query = SQL(
                    "COMMENT ON INDEX %s IS %s", SQL.identifier(name), index.get_definition(env.registry)
                )
                cr.execute(query)
