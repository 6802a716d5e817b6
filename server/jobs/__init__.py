"""The job queue in the database, and one file per job."""
