-- Officers and their sessions. Residents need no account in this release: a number and a code are enough.
CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO pendopo_app;

CREATE TABLE identity.officers (
  id       uuid PRIMARY KEY,
  login    text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9.-]{3,60}$'),
  name     text NOT NULL,
  agency   text NOT NULL,
  roles    text[] NOT NULL CHECK (cardinality(roles) > 0),
  area     text NOT NULL DEFAULT '',  -- '' = the whole regency; else a district or village code
  password text NOT NULL,             -- scrypt, salted
  demo     boolean NOT NULL DEFAULT false,
  disabled boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, UPDATE ON identity.officers TO pendopo_app;

CREATE TABLE identity.sessions (
  token   bytea PRIMARY KEY,          -- hash of the cookie or bearer token; the token itself is nowhere
  officer uuid NOT NULL REFERENCES identity.officers,
  kind    text NOT NULL CHECK (kind IN ('browser', 'token')),
  rights  text[],                     -- a bearer token may carry fewer rights than its officer; NULL = all of them
  created timestamptz NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX sessions_officer ON identity.sessions (officer);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sessions TO pendopo_app;
