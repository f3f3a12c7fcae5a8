# The certificate of payments expires: nothing is changed, time goes by.
FAULT_SUBJECT=payments
FAULT_MECHANISM=certificate
FAULT_NOTES="The TLS certificate of payments expires; orders, which verifies it, cannot connect any more. payments itself runs and is healthy, it merely gets no requests."

fault_prepare() { certificate payments payments.internal "$fault_at"; }
fault_inject() { :; }
