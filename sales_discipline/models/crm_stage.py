from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

# types of which the database can tell whether somebody filled them in; a box that is not ticked may be an answer
FILLABLE = (
    "char", "text", "html", "selection", "many2one", "many2many", "date", "datetime", "integer", "float", "monetary",
)  # fmt: skip


class CrmStage(models.Model):
    """Which fields of an opportunity have to be filled in from a stage on: the CRM fill level."""

    _inherit = "crm.stage"

    discipline_field_ids = fields.Many2many(
        "ir.model.fields",
        "discipline_stage_field_rel",
        "stage_id",
        "field_id",
        "Fields to Fill In",
        domain=f"[('model', '=', 'crm.lead'), ('store', '=', True), ('readonly', '=', False), ('ttype', 'in', {FILLABLE})]",
        groups="sales_discipline.group_manager",
        help="What an opportunity has to tell from this stage on; the fields of the stages before it are added. "
        "The metric CRM Fill Level counts how many of them are filled in.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        stages._recount_fill(vals_list)
        return stages

    def write(self, vals):
        res = super().write(vals)
        self._recount_fill([vals])
        return res

    def unlink(self):
        res = super().unlink()
        self._recount_fill([{"discipline_field_ids": []}])
        return res

    @api.constrains("discipline_field_ids")
    def _check_discipline_fields(self):
        leads = self.env["crm.lead"]
        for stage in self:
            for record in stage.sudo().discipline_field_ids:
                field = leads._fields.get(record.name) if record.model == leads._name else None
                if field is None or not leads._is_fillable(field):
                    raise ValidationError(
                        self.env._(
                            "Stage '%(stage)s': whether '%(field)s' is filled in cannot be told; please choose stored fields"
                            " of the opportunity that people can edit, but no check boxes.",
                            stage=stage.name,
                            field=record.field_description,
                        )
                    )

    def _recount_fill(self, vals_list) -> None:
        """Have all opportunities counted again if what they have to tell has changed."""
        if any({"discipline_field_ids", "sequence", "team_ids"}.intersection(vals) for vals in vals_list):
            self.env.registry.clear_cache()
            self.env["crm.lead"]._queue_fill(None)

    @api.model
    @ormcache()
    def _get_fill_fields(self) -> dict[str, int]:
        """Ids of the fields of crm.lead, by name, that some stage wants to be filled in."""
        leads = self.env["crm.lead"]
        wanted = self.sudo().search([("discipline_field_ids", "!=", False)]).discipline_field_ids
        return {
            field.name: field.id
            for field in wanted
            if field.name in leads._fields and leads._is_fillable(leads._fields[field.name])
        }
