# A setting of orders is changed to a value that refuses every order.
FAULT_SUBJECT=orders
FAULT_MECHANISM=config_change
FAULT_NOTES="The setting order.max.lines of orders is changed from 20 to 0, so that every new order is refused with 500. The code is the same."

fault_inject() {
    config orders 8081 '{"order.max.lines":0}'
    change config_change orders-team "orders configuration" "change order limits" "$before" "$after"
}
