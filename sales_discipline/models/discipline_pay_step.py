from odoo import models
from odoo.tools.misc import format_date

from ..tools import ladder, payout, remuneration
from ..tools.ladder import Climb, Step
from ..tools.remuneration import Portion

FULL = 100.0


class DisciplineComponent(models.Model):
    """What would raise a month that is not paid yet, in numbers and in words: `_get_step_<kind>` of the lines that the
    component has in it (see discipline_pay_outlook.py). All in the language of the context."""

    _inherit = "discipline.component"

    def _get_step(self, lines) -> dict | None:
        """The next step of this component, None at the top of the ladder and where nothing raises it.

        :param lines: the values of its lines of one person and month, see `_prepare_line`; at least one
        :return: dict of `text`; `gain`: money, None where that cannot be said; and, where it is a way on a ladder (else
            None): `value`: where the person stands, `start` and `stop`: the step reached and the next one, `percent` of the
            way, and the same in words: `value_text`, `start_text`, `stop_text`
        """
        self.ensure_one()
        return getattr(self, f"_get_step_{self.kind}", lambda lines: None)(lines)

    def _prepare_step(self, found: Climb, value: float, gain, text: str, form, words=None) -> dict:
        """A way on a ladder.

        :param form: writes a result or a threshold
        :param words: says what is paid from a step on; by default its percentage
        """
        words = words or (lambda step: self._explain_rung(step, form))
        return {
            "text": text,
            "gain": gain,
            "value": value,
            "start": found.step.threshold if found.step else 0.0,
            "stop": found.next.threshold,
            "percent": ladder.progress(found, value),
            "value_text": form(value),
            "start_text": words(found.step) if found.step else "",
            "stop_text": words(found.next),
        }

    def _explain_rung(self, step: Step, form) -> str:
        """'7 % from 400,000'."""
        return self.env._(
            "%(value)s from %(threshold)s",
            value=self._format_percent(step.value),
            threshold=form(step.threshold),
        )

    def _get_step_commission(self, lines):
        line, rounding = lines[-1], self.currency_id.round
        volume, target = line["inputs"]["volume"], line["inputs"]["target"]
        steps = remuneration.commission_steps(self.tier_ids._get_steps(), self.ladder_by, target)
        found = ladder.climb(steps, volume)
        if not found.next or found.next.value <= found.value:
            return None
        there = remuneration.commission(found.next.threshold, steps, self.mode, rounding)
        gain = payout.total_money([there, -line["amount"]], rounding)
        text = line["next_step"] or ""
        if self.mode == "marginal":
            text = self.env._(
                "%(missing)s more to the step that pays %(rate)s of what is sold beyond it",
                missing=self._format_money(found.missing(volume)),
                rate=self._format_percent(found.next.value),
            )
        # in money, also where the ladder is one of percentages of the plan
        return self._prepare_step(found, volume, gain or None, text, self._format_money)

    def _get_step_base(self, lines):
        inputs, rounding = lines[-1]["inputs"], self.currency_id.round
        result = inputs["efficiency"]
        found = ladder.climb(self.tier_ids._get_steps(), result)
        if inputs["waived"] or result is None or not found.next or found.next.value <= found.value:
            return None
        there = (
            remuneration.base_pay(
                [Portion(*(line["inputs"][name] for name in ("wage", "worked", "norm")))],
                found.next.value,
                rounding,
            )
            for line in lines
        )
        gain = payout.total_money([*there, *(-line["amount"] for line in lines)], rounding)
        return self._prepare_step(
            found, result, gain, self._explain_way(found, result, gain), self._format_percent
        )

    def _get_step_kpi_bonus(self, lines):
        inputs, rounding = lines[-1]["inputs"], self.currency_id.round
        result, amount = inputs["efficiency"], lines[-1]["amount"]
        if result is None:
            return None
        steps = self.tier_ids._get_steps()
        if not steps:
            return self._get_plain_step(result, amount)
        found = ladder.climb(steps, result)
        if not found.next or found.next.value <= found.value:
            return None
        there = rounding(self.fixed_amount * found.next.value / FULL)
        gain = payout.total_money([there, -amount], rounding)
        return self._prepare_step(
            found, result, gain, self._explain_way(found, result, gain), self._format_percent
        )

    def _get_plain_step(self, result, amount):
        """Of an amount without a ladder: all of it at 100 %, each percent on the way counts."""
        if result >= FULL:
            return None
        found = Climb(None, Step(FULL, FULL))
        gain = payout.total_money([self.fixed_amount, -amount], self.currency_id.round)
        text = self.env._(
            "Each percentage point more pays %(point)s; %(missing)s more to the full %(full)s",
            point=self._format_money(self.currency_id.round(self.fixed_amount / FULL)),
            missing=self._format_percent(FULL - result),
            full=self._format_money(self.fixed_amount),
        )
        form = self._format_percent
        return self._prepare_step(found, result, gain, text, form, lambda step: form(step.threshold))

    def _get_step_grade(self, lines):
        line = lines[-1]
        result, held = line["inputs"]["composite"], line["inputs"]["held"]
        if result is None or not line["next_step"]:
            return None
        steps = self.tier_ids._get_steps()
        found = Climb(steps[held - 1] if held else None, steps[held])
        names = dict(
            zip((step.id for step in steps), self.tier_ids.sorted("threshold").mapped("name"), strict=True)
        )

        def words(step):
            threshold = self._format_percent(step.threshold)
            return self.env._("“%(grade)s” from %(threshold)s", grade=names[step.id], threshold=threshold)

        # it pays only after some months running, so nothing is gained this month
        return self._prepare_step(found, result, None, line["next_step"], self._format_percent, words)

    def _explain_way(self, found: Climb, result: float, gain: float) -> str:
        return self.env._(
            "%(missing)s more of the plan, from %(threshold)s on, pays %(more)s more",
            missing=self._format_percent(found.missing(result)),
            threshold=self._format_percent(found.next.threshold),
            more=self._format_money(gain),
        )

    # ------------------------------------------------------------
    # What is no ladder
    # ------------------------------------------------------------

    def _get_task_steps(self, employee) -> list[dict]:
        """What SMART tasks that are not approved yet would pay, the first due first."""
        tasks = self.env["discipline.task"].search(
            [
                ("employee_id", "=", employee.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("open", "submitted", "rejected")),
                ("value", ">", 0),
            ],
            order="date_due, id",
        )
        states = dict(tasks._fields["state"]._description_selection(self.env))
        return [
            {
                "text": self.env._(
                    "“%(task)s” pays %(value)s once it is approved (%(state)s, due %(day)s)",
                    task=task.name,
                    value=self._format_money(task.value),
                    state=states[task.state].lower(),
                    day=format_date(self.env, task.date_due),
                ),
                "gain": task.value,
                "task_id": task.id,
            }
            for task in tasks
        ]

    def _get_points_text(self, value) -> str:
        """What a point is worth right now, as limits leave it.

        :param value: of `discipline.scheme._get_point_values`
        """
        schemes = self.env["discipline.scheme"]
        more, less = (schemes._get_points_money(value, points) for points in (1, -1))
        texts = []
        if more:
            texts.append(self.env._("A point more pays %(amount)s.", amount=self._format_money(more)))
        else:
            texts.append(self.env._("A point more pays nothing: a limit is reached."))
        if value["no_fines"] and not less:
            texts.append(self.env._("There are no fines."))
        elif less:
            texts.append(self.env._("A point less takes %(amount)s.", amount=self._format_money(-less)))
        else:
            texts.append(self.env._("A point less takes nothing."))
        return " ".join(texts)
