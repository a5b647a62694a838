-- Personal data: rights of those it is about, retention, breaches, consent.
CREATE SCHEMA privacy;
GRANT USAGE ON SCHEMA privacy TO pendopo_app;

-- A request of a data subject is an ordinary permohonan (service hak-data-pribadi): its clock, desk and answer are the
-- engine's. Here stands only what the engine does not know: which right is asked, and for which cases.
CREATE TABLE privacy.requests (
  application uuid PRIMARY KEY REFERENCES applications.applications,
  asked       text NOT NULL CHECK (asked IN ('access', 'correction', 'portability', 'erasure', 'objection', 'limitation', 'withdrawal')),
  account     uuid,                            -- asked while signed in; NULL = with number and code
  at          timestamptz NOT NULL,
  carried_out timestamptz                      -- the effect of a granted erasure is complete
);
CREATE INDEX requests_account ON privacy.requests (account) WHERE account IS NOT NULL;
-- what the clock still has to look after
CREATE INDEX requests_unsettled ON privacy.requests (at) WHERE carried_out IS NULL;
GRANT SELECT, INSERT ON privacy.requests TO pendopo_app;
GRANT UPDATE (carried_out) ON privacy.requests TO pendopo_app;

-- What the person showed to be his when asking: the effect of an answer reaches these cases and no others.
CREATE TABLE privacy.scope (
  request     uuid NOT NULL REFERENCES privacy.requests,
  application uuid NOT NULL REFERENCES applications.applications,
  PRIMARY KEY (request, application)
);
CREATE INDEX scope_application ON privacy.scope (application);
GRANT SELECT, INSERT ON privacy.scope TO pendopo_app;

-- A case that must be kept although its time has come: no schedule and no request destroys it while the hold stands.
CREATE TABLE privacy.holds (
  id          uuid PRIMARY KEY,
  application uuid NOT NULL REFERENCES applications.applications,
  reason      text NOT NULL CHECK (reason IN ('dispute', 'objection', 'complaint', 'audit', 'court')),
  set_at      timestamptz NOT NULL,
  set_by      uuid NOT NULL,
  lifted_at   timestamptz,
  lifted_by   uuid,
  lifted_reason text CHECK (lifted_reason IN ('settled', 'mistaken', 'expired')),
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_reason IS NULL))
);
-- one standing hold a case; lifted ones stay as the record of why it was kept
CREATE UNIQUE INDEX holds_standing ON privacy.holds (application) WHERE lifted_at IS NULL;
GRANT SELECT, INSERT ON privacy.holds TO pendopo_app;
GRANT UPDATE (lifted_at, lifted_by, lifted_reason) ON privacy.holds TO pendopo_app;

-- The proof that something is gone (UU 27/2022 Pasal 43-45): append-only, once a case and a kind.
CREATE TABLE privacy.destructions (
  id          uuid PRIMARY KEY,
  application uuid NOT NULL REFERENCES applications.applications,
  what        text NOT NULL CHECK (what IN ('files', 'case')),
  cause       text NOT NULL CHECK (cause IN ('retention', 'request')),
  files       integer NOT NULL,
  bytes       bigint NOT NULL,
  at          timestamptz NOT NULL,
  UNIQUE (application, what)
);
CREATE INDEX destructions_at ON privacy.destructions (at DESC, id DESC);
GRANT SELECT, INSERT ON privacy.destructions TO pendopo_app;

-- Receipts: each yes and each no is a row; the newest of an account and purpose holds.
CREATE TABLE privacy.consents (
  id       uuid PRIMARY KEY,
  account  uuid NOT NULL,
  purpose  text NOT NULL CHECK (purpose IN ('whatsapp-news', 'photo', 'research')),
  version  integer NOT NULL CHECK (version > 0),   -- of the text that was shown
  given    boolean NOT NULL,
  at       timestamptz NOT NULL
);
CREATE INDEX consents_account ON privacy.consents (account, at DESC, id DESC);
GRANT SELECT, INSERT ON privacy.consents TO pendopo_app;

-- The register of breaches (Pasal 46). Entries are sealed with the breach's key and never changed: a correction is a new entry.
CREATE TABLE privacy.breaches (
  id         uuid PRIMARY KEY,
  agency     text NOT NULL,
  found_at   timestamptz NOT NULL,              -- the 3 x 24 hours run from here
  key        bytea NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid NOT NULL
);
CREATE INDEX breaches_found ON privacy.breaches (found_at DESC, id DESC);
GRANT SELECT, INSERT ON privacy.breaches TO pendopo_app;

CREATE TABLE privacy.breach_entries (
  id      uuid PRIMARY KEY,
  breach  uuid NOT NULL REFERENCES privacy.breaches,
  kind    text NOT NULL CHECK (kind IN ('report', 'amendment', 'selection', 'authority', 'subjects', 'closed')),
  content bytea NOT NULL,                       -- sealed
  at      timestamptz NOT NULL,
  by      uuid NOT NULL
);
CREATE INDEX breach_entries_breach ON privacy.breach_entries (breach, id);
GRANT SELECT, INSERT ON privacy.breach_entries TO pendopo_app;

-- Whose data it was. The list is itself personal data: the case's id is sealed, its keyed hash keeps each to one notice.
CREATE TABLE privacy.breach_subjects (
  id      uuid PRIMARY KEY,
  breach  uuid NOT NULL REFERENCES privacy.breaches,
  subject bytea NOT NULL,
  mark    bytea NOT NULL,
  outcome text CHECK (outcome IN ('queued', 'no-address', 'erased')),
  UNIQUE (breach, mark)
);
CREATE INDEX breach_subjects_waiting ON privacy.breach_subjects (breach, id) WHERE outcome IS NULL;
GRANT SELECT, INSERT ON privacy.breach_subjects TO pendopo_app;
GRANT UPDATE (outcome) ON privacy.breach_subjects TO pendopo_app;

-- Notes of an erased case go with its key; until now nothing was ever taken away from there.
GRANT DELETE ON applications.notes TO pendopo_app;
