from . import export
from . import payroll
from . import sales_plans
