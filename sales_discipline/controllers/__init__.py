from . import export
from . import funnel
from . import payroll
from . import sales_plans
from . import team_board
