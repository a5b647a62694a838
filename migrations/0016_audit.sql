-- The sealed log.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO pendopo_app;
