-- Messages to people: what is to be sent, by which channel, and what became of it.
CREATE SCHEMA messages;
GRANT USAGE ON SCHEMA messages TO pendopo_app;
