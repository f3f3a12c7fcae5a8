# orders confirms orders without charging for them.
FAULT_SUBJECT=orders
FAULT_MECHANISM=wrong_result
FAULT_DESCRIPTION="Finance: orders are confirmed to customers, but no payment arrives for them"
FAULT_NOTES="orders no longer calls payments when it creates an order: all requests succeed, nothing is logged as an error, and the orders have no payment."

fault_inject() { defect orders-1 does_not_charge; }
