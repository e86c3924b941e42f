import logging
import re
import tempfile

from werkzeug.wsgi import wrap_file
from xlsxwriter.exceptions import FileCreateError

from odoo.exceptions import UserError
from odoo.http import content_disposition, request

_logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_workbook(save, name: str):
    """A response with the workbook that `save(file)` writes."""
    return send_file(save, name, "xlsx", XLSX)


def send_file(save, name: str, ending: str, content_type: str):
    """A response with the file that `save(file)` writes; it is never a whole in memory.

    :param name: of the file, without its ending; what file systems do not like is left out
    :raise UserError: if the server has no room for it
    """
    try:
        book = tempfile.TemporaryFile()
        save(book)
        size = book.seek(0, 2)
    except (OSError, FileCreateError) as error:
        _logger.warning("The file %s could not be written: %s", name, error)
        raise UserError(
            request.env._(
                "The file could not be written: the server has no room left for it. Nothing was changed; ask your"
                " administrator to make room, then download it again."
            )
        ) from error
    book.seek(0)
    name = re.sub(r"[^\w.-]+", "_", name).strip("._")
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", size),
        ("Content-Disposition", content_disposition(f"{name}.{ending}")),
        ("Cache-Control", "no-store"),
    ]
    return request.make_response(wrap_file(request.httprequest.environ, book), headers=headers)


def number_format(metric, currency) -> str:
    """The number format of a workbook for values of a metric."""
    if metric.unit != "money":
        return '0.0"%"' if metric.unit == "percent" else "#,##0.##"
    number = "#,##0" + ("." + "0" * currency.decimal_places if currency.decimal_places else "")
    symbol = (currency.symbol or currency.name).replace('"', "")
    money = f'"{symbol}" {number}' if currency.position == "before" else f'{number} "{symbol}"'
    return f"{money};[Red]-{money}"
