# catalog keeps what it need not keep, until the kernel kills it for the memory limit of its container; then again.
FAULT_SUBJECT=catalog
FAULT_MECHANISM=memory_pressure
FAULT_DESCRIPTION="Customers report that pages fail now and then"
FAULT_NOTES="A leak in catalog (2.5 MiB for every product shown, never given back) makes its memory grow to the limit of its container, 192 MiB; the kernel kills it, it is started again, and it grows again."

fault_inject() { defect catalog-1 keeps_what_was_viewed; }
