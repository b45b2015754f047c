"""The platform's own JSON API: what the dashboard, the command line and scripts use to set it up and look at it."""
