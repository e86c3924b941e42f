from . import discipline_statement
from . import discipline_payroll
from . import hr_payslip
from . import hr_payslip_pay
from . import hr_payroll_structure
from . import discipline_demo
