-- Papers that are signed, made again, kept under the letterhead of their day, and checked without a network.

-- A letterhead is a version: a paper keeps the one it was made with, so versions are added and never changed.
CREATE TABLE documents.letterheads (
  id       uuid PRIMARY KEY,
  agency   text NOT NULL,
  version  integer NOT NULL CHECK (version > 0),
  regency  text NOT NULL CHECK (length(regency) BETWEEN 1 AND 80),
  name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  address  text NOT NULL DEFAULT '' CHECK (length(address) <= 200),
  phone    text NOT NULL DEFAULT '' CHECK (length(phone) <= 60),
  mark     text NOT NULL CHECK (mark IN ('pendopo', 'daun', 'tanpa')), -- never a coat of arms: that is not ours to give
  made_at  timestamptz NOT NULL,
  made_by  uuid NOT NULL,
  UNIQUE (agency, version) -- two who save at once: the second is told
);
GRANT SELECT, INSERT ON documents.letterheads TO pendopo_app;

-- Keys for the code on the paper (ECDSA P-256). The private half is 32 bytes under the master key, wrapped like a data
-- key; the public half stays for ever, for papers outlive keys.
CREATE TABLE documents.keys (
  id         uuid PRIMARY KEY,
  kid        text NOT NULL UNIQUE CHECK (kid ~ '^[0-9a-f]{8}$'),  -- the first bytes of the public key's hash; two alike never
  public     bytea NOT NULL CHECK (length(public) = 65),
  key        bytea NOT NULL,
  made_at    timestamptz NOT NULL,
  retired_at timestamptz
);
CREATE UNIQUE INDEX keys_active ON documents.keys ((true)) WHERE retired_at IS NULL; -- one signs at a time
GRANT SELECT, INSERT, UPDATE (retired_at, key) ON documents.keys TO pendopo_app;

ALTER TABLE documents.documents
  ADD COLUMN signature  text NOT NULL DEFAULT 'none'
    CHECK (signature IN ('none', 'awaiting-signature', 'signing-unknown', 'signed')),
  ADD COLUMN village    text NOT NULL DEFAULT '',                      -- whose desk signs it: places are desks
  ADD COLUMN simulated  boolean NOT NULL DEFAULT false,                -- said on the verification page
  ADD COLUMN letterhead uuid REFERENCES documents.letterheads,         -- NULL: the agency as the catalogue knew it
  ADD COLUMN drawn      bytea,                                         -- SHA-256 of the paper before it was signed
  ADD COLUMN content    bytea,                                         -- SHA-256 of what is written on it, as in its QR code
  ADD COLUMN kid        text REFERENCES documents.keys (kid),                -- which key signed its QR code
  ADD COLUMN replaces   uuid UNIQUE REFERENCES documents.documents;    -- one paper is replaced by one paper

UPDATE documents.documents d SET village = e.village
  FROM platform.events e WHERE e.subject = d.id AND e.type = 'document.issued' AND e.village IS NOT NULL;

-- Papers may be made again: what must be one is the paper that is valid. (A worker of the previous release that issues at
-- this very moment fails, and its job is tried again by the new one.)
ALTER TABLE documents.documents DROP CONSTRAINT documents_application_product_key;
CREATE UNIQUE INDEX documents_valid ON documents.documents (application, product) WHERE revoked_at IS NULL;
CREATE INDEX documents_application ON documents.documents (application);
CREATE INDEX documents_sha256 ON documents.documents (sha256); -- an uploaded file is looked up by its hash
CREATE INDEX documents_drawn ON documents.documents (drawn) WHERE drawn IS NOT NULL;
CREATE INDEX documents_unsigned ON documents.documents (agency, issued_at, id)
  WHERE signature IN ('awaiting-signature', 'signing-unknown') AND revoked_at IS NULL;

-- Each request to sign, written before it is sent. Whoever asks again meets this row: no paper is signed twice silently.
CREATE TABLE documents.signings (
  id        uuid PRIMARY KEY,
  document  uuid NOT NULL REFERENCES documents.documents,
  provider  text NOT NULL CHECK (provider IN ('local', 'bsre-v1', 'bsre-v2')),
  officer   uuid,                      -- NULL: the agency's seal, by the program
  sent_at   timestamptz NOT NULL,
  outcome   text NOT NULL DEFAULT 'sent' CHECK (outcome IN ('sent', 'signed', 'refused', 'unknown')),
  reason    text CHECK (length(reason) <= 40),    -- a code of ours, never the provider's words
  reference text CHECK (length(reference) <= 120), -- the provider's name for its answer, to look it up by
  ended_at  timestamptz
);
-- Also 'signed': who loaded the paper before it was signed and asks after it was must meet a row too.
CREATE UNIQUE INDEX signings_once ON documents.signings (document) WHERE outcome IN ('sent', 'unknown', 'signed');
CREATE INDEX signings_document ON documents.signings (document, sent_at);
GRANT SELECT, INSERT, UPDATE (outcome, reason, reference, ended_at) ON documents.signings TO pendopo_app;
