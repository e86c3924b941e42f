from . import test_payslip
from . import test_payslip_access
from . import test_payslip_security
