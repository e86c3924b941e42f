from odoo import api, models


class IrFilters(models.Model):
    """Odoo does not translate the names of favorites. Those that the program ships are shown in the reader's language; what
    is stored, and what people save themselves, stays as it is."""

    _inherit = "ir.filters"

    @api.model
    def get_filters(self, model, action_id=None, embedded_action_id=None, embedded_parent_res_id=None):
        found = super().get_filters(model, action_id, embedded_action_id, embedded_parent_res_id)
        if isinstance(model, str) and (model == "crm.lead" or model.startswith("discipline.")):
            names = self._get_discipline_names()
            for favorite in found:
                if not favorite["user_ids"]:
                    favorite["name"] = names.get(favorite["name"], favorite["name"])
        return found

    def _get_discipline_names(self) -> dict[str, str]:
        """The names of the favorites shipped, and how the reader says them."""
        return {
            "Points of the Last 7 Days": self.env._("Points of the Last 7 Days"),
            "Points of People by Week": self.env._("Points of People by Week"),
            "Efficiency of Teams by Month": self.env._("Efficiency of Teams by Month"),
            "Zones of Teams This Month": self.env._("Zones of Teams This Month"),
            "Missed Indicators by Team": self.env._("Missed Indicators by Team"),
            "Missed Indicators by Weekday": self.env._("Missed Indicators by Weekday"),
            "Efficiency by Indicator and Person": self.env._("Efficiency by Indicator and Person"),
            "KPI Trend over 12 Months": self.env._("KPI Trend over 12 Months"),
            "Who Improves": self.env._("Who Improves"),
            "Late Entries of People by Week": self.env._("Late Entries of People by Week"),
            "What Is Entered Late": self.env._("What Is Entered Late"),
            "Dated Back by Person": self.env._("Dated Back by Person"),
            "Who States More Than Was Measured": self.env._("Who States More Than Was Measured"),
            "Which Numbers Are Overstated": self.env._("Which Numbers Are Overstated"),
            "Reports Not Handed In": self.env._("Reports Not Handed In"),
            "Honesty of Teams by Month": self.env._("Honesty of Teams by Month"),
            "This Month by Salesperson": self.env._("This Month by Salesperson"),
            "Last Month by Salesperson": self.env._("Last Month by Salesperson"),
            "This Quarter by Salesperson": self.env._("This Quarter by Salesperson"),
            "This Year by Team and Month": self.env._("This Year by Team and Month"),
            "This Year by Country and Region": self.env._("This Year by Country and Region"),
            "This Year by Source": self.env._("This Year by Source"),
            "This Year by Product Category": self.env._("This Year by Product Category"),
            "Rules by Month": self.env._("Rules by Month"),
            "People by Month": self.env._("People by Month"),
            "On Time, Late and Skipped by Person": self.env._("On Time, Late and Skipped by Person"),
            "Skipped, and Why": self.env._("Skipped, and Why"),
            "Needs Attention by Salesperson": self.env._("Needs Attention by Salesperson"),
            "Deals without a Next Step by Stage": self.env._("Deals without a Next Step by Stage"),
        }
