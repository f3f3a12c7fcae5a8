# A session in the database holds an exclusive lock on the orders most of the time, as a careless rewrite of a table would.
FAULT_SUBJECT=orders-db
FAULT_MECHANISM=slow_processing
FAULT_NOTES="In the database a maintenance session locks the table orders exclusively, for 1.8 s of every 2.3 s: every query on orders waits. Nothing else is slow: neither its host nor the network, nor the service orders, which waits for its queries."

fault_inject() {
    ( while :; do
        in_database -c "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.8); COMMIT" > /dev/null || true
        sleep 0.5
    done ) &
}
