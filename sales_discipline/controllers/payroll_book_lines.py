from xlsxwriter.utility import xl_col_to_name, xl_range

LONGEST = 32767  # characters in a cell


class RowsSheet:
    """A sheet that grows row by row below its header, with live sums at its end.

    A subclass has `columns`: `(key, label, kind, width)`, and `_get_rows(statement)`: dicts with those keys.
    """

    def __init__(self, book, file, formats):
        self.run, self.env, self.formats = book.run, book.run.env, formats
        self.columns = self._get_columns()
        self.sheet = book.add_sheet(file, self._get_name())
        self.sums = dict.fromkeys((key for key, *_column in self.columns), 0.0)
        self.row = 0
        for i, (_key, label, kind, width) in enumerate(self.columns):
            style = "head_number" if kind in ("money", "number") else "head"
            self.sheet.write_string(0, i, label, formats[style])
            self.sheet.set_column(i, i, width)
        self.sheet.freeze_panes(1, 1)
        self.sheet.repeat_rows(0)

    def _get_person_columns(self):
        """Who a row is about: the first columns of every sheet of rows."""
        return [
            ("name", self.env._("Person"), "text", 28),
            ("personnel_number", self.env._("Personnel No."), "text", 14),
            ("department", self.env._("Department"), "text", 20),
        ]

    def _get_person(self, statement):
        """The values of those columns."""
        return {key: statement[key] for key, *_column in self._get_person_columns()}

    def add(self, statement):
        """The rows of one statement, see `_iter_statements`."""
        for values in self._get_rows(statement):
            self.row += 1
            for i, (key, _label, kind, _width) in enumerate(self.columns):
                self._write_cell(i, key, kind, values)

    def _write_cell(self, i, key, kind, values):
        value, style = values[key], self.formats[kind]
        if value is None:
            return
        if kind in ("text", "wrap"):
            self.sheet.write_string(self.row, i, value[:LONGEST], style)
        elif kind in ("date", "month"):
            self.sheet.write_datetime(self.row, i, value, style)
        else:
            self.sums[key] += value
            self.sheet.write_number(self.row, i, value, style)

    def close(self):
        """The sums below the rows, or a word if there are none."""
        if not self.row:
            self.sheet.write_string(1, 0, self._get_empty(), self.formats["label"])
            return
        self.sheet.autofilter(0, 0, self.row, len(self.columns) - 1)
        below = self.row + 1
        self.sheet.write_string(below, 0, self.env._("Total"), self.formats["total_text"])
        for i, (key, _label, kind, _width) in enumerate(self.columns):
            if kind == "money":
                total = self.run.currency_id.round(self.sums[key])
                formula = f"=SUBTOTAL(9,{xl_range(1, i, self.row, i)})"
                self.sheet.write_formula(below, i, formula, self.formats["total_money"], total)
            elif i:
                self.sheet.write_blank(below, i, None, self.formats["total_text"])


class LinesSheet(RowsSheet):
    """Each amount with its reason."""

    def __init__(self, book, file, formats):
        super().__init__(book, file, formats)
        self.kinds = self.run._get_kind_labels()

    def _get_name(self):
        return self.env._("Lines")

    def _get_empty(self):
        return self.env._("Nobody is paid in this month yet.")

    def _get_columns(self):
        env = self.env
        return [
            *self._get_person_columns(),
            ("component", env._("Component"), "text", 28),
            ("kind", env._("Kind"), "text", 16),
            ("date_from", env._("From"), "date", 12),
            ("date_to", env._("Until"), "date", 12),
            ("base", env._("Base"), "number", 14),
            ("rate", env._("Rate"), "number", 10),
            ("amount", env._("Amount"), "money", 16),
            ("explanation", env._("How it was reckoned"), "wrap", 90),
        ]

    def _get_rows(self, statement):
        person = self._get_person(statement)
        for line in statement["lines"]:
            yield {**line, **person, "kind": self.kinds.get(line["kind"], "")}


class CorrectionsSheet(RowsSheet):
    """What this month makes good of earlier ones."""

    def __init__(self, book, file, formats):
        super().__init__(book, file, formats)
        self.causes = self.run._get_cause_labels()

    def _get_name(self):
        return self.env._("Corrections")

    def _get_empty(self):
        return self.env._("Nothing of earlier months is corrected in this run.")

    def _get_columns(self):
        env = self.env
        return [
            *self._get_person_columns(),
            ("corrected_month", env._("Corrected Month"), "month", 12),
            ("component", env._("Component"), "text", 32),
            ("cause", env._("Cause"), "text", 20),
            ("documents", env._("Documents"), "wrap", 28),
            ("paid", env._("Paid"), "money", 16),
            ("due", env._("Owed"), "money", 16),
            ("amount", env._("Amount"), "money", 16),
            ("explanation", env._("How it was reckoned"), "wrap", 90),
        ]

    def _get_rows(self, statement):
        person = self._get_person(statement)
        for line in statement["lines"]:
            if line["kind"] == "correction":
                cause, documents = self.causes.get(line["cause"], ""), ", ".join(line["documents"])
                yield {**line, **person, "cause": cause, "documents": documents}

    def _write_cell(self, i, key, kind, values):
        """The amount is live where what was paid and what is due are known."""
        if key != "amount" or values["paid"] is None or values["due"] is None:
            return super()._write_cell(i, key, kind, values)
        self.sums[key] += values[key]
        names = [column[0] for column in self.columns]
        paid, due = (xl_col_to_name(names.index(name)) for name in ("paid", "due"))
        formula = f"={due}{self.row + 1}-{paid}{self.row + 1}"
        self.sheet.write_formula(self.row, i, formula, self.formats[kind], values[key])
        return None
