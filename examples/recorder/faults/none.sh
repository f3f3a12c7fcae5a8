# Nothing is broken.
FAULT_SUBJECT=
FAULT_MECHANISM=
FAULT_DESCRIPTION="A customer wrote that the shop felt slow; no alarm was raised"
FAULT_NOTES="Nothing was broken. What happened besides belongs to the shop's ordinary life."

fault_inject() { :; }
