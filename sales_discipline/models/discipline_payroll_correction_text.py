from odoo import models
from odoo.tools.misc import format_date

# so many documents are named, the others counted
NAMED = 5


class DisciplinePayroll(models.Model):
    _inherit = "discipline.payroll"

    def _format_month(self, day):
        """'September 2026', in the language of the context."""
        return format_date(self.env, day, date_format="LLLL yyyy").capitalize()


class DisciplineComponent(models.Model):
    """Corrections in words, in the language of the context."""

    _inherit = "discipline.component"

    def _explain_correction(self, statement, line, documents):
        """'September 2026: S00012 cancelled (−10,000.00). Sales confirmed 391,970.00 instead of 401,970.00: 19,598.50
        instead of 28,137.90'.

        :param documents: see `_explain_changes`
        """
        values = {
            "month": self.env["discipline.payroll"]._format_month(statement.month),
            "due": self._format_money(line.due),
            "paid": self._format_money(line.paid),
        }
        if line.kind == "commission":
            metric = self.env["discipline.metric"].browse(statement.rules[line.component_id]["metric_id"])
            values.update(
                changes=self._explain_changes(documents),
                metric=metric.name,
                after=self._format_money(line.now["volume"]),
                before=self._format_money(line.known["volume"]),
            )
            if not documents:
                return self.env._(
                    "%(month)s: %(metric)s %(after)s instead of %(before)s: %(due)s instead of %(paid)s",
                    **values,
                )
            return self.env._(
                "%(month)s: %(changes)s. %(metric)s %(after)s instead of %(before)s: %(due)s instead of %(paid)s",
                **values,
            )
        if line.kind == "points":
            values.update(
                after=self._format_number(line.now["points"]),
                before=self._format_number(line.known["points"]),
            )
            return self.env._(
                "%(month)s: scorecards changed, %(after)s points instead of %(before)s: %(due)s instead of %(paid)s",
                **values,
            )
        if line.kind == "task":
            task = self._explain_changes(documents) or line.name
            return self.env._("%(month)s: %(task)s: %(due)s instead of %(paid)s", task=task, **values)
        if line.kind == "grade":
            names = [known["held_name"] or self.env._("no grade") for known in (line.now, line.known)]
            composites = [self._format_result(known["composite"]) for known in (line.now, line.known)]
            values.update(after=names[0], before=names[1], composite=composites[0])
            if composites[0] == composites[1]:
                return self.env._(
                    "%(month)s: scorecards of earlier months changed, grade “%(after)s” instead of “%(before)s”: %(due)s instead"
                    " of %(paid)s",
                    **values,
                )
            return self.env._(
                "%(month)s: scorecards changed, composite %(composite)s instead of %(was)s, grade “%(after)s” instead of "
                "“%(before)s”: %(due)s instead of %(paid)s",
                was=composites[1],
                **values,
            )
        if line.kind == "base" and line.now["waived"] != line.known["waived"]:
            rule = statement.rules[line.component_id]
            values["metric"] = self.env["discipline.metric"].browse(rule["waiver_metric_id"]).name
            if line.now["waived"]:
                return self.env._(
                    "%(month)s: the sales plan (%(metric)s) is met after all, so the base is paid in full: %(due)s instead of "
                    "%(paid)s",
                    **values,
                )
            return self.env._(
                "%(month)s: the sales plan (%(metric)s) is not met after all: %(due)s instead of %(paid)s",
                **values,
            )
        values.update(
            after=self._format_result(line.now["efficiency"]),
            before=self._format_result(line.known["efficiency"]),
        )
        return self.env._(
            "%(month)s: scorecards changed, efficiency %(after)s instead of %(before)s: %(due)s instead of %(paid)s",
            **values,
        )

    def _format_result(self, value):
        """A percentage, a dash for 'no data'."""
        return "–" if value is None else self._format_percent(value)

    def _explain_changes(self, documents):
        """'S00012 cancelled (−10,000.00), credit note RINV/1 (−5,000.00)'.

        :param documents: `[[model, id, name, before, after, cause]]`
        """
        parts = [
            self._explain_change(name, cause, self._format_signed(after - before))
            for _model, _id, name, before, after, cause in documents[:NAMED]
        ]
        if more := documents[NAMED:]:
            parts.append(
                self.env._(
                    "and %(count)s more (%(amount)s)",
                    count=len(more),
                    amount=self._format_signed(sum(after - before for *_doc, before, after, _cause in more)),
                )
            )
        return ", ".join(parts)

    def _explain_change(self, name, cause, amount):
        values = {"name": name, "amount": amount}
        if cause == "refund":
            return self.env._("credit note %(name)s (%(amount)s)", **values)
        if cause == "cancelled":
            return self.env._("%(name)s cancelled (%(amount)s)", **values)
        if cause == "task":
            return self.env._("task “%(name)s” (%(amount)s)", **values)
        if cause == "credit":
            return self.env._("credit shares of %(name)s (%(amount)s)", **values)
        if cause == "backdated":
            return self.env._("%(name)s entered afterwards (%(amount)s)", **values)
        return self.env._("%(name)s changed (%(amount)s)", **values)

    def _format_signed(self, amount):
        """An amount with its sign, plus included."""
        text = self._format_money(self.currency_id.round(amount))
        return f"+{text}" if amount > 0 else text
