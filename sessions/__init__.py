"""The validation domain: criteria, schedule, roster, tour, checklist and findings."""
