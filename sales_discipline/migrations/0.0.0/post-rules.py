from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_open

ADDON = "sales_discipline"


def migrate(cr, version):
    """Record rules as this version ships them, at every update to another version.

    Odoo leaves them alone so that a company can have its own; what nobody but Odoo itself has written is nobody's own, and
    an old rule may give away what a new version protects.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        SELECT d.name FROM ir_rule r JOIN ir_model_data d ON d.model = 'ir.rule' AND d.res_id = r.id
         WHERE d.module = %s AND r.write_uid <> %s
        """,
        [ADDON, SUPERUSER_ID],
    )
    own = {name for (name,) in cr.fetchall()}
    for path in Manifest.for_addon(ADDON)["data"]:
        if not path.startswith("security/") or not path.endswith(".xml"):
            continue
        with file_open(f"{ADDON}/{path}", "rb") as file:
            root = etree.parse(file).getroot()
        for record in list(root.iter("record")):
            if record.get("model") != "ir.rule" or record.get("id") in own:
                record.getparent().remove(record)
        xml_import(env, ADDON, {}, "init", noupdate=True).parse(root)
