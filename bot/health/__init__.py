"""Whether all is well and stays so: the rehearsal, alarms on absence, metrics, signs of life."""
