# The packets of orders to its database are dropped, for new and for established connections.
# A fault file sets FAULT_SUBJECT, FAULT_MECHANISM and FAULT_NOTES (for truth.json), FAULT_DESCRIPTION where no alarm notices it, and defines
# fault_inject, which acts and writes a change that operators would see with change; fault_prepare, if there, runs before all starts.
FAULT_SUBJECT=orders
FAULT_MECHANISM=dependency_timeout
FAULT_NOTES="A DROP rule in the network namespace of orders cuts its egress to PostgreSQL (${IP[db]}:5432): no connection can be made, established ones hang. PostgreSQL, catalog and storefront are healthy; the change of catalog's cache size before the fault is unrelated."

fault_inject() {
    local before after
    before=$(inside orders iptables -S OUTPUT | json_lines)
    inside orders iptables -A OUTPUT -p tcp -d "${IP[db]}" --dport 5432 -j DROP
    after=$(inside orders iptables -S OUTPUT | json_lines)
    change config_change netops-automation "orders egress policy" "apply egress policy revision" "$before" "$after"
}
