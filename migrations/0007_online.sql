-- Drafts: an application being filled in, kept for days, opened again on any device with its code.
CREATE SCHEMA online;
GRANT USAGE ON SCHEMA online TO pendopo_app;

CREATE TABLE online.drafts (
  id       uuid PRIMARY KEY,
  code     bytea NOT NULL UNIQUE,         -- keyed hash of the code
  service  text NOT NULL,
  version  integer NOT NULL,
  content  bytea NOT NULL,                -- sealed answers and chosen documents
  key      bytea NOT NULL,
  application uuid,                       -- set when it was submitted: a second click finds the same case
  updated  timestamptz NOT NULL,
  expires  timestamptz NOT NULL
);
CREATE INDEX drafts_expires ON online.drafts (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON online.drafts TO pendopo_app;
