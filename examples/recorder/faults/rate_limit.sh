# The payment provider allows far fewer requests than before.
FAULT_SUBJECT=payments
FAULT_MECHANISM=throttling
FAULT_NOTES="The payment provider, which is not ours and records nothing, lowers its quota to 2 requests in 20 s and answers 429 to the rest. payments and all other services are healthy."

fault_inject() { inside payments curl -fsS -k -X PUT -d '{"requests":2,"seconds":20}' "https://$provider_name/quota" > /dev/null; }
