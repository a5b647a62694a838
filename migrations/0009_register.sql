-- Register numbers come later, from a batch: the rule of one number a service and year is kept without an entry at submission.
CREATE UNIQUE INDEX applications_register ON applications.applications (service, register_year, register_no) WHERE register_no IS NOT NULL;
ALTER TABLE applications.applications DROP CONSTRAINT applications_service_register_year_register_no_key;
