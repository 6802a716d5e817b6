"""Members, sites, people, accounts and participants, and what each role may do."""
