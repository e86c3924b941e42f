from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .models.discipline_fact import MARGIN

# whose the metric is, in the eyes of Odoo, that stays when the addon goes, because plans or cards refer to it
KEPT = "__sales_discipline_margin__"
METRIC = "metric_margin_confirmed"


def pre_init_hook(env):
    """Take back the metric that stayed when the addon was uninstalled, so that none is there twice."""
    env.cr.execute(
        "UPDATE ir_model_data SET module = 'sales_discipline_margin' WHERE module = %s RETURNING res_id",
        [KEPT],
    )
    if kept := env.cr.fetchall():
        env.cr.execute(
            "UPDATE discipline_metric SET active = TRUE WHERE id IN %s", [tuple(k for (k,) in kept)]
        )


def post_init_hook(env):
    """Fill the ledger with the margins of the orders that were confirmed before."""
    env["discipline.fact"]._fill_history_kind(MARGIN)


def uninstall_hook(env):
    """The ledger keeps what it holds. So does the metric, out of use, if anything refers to it."""
    metric = env.ref(f"sales_discipline_margin.{METRIC}", raise_if_not_found=False)
    if not metric:
        return
    try:
        with env.cr.savepoint(), mute_logger("odoo.sql_db"):
            metric.unlink()
    except (IntegrityError, UserError):
        env.cr.execute("UPDATE discipline_metric SET active = FALSE WHERE id = %s", [metric.id])
        env.cr.execute(
            "UPDATE ir_model_data SET module = %s WHERE module = 'sales_discipline_margin' AND name = %s",
            [KEPT, METRIC],
        )
