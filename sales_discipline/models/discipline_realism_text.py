from datetime import date

from odoo import api, models
from odoo.tools import format_date, formatLang

from ..tools import realism


class DisciplineRealism(models.AbstractModel):
    """What the months say of a plan, in words: in the language of the environment."""

    _inherit = "discipline.realism"

    @api.model
    def _get_sentences(
        self, verdict: realism.Verdict, company, metric, names: dict | None = None
    ) -> list[str]:
        """A verdict in words; without `names` in brief: neither who needs training nor which plan is proposed."""
        rules = company.sudo()
        if verdict.state == "none":
            return [self.env._("No month by which the plan could be judged has been closed yet.")]
        month = verdict.judged
        name = self._format_month(month.month, "LLLL yyyy")
        where = {"month": name[:1].upper() + name[1:], "people": month.people}
        if verdict.state == "few":
            few = self.env._(
                "%(month)s: people counted: %(people)s, too few to tell. At least %(enough)s are needed.",
                enough=rules.discipline_enough_people,
                **where,
            )
            return [few]
        counted = self.env._(
            "%(month)s: below plan %(missed)s of %(people)s people (%(share)s%%).",
            missed=month.missed,
            share=self._format_number(month.share),
            **where,
        )
        sentences = [counted, self._get_judgement(verdict, rules)]
        if names is None:
            return sentences
        if verdict.proposal is not None:
            sentences += self._get_proposal(verdict, rules, metric)
        return sentences + ([self._get_training(verdict, names)] if verdict.training else [])

    def _get_judgement(self, verdict, rules) -> str:
        """Whether the plan is realistic, or how near it is to being out of reach."""
        if not verdict.in_row:
            return self.env._("The plan is realistic.")
        values = {
            "limit": self._format_number(rules.discipline_alarm_share),
            "in_row": verdict.in_row,
            "months": rules.discipline_alarm_months,
        }
        if verdict.state == "alarm":
            return self.env._(
                "Months in a row with more than %(limit)s%% below plan: %(in_row)s. The plan is out of reach.",
                **values,
            )
        return self.env._(
            "Months in a row with more than %(limit)s%% below plan: %(in_row)s. With %(months)s the plan counts as"
            " out of reach.",
            **values,
        )

    def _get_proposal(self, verdict, rules, metric) -> list[str]:
        """A plan that would have been met."""
        values = {
            "plan": self._format_value(verdict.proposal, rules, metric.sudo()),
            "share": self._format_number(rules.discipline_met_share),
        }
        sentences = [
            self.env._(
                "%(share)s%% of the results would have met a plan of %(plan)s a month for each person.",
                **values,
            )
        ]
        if verdict.scale:
            sentences.append(
                self.env._("Where plans differ: %(scale)s%% of each person's own.", scale=verdict.scale)
            )
        return sentences

    def _get_training(self, verdict, names) -> str:
        """Who misses the plan while the others meet it."""
        people = ", ".join(
            self.env._(
                "%(name)s (%(missed)s of %(of)s)", name=names[item.person], missed=item.missed, of=item.of
            )
            for item in verdict.training
        )
        return self.env._(
            "Missed in months in which most others met their plan: %(people)s. That calls for training or another"
            " place rather than for a lower plan.",
            people=people,
        )

    def _format_month(self, month: date, pattern: str) -> str:
        return format_date(self.env, month, date_format=pattern)

    def _format_number(self, value: float) -> str:
        """A percentage without its sign: 80, 66.7."""
        return formatLang(self.env, value, digits=0 if value == round(value) else 1)

    def _format_value(self, value: float, rules, metric) -> str:
        """A number in the unit of the metric."""
        if metric.unit == "money":
            unit = "units" if value == round(value) else "decimals"
            return formatLang(self.env, value, currency_obj=rules.currency_id, rounding_unit=unit)
        number = formatLang(self.env, value, digits=0 if value == round(value) else 2)
        if metric.unit == "percent":
            return f"{number}%"
        return self.env._("%(number)s min", number=number) if metric.unit == "minutes" else number
