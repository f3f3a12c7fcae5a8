# A new version of storefront fails on one kind of page.
FAULT_SUBJECT=storefront
FAULT_MECHANISM=deployment
FAULT_NOTES="Version 5.4.0 of storefront is deployed to both instances; it reads a field that products do not have, and answers product pages with 500. Catalog's answers are as before."

fault_inject() {
    defect storefront-1 reads_a_field_that_is_not_there
    defect storefront-2 reads_a_field_that_is_not_there
    deploy_storefront 5.4.0 5.3.1
}
