"""One file a migration of `tellwire.db`; `schema` has their order, and how to add one."""
