from odoo import api, models
from odoo.exceptions import UserError

from .field_change import differs

# In the context of this process's own buttons and scheduled actions. An object, so that no remote call can send it.
MOVING = object()


class DisciplineMoved(models.AbstractModel):
    """Records that go from state to state, each step by its button, and over no other road: not by a call, an import,
    a default, a copy or as superuser.

    `_moved` names what goes with the steps: the state, who did what when, what came of it. The program writes it by
    `_move` and `_moving`.
    """

    _name = "discipline.moved.mixin"
    _description = "Moved by Its Buttons"
    _moved = frozenset({"state"})
    # states in which a record is at work: nobody archives it then
    _at_work = frozenset()
    # what stays as it is from the first step on
    _settled = frozenset()

    def _moving(self):
        """The same records, for the program's own hands. They leave the method that asks for them on no account."""
        return self.with_context(discipline_moving=MOVING)

    def _is_moving(self) -> bool:
        return self.env.context.get("discipline_moving") is MOVING

    def _get_fresh(self) -> dict:
        """What a new record holds in the fields that are moved: their defaults, whatever a context or a user's own
        defaults say. What is computed is left out."""
        moved = [self._fields[name] for name in self._moved if not self._fields[name].compute]
        return {field.name: field.default(self) if field.default else False for field in moved}

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: for a record that would begin in the middle"""
        if self._is_moving():
            return super().create(vals_list)
        fresh = self._get_fresh()
        for vals in vals_list:
            for name in sorted(self._moved.intersection(vals)):
                if vals[name] and vals[name] != fresh.get(name):
                    self._refuse_by_hand(name)
        rows = [{name: vals[name] for name in vals if name not in self._moved} | fresh for vals in vals_list]
        return super().create(rows)

    def write(self, vals):
        if not self._is_moving():
            for name in sorted(self._moved.intersection(vals)):
                if any(differs(record, name, vals) for record in self):
                    self._refuse_by_hand(name)
            vals = {name: vals[name] for name in vals if name not in self._moved}
            self._check_begun(vals)
        return super().write(vals)

    def _refuse_by_hand(self, name: str):
        raise UserError(
            self.env._(
                "Use the buttons of the form: “%(field)s” is written by them alone.",
                field=self._fields[name]._description_string(self.env),
            )
        )

    def _check_begun(self, vals) -> None:
        """:raise UserError: for what stays from the first step on, and for what would end without anybody's saying so"""
        settled = sorted(self._settled.intersection(vals))
        fresh = self._get_fresh() if settled else {}
        for name in settled:
            for record in self:
                if record.state != fresh["state"] and differs(record, name, vals):
                    raise UserError(
                        self.env._(
                            "“%(name)s” is %(state)s: the field “%(field)s” stays as it is.",
                            name=record.display_name,
                            state=record._get_state_label(),
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
        if self._at_work and "active" in vals and not vals["active"]:
            if busy := self.filtered(lambda record: record.state in self._at_work)[:1]:
                raise UserError(
                    self.env._(
                        "“%(name)s” cannot be archived while it is %(state)s: close it first.",
                        name=busy.display_name,
                        state=busy._get_state_label(),
                    )
                )

    def _get_state_label(self) -> str:
        return dict(self._fields["state"]._description_selection(self.env))[self.state].lower()

    def _move(self, states: tuple, values: dict) -> None:
        """Write `values` to records in one of `states`.

        :raise UserError: for others
        """
        self._check_state(states)
        self._moving().write(values)
        self.flush_recordset()  # here who presses the same button at the same moment waits, and is told

    def _check_state(self, states: tuple) -> None:
        """:raise UserError: for records that are in none of `states`"""
        self.check_access("write")
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "This cannot be done with “%(name)s”: it is %(state)s.",
                        name=record.display_name,
                        state=record._get_state_label(),
                    )
                )
