from hypothesis import HealthCheck, settings

# on a busy machine an example is slow, which says nothing about the code
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
