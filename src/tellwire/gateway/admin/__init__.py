"""The gateway's administration: who may sign in to the portal, and the JSON API behind it, one file a page.

    /admin/api/...    by the portal's session cookie or the bearer admin token; `routes` has the table

Errors are `{"error": {"code", "message", "fields"}}` with a status of 400 and more.
Not here: the customers' API (`api`), and the pages themselves (`portal`).
"""
