-- Residents: accounts without a password, what they hold, mandates.

-- An account is made only after a right code or a sign-in at the identity provider; nobody needs one.
CREATE TABLE identity.residents (
  id      uuid PRIMARY KEY,
  key     bytea,                      -- wrapped data key of the contacts; NULL = closed, and nothing can be read any more
  created timestamptz NOT NULL,
  closed  timestamptz,
  CHECK (closed IS NULL OR key IS NULL)
);
GRANT SELECT, INSERT, UPDATE ON identity.residents TO pendopo_app;

-- Where an account is reached, and by what it is found: one phone or e-mail address belongs to one account at most.
CREATE TABLE identity.contacts (
  id        uuid PRIMARY KEY,
  resident  uuid NOT NULL REFERENCES identity.residents,
  kind      text NOT NULL CHECK (kind IN ('phone', 'email')),
  value     bytea NOT NULL,           -- sealed
  hash      bytea NOT NULL UNIQUE,    -- keyed hash
  confirmed timestamptz NOT NULL
);
CREATE INDEX contacts_resident ON identity.contacts (resident);
GRANT SELECT, INSERT, DELETE ON identity.contacts TO pendopo_app;

-- One-time codes: asked by one browser, good for that browser only. Rows also count how often somebody asked, so they stay a day.
CREATE TABLE identity.codes (
  id           uuid PRIMARY KEY,
  browser      bytea NOT NULL,        -- hash of the secret in the asking browser's cookie
  address      bytea NOT NULL,        -- keyed hash of the network address, for counting only
  purpose      text NOT NULL CHECK (purpose IN ('sign-in', 'contact')),
  resident     uuid REFERENCES identity.residents, -- who adds a contact; signing in knows nobody yet
  kind         text NOT NULL CHECK (kind IN ('phone', 'email')),
  contact      bytea NOT NULL,        -- sealed
  key          bytea NOT NULL,        -- wrapped data key of the contact
  contact_hash bytea NOT NULL,
  code         bytea NOT NULL,        -- keyed hash of id and code
  asked        timestamptz NOT NULL,
  expires      timestamptz NOT NULL,
  tries        smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5), -- five tries, whatever the program does
  used         timestamptz,
  CHECK ((purpose = 'contact') = (resident IS NOT NULL))
);
CREATE INDEX codes_contact ON identity.codes (contact_hash, asked);
CREATE INDEX codes_address ON identity.codes (address, asked);
CREATE INDEX codes_asked ON identity.codes (asked);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.codes TO pendopo_app;

CREATE TABLE identity.resident_sessions (
  id       uuid PRIMARY KEY,          -- names the device in the list; opens nothing
  token    bytea NOT NULL UNIQUE,     -- hash of the cookie
  resident uuid NOT NULL REFERENCES identity.residents,
  device   text NOT NULL,             -- plain words: "Chrome di Android"
  via      text NOT NULL CHECK (via IN ('code', 'oidc')),
  created  timestamptz NOT NULL,
  seen     timestamptz NOT NULL       -- coarse, to the hour
);
CREATE INDEX resident_sessions_resident ON identity.resident_sessions (resident);
CREATE INDEX resident_sessions_seen ON identity.resident_sessions (seen);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.resident_sessions TO pendopo_app;

-- Who an identity provider says it is; the subject only as a keyed hash.
CREATE TABLE identity.oidc_subjects (
  issuer   text NOT NULL,
  subject  bytea NOT NULL,
  resident uuid NOT NULL REFERENCES identity.residents,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX oidc_subjects_resident ON identity.oidc_subjects (resident);
GRANT SELECT, INSERT, DELETE ON identity.oidc_subjects TO pendopo_app;

-- A sign-in under way at the provider; taken away by its first answer, so that none can be replayed.
CREATE TABLE identity.oidc_requests (
  state    bytea PRIMARY KEY,         -- hash
  browser  bytea NOT NULL,            -- hash of the secret in the cookie of the browser that began it
  nonce    text NOT NULL,
  verifier text NOT NULL,             -- PKCE
  back     text NOT NULL,
  expires  timestamptz NOT NULL
);
CREATE INDEX oidc_requests_expires ON identity.oidc_requests (expires);
GRANT SELECT, INSERT, DELETE ON identity.oidc_requests TO pendopo_app;

-- A follow-up code that took the place of the one derived from the application's id: the new one derives from `code`.
CREATE TABLE identity.follow_codes (
  application uuid PRIMARY KEY,
  code        uuid NOT NULL,
  changed     timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON identity.follow_codes TO pendopo_app;

-- Mandates (kuasa): somebody acts for the principal in one application, for a time.
CREATE TABLE identity.mandates (
  id          uuid PRIMARY KEY,       -- the agent's own follow-up code derives from it
  application uuid NOT NULL,
  command     uuid NOT NULL UNIQUE,   -- sent twice, given once
  origin      text NOT NULL CHECK (origin IN ('declared', 'given')), -- said by the agent, or given by the principal
  relation    text NOT NULL CHECK (relation IN ('family', 'companion', 'village', 'officer', 'other')),
  principal   bytea NOT NULL,         -- sealed name
  nik_hash    bytea,                  -- of the application's applicant
  agent_kind  text NOT NULL CHECK (agent_kind IN ('account', 'officer', 'code')),
  agent       uuid,                   -- account or officer; a holder of the code has none
  agency      text,                   -- of the officer
  agent_name  bytea,                  -- sealed
  key         bytea,                  -- wrapped data key; NULL = erased with the case
  starts      timestamptz NOT NULL,
  ends        timestamptz NOT NULL,
  revoked_at  timestamptz,
  revoked_by  text CHECK (revoked_by IN ('principal', 'agent')),
  ended_at    timestamptz,            -- when its running out was recorded; it ends at "ends" whether or not
  CHECK (ends > starts AND ends <= starts + interval '91 days'), -- at most 90 days, to the end of the last
  CHECK ((agent_kind = 'code') = (agent IS NULL)),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX mandates_application ON identity.mandates (application);
CREATE INDEX mandates_agent ON identity.mandates (agent, id DESC) WHERE agent IS NOT NULL;
CREATE INDEX mandates_running ON identity.mandates (ends) WHERE revoked_at IS NULL AND ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON identity.mandates TO pendopo_app;

-- Which applications an account holds, and why: sent by it, opened with a code, or as an agent. `via` is that code or mandate;
-- with it the holding falls away by itself.
CREATE TABLE identity.holdings (
  resident    uuid NOT NULL REFERENCES identity.residents,
  application uuid NOT NULL,
  how         text NOT NULL CHECK (how IN ('submitted', 'code', 'mandate')),
  via         uuid,
  since       timestamptz NOT NULL,
  PRIMARY KEY (resident, application),
  CHECK ((how = 'submitted') = (via IS NULL))
);
CREATE INDEX holdings_application ON identity.holdings (application);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.holdings TO pendopo_app;

-- Who looked at a case is read by its owner: found by the case, while every look is a subject of its own so that the case's
-- chain is left alone.
CREATE INDEX events_looks ON platform.events ((data ->> 'application'), recorded_at)
  WHERE type IN ('application.opened', 'application.file-opened');
