-- Officers: second factors, pauses after wrong tries, invitations, devices.

-- A session is ended by its id, known by its device, and says how it was proved: without a second factor it may look, not decide.
ALTER TABLE identity.sessions
  ADD COLUMN id     uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN device text NOT NULL DEFAULT '' CHECK (length(device) <= 60), -- "Chrome di Android"; no address is kept
  ADD COLUMN strong boolean NOT NULL DEFAULT false,  -- opened with a second factor or a passkey
  ADD COLUMN seen   timestamptz;                     -- last used, to the quarter of an hour

-- People of an agency are listed by name, page by page.
CREATE INDEX officers_people ON identity.officers (agency, name, id);

-- A second factor: the secret of an authenticator app, or the public key of a passkey. Taking one away is an act of its owner
-- or of the agency's admin, and an event.
CREATE TABLE identity.factors (
  id         uuid PRIMARY KEY,
  officer    uuid NOT NULL REFERENCES identity.officers,
  kind       text NOT NULL CHECK (kind IN ('totp', 'passkey')),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 60), -- as the officer calls the device
  key        bytea,                    -- wrapped data key of the secret
  secret     bytea,                    -- totp: sealed
  step       integer,                  -- totp: the last time step that was accepted; an earlier or equal one never again
  credential bytea UNIQUE,             -- passkey: its id
  public_key bytea,                    -- passkey: COSE
  counter    bigint,                   -- passkey: how often it has signed, as it says; must grow unless it stays 0
  transports text[],
  created    timestamptz NOT NULL,
  confirmed  timestamptz,              -- NULL: begun, not yet proved by a first code; proves nothing
  used       timestamptz,
  CHECK (CASE kind
    WHEN 'totp' THEN key IS NOT NULL AND secret IS NOT NULL AND credential IS NULL
    WHEN 'passkey' THEN credential IS NOT NULL AND public_key IS NOT NULL AND counter IS NOT NULL AND confirmed IS NOT NULL AND key IS NULL
  END)
);
CREATE INDEX factors_officer ON identity.factors (officer);
-- one app at a time, and one begun beside it when the phone is replaced
CREATE UNIQUE INDEX factors_app ON identity.factors (officer) WHERE kind = 'totp' AND confirmed IS NOT NULL;
CREATE UNIQUE INDEX factors_begun ON identity.factors (officer) WHERE kind = 'totp' AND confirmed IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.factors TO pendopo_app;

-- For the day the phone is lost: 80 random bits each, only the hash is kept, each good once.
CREATE TABLE identity.recovery_codes (
  officer uuid NOT NULL REFERENCES identity.officers,
  hash    bytea NOT NULL CHECK (length(hash) = 32),
  used    timestamptz,
  PRIMARY KEY (officer, hash)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.recovery_codes TO pendopo_app;

-- What a passkey is asked to sign: good once, five minutes, in the browser that asked. Taking it is deleting it.
CREATE TABLE identity.challenges (
  hash    bytea PRIMARY KEY CHECK (length(hash) = 32),
  purpose text NOT NULL CHECK (purpose IN ('enrol', 'sign-in', 'second')),
  officer uuid REFERENCES identity.officers,  -- whose passkey is enrolled or asked for; NULL = whoever owns the passkey
  browser bytea NOT NULL,                     -- hash of a cookie
  expires timestamptz NOT NULL,
  CHECK ((purpose = 'sign-in') = (officer IS NULL))
);
GRANT SELECT, INSERT, DELETE ON identity.challenges TO pendopo_app;

-- Wrong passwords and codes, counted for all processes at once; a row goes with the next complete sign-in.
CREATE TABLE identity.tries (
  officer uuid PRIMARY KEY REFERENCES identity.officers,
  wrong   integer NOT NULL CHECK (wrong >= 0),
  since   timestamptz NOT NULL,               -- when this count began
  pauses  integer NOT NULL CHECK (pauses >= 0), -- each one twice as long as the one before
  until   timestamptz                         -- paused until then
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.tries TO pendopo_app;

-- A link that is good once: makes an officer (whose id is the invitation's), or gives an officer a new password.
CREATE TABLE identity.invitations (
  id        uuid PRIMARY KEY,
  officer   uuid REFERENCES identity.officers, -- whose password is renewed; NULL = somebody new
  token     bytea NOT NULL UNIQUE CHECK (length(token) = 32), -- hash; the link itself is nowhere
  name      text NOT NULL,
  agency    text NOT NULL,
  roles     text[] NOT NULL CHECK (cardinality(roles) > 0),
  area      text NOT NULL DEFAULT '',
  key       bytea,                            -- wrapped data key of the contact; NULL = destroyed, or handed over by hand
  contact   bytea,                            -- sealed: e-mail and phone
  by        uuid NOT NULL,                    -- the admin
  created   timestamptz NOT NULL,
  expires   timestamptz NOT NULL,
  used      timestamptz,
  withdrawn timestamptz,
  CHECK (used IS NULL OR withdrawn IS NULL)
);
CREATE INDEX invitations_open ON identity.invitations (agency, created DESC) WHERE used IS NULL AND withdrawn IS NULL;
CREATE INDEX invitations_officer ON identity.invitations (officer) WHERE officer IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON identity.invitations TO pendopo_app;
