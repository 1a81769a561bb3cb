"""View models of the weekly digest: the practice's page and each client's half page, all of one moment."""
