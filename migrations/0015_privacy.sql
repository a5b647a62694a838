-- Personal data: rights of those it is about, retention, breaches, consent.
CREATE SCHEMA privacy;
GRANT USAGE ON SCHEMA privacy TO pendopo_app;
