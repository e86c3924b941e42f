from . import export
from . import payroll
