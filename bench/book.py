"""The workbook of a pay run, beside a program that writes the same cells and nothing else."""

import tempfile

import common
import xlsxwriter
from common import Run, note, say

ROWS = 100_000


def measure(env, payroll, repeat: int) -> None:
    """Write the workbook of this run, its lines copied until they are ROWS, and print; the copies are rolled back by
    whoever asked."""
    from odoo.addons.sales_discipline.controllers.payroll_book import PayrollBook

    note("writing the workbook")
    _copy_lines(env, payroll)
    cells = _get_cells(PayrollBook(payroll))
    runs, hand = [], []
    for _n in range(repeat):
        with tempfile.TemporaryFile() as file, Run(env.cr) as run:
            PayrollBook(payroll).save(file)
        with tempfile.TemporaryFile() as file, Run() as plain:
            _write(file, cells)
        runs.append(run)
        hand.append(plain)
    times, limits = ([run.seconds for run in found] for found in (runs, hand))
    say(
        f"The workbook of {len(cells):,} lines: {common.spread(times)} s, {max(run.peak for run in runs):.0f} MB above what"
        f" the process held before, {runs[0].statements} statements;"
        f" {common.spread(common.ratios(times, limits))} times a program that writes the cells of these lines.\n"
    )


def _copy_lines(env, payroll) -> None:
    """Put more lines into the statements, copies of those there are."""
    env.flush_all()
    env.cr.execute("SELECT COUNT(*) FROM discipline_statement_line WHERE payroll_id = %s", [payroll.id])
    copies = -(-ROWS // env.cr.fetchone()[0]) - 1
    env.cr.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_name = 'discipline_statement_line' AND column_name <> 'id'"
    )
    columns = env.cr.fetchone()[0]
    env.cr.execute(
        f"INSERT INTO discipline_statement_line ({columns}) SELECT {columns} FROM discipline_statement_line,"
        " generate_series(1, %s) WHERE payroll_id = %s",
        [copies, payroll.id],
    )
    env.invalidate_all()


def _get_cells(book) -> list[list]:
    """The rows of the sheet of lines."""
    with tempfile.TemporaryFile() as file, xlsxwriter.Workbook(file, {"constant_memory": True}) as scratch:
        from odoo.addons.sales_discipline.controllers.payroll_book import LinesSheet

        sheet = LinesSheet(book, scratch, book._add_formats(scratch))
        keys = [key for key, *_column in sheet.columns]
        return [
            [values[key] for key in keys]
            for statement in book.run._iter_statements()
            for values in sheet._get_rows(statement)
        ]


def _write(file, cells) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, (int, float)):
                    sheet.write_number(row, column, value)
                elif value is not None:
                    sheet.write_datetime(row, column, value, date)
