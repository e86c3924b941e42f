"""The win-back campaigns of the demo company: what was tried, and what is planned."""

# days ago, name, login of whoever is responsible, days to return, how many of the clients fallen away are called of ten
CAMPAIGNS = [
    (150, "Spring Clean-up: Clients Without Orders", "henrik", 60, 5),
    (75, "September: Back After the Summer", "henrik", 90, 4),
]
# the campaign under way: whose clients, how many, calls a day
PLANNED_BY = "tobias"
PLANNED = 6
PER_DAY = 2
NOTE = "Ask what has changed, and whether somebody else delivers now. Offer the calibration check free of charge."
