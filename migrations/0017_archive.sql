-- The archive filtered by a rare service must not walk through all that the agency ever had.
CREATE INDEX applications_service ON applications.applications (service, submitted_at DESC, id DESC);
