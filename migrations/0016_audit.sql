-- The sealed log: events in a Merkle tree (RFC 6962) whose heads are signed, so that who rewrites history is found out.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO pendopo_app;

-- With which key heads are signed. The public half is published; the private one is made from a data key that the master key wraps.
CREATE TABLE audit.keys (
  id      uuid PRIMARY KEY,
  name    text NOT NULL UNIQUE CHECK (name ~ '^[0-9a-f]{8}$'), -- in the C2SP signed note: bound to origin and public key
  origin  text NOT NULL,                                  -- the log's name in its heads; it never changes
  public  bytea NOT NULL CHECK (length(public) = 32),
  key     bytea,                                          -- wrapped; NULL = destroyed, old heads stay checkable
  made_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON audit.keys TO pendopo_app;
-- only the wrapping may change: a new master key
GRANT UPDATE (key) ON audit.keys TO pendopo_app;

-- The order of the leaves, a row for all that were sealed at once: arrays, because a row an event would cost twice as much.
CREATE TABLE audit.leaves (
  first     bigint PRIMARY KEY CHECK (first >= 0),        -- number of the first leaf in this row
  count     integer NOT NULL CHECK (count > 0),
  low       bigint NOT NULL,                              -- lowest and highest position in the log
  high      bigint NOT NULL CHECK (high >= low),
  positions bigint[] NOT NULL CHECK (cardinality(positions) = count),
  events    uuid[] NOT NULL CHECK (cardinality(events) = count),
  hashes    bytea[] NOT NULL CHECK (cardinality(hashes) = count) -- of the events: what the tree was made of
);
-- What lies above a position that may still have neighbours to come.
CREATE INDEX leaves_high ON audit.leaves (high);
-- Hashes and ids are random: trying to compress them costs time and never succeeds.
ALTER TABLE audit.leaves ALTER events SET STORAGE EXTERNAL, ALTER hashes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT ON audit.leaves TO pendopo_app;

-- Finished parts of the tree from 256 leaves on, so that sealing goes on and proofs are made without reading all leaves.
CREATE TABLE audit.nodes (
  level smallint NOT NULL CHECK (level >= 8),
  index bigint NOT NULL CHECK (index >= 0),
  hash  bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, index)
);
GRANT SELECT, INSERT ON audit.nodes TO pendopo_app;

-- What we have promised: so many events, this root. Who kept one of these can prove that nothing before it was changed.
CREATE TABLE audit.heads (
  size      bigint PRIMARY KEY CHECK (size > 0),
  root      bytea NOT NULL CHECK (length(root) = 32),
  at        timestamptz NOT NULL,
  key_name  text NOT NULL REFERENCES audit.keys (name),
  signature bytea NOT NULL CHECK (length(signature) = 64),
  floor     bigint NOT NULL,   -- up to this position all had been committed and sealed
  next      bigint NOT NULL,   -- highest position sealed
  snapshot  text NOT NULL      -- which transactions had ended then
);
GRANT SELECT, INSERT ON audit.heads TO pendopo_app;

-- Rights that were refused, as the people answerable for an agency see them: as in the events, one row an agency concerned.
CREATE TABLE audit.refusals (
  agency  text NOT NULL,       -- of the officer, or of the case
  at      timestamptz NOT NULL,
  id      uuid NOT NULL,
  actor   text NOT NULL,       -- an officer's id, or the kind of actor
  roles   text[] NOT NULL,
  permission text NOT NULL,
  why     text NOT NULL,
  subject uuid,                -- the case, when there is one
  count   integer NOT NULL CHECK (count > 0), -- how many at once: a storm is one row
  PRIMARY KEY (agency, at, id)
);
GRANT SELECT, INSERT ON audit.refusals TO pendopo_app;
-- Kept a year; the events stay.
GRANT DELETE ON audit.refusals TO pendopo_app;
CREATE INDEX refusals_at ON audit.refusals USING brin (at);
