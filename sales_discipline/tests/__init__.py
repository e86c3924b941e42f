from . import test_payroll
from . import test_payroll_output
from . import test_payroll_access
from . import test_tools_payout
from . import test_adjust
from . import test_demo
