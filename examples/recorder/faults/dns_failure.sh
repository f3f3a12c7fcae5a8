# The name of the payment provider is no longer resolved.
FAULT_SUBJECT=payments
FAULT_MECHANISM=dns
FAULT_NOTES="The name server answers NXDOMAIN for the payment provider's name: payments cannot connect to it. All other names are resolved, the provider and the network are healthy."

fault_inject() { names "$provider_name"; }
