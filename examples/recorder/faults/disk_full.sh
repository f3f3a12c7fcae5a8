# The volume on which orders keeps receipts fills up.
FAULT_SUBJECT=orders
FAULT_MECHANISM=disk_full
FAULT_NOTES="A file grows until the volume of orders for receipts (16 MiB) is full. Orders are stored, their receipts cannot be written, and the requests fail."

fault_inject() {
    ( i=0; while head -c 524288 /dev/zero >> /srv/receipts/.export.tmp; do i=$((i + 1)); sleep 0.5; done ) 2> /dev/null &
}
