import pytz

from odoo import api, models
from odoo.exceptions import UserError


def _check_timezones(records, vals_list) -> None:
    """Refuse a time zone that nobody knows, where Odoo breaks off with a technical error or takes it as it is.

    :raise UserError: naming the field and the time zone that there is not
    """
    for vals in vals_list:
        if vals.get("tz") and vals["tz"] not in pytz.all_timezones_set:
            label = records._fields["tz"]._description_string(records.env)
            raise UserError(
                records.env._("The field '%(field)s' has no choice '%(tz)s'.", field=label, tz=vals["tz"])
            )


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        _check_timezones(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        _check_timezones(self, [vals])
        return super().write(vals)


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    @api.model_create_multi
    def create(self, vals_list):
        _check_timezones(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        _check_timezones(self, [vals])
        return super().write(vals)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    @api.model_create_multi
    def create(self, vals_list):
        _check_timezones(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        _check_timezones(self, [vals])
        return super().write(vals)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        _check_timezones(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        _check_timezones(self, [vals])
        return super().write(vals)
