# Other programs in the container of catalog use up its share of the CPU.
FAULT_SUBJECT=catalog
FAULT_MECHANISM=cpu_saturation
FAULT_DESCRIPTION="Customers report that product pages are slow"
FAULT_NOTES="Ten busy processes are started in the container of catalog, whose CPU limit is 0.25 cores: catalog is throttled and waits for its turn. Its code and its traffic are as before."

fault_inject() {
    local i
    for i in $(seq 10); do start "compress-$i" catalog sh -c 'while :; do head -c 1000000 /dev/urandom | gzip -9 > /dev/null; done'; done
}
