from . import queue_job
from . import discipline_scorecard
from . import discipline_payroll
