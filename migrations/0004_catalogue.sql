-- What the regency offers. A published version never changes: applications keep the version they were made under.
CREATE SCHEMA catalogue;
GRANT USAGE ON SCHEMA catalogue TO pendopo_app;

-- Definitions are json, not jsonb: the order of actions and questions is the author's.
CREATE TABLE catalogue.agencies (id text PRIMARY KEY, definition json NOT NULL);
GRANT SELECT, INSERT, UPDATE ON catalogue.agencies TO pendopo_app;

CREATE TABLE catalogue.versions (
  service    text NOT NULL,
  version    integer NOT NULL CHECK (version > 0),
  definition json NOT NULL,
  hash       bytea NOT NULL,
  published  timestamptz NOT NULL,
  withdrawn  timestamptz,             -- no longer offered; running applications go on
  PRIMARY KEY (service, version)
);
GRANT SELECT, INSERT ON catalogue.versions TO pendopo_app;
GRANT UPDATE (withdrawn) ON catalogue.versions TO pendopo_app;
