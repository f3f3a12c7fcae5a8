# orders takes connections from its pool and does not give them back.
FAULT_SUBJECT=orders
FAULT_MECHANISM=connection_pool_exhausted
FAULT_NOTES="A code path of orders takes a database connection and does not return it; soon all 10 of its pool are taken, and every query waits until it gives up. The database is idle and healthy."

fault_inject() { defect orders-1 keeps_connections; }
